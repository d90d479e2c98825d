"""Coroutines for threads that have no event loop: one loop a thread, kept for the thread's life."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from endpoints.serving.deadlines import within

_local = threading.local()


def run_until_complete(coroutine: Coroutine[Any, Any, Any], deadline: float | None) -> Any:
    """Run an `async def` method in this thread.

    Raises:
      Refusal: 504, it took longer than `deadline` seconds.
      RuntimeError: a task was cancelled that it waited for.
    """
    own = getattr(_local, "own", None)
    if own is None:
        own = _local.own = _OwnLoop()
    try:
        return own.run(coroutine if deadline is None else within(coroutine, deadline))
    except asyncio.CancelledError as error:
        raise RuntimeError("The method waited for a task that was cancelled") from error


class _OwnLoop:
    """A loop that is closed with its thread.

    asyncio.Runner would run everything in the context of its first use, so that later requests would see the first one,
    and would exchange the handler of SIGINT for every call.
    """

    def __init__(self) -> None:
        loop = asyncio.new_event_loop()
        self.run = loop.run_until_complete
        self._close = loop.close

    def __del__(self) -> None:
        self._close()
