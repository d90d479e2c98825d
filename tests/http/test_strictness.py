"""What does not fit its field is refused, and nothing is lost on the way."""

from __future__ import annotations

import pytest

import endpoints
from protorpc import messages, remote
from tests.client import Serve


class Row(messages.Message):
    big = messages.IntegerField(1)
    small = messages.IntegerField(2, variant=messages.Variant.INT32)
    data = messages.BytesField(3)
    text = messages.StringField(4)


@endpoints.api(name="rows", version="v1")
class RowsApi(remote.Service):
    @endpoints.method(Row, Row)
    def echo(self, request: Row) -> Row:
        return request


@pytest.mark.parametrize(
    "body",
    [b'{"big": true}', b'{"small": false}', b'{"text": ["a", "b"]}'],
    ids=["boolean-int64", "boolean-int32", "list-for-one"],
)
def test_what_fits_no_field_is_refused(body: bytes, serve: Serve) -> None:
    assert serve(RowsApi).post("/_ah/api/rows/v1/echo", body=body).status == 400


@pytest.mark.parametrize(
    "body", [b'{"small": "7"}', b'{"small": 7, "more": 1}'], ids=["number-as-text", "unknown-field"]
)
def test_answers_are_compact(body: bytes, serve: Serve) -> None:
    assert b": " not in serve(RowsApi).post("/_ah/api/rows/v1/echo", body=body).body


def test_a_lone_surrogate_is_named_in_the_refusal(serve: Serve) -> None:
    answer = serve(RowsApi).post("/_ah/api/rows/v1/echo", body=b'{"text": "\\ud800"}')
    assert "truncated" not in answer.json()["error"]["message"]


class Shelf(messages.Message):
    rows = messages.MessageField(Row, 1, repeated=True)
    numbers = messages.IntegerField(2, repeated=True)
    owner = messages.MessageField("Owner", 3)


class Owner(messages.Message):
    name = messages.StringField(1, required=True)
    shelves = messages.MessageField(Shelf, 2, repeated=True)


@endpoints.api(name="shelves", version="v1")
class ShelvesApi(remote.Service):
    @endpoints.method(Shelf, Shelf, path="shelves")
    def echo(self, request: Shelf) -> Shelf:
        return request


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"rows": [{"small": 1}, {"small": "one"}]}', "rows[1].small: Expected an integer, found 'one'"),
        (b'{"rows": [{}, 7]}', "rows[1]: Expected an object for message Row, found 7"),
        (b'{"rows": [{"small": 2147483648}]}', "rows[0].small: Value 2147483648"),
        (b'{"rows": [{"data": "a"}]}', "rows[0].data: Base64"),
        (b'{"numbers": [1, 2, null]}', "numbers[2]: Expected an integer, found null"),
        (b'{"owner": {}}', "owner.name: Message Owner is missing required field name"),
        (b'{"owner": {"name": "A", "shelves": [{}, {"owner": {}}]}}', "owner.shelves[1].owner.name: Message Owner"),
        (b'{"owner": {"name": ["A", "B"]}}', "owner.name: Expected a single value, found a list of 2"),
    ],
)
def test_a_refusal_names_the_place(body: bytes, named: str, serve: Serve) -> None:
    answer = serve(ShelvesApi).post("/_ah/api/shelves/v1/shelves", body=body)
    assert answer.status == 400
    assert named in answer.json()["error"]["message"]


def test_base64_has_no_other_characters(serve: Serve) -> None:
    answer = serve(RowsApi).post("/_ah/api/rows/v1/echo", body=b'{"data": "aGk*"}')
    assert answer.status == 400
    assert "data: Base64" in answer.json()["error"]["message"]
