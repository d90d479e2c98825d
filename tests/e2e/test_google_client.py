"""The current google-api-python-client against each server: every kind of parameter and field, paging, errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest
from google.auth.credentials import AnonymousCredentials
from google.oauth2.credentials import Credentials
from googleapiclient import discovery
from googleapiclient.errors import HttpError

from tests.e2e.processes import Server

pytestmark = pytest.mark.e2e


class Build(Protocol):
    def __call__(self, api: str, version: str = "v1", **options: Any) -> Any: ...


@pytest.fixture
def build(kit: Server) -> Iterator[Build]:
    """Build clients of APIs of the server; their connections end with the test."""
    with ExitStack() as stack:

        def build_one(api: str, version: str = "v1", **options: Any) -> Any:
            url = kit.discovery_url(api, version)
            made = discovery.build(api, version, discoveryServiceUrl=url, cache_discovery=False, **options)
            return stack.enter_context(made)

        yield build_one


CALLERS = {
    "nobody": {},
    "anonymous": {"credentials": AnonymousCredentials()},  # type: ignore[no-untyped-call]
    "credentials": {"credentials": Credentials(token="x")},  # type: ignore[no-untyped-call]  # noqa: S106
}


@pytest.mark.parametrize("options", [pytest.param(options, id=name) for name, options in CALLERS.items()])
def test_anyone_builds_and_calls(build: Build, options: dict[str, Any]) -> None:
    echo = build("echo", **options)
    assert echo.echo(body={"content": "ho"}, n="3").execute() == {"content": "ho ho ho"}
    book = build("guestbook", "v0.2", **options)
    assert book.greetings().get(id="9001").execute() == {"id": "9001", "message": "Hello, world!"}


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        pytest.param("s", "grüß Gott ☃ & = + / ?", "text grüß Gott ☃ & = + / ?", id="string"),
        pytest.param("b", True, "true", id="boolean"),
        pytest.param("y", "+/8/", "bytes fb ff 3f", id="bytes"),
        pytest.param("f", 0.25, "float 0.25", id="float"),
        pytest.param("d", -1e300, "float -1e+300", id="double"),
        pytest.param("i32", -(2**31), "int -2147483648", id="int32"),
        pytest.param("i64", str(-(2**63)), "int -9223372036854775808", id="int64"),
        pytest.param("u32", 2**32 - 1, "int 4294967295", id="uint32"),
        pytest.param("u64", str(2**64 - 1), "int 18446744073709551615", id="uint64"),
        pytest.param("s32", -7, "int -7", id="sint32"),
        pytest.param("s64", "-7", "int -7", id="sint64"),
        pytest.param("e", "BLUE", "BLUE=7", id="enum"),
        pytest.param("t", "2014-02-08T03:09:05.123456", "2014-02-08T03:09:05.123456", id="date-time"),
        pytest.param(
            "m",
            {"label": "x", "weight": 1.5, "color": "RED"},
            "{color: RED=1, label: text x, weight: float 1.5}",
            id="message",
        ),
    ],
)
def test_a_field_in_the_body_and_as_a_parameter(build: Build, field: str, value: object, seen: str) -> None:
    client = build("alltypes")
    assert client.body_(body={field: value}).execute() == {field: value}
    lines = client.bodySeen(body={field: value}).execute()["lines"]
    assert f"{field}: {seen}" in lines and sum(not line.endswith(": null") for line in lines) == 1
    if field in ("t", "m"):  # a date-time is no parameter of this method, a message not a single one
        return
    assert f"{field}: {seen}" in client.query(**{field: value}).execute()["lines"]


def test_a_date_with_an_offset_keeps_it(build: Build) -> None:
    client = build("alltypes")
    for value in ("2014-02-08T03:09:05+05:30", "2014-02-08T03:09:05-08:00"):
        assert client.body_(body={"t": value}).execute() == {"t": value}


LISTS = {
    "s": ["a", "", "ü"],
    "b": [True, False],
    "y": ["+/8=", ""],
    "f": [0.5, 1.5],
    "d": [1e10, -2.5],
    "i32": [1, -2],
    "i64": ["1", "-9007199254740993"],
    "u32": [0, 1],
    "u64": ["18446744073709551615"],
    "e": ["RED", "BLUE"],
    "t": ["2014-02-08T03:09:05", "2015-01-01T00:00:00.500000"],
    "m": [{"label": "x"}, {}],
}


def test_repeated_fields(build: Build) -> None:
    client = build("alltypes")
    assert client.lists(body=LISTS).execute() == LISTS
    asked = {name: LISTS[name] for name in ("s", "b", "d", "i32", "i64", "e")}
    assert client.listQuery(**asked).execute()["lines"] == [
        "b: [true, false]",
        "d: [float 10000000000.0, float -2.5]",
        "e: [RED=1, BLUE=7]",
        "i32: [int 1, int -2]",
        "i64: [int 1, int -9007199254740993]",
        "s: [text a, text , text ü]",
    ]


def test_defaults_are_seen_and_not_answered(build: Build) -> None:
    client = build("alltypes")
    assert client.defaults(body={}).execute() == {}
    seen = client.defaultsSeen(body={"i32": 1}).execute()["lines"]
    assert {"s: text dflt", "e: GREEN=2", "i64: int 4200000000", "y: bytes 61 62 63", "i32: int 1"} <= set(seen)


@pytest.mark.parametrize(
    ("method", "parameters", "seen"),
    [
        pytest.param("pathString", {"v": "a b%2F+ü&;"}, "v: text a b%2F+ü&;", id="string"),
        pytest.param("pathInt32", {"v": -5}, "v: int -5", id="int32"),
        pytest.param("pathInt64", {"v": "9007199254740993"}, "v: int 9007199254740993", id="int64"),
        pytest.param("pathDouble", {"v": 2.5}, "v: float 2.5", id="double"),
        pytest.param("pathBool", {"v": True}, "v: true", id="boolean"),
        pytest.param("pathEnum", {"v": "GREEN"}, "v: GREEN=2", id="enum"),
        pytest.param("pathBytes", {"v": "-_8="}, "v: bytes fb ff", id="bytes"),
        pytest.param("pathNested", {"m_label": "x"}, "m: {color: null, label: text x, weight: null}", id="nested"),
        pytest.param("pathRepeated", {"v": "x"}, "v: [text x]", id="repeated"),
    ],
)
def test_path_parameters(build: Build, method: str, parameters: dict[str, Any], seen: str) -> None:
    client = build("alltypes")
    assert getattr(client, method)(**parameters).execute() == {"lines": [seen]}


def test_nested_parameters(build: Build) -> None:
    client = build("params")
    asked = {"who_name": "Ann", "who_age": 7, "who_home_city": "Bonn", "who_tags": ["a", "b"], "where_zip": 9}
    assert client.nested().get(**asked).execute() == {"text": "Ann | 7 | Bonn | a,b | - | 9"}
    asked = {"where_city": "Ulm", "who_home_zip": 5, "who_name": "Bo"}
    assert client.nested().path(**asked).execute() == {"text": "Bo | 5 | - | Ulm | -"}


def test_path_query_and_body_together(build: Build) -> None:
    people = build("params").people()
    body = {"name": "Ann", "age": 7, "home": {"city": "Bonn", "zip": 1}, "tags": ["t"]}
    asked = {"id": 3, "verbose": True, "size": "LARGE", "limit": 2, "ratio": 0.5, "token": ["a", "b"]}
    assert people.update(body=body, **asked).execute() == {
        "text": "3 | True | LARGE | 2 | 0.5 | a,b | Ann | 7 | Bonn | 1 | t"
    }
    assert people.patch(body={}, id=4).execute() == {"text": "patch | 4 | - | 10"}


def test_required_parameters_are_known_to_the_client(build: Build) -> None:
    needed = build("params").needed()
    with pytest.raises(TypeError, match='Missing required parameter "b"'):
        needed.get(a="x")
    assert needed.get(a="x", b=1).execute() == {"text": "x | 1 | see"}


def test_an_empty_answer(build: Build) -> None:
    assert build("params").needed().delete(a="x", b=1).execute() == ""


def test_nested_messages_and_odd_names(build: Build) -> None:
    client = build("schemas")
    documented = {
        "outer": {"inner": {"mode": "OFF", "modes": ["ON", "OFF"]}},
        "snake": {"CamelField": "C", "snake_field": "5"},
        "when": "2020-02-29T12:00:00",
        "level": "MID",
        "ints": [1, 2],
        "empty": {},
    }
    assert client.documented(body=documented).execute() == documented
    assert client.a().b().c().d(body={"level": "LOW"}).execute() == {"name": "x"}
    assert client.query(req="r", areq="5", levels=["LOW", "HIGH"], inner_mode="ON").execute() == {"name": "x"}


def test_partial_answers(build: Build) -> None:
    lists, documented = build("alltypes").lists, build("schemas").documented
    assert lists(body=LISTS, fields="i64,m(label)").execute() == {"i64": LISTS["i64"], "m": [{"label": "x"}, {}]}
    nested = {"outer": {"inner": {"mode": "OFF", "modes": ["ON"]}}, "level": "MID"}
    assert documented(body=nested, fields="outer/inner/mode, level").execute() == {
        "outer": {"inner": {"mode": "OFF"}},
        "level": "MID",
    }
    long = build("alltypes").query(s="x" * 3000, fields="lines", prettyPrint=True, quotaUser="ann", userIp="192.0.2.1")
    assert list(long.execute()) == ["lines"]
    with pytest.raises(HttpError, match="Invalid field selection nothing") as refused:
        lists(body=LISTS, fields="m(label,nothing)").execute()
    assert refused.value.status_code == 400
    with pytest.raises(HttpError, match="Invalid field selection rows"):
        build("alltypes").query(s="x" * 3000, fields="rows").execute()


@pytest.mark.parametrize("size", [100, 2100, 10000])
def test_uris_of_any_length(build: Build, size: int) -> None:
    """The client sends what is longer than 2048 characters as a form with the method in a header."""
    client, text = build("alltypes"), "ä+ " + "x" * size
    assert f"s: text {text}" in client.query(s=text, i64="5").execute()["lines"]
    many = [f"v&={index}" for index in range(size // 12)]
    assert f"s: [{', '.join('text ' + each for each in many)}]" in client.listQuery(s=many).execute()["lines"]


def test_paging(build: Build) -> None:
    greetings = build("guestbook", "v0.2").greetings()
    first = greetings.insert(body={"message": "first"}).execute()
    added = [greetings.insert(body={"message": f"number {index}"}).execute() for index in range(6)]
    request = greetings.list(limit=3, pageToken=first["id"])
    pages = []
    while request is not None:
        page = request.execute()
        pages.append(page["items"])
        request = greetings.list_next(request, page)
    assert pages == [added[:3], added[3:]]


@pytest.mark.parametrize(
    ("kind", "status", "reason"),
    [
        pytest.param("badrequest", 400, "badRequest", id="400"),
        pytest.param("unauthorized", 401, "required", id="401"),
        pytest.param("forbidden", 403, "forbidden", id="403"),
        pytest.param("notfound", 404, "notFound", id="404"),
        pytest.param("conflict", 409, "conflict", id="409"),
        pytest.param("gone", 410, "deleted", id="410"),
        pytest.param("internalservererror", 503, "backendError", id="500"),
    ],
)
def test_errors(build: Build, kind: str, status: int, reason: str) -> None:
    client = build("errors")
    with pytest.raises(HttpError) as caught:
        client.raise_(kind=kind, message="what is wrong: ü").execute(num_retries=0)
    error = caught.value
    assert (error.status_code, error.reason) == (status, "what is wrong: ü")
    assert error.error_details == [{"domain": "global", "reason": reason, "message": "what is wrong: ü"}]


def test_an_error_with_everything(build: Build) -> None:
    with pytest.raises(HttpError) as caught:
        build("watch").gone().execute()
    assert (caught.value.status_code, caught.value.reason) == (410, "It was here yesterday")
    assert caught.value.error_details == [{"@type": "type.example/Shelf", "shelf": 4}]


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param(lambda client: client.body_(body={"i32": "x"}), 400, id="body of another type"),
        pytest.param(lambda client: client.body_(body={"e": "PINK"}), 400, id="no such enum value"),
        pytest.param(lambda client: client.required(body={"s": "x"}), 400, id="missing field"),
        pytest.param(lambda client: client.body_(body={"y": "a"}), 400, id="no base64"),
    ],
)
def test_what_the_server_refuses(build: Build, call: Callable[[Any], Any], status: int) -> None:
    with pytest.raises(HttpError) as caught:
        call(build("alltypes")).execute()
    assert caught.value.status_code == status and caught.value.reason
