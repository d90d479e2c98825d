"""Coroutines for threads that have no event loop: one loop a thread, kept for the thread's life."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextvars import copy_context
from typing import Any

from endpoints.serving.failures import Refusal

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


async def within(awaitable: Any, deadline: float) -> Any:
    """The result of an awaitable. Raises Refusal (504) when there is none after `deadline` seconds."""
    try:
        async with asyncio.timeout(deadline) as limit:
            return await awaitable
    except TimeoutError:
        if limit.expired():
            raise Refusal(504, f"The method did not answer within {deadline:g} seconds") from None
        raise
