"""Which operation answers which verb and path."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/routes/v1/"

# Any token may be a verb (RFC 9110, 9.1), whatever wsgiref thinks of it.
pytestmark = pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")


class Place(messages.Message):
    at = messages.StringField(1)


VALUES = endpoints.ResourceContainer(message_types.VoidMessage, a=messages.StringField(1), b=messages.StringField(2))

ROUTES = [
    "GET thing",
    "POST thing",
    "PUT thing",
    "HEAD thing",
    "GET {a}",
    "GET {a}/{b}",
    "GET fixed/{a}",
    "GET {a}/fixed",
    "GET fixed/const",
    "GET fixed/{a}/deep/{b}",
    "GET {a}/x/deep/last",
    "POST verbs/{a}",
    "POST verbs/{a}:start",
    "POST verbs/{a}:restart",
    "POST {a}/{b}:start",
    "POST v/{a}/{b}:start",
    "POST colon:literal",
    "DELETE gone/{a}",
    "GET tail/slash/",
    "GET Mixed/Case",
    "GET dotted.path/x-y_z~1",
    "GET ünïcode/{a}",
]


def _method(route: str) -> Any:
    verb, _, path = route.partition(" ")

    @endpoints.method(VALUES, Place, path=path, http_method=verb, name="m" + str(ROUTES.index(route)))
    def answer(_self: Any, request: Any) -> Place:
        values = [f"{name}={getattr(request, name)}" for name in "ab" if f"{{{name}}}" in path]
        return Place(at=" ".join([path, *values]))

    return answer


RoutesApi = endpoints.api("routes", "v1")(
    type("RoutesApi", (remote.Service,), {f"m{number}": _method(route) for number, route in enumerate(ROUTES)})
)


@pytest.fixture
def routes(serve: Serve) -> Client:
    return serve(RoutesApi)


FOUND = [
    ("GET", "thing", "thing"),
    ("POST", "thing", "thing"),
    ("PUT", "thing", "thing"),
    ("HEAD", "thing", "thing"),
    ("get", "thing", "thing"),
    ("gEt", "x", "{a} a=x"),
    ("GET", "thing/", "thing"),
    ("GET", "thing//", "{a}/{b} a=thing b="),
    ("GET", "x", "{a} a=x"),
    ("GET", "x/", "{a} a=x"),
    ("GET", "x//", "{a}/{b} a=x b="),
    ("GET", "/x", "{a}/{b} a= b=x"),
    ("GET", "", "{a} a="),
    ("GET", "/", "{a} a="),
    ("GET", "x/y", "{a}/{b} a=x b=y"),
    ("GET", "x/y/", "{a}/{b} a=x b=y"),
    ("GET", "fixed", "{a} a=fixed"),
    ("GET", "fixed/y", "fixed/{a} a=y"),
    ("GET", "fixed/fixed", "fixed/{a} a=fixed"),
    ("GET", "fixed/const", "fixed/const"),
    ("GET", "fixed/const/", "fixed/const"),
    ("GET", "fixed/const2", "fixed/{a} a=const2"),
    ("GET", "y/fixed", "{a}/fixed a=y"),
    # A literal that leads nowhere gives way to the variable beside it.
    ("GET", "fixed/x/deep/last", "fixed/{a}/deep/{b} a=x b=last"),
    ("GET", "other/x/deep/last", "{a}/x/deep/last a=other"),
    ("GET", "tail/slash", "{a}/{b} a=tail b=slash"),
    ("GET", "tail/slash/", "tail/slash/"),
    ("GET", "Mixed/Case", "Mixed/Case"),
    ("GET", "mixed/case", "{a}/{b} a=mixed b=case"),
    ("GET", "dotted.path/x-y_z~1", "dotted.path/x-y_z~1"),
    ("GET", "dottedXpath/x-y_z~1", "{a}/{b} a=dottedXpath b=x-y_z~1"),
    ("GET", "a.b", "{a} a=a.b"),
    ("GET", "a:b", "{a} a=a:b"),
    ("POST", "verbs/7", "verbs/{a} a=7"),
    ("POST", "verbs/7:start", "verbs/{a}:start a=7"),
    ("POST", "verbs/7%3Astart", "verbs/{a}:start a=7"),
    ("POST", "verbs/7:start/", "verbs/{a}:start a=7"),
    ("POST", "verbs/7:restart", "verbs/{a}:restart a=7"),
    ("POST", "verbs/7:other", "verbs/{a} a=7:other"),
    ("POST", "verbs/7:x:start", "verbs/{a}:start a=7:x"),
    ("POST", "verbs/:start", "verbs/{a}:start a="),
    ("POST", "verbs/start", "verbs/{a} a=start"),
    ("POST", "elsewhere/7:start", "{a}/{b}:start a=elsewhere b=7"),
    ("POST", "v/1/2:start", "v/{a}/{b}:start a=1 b=2"),
    ("POST", "colon:literal", "colon:literal"),
    ("GET", "%74hing", "thing"),
    ("GET", "x%20y", "{a} a=x y"),
    ("GET", "x+y", "{a} a=x+y"),
    ("GET", "x%2By", "{a} a=x+y"),
    ("GET", "x%252Fy", "{a} a=x%2Fy"),
    ("GET", "%E2%98%83", "{a} a=☃"),
    ("GET", "%C3%BCn%C3%AFcode/%C3%A9/", "ünïcode/{a} a=é"),
    ("GET", "%EF%BF%BD", "{a} a=\ufffd"),
    ("GET", "..", "{a} a=.."),
    ("GET", "%00", "{a} a=\0"),
]


@pytest.mark.parametrize(("verb", "path", "at"), FOUND, ids=[f"{verb} {path!r}" for verb, path, _ in FOUND])
def test_finds(routes: Client, verb: str, path: str, at: str) -> None:
    response = routes.request(verb, ROOT + path)
    assert (response.status, response.json()) == (200, {"at": at})


NOWHERE = [
    "x/y/z",
    "x//y",
    "x///",
    "/fixed/const",
    "x%5By",
    "x%5Dy",
    "x%7By",
    "x%7Dy",
    "x%23y",
    "x%3Fy",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_finds_nothing(routes: Client, path: str) -> None:
    assert error_of(routes.get(ROOT + path), 404, "notFound")["message"] == "Not Found"


@pytest.mark.parametrize(
    "path",
    ["/", "", "/_ah", "/_ah/api", "/_ah/api/", "/_ah/api/routes/v1", "/_ah/api/routes/v2/thing", "/_ah/apis/routes"],
    ids=repr,
)
def test_finds_nothing_beside_the_api(routes: Client, path: str) -> None:
    error_of(routes.get(path), 404, "notFound")


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("DELETE", "thing", {"GET", "HEAD", "POST", "PUT"}),
        ("PATCH", "x", {"GET", "HEAD"}),
        ("OPTIONS", "thing", {"GET", "HEAD", "POST", "PUT"}),
        ("TRACE", "thing", {"GET", "HEAD", "POST", "PUT"}),
        ("TRACE", "x/y/", {"GET", "HEAD"}),
        ("CONNECT", "gone/1", {"DELETE", "GET", "HEAD"}),
        ("FROB", "thing", {"GET", "HEAD", "POST", "PUT"}),
        ("PUT", "verbs/7:start", {"GET", "HEAD", "POST"}),
    ],
)
def test_a_known_path_with_another_verb(routes: Client, verb: str, path: str, allowed: set[str]) -> None:
    response = routes.request(verb, ROOT + path)
    error_of(response, 405, "httpMethodNotAllowed")
    assert set(response.headers["allow"].split(", ")) == allowed


def test_a_path_that_is_not_utf8(routes: Client) -> None:
    for path in ("x%FF", "%C3", "%ED%A0%80", "%C0%AF"):
        assert "UTF-8" in error_of(routes.get(ROOT + path), 400, "badRequest")["message"]


def test_an_encoded_slash_is_a_slash_once_the_path_is_decoded(routes: Client) -> None:
    # Servers hand over a decoded path; `use_request_uri` is for those who need the difference.
    assert routes.get(ROOT + "x%2Fy").json() == {"at": "{a}/{b} a=x b=y"}


@pytest.mark.parametrize(
    ("override", "at"),
    [("GET", "{a} a=x"), ("get", "{a} a=x")],
)
def test_method_override_of_a_post(routes: Client, override: str, at: str) -> None:
    assert routes.post(ROOT + "x", headers={"X-HTTP-Method-Override": override}).json() == {"at": at}


def test_method_override_of_another_verb_does_nothing(routes: Client) -> None:
    for verb in ("GET", "PUT"):
        response = routes.request(verb, ROOT + "thing", headers={"X-HTTP-Method-Override": "DELETE"})
        assert response.json() == {"at": "thing"}
    error_of(
        routes.request("PATCH", ROOT + "thing", headers={"X-HTTP-Method-Override": "POST"}), 405, "httpMethodNotAllowed"
    )


def test_the_effective_method_is_the_one_that_is_refused(routes: Client) -> None:
    response = routes.post(ROOT + "thing", headers={"X-HTTP-Method-Override": "DELETE"})
    assert error_of(response, 405, "httpMethodNotAllowed")["message"].startswith("Method DELETE is not allowed here")


@pytest.mark.parametrize("override", ["", " ", "GET ", "GET/_AH", "GET\tx", "G-T"], ids=repr)
def test_an_override_that_is_no_verb(routes: Client, override: str) -> None:
    error_of(routes.post(ROOT + "thing", headers={"X-HTTP-Method-Override": override}), 404, "notFound")
