"""The HTTP `Accept` header and the choice of a content type by it (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING

from protorpc._base_error import Error

if TYPE_CHECKING:
    from collections.abc import Iterable


_MEDIA_RANGE = re.compile(r"([^/]+)/([^/]+)")
_PARAMETER = re.compile(r';\s*([^\s;="]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_QUOTED_PAIR = re.compile(r"\\(.)")


class AcceptError(Error):
    """An `Accept` header that cannot be read."""


@functools.total_ordering
class AcceptItem:
    """One entry of an `Accept` header; entries sort with the most wanted first."""

    __slots__ = ("_values", "index", "main_type", "q", "sort_key", "sub_type")

    def __init__(self, accept_header: str, index: int) -> None:
        """Read one entry.

        Args:
            accept_header: What stands between two commas, such as `'text/*; q=0.5'`. Case does not matter.
            index: Position of the entry in its header; the earlier wins among equals.

        Raises:
            AcceptError: Not of the form `type/subtype`, or `q` is not a number.
        """
        entry = accept_header.strip().lower()
        content_type, self._values = _split_header(entry)
        match = _MEDIA_RANGE.fullmatch(content_type)
        if match is None:
            raise AcceptError(f"Not an entry of an Accept header: {entry!r}")
        self.index = index
        self.main_type = None if match[1] == "*" else match[1]
        self.sub_type = None if match[2] == "*" else match[2]
        self.q = _quality(self._values.get("q", "1"), entry)
        self.sort_key = (self.main_type is None, self.sub_type is None, -self.q, not self._values, index)

    @property
    def values(self) -> dict[str, str]:
        """A copy of all parameters of the entry, `q` among them."""
        return dict(self._values)

    def match(self, content_type: str) -> bool:
        """Whether this entry admits `content_type`, whose parameters do not count."""
        match = _MEDIA_RANGE.fullmatch(_split_header(content_type.lower())[0])
        return match is not None and self.main_type in (None, match[1]) and self.sub_type in (None, match[2])

    def __eq__(self, other: object) -> bool:
        return self.sort_key == other.sort_key if isinstance(other, AcceptItem) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self.sort_key < other.sort_key if isinstance(other, AcceptItem) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.sort_key)

    def __str__(self) -> str:
        parameters = [f"{name}={value}" for name, value in self._values.items()]
        return "; ".join([f"{self.main_type or '*'}/{self.sub_type or '*'}", *parameters])

    def __repr__(self) -> str:
        return f"AcceptItem({str(self)!r}, {self.index})"


def parse_accept_header(accept_header: str) -> list[AcceptItem]:
    """Read the value of an `Accept` header.

    Returns:
        Its entries, the most wanted first.

    Raises:
        AcceptError: One of the entries cannot be read.
    """
    return sorted(AcceptItem(entry, index) for index, entry in enumerate(accept_header.split(",")))


def choose_content_type(accept_header: str, supported_types: Iterable[str]) -> str | None:
    """Choose what to answer with.

    Args:
        accept_header: Value of the `Accept` header.
        supported_types: Content types that can be sent, the preferred one first.

    Returns:
        The one of `supported_types` that the client wants most, or None if it wants none of them.

    Raises:
        AcceptError: The header cannot be read.
    """
    supported = list(supported_types)
    return next(
        (offer for item in parse_accept_header(accept_header) for offer in supported if item.match(offer)), None
    )


def _split_header(text: str) -> tuple[str, dict[str, str]]:
    value, semicolon, rest = text.partition(";")
    parameters = {name: _unquote(found.strip()) for name, found in _PARAMETER.findall(semicolon + rest)}
    return value.strip(), parameters


def _unquote(value: str) -> str:
    return _QUOTED_PAIR.sub(r"\1", value[1:-1]) if len(value) > 1 and value[0] == value[-1] == '"' else value


def _quality(text: str, entry: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        quality = math.nan
    if not math.isfinite(quality):
        raise AcceptError(f"q is not a number in an Accept header: {entry!r}")
    return quality
