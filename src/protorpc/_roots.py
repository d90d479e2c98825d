"""The root of all messages, known to fields without knowing what a message is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from msgspec import Struct, StructMeta

from protorpc._definitions import Definition

if TYPE_CHECKING:
    # To type checkers a Struct is a dataclass of its annotations; a message takes its fields, which have none.
    class MessageType(Definition): ...

    class MessageRoot(metaclass=MessageType):
        __fields__: dict[str, Any]
else:

    class MessageType(Definition, StructMeta):
        """Root of the metaclass of messages."""

    class MessageRoot(Struct, metaclass=MessageType, kw_only=True, omit_defaults=True, dict=True, weakref=True):
        """Root of `Message`. The instance dict is not made before there are unrecognized fields to be kept in it."""


def is_message_class(value: Any) -> TypeGuard[type[MessageRoot]]:
    """Whether `value` is a message that has been defined: a class below Message."""
    return isinstance(value, MessageType) and "__fields__" in value.__dict__
