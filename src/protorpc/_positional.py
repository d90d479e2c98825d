"""Keyword-only arguments the way Python 2 code declares them."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, ParamSpec, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable


_P = ParamSpec("_P")
_R = TypeVar("_R")


@overload
def positional(max_positional_args: int) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]: ...
@overload
def positional(max_positional_args: Callable[_P, _R]) -> Callable[_P, _R]: ...
def positional(
    max_positional_args: int | Callable[_P, _R],
) -> Callable[_P, _R] | Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Let callers of a function pass only its first arguments by position.

    `@positional(2)` allows two, `self` counted among them; a bare `@positional` allows as many as have no default.
    New code says the same with `*` in the signature.

    Raises:
        ValueError: The bare form on a function without defaults.
        TypeError: By the decorated function, when it is given more by position.
    """
    if isinstance(max_positional_args, int):
        return functools.partial(_limited, max_positional_args)
    return _limited(_count_without_default(max_positional_args), max_positional_args)


def _limited(limit: int, function: Callable[_P, _R]) -> Callable[_P, _R]:
    name = getattr(function, "__name__", repr(function))
    plural = "" if limit == 1 else "s"

    @functools.wraps(function)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if len(args) > limit:
            raise TypeError(f"{name}() takes at most {limit} positional argument{plural} ({len(args)} given)")
        return function(*args, **kwargs)

    return checked


def _count_without_default(function: Callable[..., object]) -> int:
    parameters = inspect.signature(function).parameters.values()
    by_position = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p for p in by_position if p.default is p.empty]
    if len(required) == len(by_position):
        raise ValueError("Functions with no keyword arguments must specify max_positional_args")
    return len(required)
