"""`use_request_uri`: paths are taken apart before they are decoded."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/raw/v1/"


class Place(messages.Message):
    at = messages.StringField(1)


TWO = endpoints.ResourceContainer(message_types.VoidMessage, a=messages.StringField(1), b=messages.StringField(2))


@endpoints.api("raw", "v1", use_request_uri=True)
class RawApi(remote.Service):
    @endpoints.method(TWO, Place, path="docs/{a}", http_method="GET", name="one")
    def one(self, request: Any) -> Place:
        return Place(at=f"a={request.a}")

    @endpoints.method(TWO, Place, path="docs/{a}/{b}", http_method="GET", name="two")
    def two(self, request: Any) -> Place:
        return Place(at=f"a={request.a} b={request.b}")

    @endpoints.method(TWO, Place, path="docs", http_method="GET", name="none")
    def none(self, request: Any) -> Place:
        return Place(at="docs")


def _get(client: Client, path: str, mount: str = "") -> Any:
    """Send a path as servers tell it: in raw_path on ASGI; on WSGI gunicorn's RAW_URI, with the query."""
    extra = {"RAW_URI": mount + path} if client.interface == "wsgi" else {}
    return client.get(path, root_path=mount, extra=extra)


@pytest.fixture
def raw(serve: Serve) -> Client:
    return serve(RawApi)


@pytest.mark.parametrize("mount", ["", "/mounted"])
@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("docs", "docs"),
        ("docs/x", "a=x"),
        ("docs/x%2Fy", "a=x/y"),
        ("docs/x%2Fy/z", "a=x/y b=z"),
        ("docs/x/y%2fz", "a=x b=y/z"),
        ("docs/x%252Fy", "a=x%2Fy"),
        ("docs/x+y", "a=x+y"),
        ("docs/%C3%A9", "a=é"),
        ("docs/x/", "a=x"),
        ("docs/x%3Fy", "a=x?y"),
        ("docs/a?a=b", "a=b"),
    ],
)
def test_an_encoded_slash_is_part_of_a_value(raw: Client, mount: str, path: str, at: str) -> None:
    assert _get(raw, ROOT + path, mount).json() == {"at": at}


def test_request_uri_as_other_servers_have_it(raw: Client, interface: str) -> None:
    if interface == "wsgi":
        assert raw.get(ROOT + "docs/x%2Fy", extra={"REQUEST_URI": ROOT + "docs/x%2Fy"}).json() == {"at": "a=x/y"}


def test_a_path_that_is_not_utf8(raw: Client) -> None:
    error_of(_get(raw, ROOT + "docs/%FF"), 400, "badRequest")


def test_a_server_that_does_not_tell(raw: Client, interface: str) -> None:
    extra: dict[str, Any] = {} if interface == "wsgi" else {"raw_path": None}
    assert "REQUEST_URI" in error_of(raw.get(ROOT + "docs/x", extra=extra), 400, "badRequest")["message"]


def test_nothing_found(raw: Client) -> None:
    error_of(_get(raw, ROOT + "docs/x/y/z"), 404, "notFound")
    error_of(_get(raw, ROOT + "docs%2Fx"), 404, "notFound")


def test_other_verbs(raw: Client, interface: str) -> None:
    extra = {"REQUEST_URI": ROOT + "docs/x"} if interface == "wsgi" else {}
    error_of(raw.post(ROOT + "docs/x", extra=extra), 405, "httpMethodNotAllowed")


def test_a_mount_point_that_is_not_ascii(raw: Client) -> None:
    address = f"/caf%C3%A9{ROOT}docs/x%2Fy"
    if raw.interface == "wsgi":
        options: Any = {"root_path": "/café".encode().decode("latin-1"), "extra": {"RAW_URI": address}}
    else:
        options = {"root_path": "/caf%C3%A9", "extra": {"root_path": "/café"}}
    assert raw.get(ROOT + "docs/x%2Fy", **options).json() == {"at": "a=x/y"}
