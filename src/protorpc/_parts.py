"""Generated writing of a part of a message: of the chosen fields only, twins are built from the message itself.

That costs less than to write all and to leave out; what cannot be written so is left to those who do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import msgspec

from protorpc._compiler import slot
from protorpc._nesting import nested
from protorpc._writing import UNWRITABLE, Check, Twins, check_class, has_text_numbers, to_json

# Deeper parts get functions of their own: Python nests brackets only so deep. So does whatever comes again, so that no
# mask makes more code than it has choices.
_INLINED = 3


class Choice:
    """The chosen fields of one message class.

    Attributes:
      fields: what is chosen of each, in the order that the class declares: None for all of the value, for a message
        what is chosen of it.
    """

    __slots__ = ("fields",)

    def __init__(self) -> None:
        self.fields: dict[str, Choice | None] = {}


def part_writer(message: Any, choice: Choice, *, naive_as_utc: bool = False) -> Callable[[Any], bytes | None]:
    """Generate what writes the chosen part of messages of a class.

    Args:
      message: the class.
      choice: of its fields.
      naive_as_utc: whether a date without a time zone is one of UTC, and written with its offset.

    Returns:
      A function: message -> the chosen part as JSON; None where only the whole can be written, with care. It raises
      what `Codec.encode` raises, for fields that are not chosen as well.
    """
    needs_care = _check(message, naive_as_utc)
    usual = _Parts(everything=False).function_of(message, choice)

    @cache
    def careful() -> Any:
        return _Parts(everything=True, naive_as_utc=naive_as_utc).function_of(message, choice)

    def write(answer: Any) -> bytes | None:
        if type(answer) is not message:
            check_class(answer, message)
        try:
            return to_json(careful()(answer) if needs_care(answer) else usual(answer))
        except UNWRITABLE:
            return None

    return write


@lru_cache(maxsize=256)
def _check(message: Any, naive_as_utc: bool) -> Callable[[Any], bool]:
    """What finds out whether a message needs care; raises ValidationError for a required field without a value."""
    check = Check(naive_as_utc)
    name = check.named(message)
    function: Callable[[Any], bool] = check.scope[name]
    return function


class _Parts(Twins):
    """Generates functions that build the part of a message that is to be written."""

    def __init__(self, *, everything: bool, naive_as_utc: bool = False) -> None:
        super().__init__(everything=everything, naive_as_utc=naive_as_utc)
        self.functions: dict[Choice, str] = {}
        self.inlined: set[Choice] = set()

    def function_of(self, message: Any, choice: Choice) -> Any:
        return self.scope[self._named(message, choice)]

    def _named(self, message: Any, choice: Choice) -> str:
        name = self.functions.get(choice)
        if name is None:
            name = self.functions[choice] = f"part{len(self.functions)}"
            exec(f"def {name}(m): return {self._part(message, choice, 'm', 0)}", self.scope)
        return name

    def _part(self, message: Any, choice: Choice, m: str, depth: int) -> str:
        self.count += 1
        name = f"P{self.count}"
        # Positional, by number: a field may have a name that no Struct takes as an attribute.
        keys = {f"f{index}": key for index, key in enumerate(choice.fields)}
        self.scope[name] = msgspec.defstruct(
            message.__name__, [(key, Any, None) for key in keys], rename=keys, omit_defaults=True, gc=False
        )
        fields = message.__fields__
        values = (
            self._chosen(fields[key], below, f"{m}.{slot(key)}", depth + 1) for key, below in choice.fields.items()
        )
        return f"{name}({', '.join(values)})"

    def _chosen(self, field: Any, choice: Choice | None, value: str, depth: int) -> str:
        inner = nested(field)
        if inner is None:
            return self.value(field, value, ())
        self.count += 1
        x = f"x{self.count}"
        if choice is None or choice.fields == dict.fromkeys(inner.__fields__):
            if not self.everything and not has_text_numbers(inner):
                return f"{value} or None" if field.repeated else value
            element = f"{self.named(inner)}({x})"
        elif depth > _INLINED or choice in self.inlined:
            element = f"{self._named(inner, choice)}({x})"
        else:
            self.inlined.add(choice)
            element = self._part(inner, choice, x, depth)
        if field.repeated:
            return f"[{element} for {x} in {value}] or None"
        return f"({element} if ({x} := {value}) is not None else None)"
