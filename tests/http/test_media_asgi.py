"""Media on an event loop: slow callers, callers who go away, deadlines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import endpoints
from protorpc import messages, remote

pytestmark = pytest.mark.usefixtures("upload_folder")
UPLOAD = "/_ah/api/upload/slow/v1/"
TIMEOUT = 20.0


class Told(messages.Message):
    size = messages.IntegerField(1)


seen: list[str] = []


async def endless() -> AsyncIterator[bytes]:
    try:
        while True:
            yield b"x" * 1000
            await asyncio.sleep(0)
    finally:
        seen.append("async closed")


class Endless:
    """An iterator that never ends."""

    def __iter__(self) -> Endless:
        return self

    def __next__(self) -> bytes:
        return b"x" * 1000

    def close(self) -> None:
        seen.append("closed")


@endpoints.api(name="slow", version="v1")
class SlowApi(remote.Service):
    @endpoints.method(path="take", media_upload=endpoints.MediaUpload())
    def take(self, request: messages.Message) -> Told:
        media = endpoints.uploaded_media()
        seen.append("called")
        return Told(size=0 if media is None else media.size)

    @endpoints.method(path="wait", media_upload=endpoints.MediaUpload())
    async def wait(self, request: messages.Message) -> None:
        try:
            await asyncio.sleep(TIMEOUT)
        finally:
            seen.append("cancelled")

    @endpoints.method(path="endless/{kind}", http_method="GET", media_download=True)
    def endless(self, request: messages.Message, kind: str) -> Told | endpoints.MediaContent:
        return endpoints.MediaContent(endless() if kind == "async" else Endless())


class Connection:
    """One request whose events a test sends one by one."""

    def __init__(self, app: Any, method: str, path: str, **headers: str) -> None:
        path, _, query = path.partition("?")
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"localhost:8080"), *pairs], "server": ("localhost", 8080), "client": ("::1", 5),
        }  # fmt: skip
        self._events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task = asyncio.ensure_future(app(scope, self._events.get, self._sent.put))

    async def send(self, body: bytes, *, more: bool) -> None:
        await self._events.put({"type": "http.request", "body": body, "more_body": more})

    async def leave(self) -> None:
        await self._events.put({"type": "http.disconnect"})

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(TIMEOUT):
            return await self._sent.get()

    async def cancelled(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self.over()

    async def over(self) -> None:
        async with asyncio.timeout(TIMEOUT):
            await self._task

    @property
    def answered(self) -> bool:
        return not self._sent.empty()


def run(test: Callable[..., Any], **options: Any) -> None:
    seen.clear()

    async def within_time() -> None:
        async with asyncio.timeout(3 * TIMEOUT):
            await test(endpoints.api_server([SlowApi], **options).asgi)

    asyncio.run(within_time())


def test_slow_callers_hold_no_thread() -> None:
    async def test(app: Any) -> None:
        slow = [Connection(app, "POST", f"{UPLOAD}take?uploadType=media") for _ in range(5)]
        for connection in slow:
            await connection.send(b"x", more=True)
        quick = Connection(app, "POST", f"{UPLOAD}take?uploadType=media", content_length="0")
        await quick.send(b"", more=False)
        assert (await quick.receive())["status"] == 200
        assert not any(connection.answered for connection in slow)
        for connection in slow:
            await connection.send(b"y", more=False)
            assert (await connection.receive())["status"] == 200
            assert (await connection.receive())["body"] == b'{"size":"2"}'

    run(test, threads=1)


def test_a_deadline_is_for_the_method_alone() -> None:
    async def test(app: Any) -> None:
        slow = Connection(app, "POST", f"{UPLOAD}take?uploadType=media")
        await slow.send(b"x", more=True)
        late = Connection(app, "POST", f"{UPLOAD}wait?uploadType=media")
        await late.send(b"x", more=False)
        assert (await late.receive())["status"] == 504  # so that the deadline of the other one has passed as well
        assert seen == ["cancelled"]
        await slow.send(b"y", more=False)
        assert (await slow.receive())["status"] == 200

    run(test, limits=endpoints.Limits(deadline=0.2))


def test_a_caller_who_sends_nothing_is_late(upload_folder: Path) -> None:
    async def test(app: Any) -> None:
        slow = Connection(app, "POST", f"{UPLOAD}take?uploadType=media")
        await slow.send(b"x", more=True)
        assert (await slow.receive())["status"] == 408

    run(test, limits=endpoints.Limits(body_time=0.1))
    assert list(upload_folder.iterdir()) == []


def test_what_came_of_a_broken_upload_is_forgotten(upload_folder: Path) -> None:
    async def test(app: Any) -> None:
        gone = Connection(app, "POST", f"{UPLOAD}take?uploadType=media")
        await gone.send(b"x", more=True)
        await gone.leave()
        await gone.over()
        assert not gone.answered

    run(test)
    assert (seen, list(upload_folder.iterdir())) == ([], [])


@pytest.mark.parametrize("kind", ["media", "resumable"])
def test_an_upload_that_is_cancelled_leaves_nothing(upload_folder: Path, kind: str) -> None:
    async def test(app: Any) -> None:
        for turns in range(60):
            upload = Connection(app, "POST", f"{UPLOAD}take?uploadType={kind}")
            await upload.send(b"" if kind == "resumable" else b"x" * 1000, more=kind == "media")
            for _ in range(turns // 2):
                await asyncio.sleep(turns % 2 / 5000)
            if not upload.answered:
                await upload.cancelled()
            elif kind == "resumable":
                headers = dict((await upload.receive())["headers"])
                address = headers[b"location"].decode().removeprefix("http://localhost:8080")
                given_up = Connection(app, "DELETE", address)
                await given_up.send(b"", more=False)
                assert (await given_up.receive())["status"] == 204

    run(test)
    assert list(upload_folder.iterdir()) == []


def test_a_resumable_upload_goes_on_where_it_broke_off() -> None:
    async def test(app: Any) -> None:
        begun = Connection(app, "POST", f"{UPLOAD}take?uploadType=resumable", content_length="0")
        await begun.send(b"", more=False)
        headers = dict((await begun.receive())["headers"])
        address = headers[b"location"].decode().removeprefix("http://localhost:8080")
        gone = Connection(app, "PUT", address, content_range="bytes 0-3/4")
        await gone.send(b"x" * 3, more=True)
        await gone.leave()
        await gone.over()
        asked = Connection(app, "PUT", address, content_range="bytes */4", content_length="0")
        await asked.send(b"", more=False)
        answer = await asked.receive()
        there = dict(answer["headers"]).get(b"range", b"bytes=0--1")
        first = int(there.rpartition(b"0-")[2]) + 1
        last = Connection(app, "PUT", address, content_range=f"bytes {first}-3/4")
        await last.send(b"x" * (4 - first), more=False)
        assert (await last.receive())["status"] == 200
        assert (await last.receive())["body"] == b'{"size":"4"}'

    run(test)


@pytest.mark.parametrize(("kind", "closed"), [("async", "async closed"), ("sync", "closed")])
def test_a_source_is_closed_when_nobody_listens(kind: str, closed: str) -> None:
    async def test(app: Any) -> None:
        gone = Connection(app, "GET", f"/_ah/api/slow/v1/endless/{kind}?alt=media")
        await gone.send(b"", more=False)
        assert (await gone.receive())["status"] == 200
        assert (await gone.receive())["body"] == b"x" * 1000
        await gone.leave()
        await gone.over()

    run(test)
    assert seen == [closed]
