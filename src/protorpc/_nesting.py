"""Which message classes are inside which, for the code that is generated for a class and all that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from protorpc._roots import is_message_class

# How much source one generated function may hold before nested messages get functions of their own.
_MAX_INLINED_FIELDS = 60


def nested(field: Any) -> Any:
    """The message class inside a field, or None."""
    kind = field.python_type
    return kind if is_message_class(kind) else None


def reachable(message: Any) -> Iterator[Any]:
    """A message class and all that are inside it, each once."""
    seen, waiting = {message}, [message]
    while waiting:
        current = waiting.pop()
        yield current
        found = {nested(field) for field in current.__fields__.values()} - seen - {None}
        seen |= found
        waiting += found


def apart(inner: Any, path: tuple[Any, ...]) -> bool:
    """Whether code for `inner`, within code for the classes in `path`, is to be a function of its own."""
    return inner in path or sum(len(each.__fields__) for each in (*path, inner)) > _MAX_INLINED_FIELDS
