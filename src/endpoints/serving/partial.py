"""Partial answers: of what a method answers, the part that the `fields` parameter chooses.

A mask is checked against the class of the answer before the method is called. For a mask that comes again code is made
that writes the chosen fields only; else all is written, and what is not chosen is left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec

from endpoints.definitions import BODILESS
from endpoints.operations import Operation
from endpoints.serving.decoding import is_form
from endpoints.serving.failures import Refusal
from endpoints.serving.field_masks import BadMaskError, Mask, parse
from endpoints.serving.http import Request
from endpoints.serving.parameters import value_of
from protorpc._nesting import nested
from protorpc._parts import Choice, part_writer
from protorpc.messages import Message

PARAMETER: Final = "fields"
MAX_CHOICES: Final = 100
"""Objects of different kinds of which a mask may choose different parts; it takes wildcards to come to so many."""

_KEPT = 256  # masks that are remembered
# Code takes long to make, too long for masks that come once, and room to keep: it is made for the third call with a
# mask that chooses from no more kinds of objects than this.
_UNPREPARED_CALLS = 2
_MAX_PREPARED_CHOICES = 20
_DETAILS = {"locationType": "parameter", "location": PARAMETER}


class Selection:
    """What a mask chooses of the answers of one class. What an answer has not is left out.

    Args:
      response_type: class of the answer.
      text: the mask, percent-decoded; an empty one chooses all.
      naive_as_utc: whether dates without a time zone are answered as those of UTC.

    Raises:
      Refusal: 400, the mask is no mask, or names what the class does not declare.
    """

    def __init__(self, response_type: type[Message], text: str, naive_as_utc: bool) -> None:
        try:
            self._choice, size = _resolved(response_type, text)
        except BadMaskError as error:
            raise Refusal(400, str(error), reason="invalidParameter", details=_DETAILS) from None
        self._response_type = response_type
        self._naive_as_utc = naive_as_utc
        self._calls_left = _UNPREPARED_CALLS if size <= _MAX_PREPARED_CHOICES else math.inf
        self._write: Callable[[Any], bytes | None] | None = None

    def part(self, content: bytes) -> bytes:
        """The chosen part of an encoded answer; of none, none. Takes its time."""
        choice = self._choice
        if choice is None or not content:
            return content
        try:
            return msgspec.json.encode(_part(choice, msgspec.json.decode(content)))
        except (msgspec.DecodeError, OverflowError):  # a lone surrogate, a number of more than 64 bits
            return json.dumps(_part(choice, json.loads(content)), separators=(",", ":")).encode("ascii")

    def encode(self, answer: Any, encode: Callable[[Any], bytes]) -> bytes:
        """The chosen part of an answer.

        Args:
          answer: the message.
          encode: writes all of it; the part is what of that is chosen.

        Raises:
          Exception: whatever `encode` raises.
        """
        if self._choice is None:
            return encode(answer)
        if self._write is None:
            if self._calls_left > 0:
                self._calls_left -= 1
                return self.part(encode(answer))
            self._write = part_writer(self._response_type, self._choice, naive_as_utc=self._naive_as_utc)
        written = self._write(answer)
        return self.part(encode(answer)) if written is None else written


selection = lru_cache(maxsize=_KEPT)(Selection)
"""The selection for a class and a mask, made when it is first asked for."""


def selections(operation: Operation, naive_as_utc: bool) -> Callable[[Request, str, bytes], Selection | None]:
    """What finds out whether a request for an operation asks for a part of the answer, given request, query and body.

    A method that has a parameter or field `fields` of its own gets it, and answers in full. Of several masks the first
    counts, as with all parameters.

    Raises (what is returned does):
      Refusal: 400 for a bad mask, as Google words it; what `query_pairs` raises.
    """
    if PARAMETER in operation.request_type.__fields__:
        return _everything
    response_type, bodiless = operation.response_type, operation.http_method in BODILESS

    def find(request: Request, query: str, body: bytes) -> Selection | None:
        if body and bodiless and is_form(request):  # a long GET, sent as a form by Google's client
            query = f"{query}&{body.decode('latin-1')}"
        text = value_of(query, PARAMETER)
        return None if text is None else selection(response_type, text, naive_as_utc)

    return find


def _everything(request: Request, query: str, body: bytes) -> None:
    """No part is asked for."""


def _resolved(response_type: type[Message], text: str) -> tuple[Choice | None, int]:
    """What a mask chooses of a class, None for all; and from how many kinds of objects.

    Raises:
      BadMaskError: a name in it stands for no field.
    """
    if not text.strip():
        return None, 0
    root, resolver = parse(text), _Resolver()
    choice = resolver.choice(response_type, (root,))
    resolver.check(root)
    return choice, resolver.size


class _Resolver:
    """Follows masks through message classes. By wildcards several masks may come to one class at once."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, tuple[Mask, ...]], Choice | None] = {}
        self._met: set[Mask] = set()

    @property
    def size(self) -> int:
        """How many kinds of objects were met."""
        return len(self._made)

    def choice(self, message: Any, masks: tuple[Mask, ...]) -> Choice | None:
        """What masks choose of a class; None for all."""
        key = (message, masks)
        if key not in self._made:
            if self.size >= MAX_CHOICES:
                raise BadMaskError("*", f"it chooses from more than {MAX_CHOICES} kinds of objects")
            self._made[key] = None
            self._made[key] = self._new(message, masks)
        return self._made[key]

    def check(self, mask: Mask) -> None:
        """Find the first name that stands for no field. Raises BadMaskError."""
        for name, member in mask.members.items():
            if member not in self._met:
                raise BadMaskError(name)
            self.check(member)

    def _new(self, message: Any, masks: tuple[Mask, ...]) -> Choice | None:
        everything = [mask.members["*"] for mask in masks if "*" in mask.members]
        self._met.update(everything)
        choice = Choice()
        for name, field in message.__fields__.items():
            members = tuple([mask.members[name] for mask in masks if name in mask.members] + everything)
            self._met.update(members)
            inner = nested(field)
            below = self.choice(inner, members) if inner and members else None
            if any(member.whole for member in members):
                choice.fields[name] = None
            elif inner and members and (below is None or below.fields):
                choice.fields[name] = below
        return None if any(mask.whole for mask in (*masks, *everything)) else choice


def _part(choice: Choice | None, value: Any) -> Any:
    if choice is None:
        return value
    if isinstance(value, list):
        return [_part(choice, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _part(below, value[name]) for name, below in choice.fields.items() if name in value}
