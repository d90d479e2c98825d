"""What is promised of everything that leaves a server."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Response, Serve

ROOT = "/_ah/api/sent/v1/"
BASE = "/_ah/api/"
ORIGIN = "https://app.example"
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


class TooLong(endpoints.ServiceException):
    http_status = 431


@endpoints.api("sent", "v1")
class SentApi(remote.Service):
    @endpoints.method(Text, Text, path="text")
    def text(self, request: Any) -> Text:
        return Text(text=request.text)

    @endpoints.method(Void, Void, path="nothing", http_method="DELETE")
    def nothing(self, request: Any) -> Void:
        return Void()

    @endpoints.method(Void, Void, path="closed", http_method="GET", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
    def closed(self, request: Any) -> Void:
        return Void()

    @endpoints.method(Void, Void, path="refuse", http_method="GET")
    def refuse(self, request: Any) -> Void:
        raise TooLong("m")

    @endpoints.method(Void, Void, path="fail", http_method="GET")
    def fail(self, request: Any) -> Void:
        raise OSError("/srv/private")

    @endpoints.method(Void, Void, path="slow", http_method="GET")
    async def slow(self, request: Any) -> Void:
        raise TimeoutError


PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
# Every way out of a server: (verb, path, body, headers, status).
WAYS: list[tuple[str, str, bytes, dict[str, str], int]] = [
    ("POST", ROOT + "text", b'{"text": "x"}', {}, 200),
    ("POST", ROOT + "text?prettyPrint=true", b'{"text": "x"}', {}, 200),
    ("POST", ROOT + "text", b'{"text": "x", "zz": 1}', {}, 200),
    ("DELETE", ROOT + "nothing", b"", {}, 204),
    ("GET", BASE + "discovery/v1/apis", b"", {}, 200),
    ("GET", BASE + "discovery/v1/apis/sent/v1/rest", b"", {}, 200),
    ("GET", BASE + "discovery/v1/apis/none/v1/rest", b"", {}, 404),
    ("GET", BASE + "static/proxy.html", b"", {}, 200),
    ("GET", BASE + "explorer", b"", {}, 200),
    ("POST", BASE + "explorer", b"", {}, 302),
    ("GET", BASE + "explorer/x/main.js", b"", {}, 200),
    ("GET", BASE + "explorer/x/main.py", b"", {}, 404),
    ("OPTIONS", ROOT + "text", b"", PREFLIGHT, 200),
    ("OPTIONS", ROOT + "text", b"", {}, 405),
    ("POST", ROOT + "text", b"{", {}, 400),
    ("POST", ROOT + "text", b'{"text": 1}', {}, 400),
    ("GET", ROOT + "%FF", b"", {}, 400),
    ("GET", ROOT + "closed", b"", {}, 401),
    ("GET", ROOT + "none", b"", {}, 404),
    ("GET", "/", b"", {}, 404),
    ("PUT", ROOT + "text", b"", {}, 405),
    ("POST", ROOT + "text", b"x" * 2000, {}, 413),
    ("POST", ROOT + "text?" + "a&" * 2000, b"", {}, 414),
    ("POST", ROOT + "text", b"{}", {"Content-Encoding": "gzip"}, 400),
    ("POST", ROOT + "text", b"{}", {"Content-Encoding": "br"}, 415),
    ("GET", BASE + "discovery/v1/apis", b"", {"If-None-Match": "*"}, 304),
    ("GET", BASE + "discovery/v1/apis", b"", {"If-Match": '"x"'}, 412),
    ("HEAD", BASE + "discovery/v1/apis", b"", {}, 200),
    ("HEAD", ROOT + "none", b"", {}, 404),
    ("GET", ROOT + "refuse", b"", {}, 431),
    ("GET", ROOT + "fail", b"", {}, 503),
    ("GET", ROOT + "slow", b"", {}, 503),
]
IDS = [f"{verb} {path[:40]} {status}" for verb, path, _, _, status in WAYS]


@pytest.fixture
def server(serve: Serve) -> Client:
    return serve(SentApi, limits=endpoints.Limits(body_size=1000))


def _send(server: Client, way: tuple[str, str, bytes, dict[str, str], int]) -> Response:
    verb, path, body, sent, status = way
    response = server.request(verb, path, body=body, headers=sent)
    assert response.status == status
    return response


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_nothing_is_sniffed(server: Client, way: Any) -> None:
    assert _send(server, way).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("way", WAYS, ids=IDS)
@pytest.mark.parametrize("origin", [ORIGIN, "null", "https://evil.example"])
def test_no_credentials_for_any_origin(server: Client, way: Any, origin: str) -> None:
    verb, path, body, headers, _ = way
    response = server.request(verb, path, body=body, headers={**headers, "Origin": origin})
    assert "access-control-allow-credentials" not in response.headers
    assert response.headers.get("access-control-allow-origin", origin) != "*"
    if "access-control-allow-origin" in response.headers:
        assert "Origin" in response.headers["vary"]
        assert origin != "null"


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_credentials_for_listed_origins_only(serve: Serve, way: Any) -> None:
    cors = endpoints.Cors(origins=[ORIGIN], credentials=True)
    server = serve(SentApi, cors=cors, limits=endpoints.Limits(body_size=1000))
    verb, path, body, headers, _ = way
    for origin in (ORIGIN, "https://evil.example", "null", "*", "https://app.example.evil.example"):
        response = server.request(verb, path, body=body, headers={**headers, "Origin": origin})
        named = response.headers.get("access-control-allow-origin")
        assert named in (None, ORIGIN) and (origin == ORIGIN or named is None)
        assert (response.headers.get("access-control-allow-credentials") == "true") == (named == ORIGIN)


@pytest.mark.parametrize(
    "path",
    [ROOT + "text", ROOT + "nothing", BASE + "discovery/v1/apis", BASE + "explorer", BASE + "static/proxy.html", "/"],
)
def test_trace_is_never_answered(server: Client, path: str) -> None:
    sent = {"Cookie": "session=s3cret", "Authorization": "Bearer s3cret"}
    for response in (
        server.request("TRACE", path, headers=sent),
        server.post(path, headers={**sent, "X-HTTP-Method-Override": "TRACE"}),
    ):
        assert response.status in (404, 405)
        assert "s3cret" not in response.text + str(response.pairs)


@pytest.mark.parametrize("value", ["x\r\nSet-Cookie: a=b", "x\nSet-Cookie: a=b", "x\rSet-Cookie: a=b"], ids=repr)
def test_no_header_is_smuggled_in(server: Client, value: str) -> None:
    for name in ("Origin", "Access-Control-Request-Headers", "Host", "X-HTTP-Method-Override"):
        headers = {"Origin": ORIGIN, **PREFLIGHT, name: value}
        response = server.request("OPTIONS", ROOT + "text", headers=headers)
        for each, content in response.pairs:
            assert "\r" not in each + content and "\n" not in each + content


def test_markup_stays_json(server: Client) -> None:
    markup = "<script>alert(1)</script>"
    for response in (
        server.post(ROOT + "text", json={"text": markup}),
        server.post(ROOT + "text", json={"text": [markup, markup]}),
        server.get("/" + markup.replace("/", "%2F").replace("<", "%3C").replace(">", "%3E")),
    ):
        assert response.headers["content-type"].startswith("application/json")


def test_a_server_does_not_say_what_it_is_made_of(server: Client) -> None:
    for way in WAYS:
        response = _send(server, way)
        told = response.text + str(response.pairs)
        assert "Traceback" not in told and "/srv/private" not in told and ".py" not in told
        assert not {"server", "x-powered-by"} & set(response.headers)
