"""Message classes that hold everything a message can hold: each type of field alone, required, repeated, defaulted."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, Final

from protorpc import message_types, messages

package = "torture"  # the first word of the schema names
Variant = messages.Variant
Make = Callable[..., Any]


class Color(messages.Enum):
    """Not in the order of its numbers."""

    RED = 7
    GREEN = 0
    BLUE = 2


class Single(messages.Enum):
    """Holds one value, which is a word of YAML and of Python."""

    null = 1


class Leaf(messages.Message):
    """A message with "quotes", 'apostrophes', `ticks`, <tags> & ${braces}, \\ and ☃."""

    label = messages.StringField(1)
    weight = messages.FloatField(2, variant=Variant.FLOAT)
    color = messages.EnumField(Color, 3, default=Color.BLUE)


class Branch(messages.Message):
    leaf = messages.MessageField(Leaf, 1)
    tags = messages.StringField(2, repeated=True)
    id = messages.IntegerField(3)
    when = message_types.DateTimeField(4)


class Tree(messages.Message):
    """Holds itself, alone and in a list."""

    name = messages.StringField(1, required=True)
    parent = messages.MessageField("Tree", 2)
    children = messages.MessageField("Tree", 3, repeated=True)
    other = messages.MessageField("Forest", 4)


class Forest(messages.Message):
    """Holds what holds it."""

    trees = messages.MessageField(Tree, 1, repeated=True)
    inner = messages.MessageField("Forest.Inner", 2)

    class Inner(messages.Message):
        """Is defined in another message and has an enum of its own."""

        class Kind(messages.Enum):
            ON = 1
            OFF = 0

        kind = messages.EnumField(Kind, 1, default=Kind.OFF)
        forest = messages.MessageField("Forest", 2)


class Empty(messages.Message):
    """Has no field."""


class ErrorResponse(messages.Message):
    """Has the name that one would like to give the error object."""

    error = messages.StringField(1)


class _Under_score__9(messages.Message):  # noqa: N801 - whatever Python takes
    class_ = messages.StringField(1)
    CamelCase = messages.StringField(2)
    größe = messages.IntegerField(3, variant=Variant.INT32)  # noqa: PLC2401
    x_1__2 = messages.StringField(4)


KINDS: Final[dict[str, tuple[Make, Any]]] = {
    "text": (messages.StringField, 'un"said\\ \n☃'),
    "flag": (messages.BooleanField, True),
    "i32": (lambda *a, **k: messages.IntegerField(*a, variant=Variant.INT32, **k), -(2**31)),
    "s32": (lambda *a, **k: messages.IntegerField(*a, variant=Variant.SINT32, **k), 5),
    "u32": (lambda *a, **k: messages.IntegerField(*a, variant=Variant.UINT32, **k), 2**32 - 1),
    "i64": (messages.IntegerField, -(2**63)),
    "s64": (lambda *a, **k: messages.IntegerField(*a, variant=Variant.SINT64, **k), 2**63 - 1),
    "u64": (lambda *a, **k: messages.IntegerField(*a, variant=Variant.UINT64, **k), 2**64 - 1),
    "float": (lambda *a, **k: messages.FloatField(*a, variant=Variant.FLOAT, **k), 0.25),
    "double": (messages.FloatField, -1e300),
    "color": (lambda *a, **k: messages.EnumField(Color, *a, **k), Color.GREEN),
    "single": (lambda *a, **k: messages.EnumField(Single, *a, **k), Single.null),
    "data": (messages.BytesField, b"\xfb\xff\x00"),
}
"""How to make a field of each type, and a default for it; dates, which have none, are not among them."""
FALSY: Final[dict[str, Any]] = {"text": "", "flag": False, "i32": 0, "i64": 0, "double": 0.0, "data": b""}
"""Defaults that are easily mistaken for none."""


def fields_of(first: int, **options: Any) -> dict[str, Any]:
    """Return a field of each type but dates, numbered from `first`."""
    made = enumerate(KINDS.items(), first)
    return {f"{name}_{number}": make(number, **options) for number, (name, (make, _)) in made}


def defaulted(first: int, defaults: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return fields with the defaults given, or with one for each type."""
    chosen = {name: default for name, (_, default) in KINDS.items()} if defaults is None else defaults
    return {
        f"{name}_{number}": KINDS[name][0](number, default=default)
        for number, (name, default) in enumerate(chosen.items(), first)
    }


def message(name: str, fields: dict[str, Any]) -> Any:
    """Make a message class."""
    return types.new_class(name, (messages.Message,), {}, lambda body: body.update(__module__=__name__, **fields))


Optionals = message(
    "Optionals",
    {**fields_of(1), "when": message_types.DateTimeField(40), "leaf": messages.MessageField(Leaf, 41)},
)
Repeateds = message(
    "Repeateds",
    {
        **fields_of(1, repeated=True),
        "when": message_types.DateTimeField(40, repeated=True),
        "leaf": messages.MessageField(Leaf, 41, repeated=True),
    },
)
Requireds = message(
    "Requireds",
    {
        **fields_of(1, required=True),
        "when": message_types.DateTimeField(40, required=True),
        "leaf": messages.MessageField(Leaf, 41, required=True),
    },
)
Defaults = message("Defaults", {**defaulted(1), **defaulted(40, FALSY)})
