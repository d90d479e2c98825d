"""Copies of message fields: a field belongs to one message class, so another class needs a field of its own."""

from __future__ import annotations

from typing import Any, TypeGuard

from protorpc.message_types import DateTimeField
from protorpc.messages import EnumField, Field, Message, MessageField


def copied(field: Field[Any], number: int, **changes: Any) -> Field[Any]:
    """Make a field like another.

    Args:
        field: the example; a class given to it by name is looked up now.
        number: number of the new field.
        **changes: `required` or `default`, where the new field differs.
    """
    types, options = _arguments(field)
    make: Any = type(field)
    made: Field[Any] = make(*types, number, **(options | changes))
    return made


def alike(field: Field[Any], other: Field[Any]) -> bool:
    """Whether two fields differ in nothing but name and number."""
    return type(field) is type(other) and _arguments(field) == _arguments(other)


def by_number(message_type: type[Message]) -> list[Field[Any]]:
    """Return the fields of a message class in the order of their numbers."""
    return sorted(message_type.all_fields(), key=lambda field: field.number)


def is_message_class(value: object) -> TypeGuard[type[Message]]:
    """Whether `value` is a message class that can be sent: one below Message."""
    return isinstance(value, type) and issubclass(value, Message) and value is not Message


def _arguments(field: Field[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return what the constructor of the field was given, without the number."""
    options: dict[str, Any] = {"required": field.required, "repeated": field.repeated, "variant": field.variant}
    if isinstance(field, MessageField):
        return [] if isinstance(field, DateTimeField) else [field.message_type], options
    return [field.type] if isinstance(field, EnumField) else [], options | {"default": field.default}
