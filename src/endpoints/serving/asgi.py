"""The ASGI side (https://asgi.readthedocs.io, version 3): scope to request, response to events, and the lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from msgspec import UNSET

from endpoints.serving.asgi_request import AsgiRequest
from endpoints.serving.async_body import AsyncBody, Disconnected
from endpoints.serving.call import Call
from endpoints.serving.choice import Choice
from endpoints.serving.deadlines import in_time, prepared, within
from endpoints.serving.etags import entity_tag
from endpoints.serving.exchange import Exchange, announced_size
from endpoints.serving.limits import LARGE_BODY, Limits, late_body
from endpoints.serving.packed_bodies import coding_of
from endpoints.serving.pipeline import OK_HEADERS, Pipeline
from endpoints.serving.presentation import is_bare
from endpoints.serving.streaming import close_stream, send_stream
from endpoints.serving.threads import ThreadPool
from protorpc._request_state import current_request

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


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
    present, packs_from = pipeline.presentation.presented, pipeline.presentation.threshold
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
        target: Any = None
        token = set_request(request)
        try:
            method, path = scope["method"], scope["path"]
            found = static.get(method + path)
            if found is None and path.isascii() and not path.endswith("/"):
                found = search(method, path)
            if found is None or b"x-http-method-override" in sent:
                found = pipeline.find(request)
            target, values = found
            query = str(scope["query_string"], "latin-1")
            is_call = target.__class__ is Call
            if not is_call and target.__class__ is Choice:
                target = target.chosen(query)
                is_call = target.__class__ is Call
            body = b""
            length = sent.get(b"content-length")
            # From version 2 on HTTP has no Transfer-Encoding, and bodies need not say their length.
            if not is_call and isinstance(target, Exchange):
                pass  # it reads the body by itself
            elif b"content-encoding" in sent:
                body = await _body(request, receive, limits).whole() if length != b"0" else b""
            elif length != b"0" if length else b"transfer-encoding" in sent or scope.get("http_version", "1")[0] != "1":
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
            if not is_call:
                if isinstance(target, Exchange):
                    work = target.answer_async(request, values, _body(request, receive, limits), threads)
                    response = await (within(work, deadline) if deadline is not None and target.timed else work)
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
                size, is_get = len(content), target.is_get
                if (
                    size
                    and "prettyPrint" not in query
                    and (size < packs_from or b"accept-encoding" not in sent)
                    and b"origin" not in sent
                    and observe is None
                    and not (is_get and (method != "GET" or b"if-none-match" in sent or b"if-match" in sent))
                ):  # what most requests are
                    response = None
                else:
                    response = pipeline.succeed(request, target, query, content)
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
            pairs = [_JSON, _NO_SNIFFING, (b"content-length", b"%d" % size)]
            if is_get:
                pairs.append((b"etag", entity_tag(content).encode("ascii")))
                if target.caching:
                    pairs += _lower(target.caching)
            if request.inquiry is not None:
                pairs += _lower(request.inquiry.headers)
            await send({"type": "http.response.start", "status": 200, "headers": pairs})
            await send({"type": "http.response.body", "body": content})
            return
        if len(response.body) > LARGE_BODY:  # to pack it takes long
            response = await asyncio.to_thread(present, request, response, target)
        else:
            response = present(request, response, target)
        if observe is not None:
            observe(request, found, response.status, begun)
        status, headers, body, _, stream = response
        if b"origin" in sent:
            headers = pipeline.headers(request, response, request.header("origin") or "")
        if request.inquiry is not None:
            headers = [*headers, *request.inquiry.headers]
        pairs = _lower(headers)
        if stream is not None and is_bare(request.sent_method, target):
            await close_stream(stream)
            stream = None
        start = {"type": "http.response.start", "status": status, "headers": pairs}
        if stream is not None:
            token = set_request(request)
            try:
                await send_stream(start, stream, receive, send)
            finally:
                reset_request(token)
            return
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return serve


def _lower(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


_JSON, _NO_SNIFFING = _lower(OK_HEADERS)


def _body(request: AsgiRequest, receive: Receive, limits: Limits) -> AsyncBody:
    """The body, to be read bit by bit."""
    coding = coding_of(", ".join(request.header_values("content-encoding")))
    return AsyncBody(receive, announced_size(request.header("content-length")), limits, coding)


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
