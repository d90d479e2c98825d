"""Path templates: what may be declared as a path, and what a declared path consists of.

A template is plain text in segments between slashes. A whole segment may be a variable, ``{name}`` or, for a field of
a nested message, ``{name.field}``; the last one may carry a verb, ``{name}:activate``. Nothing in it is a regular
expression.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from endpoints.exceptions import ApiConfigurationError

_NAME: Final = r"[a-zA-Z_][a-zA-Z0-9_]*"
_VARIABLE: Final = re.compile(rf"\{{({_NAME}(?:\.{_NAME})*)\}}(?::([^{{}}]+))?")


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between two slashes."""

    literal: str = ""
    """The text of a segment that is no variable, not percent-encoded."""
    variable: str | None = None
    """Dotted name of the field that takes the value."""
    verb: str = ""
    """What follows the colon after the variable."""


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A declared path, understood."""

    text: str
    segments: tuple[Segment, ...]
    """In order; a slash at the end makes an empty one."""

    @property
    def variables(self) -> tuple[str, ...]:
        """Dotted names of the variables in order."""
        return tuple(each.variable for each in self.segments if each.variable is not None)

    @property
    def shape(self) -> tuple[tuple[str | None, str], ...]:
        """What decides which addresses match: the template without the names of its variables."""
        return tuple((None if each.variable else each.literal, each.verb) for each in self.segments)


def parse(path: str) -> PathTemplate:
    """Take a path template apart.

    Args:
        path: the template, with or without a slash at its beginning.

    Raises:
        ApiConfigurationError: a brace without its partner, a variable that is not a whole segment or no field name, a
            variable that comes twice, a verb elsewhere than at the end, a query or a fragment (recorded:
            method-path-* of docs/config_errors.json).
    """
    *first, last = path.split("/")
    segments = (*(_segment(part, path, last=False) for part in first), _segment(last, path, last=True))
    template = PathTemplate(path, segments)
    names = template.variables
    for name in names:
        if names.count(name) > 1:
            raise ApiConfigurationError(f"path {path!r}: the variable {name!r} comes more than once")
    return template


def join(path: str, prefix: str | None) -> str:
    """Return a method's path below its API's root: a leading slash leaves out the prefix of its class."""
    if path.startswith("/"):
        return path[1:]
    return "/".join(part for part in (prefix, path) if part)


def _segment(part: str, path: str, *, last: bool) -> Segment:
    if "?" in part or "#" in part:
        raise ApiConfigurationError(
            f"path {path!r}: {part!r} holds a query or a fragment; declare query parameters as fields"
        )
    if "{" not in part and "}" not in part:
        return Segment(literal=part)
    found = _VARIABLE.fullmatch(part)
    if not found or (found[2] and not last):
        raise ApiConfigurationError(
            f"path {path!r}: {part!r} is no valid segment; a variable is a whole segment, "
            "{field} or {field.field}, and only the last one may end with :verb"
        )
    return Segment(variable=found[1], verb=found[2] or "")
