"""Calls of a batch on an event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from msgspec import UNSET

from endpoints.serving import enclosed
from endpoints.serving.asgi import Application
from endpoints.serving.asgi_request import AsgiRequest
from endpoints.serving.batched_calls import BatchedCall, Caller, check_size
from endpoints.serving.call import Call
from endpoints.serving.enclosed import EnclosedRequest
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request, Response

ASYNCHRONOUS: Final = 100
"""How many calls of a batch that take no thread are under way at a time."""
BLOCKING: Final = 8
"""The same of calls that take a thread: the others are for other callers."""

_BREATH: Final = 50  # calls that are looked up before others get their turn


async def make(caller: Caller, batch: Request, calls: list[BatchedCall]) -> None:
    """Make all calls of a batch that came on ASGI."""
    ready = []
    for number, call in enumerate(calls, 1):
        try:
            sent = caller.checked(batch, call)
            scope = _scope(batch, sent)
            found = caller.target(call, AsgiRequest(scope, UNSET, None, None, None, dict(scope["headers"])))
        except Refusal as refusal:
            call.answer = enclosed.written(caller.pipeline.fail(refusal, batch))
        else:
            ready.append((call, sent, found))
        if not number % _BREATH:
            await asyncio.sleep(0)
    await make_together(caller, batch, ready)


async def make_together(caller: Caller, batch: Request, calls: list[tuple[BatchedCall, EnclosedRequest, Any]]) -> int:
    """Make calls at the same time.

    Args:
      caller: knows the application.
      batch: the request that the calls came in.
      calls: with their requests, and what answers them.

    Returns:
      The bytes of all answers.
    """
    application, size = caller.asgi(), 0
    turns = {True: asyncio.Semaphore(BLOCKING), False: asyncio.Semaphore(ASYNCHRONOUS)}

    async def make_one(call: BatchedCall, sent: EnclosedRequest, target: Any) -> None:
        nonlocal size
        async with turns[isinstance(target, Call) and target.blocking]:
            await asyncio.sleep(0)  # methods that wait for nothing must not follow on one another without end
            try:
                check_size(size)
                answer = await _answered(application, _scope(batch, sent), sent.body)
            except Exception as error:
                answer = caller.pipeline.fail(error, batch)
            call.answer = enclosed.written(answer)
            size += len(call.answer)

    # Each in a task, which has a context of its own.
    await asyncio.gather(*(make_one(*each) for each in calls))
    return size


def _scope(batch: Request, sent: EnclosedRequest) -> dict[str, Any]:
    """A call for ASGI: what the batch says of server and connection, with the call's own request."""
    name, port = batch.server
    address = batch.client_address
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": sent.method.upper(),
        "scheme": batch.scheme,
        "path": sent.path_bytes.decode("utf-8", "replace"),
        "raw_path": sent.path.encode("ascii"),
        "query_string": sent.query.encode("latin-1"),
        "root_path": batch.mount,
        "headers": [(name.encode("ascii"), value.encode("latin-1")) for name, value in sent.fields],
        "server": (name, int(port) if port.isdecimal() else None),
        "client": None if address is None else (address, 0),
    }


async def _answered(application: Application, scope: dict[str, Any], body: bytes) -> Response:
    began: list[dict[str, Any]] = []
    pieces: list[bytes] = []
    events = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(events, {"type": "http.disconnect"})

    async def send(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            began.append(event)
        else:
            pieces.append(event.get("body", b""))

    await application(scope, receive, send)
    (start,) = began
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return Response(start["status"], headers, b"".join(pieces))
