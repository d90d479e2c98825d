"""Coroutines for threads that have no event loop: one loop a thread, kept for the thread's life."""

from __future__ import annotations

import asyncio
import threading
import types
from collections.abc import Coroutine, Generator
from typing import Any

from endpoints.serving.failures import Refusal
from endpoints.serving.limits import late_body

_local = threading.local()


def run_until_complete(coroutine: Coroutine[Any, Any, Any], deadline: float | None) -> Any:
    """Run an `async def` method in this thread.

    Raises:
      Refusal: 504, it took longer than `deadline` seconds.
    """
    own = getattr(_local, "own", None)
    if own is None:
        own = _local.own = _OwnLoop()
    return own.run(coroutine if deadline is None else within(coroutine, deadline))


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


async def in_time(steps: Generator[Any, Any, Any], waited_for: Any, seconds: float) -> Any:
    """The result of an awaitable that was begun, and waits: an event of a request body.

    Args:
      steps: the iterator that its `__await__` has returned.
      waited_for: what that has yielded.
      seconds: how long to wait.

    Raises:
      Refusal: 408, it did not come within `seconds`.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _resumed(steps, waited_for)
    except TimeoutError:
        raise late_body(seconds) from None


@types.coroutine
def _resumed(steps: Generator[Any, Any, Any], waited_for: Any) -> Generator[Any, Any, Any]:
    try:
        yield waited_for
    except BaseException:
        steps.close()
        raise
    return (yield from steps)


async def within(awaitable: Any, deadline: float) -> Any:
    """The result of an awaitable. Raises Refusal (504) when there is none after `deadline` seconds."""
    try:
        async with asyncio.timeout(deadline) as limit:
            return await awaitable
    except TimeoutError:
        if limit.expired():
            raise Refusal(504, f"The method did not answer within {deadline:g} seconds") from None
        raise
