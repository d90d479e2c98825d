"""Calls that are tried again when they fail, after longer and longer waits."""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

__all__ = ["retries"]

_LOG = logging.getLogger(__name__)
_Function = TypeVar("_Function", bound=Callable[..., Any])
_Wanted = Callable[[Exception, float], bool]


def retries(
    max_tries: int, should_retry: Callable[[Exception], object], delay: float = 1, backoff: float = 2
) -> Callable[[_Function], _Function]:
    """Return a decorator that calls a function, also an `async def` one, again when it raises an exception.

    Args:
        max_tries: how often it is called at the most, from 1 on; what the last call raises is raised.
        should_retry: whether an exception is one that may pass; any other is raised at once.
        delay: seconds before the second call.
        backoff: what each wait is multiplied by to become the next.

    Raises:
        ValueError: `max_tries` is less than 1, `delay` or `backoff` less than 0.
    """
    if max_tries < 1:
        raise ValueError(f"retries: max_tries must be 1 or more, not {max_tries!r}")
    if delay < 0 or backoff < 0:
        raise ValueError(f"retries: delay and backoff must be 0 or more, not {delay!r} and {backoff!r}")
    waits = [delay * backoff**number for number in range(max_tries - 1)]

    def wanted(error: Exception, wait: float) -> bool:
        again = bool(should_retry(error))
        if again:
            _LOG.info("%r; trying again in %s seconds", error, wait)
        return again

    def decorate(function: _Function) -> _Function:
        repeated = _awaited if inspect.iscoroutinefunction(function) else _called
        return cast(_Function, functools.wraps(function)(repeated(function, waits, wanted)))

    return decorate


def _called(function: Callable[..., Any], waits: Sequence[float], wanted: _Wanted) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        for wait in waits:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                if not wanted(error, wait):
                    raise
            time.sleep(wait)
        return function(*args, **kwargs)

    return call


def _awaited(function: Callable[..., Any], waits: Sequence[float], wanted: _Wanted) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        for wait in waits:
            try:
                return await function(*args, **kwargs)
            except Exception as error:
                if not wanted(error, wait):
                    raise
            await asyncio.sleep(wait)
        return await function(*args, **kwargs)

    return call
