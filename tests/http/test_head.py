"""HEAD: the headers that GET would answer with, and nothing else (RFC 9110, 9.3.2)."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import messages, remote
from tests.client import Serve
from tests.http.library import HUGE, LARGE, ROOT, BooksApi, Text, Void, fill_shelf, tag

DOCUMENT = "/_ah/api/discovery/v1/apis/books/v1/rest"


@pytest.fixture(autouse=True)
def shelf() -> None:
    fill_shelf()


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}, {"Origin": "https://app.example"}], ids=str)
@pytest.mark.parametrize(
    "path",
    [
        *[f"{ROOT}text?size={size}" for size in (5, LARGE, HUGE)],
        *[
            f"{ROOT}{path}"
            for path in ("async_text?size=5", "kept?size=5", "books/emma", "text?size=5&prettyPrint=true")
        ],
        *[f"{ROOT}{path}" for path in ("nothing", "books/nobody", "books/secret", "text?size=x", "books/emma/")],
        *[
            DOCUMENT,
            DOCUMENT.replace("rest", "openapi.json"),
            "/_ah/api/discovery/v1/apis",
            "/_ah/api/static/proxy.html",
        ],
    ],
)
def test_as_get_without_the_body(serve: Serve, path: str, headers: dict[str, str]) -> None:
    client = serve(BooksApi)
    expected, response = client.get(path, headers=headers), client.request("HEAD", path, headers=headers)
    assert (response.status, response.headers) == (expected.status, expected.headers)
    assert response.body == b""
    assert response.headers.get("content-length") == (None if expected.status == 204 else str(len(expected.body)))


def test_what_the_caller_has(serve: Serve) -> None:
    client, path = serve(BooksApi), f"{ROOT}text?size=5"
    known = tag(client.get(path))
    response = client.request("HEAD", path, headers={"If-None-Match": known})
    assert (response.status, tag(response), "content-length" in response.headers) == (304, known, False)
    assert client.request("HEAD", path, headers={"If-Match": '"x"'}).status == 412


@pytest.mark.parametrize(
    ("verb", "path", "status", "allow"),
    [
        ("HEAD", ROOT + "echo", 405, "POST"),
        ("POST", ROOT + "text", 405, "GET, HEAD"),
        ("PATCH", ROOT + "books/emma", 405, "DELETE, GET, HEAD, PUT"),
        ("HEAD", ROOT + "nowhere", 404, None),
    ],
)
def test_where_it_is_allowed(serve: Serve, verb: str, path: str, status: int, allow: str | None) -> None:
    response = serve(BooksApi).request(verb, path)
    assert (response.status, response.headers.get("allow")) == (status, allow)


def test_post_cannot_be_made_a_head(serve: Serve) -> None:
    assert serve(BooksApi).post(f"{ROOT}text?size=5", headers={"X-HTTP-Method-Override": "HEAD"}).status == 405


NAME = endpoints.ResourceContainer(Void, name=messages.StringField(1))


@endpoints.api("heads", "v1")
class HeadsApi(remote.Service):
    @endpoints.method(Void, Text, path="own", http_method="GET")
    def get(self, request: Any) -> Text:
        return Text(text="got")

    @endpoints.method(Void, Void, path="own", http_method="HEAD")
    def head(self, request: Any) -> Void:
        raise endpoints.ConflictException("headed")

    @endpoints.method(NAME, Text, path="raw/{name}", http_method="GET", use_request_uri=True)
    def raw(self, request: Any) -> Text:
        return Text(text=request.name)

    @endpoints.method(Void, Text, path="about", http_method="GET")
    def state(self, request: Any) -> Text:
        assert isinstance(self.request_state, remote.HttpRequestState)
        raise endpoints.ConflictException(headers={"X-Verb": str(self.request_state.http_method)})


def test_a_method_of_its_own(serve: Serve) -> None:
    client = serve(HeadsApi)
    assert client.get("/_ah/api/heads/v1/own").json() == {"text": "got"}
    assert client.request("HEAD", "/_ah/api/heads/v1/own").status == 409


def test_paths_as_they_were_sent(serve: Serve) -> None:
    client, path = serve(HeadsApi), "/_ah/api/heads/v1/raw/a%2Fb"
    extra = {} if client.interface == "asgi" else {"REQUEST_URI": path}
    expected = client.get(path, extra=extra)
    assert expected.json() == {"text": "a/b"}
    response = client.request("HEAD", path, extra=extra)
    assert (response.status, response.headers, response.body) == (200, expected.headers, b"")
    refused = client.request("PUT", path, extra=extra)
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


def test_the_method_knows(serve: Serve) -> None:
    assert serve(HeadsApi).request("HEAD", "/_ah/api/heads/v1/about").headers["x-verb"] == "HEAD"
