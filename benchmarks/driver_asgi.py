"""Calls an ASGI application in process, with the scope that a server would give it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from workloads import Work

_loop = asyncio.new_event_loop()
_lifespans: dict[int, asyncio.Task[None]] = {}


def drive(app: Any, work: Work) -> tuple[Callable[[int], None], Callable[[], tuple[int, bytes]]]:
    """Return `repeat(n)`, which sends n requests, and `once()`, which sends one and returns its status and body."""
    if id(app) not in _lifespans:
        _lifespans[id(app)] = _loop.run_until_complete(_started(app))
    paths = itertools.cycle(work.paths)
    headers = [(name.encode(), value.encode()) for name, value in work.headers]
    event = {"type": "http.request", "body": work.body, "more_body": False}
    sent: list[Any] = []

    async def record(message: Any) -> None:
        sent.append(message)

    async def send() -> None:
        path = next(paths)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 50000),
            "scheme": "http",
            "method": work.method,
            "root_path": "",
            "path": path,
            "raw_path": path.encode(),
            "query_string": work.query.encode(),
            "headers": list(headers),
            "state": {},
        }
        received = False

        async def receive() -> Any:
            nonlocal received
            if received:
                await asyncio.sleep(3600)
            received = True
            return event

        await app(scope, receive, record)

    async def many(n: int) -> None:
        for _ in range(n):
            await send()
            sent.clear()

    def once() -> tuple[int, bytes]:
        sent.clear()
        _loop.run_until_complete(send())
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])

    return lambda n: _loop.run_until_complete(many(n)), once


async def _started(app: Any) -> asyncio.Task[None]:
    """Start the application's lifespan and leave it running."""
    inbox: asyncio.Queue[Any] = asyncio.Queue()
    started = asyncio.Event()
    inbox.put_nowait({"type": "lifespan.startup"})

    async def send(message: Any) -> None:
        if message["type"] != "lifespan.startup.complete":
            raise RuntimeError(message)
        started.set()

    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    task = asyncio.ensure_future(app(scope, inbox.get, send))
    await started.wait()
    return task
