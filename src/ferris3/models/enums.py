"""Enumerations of Python as enumerations of messages, and back."""

from __future__ import annotations

import enum
from functools import cache
from typing import Any

from protorpc.messages import MAX_ENUM_VALUE, Enum


@cache
def message_enum(python_enum: type[enum.Enum]) -> type[Enum]:
    """Return the enumeration of messages for one of Python, always the same: members keep their names.

    They keep their values too if all of those are numbers that a message can have; else they are numbered from 1.
    """
    members = list(python_enum)
    values = [member.value for member in members]
    if all(type(value) is int and 0 <= value <= MAX_ENUM_VALUE for value in values):
        numbers = values
    else:
        numbers = list(range(1, len(members) + 1))
    body = {member.name: number for member, number in zip(members, numbers, strict=True)}
    doc = {"__doc__": python_enum.__doc__, "__module__": python_enum.__module__}
    metaclass: Any = type(Enum)
    made: type[Enum] = metaclass(python_enum.__name__, (Enum,), {**doc, **body})
    return made
