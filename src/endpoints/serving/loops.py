"""Coroutines for threads that have no event loop: one loop a thread, kept for the thread's life."""

from __future__ import annotations

import asyncio
import threading
import types
from collections.abc import Awaitable, Coroutine, Generator
from contextvars import copy_context
from typing import Any

from endpoints.serving.failures import Refusal
from endpoints.serving.limits import late_body

_local = threading.local()


def run_until_complete(coroutine: Coroutine[Any, Any, Any], deadline: float | None) -> Any:
    """Run an `async def` method in this thread.

    Raises:
      Refusal: 504, it took longer than `deadline` seconds.
    """
    runner = getattr(_local, "runner", None)
    if runner is None:
        runner = _local.runner = asyncio.Runner()
    # A runner runs everything in the context that it was first used in, unless it is told otherwise.
    return runner.run(coroutine if deadline is None else within(coroutine, deadline), context=copy_context())


@types.coroutine
def promptly(event: Awaitable[Any], seconds: float) -> Generator[Any, Any, Any]:
    """An event of a request body. As a rule it is there at once; then no timer is made, which takes 7 us.

    Raises:
      Refusal: 408, it did not come within `seconds`.
    """
    steps = event.__await__()
    try:
        waited_for = next(steps)
    except StopIteration as done:
        return done.value
    return (yield from _in_time(steps, waited_for, seconds).__await__())


async def _in_time(steps: Generator[Any, Any, Any], waited_for: Any, seconds: float) -> Any:
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
