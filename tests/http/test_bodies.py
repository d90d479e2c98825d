"""Request bodies: JSON objects, and what is said of anything else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/bodies/v1/"
Variant = messages.Variant


class Color(messages.Enum):
    RED = 1
    BLUE = 2


class Item(messages.Message):
    name = messages.StringField(1)
    price = messages.IntegerField(2)
    items = messages.MessageField("Item", 3, repeated=True)


class Everything(messages.Message):
    s = messages.StringField(1)
    b = messages.BooleanField(2)
    i32 = messages.IntegerField(3, variant=Variant.INT32)
    i64 = messages.IntegerField(4)
    d = messages.FloatField(5)
    e = messages.EnumField(Color, 6)
    y = messages.BytesField(7)
    t = message_types.DateTimeField(8)
    m = messages.MessageField(Item, 9)
    many = messages.StringField(10, repeated=True)
    ms = messages.MessageField(Item, 11, repeated=True)


class Needy(messages.Message):
    need = messages.StringField(1, required=True)
    inner = messages.MessageField("Needy", 2)


class Seen(messages.Message):
    text = messages.StringField(1)


def _seen(request: Any) -> Seen:
    unrecognized = {
        str(name): request.get_unrecognized_field_info(name)[0] for name in request.all_unrecognized_fields()
    }
    text = re.sub(r"\n \w+: \[\]", "", repr(request))  # lists that are empty
    return Seen(text=text + (f" {json.dumps(unrecognized, sort_keys=True)}" if unrecognized else ""))


@endpoints.api("bodies", "v1")
class BodiesApi(remote.Service):
    @endpoints.method(Everything, Seen, path="seen")
    def seen(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(Needy, Seen, path="needy")
    def needy(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(message_types.VoidMessage, Seen, path="void")
    def void(self, request: Any) -> Seen:
        return _seen(request)


@pytest.fixture
def api(serve: Serve) -> Client:
    return serve(BodiesApi)


def _send(api: Client, body: bytes | str, path: str = "seen", **headers: str) -> Any:
    sent = body.encode() if isinstance(body, str) else body
    return api.post(ROOT + path, body=sent, headers={"Content-Type": "application/json", **headers})


def _ids(rows: list[Any]) -> list[str]:
    return [repr(row[0]) for row in rows]


READ: list[tuple[str, str]] = [
    ("", "<Everything>"),
    (" \t\r\n", "<Everything>"),
    ("{}", "<Everything>"),
    (" {} \n", "<Everything>"),
    ('{"s": "a"}', "<Everything\n s: 'a'>"),
    ('{"s": "\\u2603\\ud83d\\ude00\\n"}', "<Everything\n s: '☃😀\\n'>"),
    ('{"\\u0073": "a"}', "<Everything\n s: 'a'>"),
    ('{"s": "a", "s": "b"}', "<Everything\n s: 'b'>"),
    ('{"s": null, "b": null}', "<Everything>"),
    ('{"b": true}', "<Everything\n b: True>"),
    ('{"i32": -5}', "<Everything\n i32: -5>"),
    ('{"i32": "7"}', "<Everything\n i32: 7>"),
    ('{"i64": 5}', "<Everything\n i64: 5>"),
    ('{"i64": "-9223372036854775808"}', "<Everything\n i64: -9223372036854775808>"),
    ('{"d": 1}', "<Everything\n d: 1.0>"),
    ('{"d": -1.5e3}', "<Everything\n d: -1500.0>"),
    ('{"d": "2.5"}', "<Everything\n d: 2.5>"),
    ('{"d": "NaN"}', "<Everything\n d: nan>"),
    ('{"e": "RED"}', "<Everything\n e: Color(RED, 1)>"),
    ('{"e": 2}', "<Everything\n e: Color(BLUE, 2)>"),
    ('{"y": "aGk="}', "<Everything\n y: b'hi'>"),
    ('{"y": "aGk"}', "<Everything\n y: b'hi'>"),
    ('{"y": "-_8="}', "<Everything\n y: b'\\xfb\\xff'>"),
    ('{"t": "2012-08-30T12:53:21"}', "<Everything\n t: datetime.datetime(2012, 8, 30, 12, 53, 21)>"),
    ('{"t": "2012-08-30T12:53:21.5"}', "<Everything\n t: datetime.datetime(2012, 8, 30, 12, 53, 21, 500000)>"),
    ('{"m": {}}', "<Everything\n m: <Item>>"),
    (
        '{"m": {"name": "x", "items": [{"price": "5"}]}}',
        "<Everything\n m: <Item\n name: 'x'\n items: [<Item\n price: 5>]>>",
    ),
    ('{"many": []}', "<Everything>"),
    ('{"many": ["a", "b"]}', "<Everything\n many: ['a', 'b']>"),
    ('{"many": "a"}', "<Everything\n many: ['a']>"),
    ('{"ms": [{}, {"name": "y"}]}', "<Everything\n ms: [<Item>, <Item\n name: 'y'>]>"),
    ('{"zz": 1}', '<Everything> {"zz": 1}'),
    ('{"zz": "t", "s": "a"}', '<Everything\n s: \'a\'> {"zz": "t"}'),
    ('{"zz": [1, 2]}', '<Everything> {"zz": [1, 2]}'),
    ('{"zz": null}', "<Everything>"),
    ('{"zz": {"a": 1}}', "<Everything>"),
    ('{"m": {"zz": 1}}', "<Everything\n m: <Item>>"),
    ('{"__class__": "x", "s": "a"}', '<Everything\n s: \'a\'> {"__class__": "x"}'),
    ('{"unrecognized": "x"}', '<Everything> {"unrecognized": "x"}'),
    ('{"12": "x"}', '<Everything> {"12": "x"}'),
]


@pytest.mark.parametrize(("body", "text"), READ, ids=_ids(READ))
def test_read(api: Client, body: str, text: str) -> None:
    response = _send(api, body)
    assert (response.status, response.json()) == (200, {"text": text})


MALFORMED: list[tuple[bytes, str]] = [
    (b"{", "truncated"),
    (b'{"s": }', "byte 6"),
    (b'{"s": "a",}', "byte 10"),
    (b"{'s': 'a'}", "byte 1"),
    (b'{"s": "a"} x', "trailing"),
    (b'{"s": "a"}{}', "trailing"),
    (b'{"s": "a\nb"}', "byte 8"),
    (b'{"s": "\\x"}', "byte"),
    (b'{"d": NaN}', "byte 6"),
    (b'{"d": -Infinity}', "byte 7"),
    (b'{"d": 1.}', "byte"),
    (b'{"d": 01}', "byte"),
    (b'{"d": 1e999}', ""),
    (b'{"zz": 1e999}', ""),
    (b'{"s": "\\ud800"}', ""),
    (b'{"zz": "\\udc00x"}', ""),
    (b"// comment\n{}", "byte 0"),
    (b"\xef\xbb\xbf{}", "byte 0"),
    ('{"s": "é"}'.encode("utf-16"), "byte 0"),
    (b'{"s": "\xff"}', ""),
    (b'{"s": "\xc0\xaf"}', ""),
    (b'{"zz": "\xed\xa0\x80"}', ""),
    (b"\x00", "byte 0"),
    (b"plain text", "byte 0"),
    (b"s=a", "byte 0"),
]


@pytest.mark.parametrize(("body", "place"), MALFORMED, ids=_ids(MALFORMED))
def test_no_json(api: Client, body: bytes, place: str) -> None:
    message = error_of(_send(api, body), 400, "badRequest")["message"]
    assert message.startswith("The request body is not valid JSON: ") and place in message


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[]", "an array"),
        ("[{}]", "an array"),
        ('"s"', "a string"),
        ("1", "a number"),
        ("-0.5", "a number"),
        ("true", "a boolean"),
        ("null", "null"),
    ],
)
def test_no_object(api: Client, body: str, kind: str) -> None:
    message = error_of(_send(api, body), 400, "badRequest")["message"]
    assert message == f"The request body must be a JSON object, found {kind}"


WRONG: list[tuple[str, str]] = [
    ('{"s": 1}', "s"),
    ('{"s": {}}', "s"),
    ('{"b": "true"}', "b"),
    ('{"b": 1}', "b"),
    ('{"i32": 1.5}', "i32"),
    ('{"i32": "x"}', "i32"),
    ('{"i32": 2147483648}', "i32"),
    ('{"i32": -2147483649}', "i32"),
    ('{"i64": 9223372036854775808}', "i64"),
    ('{"i64": "9223372036854775808"}', "i64"),
    ('{"i64": 99999999999999999999999999999999}', "i64"),
    ('{"d": "x"}', "d"),
    ('{"d": {}}', "d"),
    ('{"e": "GREEN"}', "GREEN"),
    ('{"e": 3}', "3"),
    ('{"e": {}}', "enum"),
    ('{"y": "a"}', "padding"),
    ('{"y": 1}', "Base64"),
    ('{"t": "yesterday"}', "yesterday"),
    ('{"t": "2012-02-30T00:00:00"}', "day"),
    ('{"t": 5}', ""),
    ('{"m": "x"}', "Item"),
    ('{"m": 1}', "Item"),
    ('{"ms": ["x"]}', "Item"),
    ('{"many": [1]}', "many"),
    ('{"many": [null]}', "many"),
    ('{"m": {"price": "x"}}', "price"),
    ('{"ms": [{"items": [{"price": 9223372036854775808}]}]}', "price"),
]


@pytest.mark.parametrize(("body", "named"), WRONG, ids=_ids(WRONG))
def test_a_value_of_the_wrong_kind(api: Client, body: str, named: str) -> None:
    message = error_of(_send(api, body), 400, "badRequest")["message"]
    assert message.startswith("Error parsing ProtoRPC request (Unable to parse request content: ")
    assert named in message


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{}", 400),
        ('{"need": null}', 400),
        ('{"need": "x", "inner": {}}', 400),
        ('{"need": "x"}', 200),
        ('{"need": ""}', 200),
        ('{"need": "x", "inner": {"need": "y"}}', 200),
        ('{"need": "x", "inner": {}, "zz": 1}', 400),
    ],
)
def test_required_fields(api: Client, body: str, status: int) -> None:
    response = _send(api, body, "needy")
    assert response.status == status
    if status == 400:
        assert "need" in error_of(response, 400, "badRequest")["message"]


def test_a_message_without_fields(api: Client) -> None:
    assert _send(api, "", "void").json() == {"text": "<VoidMessage>"}
    assert _send(api, '{"a": 1}', "void").json() == {"text": '<VoidMessage> {"a": 1}'}
    error_of(_send(api, "[1]", "void"), 400, "badRequest")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "text/plain", "application/octet-stream", "", "x"]
)
def test_json_is_json_whatever_it_is_called(api: Client, kind: str) -> None:
    assert _send(api, '{"s": "a"}', **{"Content-Type": kind}).json() == {"text": "<Everything\n s: 'a'>"}


def test_a_body_in_many_pieces(api: Client) -> None:
    pieces = [b'{"s"', b"", b': "', b"a" * 100_000, b'"', b"}"]
    response = api.post(ROOT + "seen", body=pieces, headers={"Content-Type": "application/json"})
    assert response.json() == {"text": f"<Everything\n s: '{'a' * 100_000}'>"}


def test_a_large_body(api: Client) -> None:
    body = json.dumps({"many": ["x" * 1000] * 1000}).encode()
    assert len(_send(api, body).json()["text"]) > 1_000_000
