"""What pages of other origins are told (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Response, Serve

ROOT = "/_ah/api/shared/v1/"
ORIGIN = "https://app.example"
METHODS = {"DELETE", "GET", "PATCH", "POST", "PUT"}
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


@endpoints.api("shared", "v1")
class SharedApi(remote.Service):
    @endpoints.method(Void, Text, path="text", http_method="GET")
    def text(self, request: Any) -> Text:
        return Text(text="x")

    @endpoints.method(Void, Void, path="nothing", http_method="DELETE")
    async def nothing(self, request: Any) -> Void:
        return Void()

    @endpoints.method(Void, Void, path="refuse", http_method="GET")
    def refuse(self, request: Any) -> Void:
        raise endpoints.TooManyRequestsException("m", headers={"Vary": "Accept", "X-Own": "1"})

    @endpoints.method(Void, Void, path="fail", http_method="GET")
    def fail(self, request: Any) -> Void:
        raise KeyError("x")


def _cors_headers(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-")}


def _vary(response: Response) -> list[str]:
    assert sum(name.lower() == "vary" for name, _ in response.pairs) <= 1
    return [name.strip() for name in response.headers.get("vary", "").split(",") if name.strip()]


def _preflight(client: Client, path: str = "text", origin: str = ORIGIN, method: str = "GET", **more: str) -> Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": method, **more}
    return client.request("OPTIONS", ROOT + path, headers=headers)


ANSWERS = [
    ("GET", "text", 200),
    ("DELETE", "nothing", 204),
    ("GET", "refuse", 429),
    ("GET", "fail", 503),
    ("GET", "nowhere", 404),
    ("PUT", "text", 405),
    ("GET", "../../discovery/v1/apis", 200),
]


def _request(client: Client, verb: str, path: str, origin: str | None) -> Response:
    address = "/_ah/api/discovery/v1/apis" if path.startswith("..") else ROOT + path
    return client.request(verb, address, headers={} if origin is None else {"Origin": origin})


@pytest.mark.parametrize(("verb", "path", "status"), ANSWERS)
def test_any_origin_may_call_without_credentials(serve: Serve, verb: str, path: str, status: int) -> None:
    response = _request(serve(SharedApi), verb, path, ORIGIN)
    said = _cors_headers(response)
    assert response.status == status
    assert said["access-control-allow-origin"] == ORIGIN
    assert set(said["access-control-allow-methods"].split(",")) == METHODS
    assert "ETag" in said["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in said
    assert "Origin" in _vary(response)


def test_what_an_exception_varies_by_is_kept(serve: Serve) -> None:
    response = _request(serve(SharedApi), "GET", "refuse", ORIGIN)
    assert _vary(response) == ["Accept", "Origin"]
    assert response.headers["x-own"] == "1"


@pytest.mark.parametrize(("verb", "path", "status"), ANSWERS)
def test_nothing_is_said_to_who_does_not_ask(serve: Serve, verb: str, path: str, status: int) -> None:
    response = _request(serve(SharedApi), verb, path, None)
    assert (response.status, _cors_headers(response)) == (status, {})


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "*",
        "",
        "app.example",
        "https://app.example/",
        "https://app.example/path",
        "https://a.example https://b.example",
        "https://a.example, https://b.example",
        "https://user@app.example",
        "https://*.example",
        "https://app.example?x",
        "ftp://app.example",
        "file://",
        "https://",
        "javascript:alert(1)",
        "https://app.example\t",
    ],
)
def test_what_is_no_origin_is_told_nothing(serve: Serve, origin: str) -> None:
    client = serve(SharedApi)
    response = _request(client, "GET", "text", origin)
    assert (response.status, _cors_headers(response)) == (200, {})
    assert _cors_headers(_preflight(client, origin=origin)) == {}


@pytest.mark.parametrize("origin", ["http://localhost:8000", "https://app.example:8443", "http://[::1]:80", "http://x"])
def test_origins(serve: Serve, origin: str) -> None:
    assert _cors_headers(_request(serve(SharedApi), "GET", "text", origin))["access-control-allow-origin"] == origin


@pytest.mark.parametrize("path", ["text", "nothing", "nowhere", "../../discovery/v1/apis"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "post"])
def test_preflight(serve: Serve, path: str, method: str) -> None:
    response = _preflight(serve(SharedApi), path, method=method)
    said = _cors_headers(response)
    assert (response.status, response.body) == (200, b"")
    assert said["access-control-allow-origin"] == ORIGIN
    assert set(said["access-control-allow-methods"].split(",")) == METHODS
    assert "access-control-allow-credentials" not in said and "access-control-max-age" not in said
    assert _vary(response) == ["Origin"]
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT", "FROB", "", "GET, POST"])
def test_preflight_for_another_verb(serve: Serve, method: str) -> None:
    response = _preflight(serve(SharedApi), method=method)
    assert response.status == 405
    assert _cors_headers(response) == {}


def test_preflight_asks_for_headers(serve: Serve) -> None:
    asked = "authorization, x-custom"
    response = _preflight(serve(SharedApi), **{"Access-Control-Request-Headers": asked})
    assert _cors_headers(response)["access-control-allow-headers"] == asked


def test_options_that_is_no_preflight(serve: Serve) -> None:
    client = serve(SharedApi)
    assert client.request("OPTIONS", ROOT + "text").status == 405
    assert client.request("OPTIONS", ROOT + "nowhere").status == 404
    asked = {"Access-Control-Request-Method": "GET"}
    assert client.request("OPTIONS", ROOT + "text", headers=asked).status == 405


EXACT = endpoints.Cors(origins=[ORIGIN, "http://localhost:3000"], credentials=True, max_age=600)


def test_configured_origins(serve: Serve) -> None:
    client = serve(SharedApi, cors=EXACT)
    for origin in (ORIGIN, "http://localhost:3000"):
        for response in (_request(client, "GET", "text", origin), _request(client, "GET", "fail", origin)):
            said = _cors_headers(response)
            assert said["access-control-allow-origin"] == origin
            assert said["access-control-allow-credentials"] == "true"
            assert "access-control-max-age" not in said
            assert "Origin" in _vary(response)
    said = _cors_headers(_preflight(client))
    assert (said["access-control-allow-credentials"], said["access-control-max-age"]) == ("true", "600")


@pytest.mark.parametrize(
    "origin",
    [
        "http://app.example",
        "https://app.example:443",
        "https://APP.example",
        "https://sub.app.example",
        "https://app.example.evil.example",
        "https://evilapp.example",
        "null",
    ],
)
def test_other_origins_than_the_configured(serve: Serve, origin: str) -> None:
    client = serve(SharedApi, cors=EXACT)
    response = _request(client, "GET", "text", origin)
    assert (response.status, _cors_headers(response), _vary(response)) == (200, {}, ["Origin"])
    refused = _preflight(client, origin=origin)
    assert (refused.status, _cors_headers(refused), _vary(refused)) == (405, {}, ["Origin"])


def test_switched_off(serve: Serve) -> None:
    client = serve(SharedApi, cors=None)
    response = _request(client, "GET", "text", ORIGIN)
    assert (response.status, _cors_headers(response)) == (200, {})
    assert _preflight(client).status == 405


@pytest.mark.parametrize(
    "options",
    [
        {"credentials": True},
        {"origins": ["*"]},
        {"origins": ["*"], "credentials": True},
        {"origins": ["null"]},
        {"origins": ["app.example"]},
        {"origins": ["https://app.example/"]},
        {"origins": ["https://*.example"]},
        {"max_age": -1},
    ],
    ids=str,
)
def test_a_policy_that_makes_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Cors: "):
        endpoints.Cors(**options)


def test_a_single_origin_is_no_list() -> None:
    with pytest.raises(TypeError, match="list of origins"):
        endpoints.Cors(origins=ORIGIN)


def test_no_origins_at_all(serve: Serve) -> None:
    client = serve(SharedApi, cors=endpoints.Cors(origins=[]))
    assert _cors_headers(_request(client, "GET", "text", ORIGIN)) == {}


def test_pages_that_are_no_answers_are_not_shared(serve: Serve) -> None:
    client = serve(SharedApi)
    for path in ("/_ah/api/static/proxy.html", "/_ah/api/explorer"):
        assert _cors_headers(client.get(path, headers={"Origin": ORIGIN})) == {}
