"""Batches: what their calls are given and answer, what is refused, and what they may not do."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from random import Random
from typing import Any

import pytest

import endpoints
from endpoints.control.contract import Outcome
from protorpc import message_types, messages, remote
from tests.client import Client, Connect, Interface, Response, Serve
from tests.http.batches import BATCH, TYPE, answers, calls, part, request, send, written
from tests.http.error_object import error_of

ROOT = "/_ah/api/things/v1/"
Void = message_types.VoidMessage


class Thing(messages.Message):
    text = messages.StringField(1)
    data = messages.BytesField(2)


class Seen(messages.Message):
    lines = messages.StringField(1, repeated=True)


@endpoints.api("things", "v1")
class ThingsApi(remote.Service):
    @endpoints.method(path="plain/{text}", http_method="GET")
    def plain(self, request: Void, text: str) -> Thing:
        return Thing(text=text)

    @endpoints.method(path="coroutine/{text}", http_method="GET")
    async def coroutine(self, request: Void, text: str) -> Thing:
        await asyncio.sleep(0)
        return Thing(text=text)

    @endpoints.method(Thing, Thing, path="echo")
    def echo(self, request: Thing) -> Thing:
        return request

    @endpoints.method(Thing, Thing, path="echo", http_method="PUT", name="put")
    async def put(self, request: Thing) -> Thing:
        return request

    @endpoints.method(Void, Void, path="nothing", http_method="DELETE")
    def nothing(self, request: Void) -> Void:
        return Void()

    @endpoints.method(path="broken", http_method="GET")
    def broken(self, request: Void) -> Thing:
        raise RuntimeError("a secret")

    @endpoints.method(path="refused", http_method="GET")
    def refused(self, request: Void) -> Thing:
        raise endpoints.ConflictException("taken", headers={"X-Text": "a"})

    @endpoints.method(path="headers", http_method="GET")
    def headers(self, request: Void) -> Seen:
        return self._seen()

    @endpoints.method(path="headers_async", http_method="GET")
    async def headers_async(self, request: Void) -> Seen:
        return self._seen()

    def _seen(self) -> Seen:
        state: Any = self.request_state
        lines = [f"{name.lower()}: {value}" for name, value in state.headers.items()]
        return Seen(lines=[*lines, f"from {state.remote_address}", f"{state.http_method} {state.service_path}"])

    @endpoints.method(path="stream", http_method="GET")
    def stream(self, request: Void) -> Iterator[Thing]:
        yield Thing(text="never")


@endpoints.api("others", "v1.2")
class OthersApi(remote.Service):
    @endpoints.method(path="other", http_method="GET")
    def other(self, request: Void) -> Thing:
        return Thing(text="other")


@pytest.fixture
def things(serve: Serve) -> Client:
    return serve(ThingsApi, OthersApi)


def get(path: str, **headers: str) -> bytes:
    return request(f"GET {ROOT}{path} HTTP/1.1", {name.replace("_", "-"): value for name, value in headers.items()})


def texts(found: list[Response]) -> list[str]:
    return [each.json()["text"] for each in found]


def test_calls_are_answered_in_their_order(things: Client) -> None:
    names = ["plain/1", "coroutine/2", "plain/3", "coroutine/4"]
    found = calls(things, *map(get, names), request("GET /_ah/api/others/v1.2/other HTTP/1.1"))
    assert texts(found) == ["1", "2", "3", "4", "other"]
    assert {(each.status, each.reason, each.headers["content-type"]) for each in found} == {
        (200, "OK", "application/json")
    }


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_bodies(things: Client, method: str) -> None:
    bodies = [b'{"text":"gr\xc3\xbc\xc3\x9f\\u0000"}', b'{"data":"AA0KLS0="}', b"{}", b'{"text":"--a_boundary"}']
    headers = {"Content-Type": "application/json"}
    found = calls(things, *(request(f"{method} {ROOT}echo HTTP/1.1", headers, body) for body in bodies))
    assert [each.json() for each in found] == [
        {"text": "grüß\0"},
        {"data": "AA0KLS0="},
        {},
        {"text": "--a_boundary"},
    ]


def test_an_empty_answer(things: Client) -> None:
    (found,) = calls(things, request(f"DELETE {ROOT}nothing HTTP/1.1"))
    assert (found.status, found.reason, found.body) == (204, "No Content", b"")


def test_failures_are_those_of_their_calls(things: Client, caplog: pytest.LogCaptureFixture) -> None:
    sent = [get("broken"), get("plain/1"), get("unknown"), request(f"PUT {ROOT}plain/1 HTTP/1.1"), get("refused")]
    found = calls(things, *sent)
    assert [each.status for each in found] == [503, 200, 404, 405, 409]
    for each in found:
        alone = each.headers["content-type"] == "application/json" and "secret" not in each.text
        assert alone, each
    assert found[3].headers["allow"].startswith("GET")
    assert found[4].headers["x-text"] == "a"
    assert "a secret" in caplog.text


CONTENT_IDS = {
    "google's Python client": ("<b29c5de2-0db4 + 1>", "<response-b29c5de2-0db4 + 1>"),
    "quoted": ("<b29c5de2-0db4 + a%20b>", "<response-b29c5de2-0db4 + a%20b>"),
    "folded": ("<b29c5de2-0db4 +\r\n a-long-name>", "<response-b29c5de2-0db4 + a-long-name>"),
    "folded at once": ("\r\n <b29c5de2-0db4+1>", "<response-b29c5de2-0db4+1>"),
    "apitools": ("<b29c5de2-0db4+7>", "<response-b29c5de2-0db4+7>"),
    "google's documentation": ("<item1:12930812@example.com>", "<response-item1:12930812@example.com>"),
    "bare": ("item1", "response-item1"),
    "no ASCII": ("<\xfc>", "<response-\xfc>"),
    "none": (None, None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("sent", "answered"), CONTENT_IDS.values(), ids=CONTENT_IDS)
def test_content_ids(things: Client, sent: str | None, answered: str | None) -> None:
    ((found, answer),) = answers(send(things, [part(get("plain/1"), sent)]))
    assert (found, answer.status) == (answered, 200)


def test_content_ids_may_come_twice(things: Client) -> None:
    found = answers(send(things, [part(get("plain/1"), "<x>"), part(get("plain/2"), "<x>")]))
    assert [(name, each.json()["text"]) for name, each in found] == [("<response-x>", "1"), ("<response-x>", "2")]


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


PART = "--x\nContent-Type: application/http\n\n"
MIXED = "multipart/mixed; boundary=x"
SHAPES = {
    "as in google's documentation": (MIXED, crlf(f"{PART}GET {ROOT}plain/1\n\n--x--")),
    "no empty line": (MIXED, crlf(f"{PART}GET {ROOT}plain/1\n--x--")),
    "no header but a version": (MIXED, crlf(f"{PART}GET {ROOT}plain/1 HTTP/1.1\n--x--\n")),
    "LF alone": (MIXED, f"{PART}GET {ROOT}plain/1 HTTP/1.1\nHost: x\n\n\n--x--\n".encode()),
    "preamble and epilogue": (MIXED, crlf(f"before\n{PART}GET {ROOT}plain/1\n\n--x--\nafter\n--x\nignored")),
    "spaces after the boundary": (MIXED, crlf(PART.replace("--x", "--x \t") + f"GET {ROOT}plain/1\n\n--x-- \n")),
    "lines that begin like it": (MIXED, crlf(f"{PART}GET {ROOT}plain/1\nA: 1\n\n--xy\n--x--")),
    "more line breaks": (MIXED, crlf(f"{PART}\n\nGET {ROOT}plain/1\n\n\n\n\n--x--")),
    "a version of HTTP/2": (MIXED, crlf(f"{PART}GET {ROOT}plain/1 HTTP/2\n\n--x--")),
    "quoted boundary": (
        'Multipart/Mixed;charset=x; Boundary="x y=1"',
        crlf(f"{PART}GET {ROOT}plain/1\n\n--x--").replace(b"--x", b"--x y=1"),
    ),
    "equals signs": (
        'multipart/mixed; boundary="==1=="',
        crlf(f"{PART}GET {ROOT}plain/1\n\n--x--").replace(b"--x", b"--==1=="),
    ),
    "absolute address": (MIXED, crlf(f"{PART}GET http://localhost:8080{ROOT}plain/1 HTTP/1.1\n\n--x--")),
    "absolute address of https": (MIXED, crlf(f"{PART}GET https://LOCALHOST:8080{ROOT}plain/1 HTTP/1.1\n\n--x--")),
    "a length": (MIXED, crlf(f"{PART}GET {ROOT}plain/1\nContent-Length: 0\n\n\n\n--x--")),
    "another host": (MIXED, crlf(f"{PART}GET {ROOT}plain/1\nHost: other.example\n\n--x--")),
    "override": (MIXED, crlf(f"{PART}POST {ROOT}plain/1\nX-HTTP-Method-Override: GET\n\n--x--")),
    "small letters": (MIXED, crlf(f"{PART.lower()}get {ROOT}plain/1\n\n--x--")),
}


@pytest.mark.parametrize(("content_type", "body"), SHAPES.values(), ids=SHAPES)
def test_what_is_a_batch(things: Client, content_type: str, body: bytes) -> None:
    if b"--xy" in body:  # a body that holds what looks like a boundary
        body = body.replace(b"GET", b"POST").replace(b"plain/1", b"echo").replace(b"--xy", b'{"text":"1"}\r\n--xy'[:12])
    ((_, found),) = answers(things.post(BATCH, body=body, headers={"Content-Type": content_type}))
    assert found.json() == {"text": "1"}


WHOLE = {
    "nothing": (TYPE, b""),
    "no parts": (TYPE, b"--a_boundary--\r\n"),
    "no type": ("", written([part(get("plain/1"))])),
    "another type": ("multipart/related; boundary=a_boundary", written([part(get("plain/1"))])),
    "JSON": ("application/json", b"{}"),
    "no boundary": ("multipart/mixed", written([part(get("plain/1"))])),
    "empty boundary": ('multipart/mixed; boundary=""', written([part(get("plain/1"))])),
    "long boundary": (f"multipart/mixed; boundary={'x' * 71}", written([part(get("plain/1"))], boundary="x" * 71)),
    "odd boundary": ('multipart/mixed; boundary="a\x01b"', written([part(get("plain/1"))], boundary="a\x01b")),
    "a pattern": ("multipart/mixed; boundary=a.boundary", written([part(get("plain/1"))])),
    "other boundary": ("multipart/mixed; boundary=other", written([part(get("plain/1"))])),
    "not closed": (TYPE, written([part(get("plain/1"))])[: -len("--\r\n")]),
    "cut": (TYPE, written([part(get("plain/1"))] * 3)[:250]),
    "too many": (TYPE, written([part(get("plain/1"))] * 1001)),
    "far too many": (TYPE, b"--a_boundary\n" * 100_000),
}


@pytest.mark.parametrize(("content_type", "body"), WHOLE.values(), ids=WHOLE)
def test_what_is_no_batch(things: Client, content_type: str, body: bytes) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    error_of(things.post(BATCH, body=body, headers=headers), 400, "badRequest")


def test_the_largest_batch(things: Client) -> None:
    names = [f"{'plain' if number % 2 else 'coroutine'}/{number}" for number in range(1000)]
    assert texts(calls(things, *map(get, names))) == [str(number) for number in range(1000)]


JSON = {"Content-Type": "application/json"}
PARTS = {
    "empty": b"",
    "empty lines": b"\r\n\r\n",
    "no type": b"\r\n" + get("plain/1"),
    "another type": b"Content-Type: text/plain\r\n\r\n" + get("plain/1"),
    "base64": b"Content-Transfer-Encoding: base64\r\n" + part(get("plain/1")),
    "no header": b"nonsense\r\n" + part(get("plain/1")),
    "control characters in a name": part(get("plain/1"), "<a\x00b>"),
    "a line break in a name": part(get("plain/1"), "<a\rX-Forged: 1>"),
    "no request": part(b""),
    "no request line": part(b"nonsense"),
    "an answer": part(b"HTTP/1.1 200 OK\r\n\r\n"),
    "no method": part(request(f"{ROOT}plain/1 HTTP/1.1")),
    "odd method": part(request(f"GE-T {ROOT}plain/1 HTTP/1.1")),
    "four words": part(request(f"GET {ROOT}plain/1 x HTTP/1.1")),
    "relative": part(request("GET plain/1 HTTP/1.1")),
    "asterisk": part(request("OPTIONS * HTTP/1.1")),
    "fragment": part(request(f"GET {ROOT}plain/1#x HTTP/1.1")),
    "no ASCII": part(request(f"GET {ROOT}plain/\xfc HTTP/1.1")),
    "control character": part(request(f"GET {ROOT}plain/\x01 HTTP/1.1")),
    "other host": part(request(f"GET http://other.example{ROOT}plain/1 HTTP/1.1")),
    "other port": part(request(f"GET http://localhost:8081{ROOT}plain/1 HTTP/1.1")),
    "someone at the host": part(request(f"GET http://localhost:8080@other.example{ROOT}plain/1 HTTP/1.1")),
    "no host": part(request(f"GET http://{ROOT}plain/1 HTTP/1.1")),
    "other scheme": part(request("GET file:///etc/passwd HTTP/1.1")),
    "header without colon": part(request(f"GET {ROOT}plain/1 HTTP/1.1\r\nnonsense")),
    "space in a header's name": part(get("plain/1", **{"A b": "x"})),
    "control character in a header": part(get("plain/1", A="x\x0by")),
    "folded request line": part(request(f"GET {ROOT}plain/1\r\n HTTP/1.1")),
    "chunked": part(request(f"POST {ROOT}echo HTTP/1.1", {"Transfer-Encoding": "chunked"}, b"0\r\n\r\n")),
    "too long a body": part(request(f"POST {ROOT}echo HTTP/1.1", {"Content-Length": "2"}, b'{"text":"x"}')),
    "too short a body": part(request(f"POST {ROOT}echo HTTP/1.1", {"Content-Length": "3"}, b"{}")),
    "no length": part(request(f"POST {ROOT}echo HTTP/1.1", {"Content-Length": "-2"}, b"{}")),
    "two lengths": part(request(f"POST {ROOT}echo HTTP/1.1\r\nContent-Length: 1", {"Content-length": "2"}, b"{}")),
    "no JSON": part(request(f"POST {ROOT}echo HTTP/1.1", JSON, b"{")),
    "a batch": part(request(f"POST {BATCH} HTTP/1.1", {"Content-Type": TYPE}, b"--a--")),
    "a batch of one API": part(request(f"POST {BATCH}/things/v1 HTTP/1.1", {"Content-Type": TYPE}, b"--a--")),
    "a stream": part(get("stream")),
    "no UTF-8 in the path": part(get("plain/%ff")),
}


@pytest.mark.parametrize("sent", PARTS.values(), ids=PARTS)
def test_what_is_no_call(things: Client, sent: bytes) -> None:
    """Only that part is refused."""
    (_, before), (_, found), (_, after) = answers(send(things, [part(get("plain/1")), sent, part(get("coroutine/2"))]))
    error_of(found, 400, "badRequest")
    assert texts([before, after]) == ["1", "2"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(get("plain/1", **{f"X-{number}": "x" for number in range(101)}), 431, id="many headers"),
        pytest.param(get("plain/1", A="x" * 100_000), 431, id="long header"),
        pytest.param(get("plain/1", A="\r\n " * 40_000), 431, id="long folded header"),
        pytest.param(get("plain/" + "x" * 100_000), 431, id="long path"),
        pytest.param(get("plain/1?x=" + "x" * 70_000), 414, id="long query"),
        pytest.param(request(f"GET {ROOT}plain/1?{'x&' * 1100}y HTTP/1.1"), 414, id="many parameters"),
        pytest.param(request("GET /../../etc/passwd HTTP/1.1"), 404, id="traversal"),
        pytest.param(request(f"GET {ROOT}../v1/plain/1 HTTP/1.1"), 404, id="traversal within"),
        pytest.param(request(f"GET {ROOT}plain/%2e%2e%2fx HTTP/1.1"), 404, id="encoded traversal"),
        pytest.param(request("GET //other.example/ HTTP/1.1"), 404, id="network path"),
        pytest.param(request(f"GET {BATCH} HTTP/1.1"), 405, id="GET of a batch"),
        pytest.param(request(f"OPTIONS {ROOT}echo HTTP/1.1", {"Origin": "https://a.example"}), 405, id="preflight"),
    ],
)
def test_calls_that_are_refused_as_ever(things: Client, sent: bytes, status: int) -> None:
    assert [each.status for each in calls(things, get("plain/1"), sent)] == [200, status]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_packed_bodies(things: Client, method: str) -> None:
    """Bytes that are no text, line breaks among them."""
    random = Random(7)  # noqa: S311 - the same bytes in every run
    texts_sent = [random.randbytes(200).hex() for _ in range(100)]
    packed = [gzip.compress(b'{"text":"%s"}' % text.encode(), mtime=0) for text in texts_sent]
    assert any(b"\r" in body for body in packed) and any(b"\n" in body for body in packed)
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    sent = [
        request(f"{method} {ROOT}echo HTTP/1.1", {**headers, "Content-Length": str(len(each))}, each) for each in packed
    ]
    assert texts(calls(things, *sent)) == texts_sent


def test_an_answer_that_is_known(things: Client) -> None:
    (first,) = calls(things, get("plain/1"))
    head, same, other = calls(
        things,
        request(f"HEAD {ROOT}plain/1 HTTP/1.1"),
        get("plain/1", If_None_Match=first.headers["etag"]),
        get("plain/2", If_None_Match=first.headers["etag"]),
    )
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])
    assert (same.status, same.body, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (other.status, other.json()) == (200, {"text": "2"})


def test_calls_are_not_packed(things: Client) -> None:
    sent = [part(get("plain/" + "x" * 5000, Accept_Encoding="gzip"))] * 3
    ((_, one), *_) = answers(send(things, sent))
    assert "content-encoding" not in one.headers and one.json() == {"text": "x" * 5000}


def test_a_body_of_an_unusual_size(serve: Serve) -> None:
    client = serve(ThingsApi, limits=endpoints.Limits(body_size=5000))
    body = b'{"text":"%s"}' % (b"x" * 4000)
    (found,) = calls(client, request(f"POST {ROOT}echo HTTP/1.1", JSON, body))
    assert found.status == 200
    error_of(send(client, [part(request(f"POST {ROOT}echo HTTP/1.1", JSON, body * 2))]), 413, "uploadTooLarge")


def test_only_post(things: Client) -> None:
    found = things.get(BATCH)
    assert (found.status, found.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/things/v1", "/others/v1.2"])
def test_a_batch_for_one_api(things: Client, path: str) -> None:
    sent = [get("plain/1"), request("GET /_ah/api/others/v1.2/other HTTP/1.1"), get("unknown")]
    discovery = request("GET /_ah/api/discovery/v1/apis HTTP/1.1")
    statuses = [each.status for each in calls(things, *sent, discovery, path=BATCH + path)]
    assert statuses == ([200, 400, 404, 400] if path == "/things/v1" else [400, 200, 404, 400])


@pytest.mark.parametrize("path", ["/nothing/v1", "/things/v2"])
def test_a_batch_for_no_api(things: Client, path: str) -> None:
    error_of(send(things, [part(get("plain/1"))], path=BATCH + path), 404, "notFound")


def test_documents_in_a_batch(things: Client) -> None:
    (found,) = calls(things, request("GET /_ah/api/discovery/v1/apis/things/v1/rest HTTP/1.1"))
    assert found.json()["rootUrl"] + found.json()["batchPath"] == f"http://localhost:8080{BATCH}"


HEADERS = {
    "of the batch": ("X-One: batch", "", ["x-one: batch"]),
    "of the call": ("", "X-One: call", ["x-one: call"]),
    "of both": ("X-One: batch", "x-one: call", ["x-one: call"]),
    "about the content": ("Content-Language: de", "", []),
    "about the call's content": ("Content-Language: de", "Content-Language: en", ["content-language: en"]),
    "of the connection": ("X-One: 1", "Connection: close", ["x-one: 1"]),
    "packing": ("Accept-Encoding: gzip", "Accept-Encoding: gzip", []),
    "origin": ("Origin: https://a.example", "Origin: https://a.example", []),
    "override": ("X-HTTP-Method-Override: POST", "", []),
    "what a proxy says": ("X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 6.6.6.6", ["x-forwarded-for: 1.2.3.4"]),
    "what no proxy said": ("", "X-Forwarded-For: 6.6.6.6", []),
    "what no proxy said, differently": ("", "X_Forwarded_For: 6.6.6.6", []),
    "who signed in at a proxy": ("", "X-Goog-Authenticated-User-Email: root@a.example", []),
    "who signed in at Kong": ("", "X-Consumer-Username: root", []),
    "whose certificate nginx saw": ("", "SSL-Client-Verify: SUCCESS", []),
    "token": ("Authorization: Bearer a", "", ["authorization: Bearer a"]),
    "the call's token": ("Authorization: Bearer a", "Authorization: Bearer b", ["authorization: Bearer b"]),
}


@pytest.mark.parametrize("method", ["headers", "headers_async"])
@pytest.mark.parametrize(("outer", "inner", "seen"), HEADERS.values(), ids=HEADERS)
def test_headers(things: Client, method: str, outer: str, inner: str, seen: list[str]) -> None:
    pairs = [(line.partition(": ")[0], line.partition(": ")[2]) for line in [outer] if line]
    lines = [line for line in [inner] if line]
    message = "\r\n".join([f"GET {ROOT}{method} HTTP/1.1", *lines, "", ""]).encode()
    (found,) = calls(things, message, headers=pairs)
    usual = ("host: localhost:8080", "content-length: 0", "from 192.0.2.7", f"GET {ROOT}{method}")
    lines = found.json()["lines"]
    assert [line for line in lines if line not in usual] == seen
    assert {usual[0], *usual[2:]} <= set(lines)


def test_headers_of_one_call_are_not_those_of_another(things: Client) -> None:
    found = calls(
        things, get("headers", X_One="1"), get("headers"), get("headers_async", X_Two="2"), get("headers_async")
    )
    seen = [[line for line in each.json()["lines"] if line.startswith("x-")] for each in found]
    assert seen == [["x-one: 1"], [], ["x-two: 2"], []]


def test_pages_of_other_origins_read_the_whole(things: Client) -> None:
    response = send(things, [part(get("plain/1")), part(get("unknown"))], headers={"Origin": "https://a.example"})
    assert response.headers["access-control-allow-origin"] == "https://a.example"
    assert not any(name.lower().startswith("access-control") for _, each in answers(response) for name, _ in each.pairs)


def test_parameters_of_the_batch_are_few(things: Client) -> None:
    many = "&".join(f"quotaUser={number}" for number in range(1000))
    assert [each.status for each in calls(things, get("plain/1?a=1&b=2"), query=many)] == [200]
    response = send(things, [part(get("plain/1"))], query="access_token=" + "x" * 21_000)
    assert response.status == 414
    assert "20480 characters" in response.json()["error"]["message"]


def test_pretty_print_of_the_batch(things: Client) -> None:
    one, other = calls(things, get("plain/1"), get("plain/1?prettyPrint=false"), query="prettyPrint=true&x=1")
    assert one.text == '{\n  "text": "1"\n}' and other.text == '{"text":"1"}'


def test_a_mounted_server(client: Connect) -> None:
    served = client(endpoints.api_server([ThingsApi]))
    sent = [f"GET /mount{ROOT}plain/1", f"GET {ROOT}plain/1", f"GET /mount{ROOT}headers", f"GET /mounted{ROOT}plain/1"]
    body = written([part(request(f"{line} HTTP/1.1")) for line in sent])
    response = served.post(BATCH, body=body, headers={"Content-Type": TYPE}, root_path="/mount")
    found = [each for _, each in answers(response)]
    assert [each.status for each in found] == [200, 404, 200, 404]
    assert f"GET /mount{ROOT}headers" in found[2].json()["lines"]


@endpoints.api("raw", "v1", use_request_uri=True)
class RawApi(remote.Service):
    @endpoints.method(path="raw/{text}", http_method="GET")
    def raw(self, request: Void, text: str) -> Thing:
        return Thing(text=text)


def test_paths_as_they_were_sent(serve: Serve) -> None:
    (found,) = calls(serve(RawApi), request("GET /_ah/api/raw/v1/raw/a%2Fb?x=1 HTTP/1.1"))
    assert found.json() == {"text": "a/b"}


def gathering(count: int) -> Any:
    """An API whose method answers when `count` calls of it are under way."""
    waiting: list[asyncio.Event] = []

    @endpoints.api("gathering", "v1")
    class GatheringApi(remote.Service):
        @endpoints.method(path="coroutine/{text}", http_method="GET")
        async def coroutine(self, request: Void, text: str) -> Thing:
            waiting.append(asyncio.Event())
            if len(waiting) == count:
                for each in waiting:
                    each.set()
            await waiting[-1].wait() if len(waiting) < count else None
            return Thing(text=text)

    return GatheringApi


def test_async_methods_run_at_the_same_time(serve: Serve) -> None:
    client = serve(gathering(100), limits=endpoints.Limits(deadline=10))
    sent = [request(f"GET /_ah/api/gathering/v1/coroutine/{number} HTTP/1.1") for number in range(100)]
    assert texts(calls(client, *sent)) == [str(number) for number in range(100)]


def test_not_all_at_the_same_time(serve: Serve) -> None:
    under_way, most = 0, 0

    @endpoints.api("counting", "v1")
    class CountingApi(remote.Service):
        @endpoints.method(path="coroutine", http_method="GET")
        async def coroutine(self, request: Void) -> Thing:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            for _ in range(3):
                await asyncio.sleep(0)
            under_way -= 1
            return Thing()

    calls(serve(CountingApi), *[request("GET /_ah/api/counting/v1/coroutine HTTP/1.1")] * 300)
    assert 1 < most <= 100


def test_other_requests_get_their_turn(interface: Interface) -> None:
    """On an event loop a batch of methods that wait for nothing does not keep everybody else waiting."""
    if interface == "wsgi":
        pytest.skip("a thread is the batch's own")
    order: list[str] = []

    @endpoints.api("greedy", "v1")
    class GreedyApi(remote.Service):
        @endpoints.method(path="greedy/{text}", http_method="GET")
        async def greedy(self, request: Void, text: str) -> Thing:
            if text == "0":
                asyncio.get_running_loop().call_soon(order.append, "other")
            order.append(text)
            return Thing()

    with Client(endpoints.api_server([GreedyApi]).asgi, "asgi") as client:
        calls(client, *[request(f"GET /_ah/api/greedy/v1/greedy/{number} HTTP/1.1") for number in range(1000)])
    assert order.index("other") <= 100


def test_blocking_methods_run_in_threads(interface: Interface) -> None:
    """On ASGI some at a time, on WSGI one after another in the thread of the request."""
    barrier = threading.Barrier(8 if interface == "asgi" else 1, timeout=10)
    seen: list[int] = []

    @endpoints.api("threads", "v1")
    class ThreadsApi(remote.Service):
        @endpoints.method(path="wait", http_method="GET")
        def wait(self, request: Void) -> Thing:
            seen.append(threading.get_ident())
            barrier.wait()
            return Thing()

    server = endpoints.api_server([ThreadsApi])
    with Client(server if interface == "wsgi" else server.asgi, interface) as client:
        found = calls(client, *[request("GET /_ah/api/threads/v1/wait HTTP/1.1")] * 16)
    assert [each.status for each in found] == [200] * 16
    assert len(set(seen)) == (8 if interface == "asgi" else 1)


def test_every_call_has_its_deadline(serve: Serve) -> None:
    @endpoints.api("slow", "v1")
    class SlowApi(remote.Service):
        @endpoints.method(path="slow/{text}", http_method="GET")
        async def slow(self, request: Void, text: str) -> Thing:
            await asyncio.sleep(3600 if text == "ever" else 0)
            return Thing(text=text)

    client = serve(SlowApi, limits=endpoints.Limits(deadline=0.3))
    # No more than a hundred run at a time: the last has its turn when the time of the first is over.
    names = [*["ever"] * 100, "soon"]
    found = calls(client, *[request(f"GET /_ah/api/slow/v1/slow/{name} HTTP/1.1") for name in names])
    assert [each.status for each in found] == [*[504] * 100, 200]


class Observed:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str | None, int]] = []

    def finished(self, outcome: Outcome) -> None:
        self.seen.append((None if outcome.method is None else outcome.method.name, outcome.status))


def test_observers_are_told_of_every_call(serve: Serve) -> None:
    observer = Observed()
    client = serve(ThingsApi, observers=[observer], control="off")
    calls(client, get("plain/1"), get("coroutine/2"), get("broken"), get("unknown"))
    assert sorted(observer.seen, key=str) == sorted(
        [
            ("ThingsApi.plain", 200),
            ("ThingsApi.coroutine", 200),
            ("ThingsApi.broken", 503),
            (None, 404),
            (None, 200),
        ],
        key=str,
    )


def test_answers_that_fill_the_memory(serve: Serve) -> None:
    called: list[int] = []
    piece = "x" * (5 * 1024 * 1024)

    def large(_self: Any) -> Thing:
        called.append(1)
        return Thing(text=piece)

    @endpoints.api("large", "v1")
    class LargeApi(remote.Service):
        @endpoints.method(path="plain", http_method="GET", blocking=False)
        def plain(self, request: Void) -> Thing:
            return large(self)

    client = serve(LargeApi)
    found = calls(client, *[request("GET /_ah/api/large/v1/plain HTTP/1.1")] * 300)
    refused = [each for each in found if each.status == 400]
    assert len(found) - len(refused) == len(called) < 150
    assert "Not called" in refused[0].text


def test_what_a_method_keeps_in_its_context_is_its_own(serve: Serve) -> None:
    kept: ContextVar[str] = ContextVar("kept", default="nothing")

    def exchange(text: str) -> Thing:
        before = kept.get()
        kept.set(text)
        return Thing(text=before)

    @endpoints.api("context", "v1")
    class ContextApi(remote.Service):
        @endpoints.method(path="plain/{text}", http_method="GET", blocking=False)
        def plain(self, request: Void, text: str) -> Thing:
            return exchange(text)

        @endpoints.method(path="coroutine/{text}", http_method="GET")
        async def coroutine(self, request: Void, text: str) -> Thing:
            return exchange(text)

    names = ["plain/1", "plain/2", "coroutine/3", "coroutine/4"]
    found = calls(serve(ContextApi), *[request(f"GET /_ah/api/context/v1/{name} HTTP/1.1") for name in names])
    assert texts(found) == ["nothing"] * 4
