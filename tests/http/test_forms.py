"""Forms: as Google's client sends a GET whose address would be too long, and as browsers send."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/forms/v1/"
FORM = "application/x-www-form-urlencoded"


class Inner(messages.Message):
    number = messages.IntegerField(1)


class Body(messages.Message):
    s = messages.StringField(1)
    n = messages.IntegerField(2, variant=messages.Variant.INT32)
    many = messages.StringField(3, repeated=True)
    flag = messages.BooleanField(4)


class Seen(messages.Message):
    lines = messages.StringField(1, repeated=True)


QUERY = endpoints.ResourceContainer(
    message_types.VoidMessage,
    id=messages.StringField(1),
    q=messages.StringField(2),
    n=messages.IntegerField(3, variant=messages.Variant.INT32),
    many=messages.StringField(4, repeated=True),
    inner=messages.MessageField(Inner, 5),
)


def _seen(request: Any) -> Seen:
    values = {field.name: getattr(request, field.name) for field in request.all_fields()}
    lines = [f"{name}={value!r}" for name, value in sorted(values.items()) if value not in (None, [])]
    return Seen(lines=[*lines, *(f"?{name}" for name in request.all_unrecognized_fields())])


@endpoints.api("forms", "v1")
class FormsApi(remote.Service):
    @endpoints.method(QUERY, Seen, path="items/{id}", http_method="GET", name="get")
    def get(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(Body, Seen, path="post", name="post")
    def post(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(Body, Seen, path="items/{s}", http_method="PATCH", name="patch")
    def patch(self, request: Any) -> Seen:
        return _seen(request)


@pytest.fixture
def api(serve: Serve) -> Client:
    return serve(FormsApi)


def _long_get(api: Client, path: str, form: str | bytes, content_type: str = FORM) -> Any:
    """As googleapiclient.http.HttpRequest sends it."""
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": content_type}
    return api.post(ROOT + path, body=form if isinstance(form, bytes) else form.encode(), headers=headers)


@pytest.mark.parametrize(
    ("path", "form", "lines"),
    [
        ("items/7", "q=x&n=5", ["id='7'", "n=5", "q='x'"]),
        ("items/7", "many=a&many=b", ["id='7'", "many=['a', 'b']"]),
        ("items/7", "q=a+b%26c%3D%E2%98%83", ["id='7'", "q='a b&c=☃'"]),
        ("items/7", "inner.number=3", ["id='7'", "inner=<Inner\n number: 3>"]),
        ("items/7", "q=x&alt=json", ["id='7'", "q='x'", "?alt"]),
        ("items/7", "id=8", ["id='8'"]),
        ("items/7?q=query", "q=form", ["id='7'", "q='form'"]),
        ("items/7", "", ["id='7'"]),
    ],
)
def test_a_long_get(api: Client, path: str, form: str, lines: list[str]) -> None:
    assert _long_get(api, path, form).json() == {"lines": lines}


def test_a_get_that_really_is_long(api: Client) -> None:
    many = [f"value {number}" for number in range(900)]
    assert _long_get(api, "items/7", urlencode({"many": many}, doseq=True)).json() == {"lines": ["id='7'", f"{many=}"]}


@pytest.mark.parametrize("content_type", [FORM, FORM + "; charset=UTF-8", FORM.upper()])
def test_how_a_form_is_called(api: Client, content_type: str) -> None:
    assert _long_get(api, "items/7", "n=5", content_type).json() == {"lines": ["id='7'", "n=5"]}


def test_a_wrong_value(api: Client) -> None:
    assert error_of(_long_get(api, "items/7", "n=x"), 400, "invalidParameter")["location"] == "n"


@pytest.mark.parametrize("form", [b"q=%FF", b"q=\xff", b"%C0%AF=1"], ids=repr)
def test_bytes_that_are_no_utf8(api: Client, form: bytes) -> None:
    error_of(_long_get(api, "items/7", form), 400, "badRequest")
    error_of(api.post(ROOT + "post", body=form, headers={"Content-Type": FORM}), 400, "badRequest")


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        ("s=x&n=5&flag=", None),
        ("s=x&n=5", ["n=5", "s='x'"]),
        ("many=a&many=b", ["many=['a', 'b']"]),
        ("many=a", ["many=['a']"]),
        ("s=%C3%A9", ["s='é'"]),
        ("s=é", ["s='é'"]),
        ("zz=1", ["?zz"]),
        ("n=x", None),
    ],
)
def test_a_form_as_a_body(api: Client, form: str, lines: list[str] | None) -> None:
    response = api.post(ROOT + "post", body=form.encode(), headers={"Content-Type": FORM})
    if lines is None:
        error_of(response, 400, "badRequest")
    else:
        assert response.json() == {"lines": lines}


def test_an_overridden_verb_with_a_json_body(api: Client) -> None:
    response = api.post(ROOT + "items/7?n=5", json={"many": ["a"]}, headers={"X-HTTP-Method-Override": "PATCH"})
    assert response.json() == {"lines": ["many=['a']", "n=5", "s='7'"]}


def test_json_that_is_called_a_form(api: Client) -> None:
    # curl -d calls everything a form; what begins with a brace is none.
    response = api.post(ROOT + "post", body=b' {"s": "x"}', headers={"Content-Type": FORM})
    assert response.json() == {"lines": ["s='x'"]}
    message = error_of(api.post(ROOT + "post", body=b'{"s": ', headers={"Content-Type": FORM}), 400, "badRequest")[
        "message"
    ]
    assert "JSON" in message


def test_a_form_that_is_not_called_one(api: Client) -> None:
    for content_type in ("application/json", "", "text/plain"):
        response = api.post(ROOT + "post", body=b"s=x", headers={"Content-Type": content_type})
        assert "JSON" in error_of(response, 400, "badRequest")["message"]


def test_too_many_fields(api: Client) -> None:
    assert _long_get(api, "items/7", "&".join(["q=x"] * 1001)).status == 413


def test_a_form_may_be_as_long_as_a_body(api: Client) -> None:
    assert _long_get(api, "items/7", "q=" + "x" * 70_000).status == 200
