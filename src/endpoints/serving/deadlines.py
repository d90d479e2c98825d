"""Waiting, but not for ever: for what a method answers, and for what a caller still has to send."""

from __future__ import annotations

import asyncio
import time
import types
from collections.abc import Awaitable, Generator
from typing import Any

from endpoints.serving.failures import Refusal
from endpoints.serving.limits import late_body


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


async def prepared(preparation: Awaitable[None], deadline: float | None) -> float | None:
    """Await what comes before a method, and return how many seconds are left for it, None for any time.

    Raises:
      Refusal: 504, nothing is left.
    """
    if deadline is None:
        await preparation
        return None
    begun = time.monotonic()
    await within(preparation, deadline)
    return deadline - (time.monotonic() - begun)


async def within(awaitable: Any, deadline: float) -> Any:
    """The result of an awaitable. Raises Refusal (504) when there is none after `deadline` seconds."""
    try:
        async with asyncio.timeout(deadline) as limit:
            return await awaitable
    except TimeoutError:
        if limit.expired():
            raise Refusal(504, f"The method did not answer within {deadline:g} seconds") from None
        raise
