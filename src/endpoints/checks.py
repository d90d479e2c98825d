"""Checks of the arguments that decorators take; each gives back the value in the form that definitions keep.

`where` begins every message: it names the API, the class or the method that the argument belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def instance(where: str, argument: str, value: Any, wanted: type[T], described: str) -> T | None:
    """Return `value`, which is None or an instance of `wanted`. Raises TypeError."""
    if value is None or isinstance(value, wanted):
        return value
    raise TypeError(f"{where}: {argument} must be {described}, not {value!r}")


def text(where: str, argument: str, value: Any) -> str | None:
    """Return `value`, which is None or a string. Raises TypeError."""
    return instance(where, argument, value, str, "a string")


def required_text(where: str, argument: str, value: Any) -> str:
    """Return `value`, which is a string. Raises TypeError."""
    if value is None:
        raise TypeError(f"{where}: {argument} must be a string, not None")
    return str(text(where, argument, value))


def flag(where: str, argument: str, value: Any) -> bool | None:
    """Return `value`, which is None, True or False. Raises TypeError."""
    return instance(where, argument, value, bool, "True or False")


def number(where: str, argument: str, value: Any) -> int | None:
    """Return `value`, which is None or an integer and no boolean. Raises TypeError."""
    if isinstance(value, bool):
        raise TypeError(f"{where}: {argument} must be an integer, not {value!r}")
    return instance(where, argument, value, int, "an integer")


def required_number(where: str, argument: str, value: Any) -> int:
    """Return `value`, which is an integer and no boolean. Raises TypeError."""
    if value is None:
        raise TypeError(f"{where}: {argument} must be an integer, not None")
    return int(number(where, argument, value) or 0)


def listing(
    where: str, argument: str, value: Any, wanted: type[T] | tuple[type[T], ...], described: str
) -> list[T] | None:
    """Return a new list of the elements of `value`, which is None or a list or tuple of `wanted`. Raises TypeError."""
    if value is None:
        return None
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{where}: {argument} must be a list of {described}, not {value!r}")
    for element in value:
        if not isinstance(element, wanted):
            raise TypeError(f"{where}: {argument} must hold {described} only, not {element!r}")
    return list(value)


def texts(where: str, argument: str, value: Any) -> list[str] | None:
    """Return a new list of strings, or None. Raises TypeError."""
    return listing(where, argument, value, str, "strings")


def mapping(where: str, argument: str, value: Any) -> dict[Any, Any] | None:
    """Return a new dict of `value`, which is None or a dict. Raises TypeError."""
    found: Mapping[Any, Any] | None = instance(where, argument, value, dict, "a dict")
    return None if found is None else dict(found)
