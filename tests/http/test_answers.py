"""Answers: how messages are written."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote, util
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/answers/v1/"
OTHERS = "/_ah/api/others/v1/"
Variant = messages.Variant
Void = message_types.VoidMessage


class Color(messages.Enum):
    RED = 1
    BLUE = 2


class Item(messages.Message):
    name = messages.StringField(1)
    items = messages.MessageField("Item", 2, repeated=True)


class Plain(messages.Message):
    """Nothing in it needs care."""

    s = messages.StringField(1)
    b = messages.BooleanField(2)
    i32 = messages.IntegerField(3, variant=Variant.INT32)
    d = messages.FloatField(4)
    e = messages.EnumField(Color, 5)
    y = messages.BytesField(6)
    t = message_types.DateTimeField(7)
    m = messages.MessageField(Item, 8)
    many = messages.StringField(9, repeated=True)
    ms = messages.MessageField(Item, 10, repeated=True)
    dates = message_types.DateTimeField(11, repeated=True)
    numbers = messages.FloatField(12, repeated=True)
    default = messages.StringField(13, default="unsaid")


class Big(messages.Message):
    """64-bit integers are written as strings."""

    i64 = messages.IntegerField(1)
    u64 = messages.IntegerField(2, variant=Variant.UINT64)
    s64 = messages.IntegerField(3, variant=Variant.SINT64)
    u32 = messages.IntegerField(4, variant=Variant.UINT32)
    many = messages.IntegerField(5, repeated=True)
    inner = messages.MessageField("Big", 6)
    plain = messages.MessageField(Plain, 7)


class Needy(messages.Message):
    need = messages.StringField(1, required=True)
    inner = messages.MessageField("Needy", 2)


def _touched() -> Plain:
    message = Plain(s="x")
    assert message.many == [] and message.ms == []
    return message


def _needy() -> Needy:
    return Needy(need="x", inner=Needy())


UTC = util.TimeZoneOffset(timedelta(0))
INDIA = util.TimeZoneOffset(330)
HALF_PAST_TWO = datetime(2024, 2, 29, 14, 30)  # noqa: DTZ001 - the naive one is written without an offset

ANSWERS: dict[str, tuple[Callable[[], Any], str]] = {
    "empty": (Plain, "{}"),
    "text": (lambda: Plain(s='a"☃\n\\/'), '{"s":"a\\"☃\\n\\\\/"}'),
    "empty text": (lambda: Plain(s=""), '{"s":""}'),
    "false": (lambda: Plain(b=False, i32=0, d=0.0), '{"b":false,"i32":0,"d":0.0}'),
    "number": (lambda: Plain(i32=-5, d=1e300), '{"i32":-5,"d":1e300}'),
    "enum": (lambda: Plain(e=Color.BLUE), '{"e":"BLUE"}'),
    "bytes": (lambda: Plain(y=b"\xfb\xffa"), '{"y":"+/9h"}'),
    "naive date": (lambda: Plain(t=HALF_PAST_TWO), '{"t":"2024-02-29T14:30:00"}'),
    "microseconds": (lambda: Plain(t=HALF_PAST_TWO.replace(microsecond=50)), '{"t":"2024-02-29T14:30:00.000050"}'),
    "utc": (lambda: Plain(t=HALF_PAST_TWO.replace(tzinfo=UTC)), '{"t":"2024-02-29T14:30:00+00:00"}'),
    "offset": (lambda: Plain(t=HALF_PAST_TWO.replace(tzinfo=INDIA)), '{"t":"2024-02-29T14:30:00+05:30"}'),
    "dates": (
        lambda: Plain(dates=[HALF_PAST_TWO, HALF_PAST_TWO.replace(tzinfo=UTC)]),
        '{"dates":["2024-02-29T14:30:00","2024-02-29T14:30:00+00:00"]}',
    ),
    "nested": (
        lambda: Plain(m=Item(), ms=[Item(name="a", items=[Item(name="b")]), Item()]),
        '{"m":{},"ms":[{"name":"a","items":[{"name":"b"}]},{}]}',
    ),
    "touched lists": (_touched, '{"s":"x"}'),
    "empty lists": (lambda: Plain(many=[], ms=[]), "{}"),
    "default": (lambda: Plain(default="said"), '{"default":"said"}'),
    "not finite": (lambda: Plain(d=math.nan), '{"d":"NaN"}'),
    "infinite": (lambda: Plain(numbers=[math.inf, 1.5, -math.inf]), '{"numbers":["Infinity",1.5,"-Infinity"]}'),
    "64 bits": (
        lambda: Big(i64=-(2**63), u64=2**64 - 1, s64=5, u32=2**32 - 1, many=[1, 2]),
        '{"i64":"-9223372036854775808","u64":"18446744073709551615","s64":"5","u32":4294967295,"many":["1","2"]}',
    ),
    "64 bits nested": (
        lambda: Big(inner=Big(i64=1), plain=Plain(t=HALF_PAST_TWO.replace(tzinfo=UTC))),
        '{"inner":{"i64":"1"},"plain":{"t":"2024-02-29T14:30:00+00:00"}}',
    ),
    "more than 64 bits": (lambda: Big(i64=10**30), '{"i64":"1000000000000000000000000000000"}'),
    "more than 32 bits": (lambda: Plain(i32=10**30), '{"i32":1000000000000000000000000000000}'),
    "lone surrogate": (lambda: Plain(s="\ud800"), '{"s":"\\ud800"}'),
    "line separators": (lambda: Plain(s="\u2028</script>"), '{"s":"\u2028</script>"}'),
}


def _method(name: str) -> Any:
    make = ANSWERS[name][0]

    @endpoints.method(Void, type(make()), path=name.replace(" ", "_"), http_method="GET", name=name.replace(" ", "_"))
    def answer(_self: Any, _request: Any) -> Any:
        return make()

    return answer


AnswersApi = endpoints.api("answers", "v1")(
    type("AnswersApi", (remote.Service,), {f"answer{number}": _method(name) for number, name in enumerate(ANSWERS)})
)


@endpoints.api("others", "v1")
class OthersApi(remote.Service):
    @endpoints.method(Void, Void, path="nothing", http_method="DELETE")
    def nothing(self, request: Any) -> Void:
        return Void()

    @endpoints.method(Void, http_method="POST", path="unsaid")
    def unsaid(self, request: Any) -> Void:
        return Void()

    @endpoints.method(Plain, Plain, path="echo")
    def echo(self, request: Any) -> Plain:
        return request  # type: ignore[no-any-return]

    @endpoints.method(Void, Plain, path="none", http_method="GET")
    def none(self, request: Any) -> Any:
        return None

    @endpoints.method(Void, Plain, path="other", http_method="GET")
    def other(self, request: Any) -> Any:
        return Item(name="x")

    @endpoints.method(Void, Needy, path="incomplete", http_method="GET")
    def incomplete(self, request: Any) -> Needy:
        return _needy()

    @endpoints.method(Void, Void, path="something", http_method="GET")
    def something(self, request: Any) -> Any:
        return Item(name="x")


@pytest.fixture
def api(serve: Serve) -> Client:
    return serve(AnswersApi, OthersApi)


@pytest.mark.parametrize("name", ANSWERS)
def test_written(api: Client, name: str) -> None:
    response = api.get(ROOT + name.replace(" ", "_"))
    assert (response.status, response.headers["content-type"]) == (200, "application/json")
    assert response.headers["content-length"] == str(len(response.body))
    assert response.headers["x-content-type-options"] == "nosniff"
    expected = ANSWERS[name][1]
    assert _loads(response.text) == _loads(expected)
    if "\\ud800" not in expected and "000000000000" not in expected:
        assert response.text == expected  # compact, in the order of declaration


def _loads(text: str) -> Any:
    """JSON read strictly: in the order it is written, without NaN."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse, object_pairs_hook=list)


@pytest.mark.parametrize("query", ["prettyPrint=true", "prettyPrint=1", "prettyPrint=TRUE", "a=b&prettyPrint=true&c"])
def test_pretty(api: Client, query: str) -> None:
    response = api.get(ROOT + "nested", query)
    assert response.text == json.dumps(json.loads(response.text), indent=2)
    assert response.headers["content-length"] == str(len(response.body))
    assert response.json() == json.loads(ANSWERS["nested"][1])


@pytest.mark.parametrize("query", ["prettyPrint=false", "prettyPrint", "prettyprint=true", "x=prettyPrint", "alt=json"])
def test_compact(api: Client, query: str) -> None:
    assert api.get(ROOT + "nested", query).text == ANSWERS["nested"][1]


def test_pretty_text_that_is_no_unicode(api: Client) -> None:
    assert api.get(ROOT + "lone_surrogate?prettyPrint=true").json() == {"s": "\ud800"}


@pytest.mark.parametrize(
    ("verb", "path"), [("DELETE", "nothing"), ("POST", "unsaid"), ("DELETE", "nothing?prettyPrint=true")]
)
def test_nothing(api: Client, verb: str, path: str) -> None:
    response = api.request(verb, OTHERS + path)
    assert (response.status, response.body) == (204, b"")
    # RFC 9110, 8.6: no Content-Length with 204; what there is none of has no type either.
    assert set(response.headers) == {"x-content-type-options"}


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ({"s": "a"}, {"s": "a"}),
        ({"s": "a", "zz": 1, "l": [1, "x"]}, {"s": "a", "zz": 1, "l": [1, "x"]}),
        ({"m": {"name": "x", "zz": "y"}}, {"m": {"name": "x", "zz": "y"}}),
        ({"zz": {"a": 1}}, {}),
        ({"many": "a", "b": None}, {"many": ["a"]}),
        ({"t": "2012-08-30T12:53:21Z", "zz": 1}, {"t": "2012-08-30T12:53:21+00:00", "zz": 1}),
        ({"d": "NaN", "zz": 1}, {"d": "NaN", "zz": 1}),
    ],
)
def test_an_echoed_body_keeps_what_no_field_declares(api: Client, sent: Any, received: Any) -> None:
    assert api.post(OTHERS + "echo", json=sent).json() == received


@pytest.mark.parametrize("path", ["none", "other", "incomplete", "something"])
def test_an_answer_that_is_none(api: Client, path: str, caplog: pytest.LogCaptureFixture) -> None:
    response = api.get(OTHERS + path)
    entry = error_of(response, 503, "backendError")
    assert entry["message"] == "Internal Server Error"
    (record,) = caplog.records
    assert response.headers["x-request-id"] in record.getMessage()
