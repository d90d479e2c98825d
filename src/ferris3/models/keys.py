"""Keys as text: the `id` of a message, and the `itemId` of a method.

A key of one value is written as that value; one of several as all of them, percent-encoded (RFC 3986, 2.1) and joined
with commas, in the order of the columns: `7,north%2Feast`.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import quote, unquote

LARGEST_INTEGER: Final = 2**63 - 1
"""What databases and INT64 fields can hold."""
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return fitting_integer(int(text))


def fitting_integer(number: int) -> int:
    """Return a number that has 64 bits with its sign. Raises ValueError when it has more."""
    if not -LARGEST_INTEGER - 1 <= number <= LARGEST_INTEGER:
        raise ValueError(f"{number} has more than 64 bits")
    return number


def _text(text: str) -> str:
    if "\0" in text:  # PostgreSQL has no such text
        raise ValueError(text)
    return text


_READERS: Final[dict[type, Callable[[str], Any]]] = {
    int: _integer,
    str: _text,
    uuid.UUID: uuid.UUID,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: datetime.datetime.fromisoformat,
}


def is_key_type(python_type: object) -> bool:
    """Whether a value of the type can be a key, or a part of one."""
    return python_type in _READERS


def to_text(values: Sequence[Any]) -> str:
    """Write the values of a key."""
    if len(values) == 1:
        return _written(values[0])
    return ",".join(quote(_written(value), safe="") for value in values)


def from_text(types: Sequence[type], text: str) -> tuple[Any, ...]:
    """Read the values of a key.

    Args:
        types: the type of each value.
        text: as `to_text` writes it.

    Raises:
        ValueError: it cannot be such a key.
    """
    parts = [text] if len(types) == 1 else [unquote(part, errors="strict") for part in text.split(",")]
    return tuple(_READERS[python_type](part) for python_type, part in zip(types, parts, strict=True))


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
