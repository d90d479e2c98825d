"""The ASGI side (https://asgi.readthedocs.io, version 3): scope to request, response to events, and the lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any
from urllib.parse import quote

from msgspec import UNSET

from endpoints.serving.call import Call
from endpoints.serving.deadlines import in_time, prepared, within
from endpoints.serving.exchange import AsyncBody, Disconnected, Exchange, announced_size
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request
from endpoints.serving.limits import LARGE_BODY, Limits, check_encoding, late_body
from endpoints.serving.pipeline import OK_HEADERS, Pipeline
from endpoints.serving.streaming import send_stream
from endpoints.serving.threads import ThreadPool
from protorpc._request_state import current_request

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class AsgiRequest(Request):
    """A request that came as an ASGI scope."""

    sent: dict[bytes, bytes] = {}  # noqa: RUF012 - msgspec copies it
    """The headers; of one that was sent twice, the last."""

    @property
    def sent_method(self) -> str:
        """The verb as it was sent."""
        return str(self.raw["method"])

    @property
    def path(self) -> str:
        """The path below the mount point. Raises Refusal (400) when its bytes are no UTF-8."""
        path: str = self.raw["path"]
        # Servers put a replacement mark where the bytes are no UTF-8.
        if "\ufffd" in path and "%EF%BF%BD" not in (self.raw_path or "").upper():
            raise Refusal(400, "The path is not valid UTF-8")
        return path.removeprefix(self.mount)

    @property
    def query(self) -> str:
        """What follows the question mark, as it was sent."""
        return str(self.raw["query_string"], "latin-1")

    def header(self, name: str) -> str | None:
        """The value of a header, given in lower case; None when it was not sent."""
        value = self.sent.get(name.encode("ascii"))
        return None if value is None else value.decode("latin-1")

    def header_values(self, name: str) -> list[str]:
        """All values of a header, in order."""
        key, headers = name.encode("ascii"), self.raw["headers"]
        if key not in self.sent:
            return []
        if len(self.sent) == len(headers):  # PERF: as a rule no header is repeated
            return [self.sent[key].decode("latin-1")]
        return [value.decode("latin-1") for each, value in headers if each == key]

    def headers(self) -> list[tuple[str, str]]:
        """All headers as pairs."""
        return [(name.decode("latin-1").title(), value.decode("latin-1")) for name, value in self.raw["headers"]]

    @property
    def may_wait(self) -> bool:
        """Whether what runs here may wait for the network: in a thread of its own, but not on the event loop."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return True
        return False

    @property
    def raw_path(self) -> str | None:
        """The path below the mount point as it was sent; None when the server keeps no raw_path."""
        sent: bytes | None = self.raw.get("raw_path")
        return None if sent is None else sent.decode("latin-1").removeprefix(quote(self.mount))

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return str(self.raw.get("scheme", "http"))

    @property
    def server(self) -> tuple[str, str]:
        """Name and port of the server as the server knows them."""
        name, port = self.raw.get("server") or ("", None)
        return name, "" if port is None else str(port)

    @property
    def mount(self) -> str:
        """The path that the application is mounted at."""
        return str(self.raw.get("root_path", "")).rstrip("/")

    @property
    def client_address(self) -> str | None:
        """The address at the other end of the connection."""
        client = self.raw.get("client")
        return None if client is None else str(client[0])


def application(pipeline: Pipeline, thread_count: int, close: Callable[[], None] | None = None) -> Application:
    """The ASGI application around a pipeline, which runs at most `thread_count` blocking methods at a time.

    `close` is called when the server shuts down.
    """
    threads = ThreadPool(thread_count)
    static, search, limits, observe = pipeline.static, pipeline.search, pipeline.limits, pipeline.observe
    safe_digits, body_time, body_size, deadline = (
        limits.safe_digits,
        limits.body_time,
        limits.body_size,
        limits.deadline,
    )
    set_request, reset_request = current_request.set, current_request.reset

    async def serve(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _other(scope, receive, send)
            if scope["type"] == "lifespan":
                threads.stop()
                if close is not None:
                    close()
            return
        sent = dict(scope["headers"])
        request = AsgiRequest(scope, UNSET, None, None, None, sent)
        found, begun = None, perf_counter() if observe is not None else 0.0
        token = set_request(request)
        try:
            method, path = scope["method"], scope["path"]
            found = static.get(method + path)
            if found is None and path.isascii() and not path.endswith("/"):
                found = search(method, path)
            if found is None or b"x-http-method-override" in sent:
                found = pipeline.find(request)
            target, values = found
            body = b""
            length = sent.get(b"content-length")
            is_exchange = isinstance(target, Exchange)
            # From version 2 on HTTP has no Transfer-Encoding, and bodies need not say their length.
            if is_exchange:
                pass  # it reads the body by itself
            elif length != b"0" if length else b"transfer-encoding" in sent or scope.get("http_version", "1")[0] != "1":
                if b"content-encoding" in sent:
                    check_encoding(request.header("content-encoding"))
                if length is not None and (len(length) > safe_digits or not length.isdigit()):
                    limits.declared_size(str(length, "latin-1"))
                steps = receive().__await__()
                try:
                    waited_for = next(steps)
                except StopIteration as done:  # as a rule it is there at once; then no timer is made, which takes 7 us
                    event = done.value
                else:
                    event = await in_time(steps, waited_for, body_time)
                body = event.get("body", b"")
                if event.get("more_body") or event["type"] == "http.disconnect" or len(body) > body_size:
                    body = await _rest(event, receive, limits)
            query = str(scope["query_string"], "latin-1")
            if target.__class__ is not Call:
                if is_exchange:
                    work = target.answer_async(request, values, _body(request, receive, limits), threads)
                    response = await (work if deadline is None else within(work, deadline))
                else:
                    response = target(request, values, body)
            else:
                access = target.access
                may_hold_token = b"authorization" in sent or "token" in query
                # Before a thread is taken: the keys of an issuer may be long in coming.
                if access.guards or (may_hold_token and (access.declares or not target.blocking)):
                    left = await prepared(access.prepare(request), deadline)
                else:
                    left = deadline
                if target.asynchronous:
                    work = target.answer_async(request, values, query, body)
                    content = await (work if left is None else within(work, left))
                elif target.blocking or len(body) > LARGE_BODY:
                    work = threads.run(target.answer, request, values, query, body)
                    content = await (work if left is None else within(work, left))
                else:
                    content = target.answer(request, values, query, body)
                usual = b"origin" not in sent and observe is None
                if content and "prettyPrint" not in query and usual:  # what most requests are
                    response = None
                else:
                    response = pipeline.succeed(query, content)
        except Disconnected:
            return
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():  # it is the request that was cancelled, not what the method waits for
                raise
            response = pipeline.fail(error, request)
        except Exception as error:
            response = pipeline.fail(error, request)
        finally:
            reset_request(token)
        if response is None:
            length = b"%d" % len(content)
            pairs = [_JSON, _NO_SNIFFING, (b"content-length", length)]
            if request.inquiry is not None:
                pairs += _lower(request.inquiry.headers)
            await send({"type": "http.response.start", "status": 200, "headers": pairs})
            await send({"type": "http.response.body", "body": content})
            return
        if observe is not None:
            observe(request, found, response.status, begun)
        status, headers, body, _, stream = response
        if b"origin" in sent:
            headers = pipeline.headers(request, response, request.header("origin") or "")
        if request.inquiry is not None:
            headers = [*headers, *request.inquiry.headers]
        pairs = _lower(headers)
        if stream is None and status != 204:
            pairs = [*pairs, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        if stream is not None:
            token = set_request(request)
            try:
                await send_stream(stream, receive, send)
            finally:
                reset_request(token)
            return
        await send({"type": "http.response.body", "body": body})

    return serve


def _lower(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


_JSON, _NO_SNIFFING = _lower(OK_HEADERS)


def _body(request: AsgiRequest, receive: Receive, limits: Limits) -> AsyncBody:
    """The body, to be read bit by bit."""
    check_encoding(request.header("content-encoding"))
    return AsyncBody(receive, announced_size(request.header("content-length")), limits)


async def _rest(event: dict[str, Any], receive: Receive, limits: Limits) -> bytes:
    """A whole body that begins with `event`."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.body_time):
            while event["type"] != "http.disconnect":
                parts.append(event.get("body", b""))
                size += len(parts[-1])
                limits.check_size(size)
                if not event.get("more_body", False):
                    return b"".join(parts)
                event = await receive()
    except TimeoutError:
        raise late_body(limits.body_time) from None
    raise Disconnected


async def _other(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """What is not HTTP: the lifespan is acknowledged, a WebSocket is refused."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
        return
    while scope["type"] == "lifespan":
        event = await receive()
        await send({"type": event["type"] + ".complete"})
        if event["type"] == "lifespan.shutdown":
            return
