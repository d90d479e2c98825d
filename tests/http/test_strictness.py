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
