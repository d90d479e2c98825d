"""One server, several APIs; one application, mounted anywhere."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

Void = message_types.VoidMessage


class Where(messages.Message):
    here = messages.StringField(1)
    path = messages.StringField(2)


def _where(service: remote.Service, here: str) -> Where:
    state = service.request_state
    assert isinstance(state, remote.HttpRequestState)
    return Where(here=here, path=state.service_path)


@endpoints.api("alpha", "v1")
class AlphaOne(remote.Service):
    @endpoints.method(Void, Where, path="where", http_method="GET")
    def where(self, request: Any) -> Where:
        return _where(self, "alpha v1")


@endpoints.api("alpha", "v2")
class AlphaTwo(remote.Service):
    @endpoints.method(Void, Where, path="where", http_method="GET")
    def where(self, request: Any) -> Where:
        return _where(self, "alpha v2")


@endpoints.api("semver", "2.1.0")
class SemVer(remote.Service):
    @endpoints.method(Void, Where, path="where", http_method="GET")
    def where(self, request: Any) -> Where:
        return _where(self, "semver 2.1.0")


@endpoints.api("based", "v1", base_path="/elsewhere/")
class Based(remote.Service):
    @endpoints.method(Void, Where, path="where", http_method="GET")
    def where(self, request: Any) -> Where:
        return _where(self, "based")


@endpoints.api("rooted", "v1", base_path="/")
class Rooted(remote.Service):
    @endpoints.method(Void, Where, path="where", http_method="GET")
    def where(self, request: Any) -> Where:
        return _where(self, "rooted")

    @endpoints.method(
        endpoints.ResourceContainer(Void, here=messages.StringField(1)), Where, path="{here}", http_method="POST"
    )
    def anything(self, request: Any) -> Where:
        return Where(here=request.here)


shelves = endpoints.api("library", "v1", description="Two classes, one API.")


@shelves.api_class(resource_name="books", path="books")
class Books(remote.Service):
    @endpoints.method(Void, Where, path="list", http_method="GET")
    def listing(self, request: Any) -> Where:
        return _where(self, "books")

    @endpoints.method(Void, Where, path="/outside", http_method="GET")
    def outside(self, request: Any) -> Where:
        return _where(self, "outside")


@shelves.api_class(resource_name="loans")
class Loans(remote.Service):
    @endpoints.method(Void, Where, path="loans", http_method="GET")
    def listing(self, request: Any) -> Where:
        return _where(self, "loans")


@pytest.fixture
def server(serve: Serve) -> Client:
    return serve(AlphaOne, AlphaTwo, SemVer, Based, Rooted, shelves)


PLACES = [
    ("/_ah/api/alpha/v1/where", "alpha v1"),
    ("/_ah/api/alpha/v2/where", "alpha v2"),
    ("/_ah/api/semver/v2/where", "semver 2.1.0"),
    ("/elsewhere/based/v1/where", "based"),
    ("/rooted/v1/where", "rooted"),
    ("/_ah/api/library/v1/books/list", "books"),
    ("/_ah/api/library/v1/outside", "outside"),
    ("/_ah/api/library/v1/loans", "loans"),
]


@pytest.mark.parametrize("mount", ["", "/mounted", "/deep/er", "/caf%C3%A9"])
@pytest.mark.parametrize(("path", "here"), PLACES)
def test_every_api_at_its_place(server: Client, mount: str, path: str, here: str) -> None:
    response = server.get(path, **_mounted(server, mount))
    assert response.json() == {"here": here, "path": mount.replace("%C3%A9", "é") + path}


def _mounted(client: Client, mount: str) -> dict[str, Any]:
    """Options of a request to a mounted application: SCRIPT_NAME and root_path are decoded."""
    if "%" not in mount:
        return {"root_path": mount}
    decoded = "/café"
    if client.interface == "wsgi":
        return {"root_path": decoded.encode().decode("latin-1")}
    return {"root_path": mount, "extra": {"root_path": decoded}}


@pytest.mark.parametrize(
    "path",
    [
        "/_ah/api/alpha/v3/where",
        "/_ah/api/semver/2.1.0/where",
        "/_ah/api/based/v1/where",
        "/elsewhere/alpha/v1/where",
        "/_ah/api/library/v1/books/loans",
        "/_ah/api/library/v1/list",
        "/mounted/_ah/api/alpha/v1/where",
    ],
)
def test_nothing_anywhere_else(server: Client, path: str) -> None:
    error_of(server.get(path), 404, "notFound")


def test_values_in_the_path_of_a_mounted_application(server: Client) -> None:
    for mount in ("", "/mounted"):
        assert server.post("/rooted/v1/x%20y", root_path=mount).json() == {"here": "x y"}


def test_a_mount_point_is_not_cut_off_twice(server: Client) -> None:
    assert server.post("/rooted/v1/rooted", root_path="/rooted/v1").json() == {"here": "rooted"}
    error_of(server.get("/rooted/v1/rooted/v1/where", root_path="/rooted/v1"), 404, "notFound")


def test_a_mount_point_ending_with_a_slash(server: Client, interface: str) -> None:
    # Some servers and frameworks leave it there.
    extra = {"SCRIPT_NAME": "/m"} if interface == "wsgi" else {"root_path": "/m/"}
    assert server.get("/rooted/v1/where", root_path="/m", extra=extra).json()["path"] == "/m/rooted/v1/where"
