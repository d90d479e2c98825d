"""Whatever is sent, a server answers, and answers well."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Interface, Response
from tests.property.strategies import (
    Color,
    Everything,
    Leaf,
    Lists,
    Needy,
    damaged,
    json_of,
    json_values,
    objects_of,
    texts,
)

ROOT = "/_ah/api/property/v1/"
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
Void = message_types.VoidMessage


class Seen(messages.Message):
    lines = messages.StringField(1, repeated=True)


class Asked(messages.Message):
    text = messages.StringField(1)
    number = messages.IntegerField(2, variant=messages.Variant.INT32)
    big = messages.IntegerField(3)
    double = messages.FloatField(4)
    flag = messages.BooleanField(5)
    color = messages.EnumField(Color, 6)
    data = messages.BytesField(7)
    when = message_types.DateTimeField(8)
    many = messages.StringField(9, repeated=True)
    numbers = messages.IntegerField(10, repeated=True, variant=messages.Variant.UINT32)
    leaf = messages.MessageField(Leaf, 11)


PARAMETERS = endpoints.ResourceContainer(
    Lists,
    text=messages.StringField(21),
    number=messages.IntegerField(22, variant=messages.Variant.INT32),
    big=messages.IntegerField(23),
    double=messages.FloatField(24),
    flag=messages.BooleanField(25),
    color=messages.EnumField(Color, 26),
    many=messages.StringField(27, repeated=True),
    numbers=messages.IntegerField(28, repeated=True, variant=messages.Variant.UINT32),
)


def _seen(request: Any) -> Seen:
    values = ((field.name, getattr(request, field.name)) for field in request.all_fields())
    return Seen(lines=[f"{name}={value!r}" for name, value in values if value not in (None, [])])


@endpoints.api("property", "v1")
class PropertyApi(remote.Service):
    @endpoints.method(Everything, Everything, path="everything")
    def everything(self, request: Any) -> Everything:
        return request  # type: ignore[no-any-return]

    @endpoints.method(Lists, Lists, path="lists")
    async def lists(self, request: Any) -> Lists:
        return request  # type: ignore[no-any-return]

    @endpoints.method(Needy, Needy, path="needy", blocking=False)
    def needy(self, request: Any) -> Needy:
        return request  # type: ignore[no-any-return]

    @endpoints.method(Void, Void, path="void")
    def void(self, request: Any) -> Void:
        return Void()

    @endpoints.method(PARAMETERS, Seen, path="seen/{text}/{number}", http_method="POST", name="seen")
    def seen(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(PARAMETERS, Seen, path="asked/{text}", http_method="GET", name="asked", blocking=False)
    def asked(self, request: Any) -> Seen:
        return _seen(request)

    @endpoints.method(Asked, Seen, path="query", http_method="GET", blocking=False)
    def query(self, request: Any) -> Seen:
        return _seen(request)


KINDS = {"everything": Everything, "lists": Lists, "needy": Needy}


@pytest.fixture(scope="module", params=["wsgi", "asgi"])
def server(request: pytest.FixtureRequest) -> Iterator[Client]:
    interface: Interface = request.param
    made = endpoints.api_server([PropertyApi])
    with Client(made if interface == "wsgi" else made.asgi, interface) as client:
        yield client


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def _check(response: Response) -> Any:
    """Every answer is below 500, strict JSON or nothing, safe from sniffing; every error is Google's error object."""
    assert response.status < 500, response
    assert response.headers["x-content-type-options"] == "nosniff"
    if response.status in (204, 304):
        assert response.body == b""
        return None
    coding = response.headers.get("content-encoding")
    content = response.body if coding is None else UNPACK[coding](response.body)
    assert coding is None or response.headers["vary"].startswith("Accept-Encoding")
    body = json.loads(content, parse_constant=_refuse)
    if response.status >= 400:
        assert list(body) == ["error"]
        error = body["error"]
        (entry,) = error["errors"]
        assert error["code"] == response.status
        assert error["message"] == entry["message"]
        assert isinstance(entry["domain"], str) and isinstance(entry["reason"], str)
    return body


objects = st.sampled_from(sorted(KINDS)).flatmap(
    lambda name: st.tuples(st.just(name), json_of(objects_of(KINDS[name])))
)
bodies = st.one_of(
    objects,
    st.tuples(st.sampled_from([*KINDS, "void"]), st.one_of(damaged(json_of(json_values)), st.binary(max_size=40))),
    objects.flatmap(lambda each: st.tuples(st.just(each[0]), damaged(st.just(each[1])))),
)
content_types = st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""])


@given(body=bodies, content_type=content_types, chunked=st.booleans())
def test_any_body(server: Client, body: tuple[str, bytes], content_type: str, chunked: bool) -> None:
    name, sent = body
    pieces: Any = [sent[:5], sent[5:]] if chunked else sent
    _check(server.post(ROOT + name, body=pieces, headers={"Content-Type": content_type}))


@given(body=objects)
def test_what_was_answered_is_answered_again(server: Client, body: tuple[str, bytes]) -> None:
    name, sent = body
    response = server.post(ROOT + name, body=sent)
    if _check(response) is not None and response.status == 200:
        again = server.post(ROOT + name, body=response.body)
        assert (again.status, json.loads(again.body)) == (200, json.loads(response.body))


@given(body=objects)
def test_an_unknown_member_changes_nothing_else(server: Client, body: tuple[str, bytes]) -> None:
    """With it, no generated code reads the body, so that the two ways of reading are compared."""
    name, sent = body
    marked = json.dumps({**json.loads(sent), "zzz unknown": 1}).encode()
    plain, careful = server.post(ROOT + name, body=sent), server.post(ROOT + name, body=marked)
    assert plain.status == careful.status
    if plain.status == 200:
        expected = _check(plain)
        answered = _check(careful)
        assert answered.pop("zzz unknown") == 1
        assert answered == expected
    else:
        assert _check(plain) == _check(careful)


segments = st.one_of(
    texts.map(lambda text: quote(text, safe="")),
    st.sampled_from(["", ".", "..", "%2e%2e", "%2F", "%00", "%FF", "%", "%C0%AF", "+", ":", "%3A", "~", ";", "7", "x"]),
    st.text("ab/%:.-~+=&;,!$'()*@", max_size=6),
)
paths = st.lists(segments, max_size=5).map("/".join)


@given(prefix=st.sampled_from(["/", ROOT, "/_ah/api/", "/_ah/api/discovery/v1/apis/", "/_ah/api/static/"]), path=paths)
@pytest.mark.parametrize("verb", ["GET", "POST", "DELETE", "TRACE", "OPTIONS", "HEAD"])
def test_any_path(server: Client, verb: str, prefix: str, path: str) -> None:
    response = server.request(verb, prefix + path)
    if verb == "HEAD":
        assert response.body == b"" and response.status < 500
        return
    if response.status in (200, 302) and response.headers["content-type"].startswith("text/"):
        return  # a page
    _check(response)


NAMES = [
    "text",
    "number",
    "big",
    "double",
    "flag",
    "color",
    "many",
    "numbers",
    "texts",
    "leaves",
    "i32",
    "when",
    "data",
]
names = (
    st.sampled_from([*NAMES, "leaf.text", "leaf.number", "leaf", "leaf.z", "a.b", "", ".", "prettyPrint", "key", "5"])
    | texts
)
values = st.one_of(
    texts,
    st.sampled_from(["1", "0", "-1", " 7", "2147483648", "1e3", "true", "FALSE", "RED", "NaN", "1_0", "", "9" * 400]),
    st.integers(-(2**65), 2**65).map(str),
)
queries = st.lists(st.tuples(names, values), max_size=5).map(
    lambda pairs: "&".join(f"{quote(name, safe='.')}={quote(value, safe='')}" for name, value in pairs)
)
raw_queries = st.binary(max_size=40).map(lambda raw: raw.decode("latin-1"))


@given(query=st.one_of(queries, raw_queries), path=st.sampled_from(["query", "asked/x"]))
def test_any_query(server: Client, query: str, path: str) -> None:
    _check(server.get(ROOT + path, query))


@given(query=queries, path=st.sampled_from(["query", "asked/x"]), method=st.sampled_from(["dotted", "semicolon"]))
def test_both_ways_of_reading_a_query_agree(server: Client, query: str, path: str, method: str) -> None:
    """A dotted name and a semicolon are left to the careful one."""
    careful = query + ("&zzz.z=1" if method == "dotted" else ";zzz=1")
    one, other = server.get(ROOT + path, query), server.get(ROOT + path, careful)
    assert (one.status, _check(one)) == (other.status, _check(other))


@given(query=queries, body=json_of(objects_of(Lists)), number=values)
def test_both_ways_of_reading_everything_agree(server: Client, query: str, body: bytes, number: str) -> None:
    path = f"{ROOT}seen/x/{quote(number, safe='')}"
    one = server.post(path, query, body=body)
    other = server.post(path, query + "&zzz.z=1", body=body)
    assert (one.status, _check(one)) == (other.status, _check(other))


@given(query=queries)
def test_a_long_get_says_the_same_as_a_short_one(server: Client, query: str) -> None:
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    short, long = server.get(ROOT + "query", query), server.post(ROOT + "query", body=query.encode(), headers=headers)
    assert (short.status, _check(short)) == (long.status, _check(long))


header_names = st.sampled_from(
    [
        *["Origin", "Host", "Accept", "Authorization", "Cookie", "X-HTTP-Method-Override", "X-Forwarded-Host"],
        *["Access-Control-Request-Method", "Access-Control-Request-Headers", "Content-Type", "Content-Encoding"],
        *["Content-Length", "If-None-Match", "Range", "Expect", "X-Forwarded-Proto", "Accept-Encoding"],
    ]
)
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20)
odd_values = st.sampled_from(
    [
        "https://app.example",
        "null",
        "*",
        "GET",
        "gzip",
        "identity",
        "0",
        "5",
        "-1",
        "abc",
        "application/json",
        "é",
        "a,b",
    ]
)


@given(
    headers=st.dictionaries(header_names, header_values | odd_values, max_size=4), verb=st.sampled_from(["GET", "POST"])
)
@pytest.mark.parametrize("path", [ROOT + "query", ROOT + "lists", "/_ah/api/discovery/v1/apis/property/v1/rest"])
def test_any_headers(server: Client, path: str, verb: str, headers: dict[str, str]) -> None:
    response = server.request(verb, path, headers=headers, body=b"{}" if verb == "POST" else b"")
    _check(response)
    for name, value in response.pairs:
        assert "\r" not in name + value and "\n" not in name + value
    if "access-control-allow-origin" in response.headers:
        assert response.headers["access-control-allow-origin"] == headers["Origin"]
        assert "access-control-allow-credentials" not in response.headers
