"""The ASGI side (https://asgi.readthedocs.io, version 3): scope to request, response to events, and the lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from endpoints.serving.call import Call
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request, Response
from endpoints.serving.limits import Limits, check_encoding
from endpoints.serving.loops import within
from endpoints.serving.pipeline import Pipeline
from endpoints.serving.threads import ThreadPool
from protorpc._request_state import current_request

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


class AsgiRequest(Request):
    """A request that came as an ASGI scope."""

    sent: dict[bytes, bytes] = {}
    """The headers; of one that was sent twice, the last."""

    def header(self, name: str) -> str | None:
        """The value of a header, given in lower case; None when it was not sent."""
        value = self.sent.get(name.encode("ascii"))
        return None if value is None else value.decode("latin-1")

    def headers(self) -> list[tuple[str, str]]:
        """All headers as pairs."""
        return [(name.decode("latin-1").title(), value.decode("latin-1")) for name, value in self.raw["headers"]]

    @property
    def raw_path(self) -> str | None:
        """The path below the mount point as it was sent; None when the server keeps no raw_path."""
        sent: bytes | None = self.raw.get("raw_path")
        return None if sent is None else sent.decode("latin-1").removeprefix(self.mount)

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


def application(pipeline: Pipeline, threads: ThreadPool) -> Application:
    """The ASGI application around a pipeline."""

    async def serve(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _other(scope, receive, send)
            return
        request = AsgiRequest(
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            scope,
            False,
            dict(scope["headers"]),
        )
        current = current_request.set(request)
        try:
            if scope.get("root_path") or not request.path.isascii():
                request.path = _path(request, scope)
            found = pipeline.find(request)
            body = await _body(request, receive, pipeline.limits)
            target = found.target
            if target.__class__ is not Call:
                response = target(request, found.values, body)
            elif target.blocking:
                work = threads.run(_answer, pipeline, target, request, found.values, body)
                deadline = pipeline.limits.deadline
                response = await (work if deadline is None else within(work, deadline))
            else:
                message = pipeline.prepare(target, request, found.values, body)
                answer = target.function(message)
                if target.asynchronous:
                    deadline = pipeline.limits.deadline
                    answer = await (answer if deadline is None else within(answer, deadline))
                response = pipeline.finish(target, request, answer)
        except Disconnected:
            return
        except Exception as error:
            response = pipeline.fail(error, request)
        finally:
            current_request.reset(current)
        await _send(pipeline, request, response, send)

    return serve


class Disconnected(Exception):
    """The caller went away before the request was complete; there is nobody to answer."""


def _answer(pipeline: Pipeline, call: Call, request: Request, values: tuple[str, ...], body: bytes) -> Response:
    message = pipeline.prepare(call, request, values, body)
    return pipeline.finish(call, request, call.function(message))


def _path(request: AsgiRequest, scope: dict[str, Any]) -> str:
    # Servers put a replacement mark where the bytes of a path are no UTF-8.
    path: str = scope["path"]
    if "�" in path and "%EF%BF%BD" not in (request.raw_path or "").upper():
        raise Refusal(400, "The path is not valid UTF-8")
    mount = request.mount
    return path[len(mount) :] if mount and path.startswith(mount) else path


async def _body(request: AsgiRequest, receive: Receive, limits: Limits) -> bytes:
    size = limits.declared_size(request.header("content-length")) if b"content-length" in request.sent else None
    if size == 0 or (size is None and b"transfer-encoding" not in request.sent):
        return b""
    if b"content-encoding" in request.sent:
        check_encoding(request.header("content-encoding"))
    event = await receive()
    if event["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = event.get("body", b"")
    if event.get("more_body", False):
        body = await _rest(body, receive, limits)
    limits.check_size(len(body))
    return body


async def _rest(first: bytes, receive: Receive, limits: Limits) -> bytes:
    parts, size = [first], len(first)
    try:
        async with asyncio.timeout(limits.body_time):
            while True:
                event = await receive()
                if event["type"] == "http.disconnect":
                    raise Disconnected
                parts.append(event.get("body", b""))
                size += len(parts[-1])
                limits.check_size(size)
                if not event.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        text = f"The request body did not arrive within {limits.body_time:g} seconds"
        raise Refusal(408, text, [("Connection", "close")]) from None


async def _send(pipeline: Pipeline, request: AsgiRequest, response: Response, send: Send) -> None:
    status, headers, body, _ = response
    if b"origin" in request.sent:
        origin = request.header("origin")
        headers = pipeline.headers(request, response, origin) if origin else headers
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if status != 204:
        pairs.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


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
