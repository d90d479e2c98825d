"""What is at `explorer` and below it: which files, under which headers, wherever the application is mounted."""

from __future__ import annotations

import re
from typing import Any

import pytest

import endpoints
from endpoints.explorer.files import SCRIPTS, STYLES
from endpoints.serving.compression import packed_once
from protorpc import message_types, messages, remote
from tests.client import Client, Response, Serve
from tests.http.error_object import error_of

BASE = "/_ah/api"
PAGE = f"{BASE}/explorer"
ELSEWHERE: Any = {"token_endpoint": "https://tokens.example/t"}
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


@endpoints.api(
    "tried",
    "v1",
    issuers={
        "own": endpoints.Issuer("https://id.example", None),
        "several": endpoints.Issuer(["old.example", "https://new.example:8443/tenant"], "https://new.example/keys"),  # type: ignore[arg-type]
        "nameless": endpoints.Issuer("somebody", "https://somebody.example/keys"),
        "google": endpoints.Issuer("accounts.google.com", "https://www.googleapis.com/oauth2/v3/certs"),
    },
    audiences={"own": ["tried"]},
)
class TriedApi(remote.Service):
    @endpoints.method(Void, Text, path="text", http_method="GET", name="texts.get")
    def text(self, request: Any) -> Text:
        return Text()


@endpoints.api("aside", "v1", base_path="/elsewhere/")
class AsideApi(remote.Service):
    @endpoints.method(Void, Text, path="text", http_method="GET", name="texts.get")
    def text(self, request: Any) -> Text:
        return Text()


@endpoints.api("top", "v1", base_path="/")
class TopApi(remote.Service):
    @endpoints.method(Void, Text, path="text", http_method="GET", name="texts.get")
    def text(self, request: Any) -> Text:
        return Text()


@pytest.fixture
def server(serve: Serve) -> Client:
    return serve(TriedApi, AsideApi)


def policy(response: Response) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["content-security-policy"].split(";")]
    return {name: values for name, *values in parts}


def referred(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(explorer/[^"]+)"', page)


def with_clients(serve: Serve, **clients: Any) -> Client:
    return serve(TriedApi, AsideApi, explorer=endpoints.Explorer(clients=clients))


def test_files_are_packed_once(server: Client) -> None:
    def load() -> int:
        for coding in ("gzip", "br"):
            for name in referred(server.get(PAGE).text):
                server.get(f"{BASE}/{name}", headers={"Accept-Encoding": coding})
        return packed_once.cache_info().misses

    assert load() == load()


@pytest.mark.parametrize("base", [BASE, "/elsewhere"])
@pytest.mark.parametrize("query", ["", "?x=1", "?base=https://evil.example"])
def test_the_page(server: Client, base: str, query: str) -> None:
    response = server.get(f"{base}/explorer{query}", headers={"Origin": "https://app.example"})
    assert (response.status, response.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert policy(response) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
    headers = response.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin-allow-popups"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert not [name for name in headers if name.startswith("access-control-")]
    assert "evil" not in response.text and "{{" not in response.text
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=|javascript:|https?://", response.text)


def test_all_that_the_page_refers_to_is_there_and_may_be_kept(server: Client) -> None:
    paths = referred(server.get(PAGE).text)
    assert {path.rpartition("/")[2] for path in paths} == {*SCRIPTS, *STYLES} - {"callback.js"}
    for path in paths:
        response = server.get(f"{BASE}/{path}")
        kind = "text/css" if path.endswith(".css") else "text/javascript"
        assert (response.status, response.headers["content-type"]) == (200, f"{kind}; charset=UTF-8")
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["x-content-type-options"] == "nosniff"


def test_files_of_another_edition_are_not_kept(server: Client) -> None:
    response = server.get(f"{PAGE}/0123456789/main.js")
    assert (response.status, response.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize(
    "path",
    [
        "more",
        "x/explorer.html",
        "x/nothing.js",
        "x/..",
        "x/../files.py",
        "x/..%2ffiles.py",
        "%2e%2e/files.py",
        "x/%2e%2e%2f%2e%2e%2fsite.py",
        "x/main.js%00",
        "x/%00",
        "x/main.js/y",
        "x/MAIN.JS",
        "x//etc/passwd",
    ],
)
def test_nothing_else_is_there(server: Client, path: str) -> None:
    error_of(server.get(f"{PAGE}/{path}"), 404, "notFound")


@pytest.mark.parametrize("path", ["", "/settings.json", "/callback", "/x/main.js"])
def test_head(server: Client, path: str) -> None:
    there, told = server.get(PAGE + path), server.request("HEAD", PAGE + path)
    assert (told.status, told.body) == (200, b"")
    assert told.headers["content-type"] == there.headers["content-type"]


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_verbs_lead_to_the_page(server: Client, verb: str) -> None:
    response = server.request(verb, PAGE)
    assert (response.status, response.headers["location"]) == (302, "explorer")
    for path in ("/settings.json", "/callback", "/x/main.js"):
        refused = server.request(verb, PAGE + path)
        assert refused.status == 405 and refused.headers["allow"] == "GET, HEAD"


def test_a_slash_too_many_is_taken_away(server: Client) -> None:
    for verb in ("GET", "POST"):
        response = server.request(verb, f"{PAGE}/")
        assert (response.status, response.headers["location"]) == (302, "../explorer")


def test_a_page_that_is_known_is_not_sent_again(server: Client, serve: Serve) -> None:
    first = server.get(PAGE)
    assert first.headers["cache-control"] == "no-cache"
    known = {"If-None-Match": first.headers["etag"]}
    assert server.get(PAGE, headers=known).status == 304
    # With another policy it is another page.
    assert with_clients(serve, own="x").get(PAGE, headers=known).status == 200


def test_mounted_elsewhere(server: Client) -> None:
    page = server.get(PAGE, root_path="/deep/er")
    assert page.text == server.get(PAGE).text
    for path in referred(page.text):
        assert server.get(f"{BASE}/{path}", root_path="/deep/er").status == 200


@pytest.mark.parametrize(
    ("page", "roots"),
    [
        (PAGE, ["./", "../../elsewhere/", "../../"]),
        ("/elsewhere/explorer", ["../_ah/api/", "./", "../"]),
        ("/explorer", ["_ah/api/", "elsewhere/", "./"]),
    ],
)
def test_settings_say_where_every_api_is(serve: Serve, page: str, roots: list[str]) -> None:
    response = serve(TriedApi, AsideApi, TopApi).get(f"{page}/settings.json", headers={"Origin": "https://app.example"})
    assert [(each["name"], each["version"]) for each in response.json()["apis"]] == [
        ("tried", "v1"),
        ("aside", "v1"),
        ("top", "v1"),
    ]
    assert [each["root"] for each in response.json()["apis"]] == roots
    assert response.json()["issuers"] == []
    assert "access-control-allow-origin" not in response.headers


def test_settings_of_a_client(serve: Serve) -> None:
    client = endpoints.ExplorerClient("id", ["openid"], token="id_token", audience="tried", **ELSEWHERE)  # noqa: S106
    server = with_clients(serve, own=client, several="other")
    assert server.get(f"{PAGE}/settings.json").json()["issuers"] == [
        {
            "name": "own",
            "issuer": "https://id.example",
            "clientId": "id",
            "scopes": ["openid"],
            "token": "id_token",
            "audience": "tried",
            "authorizationEndpoint": None,
            "tokenEndpoint": "https://tokens.example/t",
            "isRelayed": False,
        },
        {
            "name": "several",
            "issuer": "https://new.example:8443/tenant",
            "clientId": "other",
            "scopes": ["openid", "email", "profile"],
            "token": "access_token",
            "audience": None,
            "authorizationEndpoint": None,
            "tokenEndpoint": None,
            "isRelayed": False,
        },
    ]


@pytest.mark.parametrize(
    ("clients", "origins"),
    [
        ({"own": "x"}, ["https://id.example"]),
        ({"several": "x"}, ["https://new.example:8443"]),
        ({"google": "x"}, ["https://accounts.google.com", "https://oauth2.googleapis.com"]),
        ({"google_id_token": "x"}, ["https://accounts.google.com", "https://oauth2.googleapis.com"]),
        (
            {"own": endpoints.ExplorerClient("x", **ELSEWHERE), "several": "x"},
            ["https://id.example", "https://tokens.example", "https://new.example:8443"],
        ),
    ],
    ids=["own", "a port", "Google", "Google by default", "two"],
)
def test_the_page_may_ask_the_issuers_and_nobody_else(
    serve: Serve, clients: dict[str, Any], origins: list[str]
) -> None:
    assert policy(with_clients(serve, **clients).get(PAGE))["connect-src"] == ["'self'", *origins]


def test_the_callback(server: Client) -> None:
    response = server.get(f"{PAGE}/callback?code=s3cret&state=<script>")
    assert (response.status, response.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert policy(response)["connect-src"] == ["'none'"] and policy(response)["script-src"] == ["'self'"]
    assert response.headers["cache-control"] == "no-store"
    assert "s3cret" not in response.text and "<script>" not in response.text
    (script,) = re.findall(r'src="([^"]+)"', response.text)
    assert server.get(f"{PAGE}/{script}").status == 200


@pytest.mark.parametrize("path", ["", "/", "/settings.json", "/callback", "/x/main.js"])
def test_switched_off(serve: Serve, path: str) -> None:
    error_of(serve(TriedApi, explorer=None).get(PAGE + path), 404, "notFound")


def test_an_api_called_explorer(serve: Serve) -> None:
    @endpoints.api("explorer", "v1", base_path="/")
    class ExplorerApi(remote.Service):
        @endpoints.method(Void, Text, path="settings.json", http_method="GET", name="a")
        def literal(self, request: Any) -> Text:
            return Text(text="literal")

        @endpoints.method(
            endpoints.ResourceContainer(Void, name=messages.StringField(1, required=True)),
            Text,
            path="{name}",
            http_method="GET",
            name="b",
        )
        def variable(self, request: Any) -> Text:
            return Text(text=request.name)

    server = serve(ExplorerApi)
    assert server.get("/explorer/v1/settings.json").json() == {"text": "literal"}
    assert server.get("/explorer/v1/main.js").json() == {"text": "main.js"}
    assert server.get("/explorer").status == 200
