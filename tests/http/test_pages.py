"""What a server says about itself: directory, discovery documents, and the pages beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Interface, Response, Serve
from tests.http.error_object import error_of

BASE = "/_ah/api"
DIRECTORY = f"{BASE}/discovery/v1/apis"
DOCUMENT = f"{DIRECTORY}/shown/v1/rest"
OPENAPI = f"{DIRECTORY}/shown/v1/openapi.json"
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


@endpoints.api("shown", "v1", description='<b>"Shown" & ☃</b>', hostname="configured.example")
class ShownApi(remote.Service):
    @endpoints.method(Void, Text, path="text", http_method="GET", name="texts.get")
    def text(self, request: Any) -> Text:
        return Text()


@endpoints.api("shown", "2.1.0")
class ShownTwoApi(remote.Service):
    @endpoints.method(Void, Text, path="text", http_method="GET", name="texts.get")
    def text(self, request: Any) -> Text:
        return Text()


@endpoints.api("aside", "v1", base_path="/elsewhere/")
class AsideApi(remote.Service):
    @endpoints.method(Void, Text, path="text", http_method="GET", name="texts.get")
    def text(self, request: Any) -> Text:
        return Text()


@pytest.fixture
def server(serve: Serve) -> Client:
    return serve(ShownApi, ShownTwoApi, AsideApi)


def _document(response: Response) -> Any:
    assert response.status == 200, response
    assert response.headers["content-type"] == "application/json; charset=UTF-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    return response.json()


def test_the_directory_lists_exactly_what_is_served(server: Client) -> None:
    for base in (BASE, "/elsewhere"):
        listed = _document(server.get(f"{base}/discovery/v1/apis"))
        assert listed["kind"] == "discovery#directoryList"
        assert {item["id"] for item in listed["items"]} == {"shown:v1", "shown:2.1.0", "aside:v1"}


def test_every_address_of_the_directory_leads_to_its_document(server: Client) -> None:
    for item in _document(server.get(DIRECTORY))["items"]:
        path = item["discoveryRestUrl"].removeprefix("http://localhost:8080")
        document = _document(server.get(path))
        assert (document["name"], document["version"]) == (item["name"], item["version"])


def test_every_address_of_a_document_leads_to_its_method(server: Client) -> None:
    for item in _document(server.get(DIRECTORY))["items"]:
        document = _document(server.get(item["discoveryRestUrl"].removeprefix("http://localhost:8080")))
        path = document["resources"]["texts"]["methods"]["get"]["path"]
        address: str = document["baseUrl"] + path
        assert server.get(address.removeprefix("http://localhost:8080")).status == 200


def test_all_text_is_escaped(server: Client) -> None:
    assert _document(server.get(DOCUMENT))["description"] == '<b>"Shown" & ☃</b>'


@pytest.mark.parametrize("api", ["nope/v1", "shown/v9", "shown/2.1", "%00/v1", "..%2f..%2fetc/passwd", "aside/v2"])
def test_an_unknown_api(server: Client, api: str) -> None:
    error_of(server.get(f"{DIRECTORY}/{api}/rest"), 404, "notFound")


@pytest.mark.parametrize(
    ("query", "body"), [("api=nope", b""), ("version=v9", b""), ("", b'{"api": "nope"}'), ("", b'{"version": 7}')]
)
def test_query_and_body_go_before_the_path(server: Client, query: str, body: bytes) -> None:
    error_of(server.request("GET", DOCUMENT, query, body=body), 404, "notFound")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b'"\\ud800"', b"\x00"])
def test_a_body_that_makes_no_sense(server: Client, body: bytes) -> None:
    error_of(server.request("GET", DOCUMENT, body=body), 400, "badRequest")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"1", b"{}"])
def test_a_body_that_says_nothing(server: Client, body: bytes) -> None:
    assert _document(server.request("GET", DOCUMENT, body=body))["id"] == "shown:v1"


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_verbs(server: Client, verb: str) -> None:
    for path in (DIRECTORY, DOCUMENT):
        assert server.request(verb, path).status in (404, 405)


ORIGINS = [
    ("http", "localhost:8080", "http://localhost:8080"),
    ("http", "example.com:80", "http://example.com"),
    ("https", "example.com:443", "https://example.com"),
    ("https", "example.com:8443", "https://example.com:8443"),
    ("http", "example.com:443", "http://example.com:443"),
    ("http", "[::1]:8080", "http://[::1]:8080"),
]


@pytest.mark.parametrize(("scheme", "host", "root"), ORIGINS)
def test_addresses_are_those_that_the_caller_used(server: Client, scheme: str, host: str, root: str) -> None:
    server_address = {"extra": {"server": ("::1", 8080)} if server.interface == "asgi" else {"SERVER_PORT": "8080"}}
    options: Any = {"scheme": scheme, **(server_address if "[" in host else {"host": host})}
    headers = {"Host": host}
    document = _document(server.get(DOCUMENT, headers=headers, **options))
    assert (document["rootUrl"], document["baseUrl"]) == (f"{root}{BASE}/", f"{root}{BASE}/shown/v1/")
    items = _document(server.get(DIRECTORY, headers=headers, **options))["items"]
    (listed,) = [item for item in items if item["id"] == "shown:v1"]
    assert listed["discoveryRestUrl"] == f"{root}{DOCUMENT}"


def test_addresses_of_a_mounted_application(server: Client) -> None:
    document = _document(server.get(DOCUMENT, root_path="/mounted/here"))
    assert document["rootUrl"] == "http://localhost:8080/mounted/here/_ah/api/"
    path = document["baseUrl"].removeprefix("http://localhost:8080/mounted/here") + "text"
    assert server.get(path, root_path="/mounted/here").status == 200


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "public.example", "X-Forwarded-For": "203.0.113.9"}


def test_forwarded_headers_are_not_believed(server: Client) -> None:
    assert _document(server.get(DOCUMENT, headers=FORWARDED))["rootUrl"] == f"http://localhost:8080{BASE}/"


@pytest.mark.parametrize(
    ("headers", "root"),
    [
        (FORWARDED, "https://public.example"),
        ({"X-Forwarded-Host": "public.example:8443"}, "http://public.example:8443"),
        ({"X-Forwarded-Host": "first.example, second.example"}, "http://first.example"),
        ({"X-Forwarded-Proto": "HTTPS, http", "X-Forwarded-Host": "public.example"}, "https://public.example"),
        ({"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "public.example"}, "http://public.example"),
        ({"X-Forwarded-Host": "evil.example/path"}, "http://localhost:8080"),
        ({"X-Forwarded-Host": ""}, "http://localhost:8080"),
        ({}, "http://localhost:8080"),
    ],
    ids=str,
)
def test_a_trusted_proxy(serve: Serve, headers: dict[str, str], root: str) -> None:
    document = _document(serve(ShownApi, trust_forwarded=True).get(DOCUMENT, headers=headers))
    assert document["rootUrl"] == f"{root}{BASE}/"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example/path",
        "evil.example@localhost",
        "evil.example:80:90",
        "evil.example:123456",
        'evil".example',
        "evil.example#",
        "evil.example?x",
        "evil example",
        "<script>",
        "[::1",
        "",
        "evil.example\\",
        "évil.example",
    ],
)
def test_an_odd_host_is_not_repeated(server: Client, host: str) -> None:
    sent = host.encode().decode("latin-1")
    for path in (DOCUMENT, DIRECTORY):
        response = server.get(path, headers={"Host": sent})
        _document(response)
        assert "evil" not in response.text and "<script>" not in response.text
        assert "http://localhost:8080/" in response.text


def test_many_hosts_do_not_fill_the_memory_or_mix(server: Client) -> None:
    for number in range(250):
        document = _document(server.get(DOCUMENT, headers={"Host": f"host{number}.example"}))
        assert document["rootUrl"] == f"http://host{number}.example{BASE}/"
    assert _document(server.get(DOCUMENT))["rootUrl"] == f"http://localhost:8080{BASE}/"


def test_the_frame_of_the_old_client(server: Client) -> None:
    for base in (BASE, "/elsewhere"):
        response = server.get(f"{base}/static/proxy.html")
        assert (response.status, response.headers["content-type"]) == (200, "text/html")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "googleapis.server.init" in response.text
    for path in ("static/", "static/proxy.htm", "static/../../../etc/passwd", "static/%2e%2e/proxy.html", "static/%00"):
        assert server.get(f"{BASE}/{path}").status == 404


def test_documents_are_the_same_on_both_interfaces(server: Client, interface: Interface) -> None:
    document = json.loads(server.get(DOCUMENT).body)
    other = endpoints.api_server([ShownApi, ShownTwoApi, AsideApi])
    across: Interface = "asgi" if interface == "wsgi" else "wsgi"
    with Client(other if across == "wsgi" else other.asgi, across) as client:
        assert json.loads(client.get(DOCUMENT).body) == document


def test_the_openapi_document_stands_beside_the_discovery_document(server: Client) -> None:
    made = _document(server.get(OPENAPI, headers={"Host": "shop.example.com"}))
    assert made["openapi"] == "3.1.0" and made["info"]["version"] == "v1"
    assert made["servers"] == [{"url": "http://shop.example.com/_ah/api"}]
    assert made["paths"]["/shown/v1/text"]["get"]["operationId"] == "ShownApi_text"
    other = _document(server.get("/elsewhere/discovery/v1/apis/aside/v1/openapi.json"))
    assert other["servers"][0]["url"].endswith("/elsewhere")


def test_there_is_no_openapi_document_of_an_unknown_api(server: Client) -> None:
    refused = server.get(f"{DIRECTORY}/hidden/v1/openapi.json")
    assert "'hidden'" in error_of(refused, 404, "notFound")["message"]
    assert server.post(OPENAPI).status == 405
