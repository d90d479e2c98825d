"""Parameters of the path and the query: what their texts mean, and which of several counts."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/parameters/v1/"
Variant = messages.Variant


class Color(messages.Enum):
    RED = 1
    BLUE = 2


class Inner(messages.Message):
    text = messages.StringField(1)
    number = messages.IntegerField(2)
    deeper = messages.MessageField("Deeper", 3)


class Deeper(messages.Message):
    flag = messages.BooleanField(1)
    items = messages.StringField(2, repeated=True)


class Everything(messages.Message):
    s = messages.StringField(1)
    b = messages.BooleanField(2)
    i32 = messages.IntegerField(3, variant=Variant.INT32)
    u32 = messages.IntegerField(4, variant=Variant.UINT32)
    i64 = messages.IntegerField(5)
    u64 = messages.IntegerField(6, variant=Variant.UINT64)
    f = messages.FloatField(7, variant=Variant.FLOAT)
    d = messages.FloatField(8)
    e = messages.EnumField(Color, 9)
    y = messages.BytesField(10)
    t = message_types.DateTimeField(11)
    many = messages.StringField(12, repeated=True)
    numbers = messages.IntegerField(13, repeated=True, variant=Variant.INT32)
    colors = messages.EnumField(Color, 14, repeated=True)
    inner = messages.MessageField(Inner, 15)


class Seen(messages.Message):
    lines = messages.StringField(1, repeated=True)


class Body(messages.Message):
    s = messages.StringField(1)
    many = messages.StringField(12, repeated=True)
    inner = messages.MessageField(Inner, 15)


def _seen(request: Any) -> Seen:
    """What the method got, as text, unrecognized fields after the others."""
    lines = [
        f"{field.name}={getattr(request, field.name)!r}" for field in request.all_fields() if _is_set(request, field)
    ]
    unrecognized = ((name, request.get_unrecognized_field_info(name)) for name in request.all_unrecognized_fields())
    return Seen(lines=[*lines, *(f"?{name!r}={value!r} {variant}" for name, (value, variant) in unrecognized)])


def _is_set(request: Any, field: Any) -> bool:
    return request.get_assigned_value(field.name) not in (None, [])


PATH = endpoints.ResourceContainer(
    Body,
    s=messages.StringField(1),
    i32=messages.IntegerField(3, variant=Variant.INT32),
    many=messages.StringField(12, repeated=True),
)
OTHER = endpoints.ResourceContainer(Body, q=messages.StringField(20), n=messages.IntegerField(21, required=True))


@endpoints.api("parameters", "v1")
class ParametersApi(remote.Service):
    @endpoints.method(Everything, Seen, path="query", http_method="GET")
    def query(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(Everything, Seen, path="int/{i32}", http_method="GET", name="int")
    def integer(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(Everything, Seen, path="enum/{e}/of/{b}", http_method="GET", name="enum")
    def enum(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(
        Everything, Seen, path="nested/{inner.text}/{inner.deeper.flag}", http_method="GET", name="nested"
    )
    def nested(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(PATH, Seen, path="both/{s}", http_method="POST")
    def both(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(OTHER, Seen, path="required", http_method="POST")
    def needs(self, request: Any) -> Seen:
        return _seen(request)


@pytest.fixture
def api(serve: Serve) -> Client:
    return serve(ParametersApi)


def _ids(rows: list[Any]) -> list[str]:
    return [repr(row[0]) for row in rows]


CONVERTED: list[tuple[str, list[str]]] = [
    ("", []),
    ("s=", ["s=''"]),
    ("s", ["s=''"]),
    ("s=a+b%20c%2Bd", ["s='a b c+d'"]),
    ("s=%E2%98%83", ["s='☃'"]),
    ("%73=x", ["s='x'"]),
    ("s=a=b", ["s='a=b'"]),
    ("s=%00", ["s='\\x00'"]),
    ("b=true", ["b=True"]),
    ("b=TRUE", ["b=True"]),
    ("b=1", ["b=True"]),
    ("b=false", ["b=False"]),
    ("b=0", ["b=False"]),
    ("i32=0", ["i32=0"]),
    ("i32=-2147483648", ["i32=-2147483648"]),
    ("i32=2147483647", ["i32=2147483647"]),
    ("i32=%207%20", ["i32=7"]),
    ("i32=%2B7", ["i32=7"]),
    ("i32=007", ["i32=7"]),
    ("u32=4294967295", ["u32=4294967295"]),
    ("i64=9223372036854775807", ["i64=9223372036854775807"]),
    ("i64=-9223372036854775808", ["i64=-9223372036854775808"]),
    ("u64=18446744073709551615", ["u64=18446744073709551615"]),
    ("f=1.5", ["f=1.5"]),
    ("f=7", ["f=7.0"]),
    ("d=-1e-3", ["d=-0.001"]),
    ("d=NaN", ["d=nan"]),
    ("d=-inf", ["d=-inf"]),
    ("e=BLUE", ["e=Color(BLUE, 2)"]),
    ("y=aGk%3D", ["y=b'hi'"]),
    ("y=-_8", ["y=b'\\xfb\\xff'"]),
    ("t=2024-02-29T12:00:00", ["t=datetime.datetime(2024, 2, 29, 12, 0)"]),
    ("many=x", ["many=['x']"]),
    ("many=x&many=y", ["many=['x', 'y']"]),
    ("many=&many=", ["many=['', '']"]),
    ("numbers=2&numbers=1", ["numbers=[2, 1]"]),
    ("colors=RED&colors=RED", ["colors=[Color(RED, 1), Color(RED, 1)]"]),
    ("s=first&s=second", ["s='first'"]),
    ("i32=1&i32=2", ["i32=1"]),
    ("i32=1&i32=x", ["i32=1"]),
    ("s=a;b=1", ["b=True", "s='a'"]),
    ("&&s=a&", ["s='a'"]),
    ("inner.text=x", ["inner=<Inner\n text: 'x'>"]),
    ("inner.number=5&inner.text=x", ["inner=<Inner\n text: 'x'\n number: 5>"]),
    ("inner.deeper.items=1&inner.deeper.items=2", ["inner=<Inner\n deeper: <Deeper\n items: ['1', '2']>>"]),
]


@pytest.mark.parametrize(("query", "lines"), CONVERTED, ids=_ids(CONVERTED))
def test_query(api: Client, query: str, lines: list[str]) -> None:
    response = api.get(ROOT + "query", query)
    assert response.status == 200, response
    assert sorted(response.json().get("lines", [])) == sorted(lines)


REFUSED = [
    ("b=yes", "b", "Invalid boolean value: 'yes'."),
    ("b=", "b", "Invalid boolean value: ''."),
    ("b=%20true", "b", "Invalid boolean value: ' true'."),
    ("i32=x", "i32", "Invalid integer value: 'x'."),
    ("i32=", "i32", "Invalid integer value: ''."),
    ("i32=1.0", "i32", "Invalid integer value: '1.0'."),
    ("i32=1_000", "i32", "Invalid integer value: '1_000'."),
    ("i32=%D9%A1", "i32", "Invalid integer value: '\u0661'."),
    ("i32=0x10", "i32", "Invalid integer value: '0x10'."),
    ("u32=1e3", "u32", "Invalid integer value: '1e3'."),
    ("f=x", "f", "Invalid float value: 'x'."),
    ("d=1_0.0", "d", "Invalid double value: '1_0.0'."),
    ("e=GREEN", "e", "Invalid string value: 'GREEN'. Allowed values: ['RED', 'BLUE']"),
    ("e=red", "e", None),
    ("e=1", "e", None),
    ("numbers=1&numbers=x", "numbers[1]", "Invalid integer value: 'x'."),
    ("colors=GREEN", "colors[0]", None),
    ("inner.deeper.flag=maybe", "inner.deeper.flag", "Invalid boolean value: 'maybe'."),
]


@pytest.mark.parametrize(("query", "location", "text"), REFUSED, ids=_ids(REFUSED))
def test_a_value_that_is_none(api: Client, query: str, location: str, text: str | None) -> None:
    entry = error_of(api.get(ROOT + "query", query), 400, "invalidParameter")
    assert (entry["location"], entry["locationType"]) == (location, "parameter")
    assert text is None or entry["message"] == text


OUT_OF_RANGE = [
    "i32=2147483648",
    "i32=-2147483649",
    "i32=99999999999999999999999",
    "u32=-1",
    "u32=4294967296",
    "i64=9223372036854775808",
    "i64=x",
    "u64=-1",
    "u64=18446744073709551616",
    "t=yesterday",
    "t=2024-02-30T00:00:00",
    "t=9999999-01-01T00:00:00",
    "y=a",
    "numbers=1&numbers=2147483648",
]


@pytest.mark.parametrize("query", OUT_OF_RANGE)
def test_a_value_out_of_range(api: Client, query: str) -> None:
    response = api.get(ROOT + "query", query)
    reason = response.json()["error"]["errors"][0]["reason"]
    message = error_of(response, 400, reason)["message"]
    assert reason in ("badRequest", "invalidParameter")
    assert query.partition("=")[0] in message or "Invalid" in message or "rror" in message


@pytest.mark.parametrize("query", ["s=%FF", "%FF=s", "s=%ED%A0%80", "s=\xff", "zzz=%C0%AF"], ids=repr)
def test_text_that_is_not_utf8(api: Client, query: str) -> None:
    assert "UTF-8" in error_of(api.get(ROOT + "query", query), 400, "badRequest")["message"]


def test_text_that_is_not_encoded_at_all(api: Client) -> None:
    # Browsers encode; curl sends what it is given.
    for query in ("s=☃", "s=☃&zz.t=1", "s=☃%20"):
        sent = query.encode().decode("latin-1")
        assert f"s={query[2:3]!r}"[:-1] in api.get(ROOT + "query", sent).json()["lines"][0]


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("int/7", ["i32=7"]),
        ("int/-7", ["i32=-7"]),
        ("int/%207", ["i32=7"]),
        ("enum/RED/of/true", ["b=True", "e=Color(RED, 1)"]),
        ("int/7?i32=8", ["i32=8"]),
        ("int/7?s=x", ["s='x'", "i32=7"]),
        ("enum/RED/of/1?e=BLUE&b=false", ["b=False", "e=Color(BLUE, 2)"]),
    ],
)
def test_path(api: Client, path: str, lines: list[str]) -> None:
    assert api.get(ROOT + path).json() == {"lines": lines}


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("int/x", "i32"),
        ("int/", "i32"),
        ("enum/GREEN/of/true", "e"),
        ("enum/RED/of/x", "b"),
        ("int/7?i32=x", "i32"),
    ],
)
def test_a_value_in_the_path_that_is_none(api: Client, path: str, location: str) -> None:
    assert error_of(api.get(ROOT + path), 400, "invalidParameter")["location"] == location


def test_a_wrong_value_where_another_counts(api: Client) -> None:
    assert api.get(ROOT + "int/x?i32=8").json() == {"lines": ["i32=8"]}
    error_of(api.post(ROOT + "both/p?i32=x", json={"i32": 8}), 400, "invalidParameter")


def test_a_nested_field_in_the_path(api: Client) -> None:
    (line,) = api.get(ROOT + "nested/x/true?inner.number=3").json()["lines"]
    assert "'x'" in line and "True" in line and "number: 3" in line


@pytest.mark.parametrize(
    ("path", "query", "body", "lines"),
    [
        ("p", "", None, ["s='p'"]),
        ("p", "s=q", None, ["s='q'"]),
        ("p", "s=q", {"s": "b"}, ["s='b'"]),
        ("p", "", {"s": "b"}, ["s='b'"]),
        ("p", "s=q", {"s": None}, []),
        ("p", "", {"s": None}, []),
        ("p", "s=q", {"s": []}, []),
        ("p", "s=q", {}, ["s='q'"]),
        ("p", "i32=5", {"many": ["x"]}, ["s='p'", "many=['x']", "i32=5"]),
        ("p", "many=q", {"many": ["b"]}, ["s='p'", "many=['b']"]),
        ("p", "many=q&many=r", {}, ["s='p'", "many=['q', 'r']"]),
        ("p", "many=q", {"many": []}, ["s='p'"]),
        ("p", "many=q", {"many": None}, ["s='p'"]),
    ],
)
def test_body_goes_before_query_goes_before_path(
    api: Client, path: str, query: str, body: Any, lines: list[str]
) -> None:
    sent = {} if body is None else {"json": body}
    assert sorted(api.post(ROOT + "both/" + path, query, **sent).json().get("lines", [])) == sorted(lines)


def test_nested_objects_of_body_and_query_are_joined(api: Client) -> None:
    body = {"inner": {"text": "body", "deeper": {"items": ["b"]}}}
    query = "inner.text=query&inner.number=5&inner.deeper.items=q"
    (_, line) = sorted(api.post(ROOT + "both/p", query, json=body).json()["lines"], reverse=True)
    for piece in ("text: 'body'", "number: 5", "items: ['b']"):
        assert piece in line


UNRECOGNIZED: list[tuple[str, list[str]]] = [
    ("zz=1", ["?'zz'='1' STRING"]),
    ("zz=1&zz=2", ["?'zz'='1' STRING"]),
    ("zz", ["?'zz'='' STRING"]),
    ("key=secret&alt=json", ["?'key'='secret' STRING", "?'alt'='json' STRING"]),
    ("5=a", ["?5='a' STRING"]),
    ("__class__=x", ["?'__class__'='x' STRING"]),
    ("all_fields=x", ["?'all_fields'='x' STRING"]),
    ("=x", ["?''='x' STRING"]),
]


@pytest.mark.parametrize(("query", "lines"), UNRECOGNIZED, ids=_ids(UNRECOGNIZED))
def test_what_no_field_declares_can_be_read(api: Client, query: str, lines: list[str]) -> None:
    assert api.get(ROOT + "query", query).json() == {"lines": lines}
    # The same beside what only the careful way of reading takes.
    assert api.get(ROOT + "query", query + "&inner.number=%201").json()["lines"][1:] == lines


def test_dotted_names_that_contradict_each_other(api: Client) -> None:
    for query in ("inner=x&inner.text=y", "inner.text=y&inner.text.z=1", "zz=1&zz.y=2"):
        assert "contradicts" in error_of(api.get(ROOT + "query", query), 400, "badRequest")["message"]


def test_odd_dotted_names(api: Client) -> None:
    for query in (".=x", "..=x", "inner.=x", ".inner=x", "inner..text=x", "zz.y=1", "inner.zz.y=1"):
        assert api.get(ROOT + "query", query).status == 200


def test_a_required_parameter(api: Client) -> None:
    assert "n" in error_of(api.post(ROOT + "required"), 400, "badRequest")["message"]
    assert api.post(ROOT + "required?n=3").json() == {"lines": ["n=3"]}
    assert api.post(ROOT + "required", json={"n": 3}).json() == {"lines": ["n=3"]}
