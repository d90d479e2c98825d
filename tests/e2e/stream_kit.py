"""A service whose streams wait for what the test does, by files: servers may have one thread only."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import endpoints
from protorpc import messages, remote

FOLDER = Path(os.environ.get("STREAM_FOLDER", "."))


class Tick(messages.Message):
    n = messages.IntegerField(1, variant=messages.Variant.INT32)


@endpoints.api(name="ticks", version="v1")
class TicksApi(remote.Service):
    @endpoints.method(http_method="GET")
    def once_told(self, request) -> Iterator[Tick]:  # type: ignore[no-untyped-def]
        """The second message is made when the test has seen the first."""
        yield Tick(n=1)
        while not (FOLDER / "go").exists():
            time.sleep(0.01)
        yield Tick(n=2)

    @endpoints.method(http_method="GET")
    async def once_told_async(self, request) -> AsyncIterator[Tick]:  # type: ignore[no-untyped-def]
        yield Tick(n=1)
        while not (FOLDER / "go").exists():  # noqa: ASYNC110 - another process makes the file
            await asyncio.sleep(0.01)
        yield Tick(n=2)

    @endpoints.method(http_method="GET")
    def endless(self, request) -> Iterator[Tick]:  # type: ignore[no-untyped-def]
        try:
            for n in range(1_000_000):
                yield Tick(n=n)
                time.sleep(0.001)
        finally:
            (FOLDER / "closed").touch()

    @endpoints.method(http_method="GET")
    async def endless_async(self, request) -> AsyncIterator[Tick]:  # type: ignore[no-untyped-def]
        try:
            yield Tick(n=1)
            await asyncio.Event().wait()
        finally:
            (FOLDER / "closed").touch()


app = endpoints.api_server([TicksApi])
