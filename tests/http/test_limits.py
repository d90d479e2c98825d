"""How large, long and late a request may be."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Interface, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/limited/v1/"
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


ASK = endpoints.ResourceContainer(Void, text=messages.StringField(1))


@endpoints.api("limited", "v1")
class LimitedApi(remote.Service):
    @endpoints.method(Text, Text, path="echo")
    def echo(self, request: Any) -> Text:
        return Text(text=str(len(request.text or "")))

    @endpoints.method(ASK, Text, path="query", http_method="GET")
    def query(self, request: Any) -> Text:
        return Text(text=str(len(request.text or "")))

    @endpoints.method(Void, Text, path="slow", http_method="GET")
    async def slow(self, request: Any) -> Text:
        await asyncio.sleep(60)
        return Text(text="late")

    @endpoints.method(Void, Text, path="slow_thread", http_method="GET")
    def slow_thread(self, request: Any) -> Text:
        threading.Event().wait(0.5)
        return Text(text="late")

    @endpoints.method(Void, Text, path="own_timeout", http_method="GET")
    async def own_timeout(self, request: Any) -> Text:
        await asyncio.wait_for(asyncio.sleep(60), 0.001)
        return Text(text="late")


def _body(size: int) -> bytes:
    return b'{"text": "' + b"x" * (size - 12) + b'"}'


SMALL = endpoints.Limits(body_size=1000)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("size", "status"), [(999, 200), (1000, 200), (1001, 413), (100_000, 413)])
def test_body_size(serve: Serve, chunked: bool, size: int, status: int) -> None:
    body = _body(size)
    assert len(body) == size
    sent = [body[start : start + 300] for start in range(0, size, 300)] if chunked else body
    response = serve(LimitedApi, limits=SMALL).post(ROOT + "echo", body=sent)
    assert response.status == status
    if status == 413:
        assert error_of(response, 413, "uploadTooLarge")["message"] == "The request body is larger than 1000 bytes"


def test_default_body_size(serve: Serve) -> None:
    client = serve(LimitedApi)
    megabytes = 1024 * 1024
    assert client.post(ROOT + "echo", body=_body(10 * megabytes)).status == 200
    assert client.post(ROOT + "echo", body=_body(10 * megabytes + 1)).status == 413


def test_what_is_declared_too_large_is_not_read(serve: Serve, interface: Interface) -> None:
    read: list[int] = []

    class Counting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            read.append(size or 0)
            return b""

    extra = {"wsgi.input": Counting()} if interface == "wsgi" else {}
    client = serve(LimitedApi, limits=SMALL)
    response = client.request("POST", ROOT + "echo", headers={"Content-Length": "1000000000000"}, extra=extra)
    error_of(response, 413, "uploadTooLarge")
    assert not read


def test_a_body_without_an_end_is_not_read_for_ever(serve: Serve, interface: Interface) -> None:
    read: list[int] = []

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            read.append(min(size or 0, 700))
            return b"x" * read[-1]

    if interface == "wsgi":
        extra = {"wsgi.input": Endless()}
        response = serve(LimitedApi, limits=SMALL).post(ROOT + "echo", body=[], extra=extra)
        error_of(response, 413, "uploadTooLarge")
        assert sum(read) == 1001


def test_what_is_too_large_is_not_read_to_its_end() -> None:
    pieces = iter([_body(600), _body(600), _body(600)])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(pieces), "more_body": True}

    status, _ = _exchange(endpoints.api_server([LimitedApi], limits=SMALL).asgi, receive)
    assert status == 413
    assert len(list(pieces)) == 1


@pytest.mark.parametrize("length", ["abc", "-1", "+5", "1.0", "0x10", "1e3", "\u0663", "5, 5", "9" * 30, "5;", "\t"])
def test_a_length_that_is_none(serve: Serve, length: str) -> None:
    sent = length.encode().decode("latin-1")
    response = serve(LimitedApi).request("POST", ROOT + "echo", body=b"{}", headers={"Content-Length": sent})
    assert error_of(response, 400, "badRequest")["message"].startswith("Content-Length is no number")


def test_less_than_was_declared(serve: Serve, interface: Interface) -> None:
    if interface == "wsgi":  # ASGI servers end such a request themselves
        headers = {"Content-Length": "500"}
        response = serve(LimitedApi).request("POST", ROOT + "echo", body=b'{"text": "x', headers=headers)
        assert "ended after 11 of 500 bytes" in error_of(response, 400, "badRequest")["message"]


def test_a_body_that_a_server_cannot_pass_on(serve: Serve, interface: Interface) -> None:
    if interface == "wsgi":
        extra = {"wsgi.input_terminated": False}
        response = serve(LimitedApi).post(ROOT + "echo", body=[b"{}"], extra=extra)
        error_of(response, 411, "lengthRequired")


@pytest.mark.parametrize("encoding", ["identity", "Identity", " identity "])
def test_bodies_that_are_not_packed(serve: Serve, encoding: str) -> None:
    headers = {"Content-Encoding": encoding}
    assert serve(LimitedApi).post(ROOT + "echo", body=_body(20), headers=headers).json() == {"text": "8"}


def test_no_body_is_not_packed(serve: Serve) -> None:
    assert serve(LimitedApi).post(ROOT + "echo", headers={"Content-Encoding": "gzip"}).status == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("text=" + "x" * 1000, 200),
        ("text=" + "x" * 60_000, 200),
        ("text=" + "x" * 66_000, 414),
        ("&".join(["a=b"] * 1000), 200),
        ("&".join(["a=b"] * 1001), 414),
        ("&".join(["a"] * 1001), 414),
        (";".join(["a"] * 1001), 414),
        ("&" * 60_000, 200),
    ],
    ids=lambda value: f"{value[:8]} {len(value)}" if isinstance(value, str) else str(value),
)
def test_queries(serve: Serve, query: str, status: int) -> None:
    response = serve(LimitedApi).get(ROOT + "query", query)
    assert response.status == status
    if status == 414:
        error_of(response, 414, "uriTooLong")


def test_a_deadline(serve: Serve, interface: Interface) -> None:
    client = serve(LimitedApi, limits=endpoints.Limits(deadline=0.02))
    started = time.monotonic()
    entry = error_of(client.get(ROOT + "slow"), 504, "gatewayTimeout")
    assert entry["message"] == "The method did not answer within 0.02 seconds"
    if interface == "asgi":
        error_of(client.get(ROOT + "slow_thread"), 504, "gatewayTimeout")
    assert time.monotonic() - started < 30  # the methods take a minute
    assert client.get(ROOT + "query?text=xy").json() == {"text": "2"}


def test_a_timeout_of_the_method_itself_is_no_deadline(serve: Serve) -> None:
    for limits in (endpoints.Limits(), endpoints.Limits(deadline=10)):
        error_of(serve(LimitedApi, limits=limits).get(ROOT + "own_timeout"), 503, "backendError")


Receive = Callable[[], Awaitable[dict[str, Any]]]


def _exchange(app: Any, receive: Receive, **scope: Any) -> tuple[int | None, dict[str, str]]:
    """Status and headers of the answer to a body that comes as it likes; no status when nothing is sent."""
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    whole = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": ROOT + "echo",
        "query_string": b"",
        "headers": [(b"transfer-encoding", b"chunked")],
        **scope,
    }

    async def call() -> None:
        await asyncio.wait_for(app(whole, receive, send), 20)

    asyncio.run(call())
    if not sent:
        return None, {}
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.fixture
def impatient() -> Any:
    return endpoints.api_server([LimitedApi], limits=endpoints.Limits(body_time=0.03)).asgi


def _slowly(*pieces: bytes, after: float) -> Iterator[Awaitable[dict[str, Any]]]:
    async def event(piece: bytes, more: bool) -> dict[str, Any]:
        await asyncio.sleep(after)
        return {"type": "http.request", "body": piece, "more_body": more}

    for index, piece in enumerate(pieces):
        yield event(piece, index < len(pieces) - 1)
    yield event(b"", False)


@pytest.mark.parametrize(
    ("pieces", "after", "status"),
    [
        ([b'{"text": "x"}'], 0.001, 200),
        ([b"{", b"}"], 0.001, 200),
        ([b"{}"], 10, 408),
        ([b"{", b"}"], 10, 408),
        ([b" "] * 50, 0.002, 408),
    ],
)
def test_a_body_has_to_arrive_in_time(impatient: Any, pieces: list[bytes], after: float, status: int) -> None:
    events = _slowly(*pieces, after=after)
    found, headers = _exchange(impatient, lambda: next(events))
    assert found == status
    assert headers.get("connection") == (None if status == 200 else "close")
    for event in events:
        event.close()  # type: ignore[attr-defined]


def test_a_caller_who_goes_away_is_not_answered(impatient: Any) -> None:
    for pieces in ([], [b"{"]):
        events = iter([{"type": "http.request", "body": each, "more_body": True} for each in pieces])

        async def receive(events: Any = events) -> dict[str, Any]:
            return next(events, {"type": "http.disconnect"})

        assert _exchange(impatient, receive) == (None, {})


@pytest.mark.parametrize(("version", "status"), [("2", 400), ("3", 400), ("1.1", 200), ("1.0", 200)])
def test_only_http_1_says_whether_there_is_a_body(impatient: Any, version: str, status: int) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"[]", "more_body": False}

    assert _exchange(impatient, receive, http_version=version, headers=[])[0] == status


@pytest.mark.parametrize("name", ["body_size", "body_time", "deadline"])
@pytest.mark.parametrize("value", [0, -1])
def test_limits_that_make_no_sense(name: str, value: int) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"Limits: {name} must be positive"):
        endpoints.Limits(**options)


def test_nesting(serve: Serve) -> None:
    client: Client = serve(NestedApi)
    for member in ("inner", "zz"):
        for depth, status in ((50, 200), (99, 200), (101, 400), (1000, 400), (100_000, 400)):
            body = b'{"%s":' % member.encode() * depth + b"{}" + b"}" * depth
            response = client.post("/_ah/api/nested/v1/nested", body=body)
            assert response.status == status, (member, depth)
    for depth, status in ((90, 200), (1000, 400), (100_000, 400)):
        body = b'{"zz":' + b"[" * depth + b"]" * depth + b"}"
        assert client.post("/_ah/api/nested/v1/nested", body=body).status == status, depth


class Nested(messages.Message):
    inner = messages.MessageField("Nested", 1)


@endpoints.api("nested", "v1")
class NestedApi(remote.Service):
    @endpoints.method(Nested, Nested, path="nested")
    def nested(self, request: Any) -> Nested:
        return request  # type: ignore[no-any-return]
