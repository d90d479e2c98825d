"""The text of the `fields` parameter, which chooses a part of an answer: `items(id,author/name),nextPageToken`.

    selection = choice *( "," choice )
    choice    = name *( "/" name ) [ "(" selection ")" ]

A name is that of a field, or `*` for all fields. White space between the parts is free, and a dot does as a slash; both
as in Google's APIs (https://developers.google.com/drive/api/guides/fields-parameter).
"""

from __future__ import annotations

import re
from typing import Final

MAX_LENGTH: Final = 8192
"""Characters of a mask."""
MAX_DEPTH: Final = 32
"""Levels of nesting that a mask may choose from."""

_PARTS = re.compile(r"[^\s,/.()]+|\S")
_SIGNS = frozenset(",/.()")
_LONGEST = 80  # characters of a mask that a text repeats


class BadMaskError(ValueError):
    """A mask that chooses nothing sensible; the text is Google's, and names what was wrong."""

    def __init__(self, name: str, reason: str = "") -> None:
        shown = name if len(name) <= _LONGEST else name[:_LONGEST] + "..."
        super().__init__(f"Invalid field selection {shown}{reason and ': '}{reason}")


class Mask:
    """What is chosen of one object, or of each object in a list.

    Attributes:
      whole: whether all of it is chosen.
      members: what is chosen of its fields, by name, in the order of the text; `*` stands for every field.
    """

    __slots__ = ("members", "whole")

    def __init__(self) -> None:
        self.whole = False
        self.members: dict[str, Mask] = {}


def parse(text: str) -> Mask:
    """Read a mask.

    Args:
      text: percent-decoded.

    Raises:
      BadMaskError: it breaks the rules above, is longer than MAX_LENGTH or nested more than MAX_DEPTH deep.
    """
    if len(text) > MAX_LENGTH:
        raise BadMaskError(text, f"it is longer than {MAX_LENGTH} characters")
    reader = _Reader(text)
    mask = Mask()
    reader.selection(mask, 0)
    if reader.part:
        raise reader.error("a comma or the end")
    return mask


class _Reader:
    """Walks over the parts of a mask. Masks are merged while they are read: `a/b,a/c` is `a(b,c)`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts = _PARTS.finditer(text)
        self.advance()

    def advance(self) -> None:
        """Go to the next part; an empty one is the end."""
        found = next(self._parts, None)
        self.part = found[0] if found else ""
        self._place = found.start() if found else len(self._text)

    def error(self, expected: str) -> BadMaskError:
        """The current part is another than expected."""
        return BadMaskError(self._text, f"expected {expected} at character {self._place + 1}")

    def selection(self, mask: Mask, depth: int) -> None:
        """Read choices, separated by commas, into a mask."""
        self._choice(mask, depth)
        while self.part == ",":
            self.advance()
            self._choice(mask, depth)

    def _choice(self, mask: Mask, depth: int) -> None:
        mask = self._name(mask)
        while self.part in ("/", "."):
            self.advance()
            depth += 1
            mask = self._name(mask)
        if depth >= MAX_DEPTH:
            raise BadMaskError(self._text, f"it is nested more than {MAX_DEPTH} deep")
        if self.part != "(":
            mask.whole = True
            return
        self.advance()
        self.selection(mask, depth + 1)
        if self.part != ")":
            raise self.error("a comma or a closing parenthesis")
        self.advance()

    def _name(self, mask: Mask) -> Mask:
        name = self.part
        if not name or name in _SIGNS:
            raise self.error("a name")
        self.advance()
        return mask.members.setdefault(name, Mask())
