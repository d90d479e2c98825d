"""What documents say of methods that take or give media."""

from __future__ import annotations

from typing import Any

import pytest

from endpoints.describe import discovery, openapi2, openapi3
from endpoints.describe.origin import Origin
from endpoints.operations import collect
from tests.client import Serve
from tests.http.media_service import AlbumApi

APIS = collect([AlbumApi])
HERE = Origin("http", "localhost", "8080")
BELOW = Origin("http", "localhost", "8080", "/below")


def methods(origin: Origin) -> Any:
    return discovery.document(APIS[0], origin)["methods"]


def test_a_discovery_document_tells_google_s_clients() -> None:
    described = methods(HERE)
    assert described["insert"]["mediaUpload"] == {
        "accept": ["image/*", "text/plain"],
        "maxSize": "1KB",
        "protocols": {
            "simple": {"multipart": True, "path": "/_ah/api/upload/album/v1/photos"},
            "resumable": {"multipart": True, "path": "/_ah/api/resumable/upload/album/v1/photos"},
        },
    }
    simple = described["put"]["mediaUpload"]["protocols"]["simple"]
    assert simple["path"] == "/_ah/api/upload/album/v1/albums/{album}/photos"
    assert described["drop"]["mediaUpload"]["maxSize"] == "10"
    uploads = {name for name, method in described.items() if method.get("supportsMediaUpload")}
    downloads = {name for name, method in described.items() if method.get("supportsMediaDownload")}
    assert (uploads, downloads) == ({"insert", "put", "drop"}, {"get", "export"})
    assert "response" not in described["export"]


def test_paths_are_those_of_the_host() -> None:
    simple = methods(BELOW)["insert"]["mediaUpload"]["protocols"]["simple"]
    assert simple["path"] == "/below/_ah/api/upload/album/v1/photos"


@pytest.mark.parametrize("root_path", ["", "/below"])
def test_the_served_document_is_the_same(serve: Serve, root_path: str) -> None:
    answer = serve(AlbumApi).get("/_ah/api/discovery/v1/apis/album/v1/rest", root_path=root_path)
    assert answer.json() == discovery.document(APIS[0], BELOW if root_path else HERE)


def test_openapi_3_1() -> None:
    paths = openapi3.document(APIS, HERE)["paths"]
    insert = paths["/album/v1/photos"]["post"]
    (upload_type,) = insert["parameters"]
    assert (upload_type["name"], upload_type["in"]) == ("uploadType", "query")
    assert upload_type["schema"]["enum"] == ["media", "multipart", "resumable"]
    content = insert["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/related", "image/*", "text/plain"}
    assert content["image/*"] == {}
    metadata = content["multipart/related"]["schema"]["properties"]["metadata"]
    assert metadata == content["application/json"]["schema"]
    assert insert["requestBody"]["required"] is False
    drop = paths["/album/v1/drop"]["post"]
    assert set(drop["requestBody"]["content"]) == {"multipart/related", "*/*"}
    get = paths["/album/v1/media/{kind}"]["get"]
    assert [each["name"] for each in get["parameters"]] == ["kind", "folder", "alt"]
    assert set(get["responses"]["200"]["content"]) == {"application/json", "*/*"}
    export = paths["/album/v1/export"]["get"]
    assert "parameters" not in export
    assert set(export["responses"]) == {"200", "4XX", "5XX"}
    assert set(export["responses"]["200"]["content"]) == {"*/*"}


def test_openapi_2_0() -> None:
    paths = openapi2.document(APIS)["paths"]
    insert = paths["/album/v1/photos"]["post"]
    assert insert["consumes"] == ["application/json", "multipart/related", "image/*", "text/plain"]
    assert "produces" not in insert
    assert paths["/album/v1/media/{kind}"]["get"]["produces"] == ["application/json", "*/*"]
    export = paths["/album/v1/export"]["get"]
    assert export["responses"]["200"]["schema"] == {"type": "string", "format": "binary"}
    assert "consumes" not in paths["/album/v1/plain"]["get"]
