"""Parsed JSON as the message that a method gets, field by field; what does not fit is named by its place.

A place is written as it would be in JavaScript: `items[1].author.name`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from protorpc.message_types import DateTimeField
from protorpc.messages import (
    BooleanField,
    BytesField,
    DecodeError,
    EnumField,
    FloatField,
    IntegerField,
    Message,
    MessageField,
    StringField,
    ValidationError,
)
from protorpc.protojson import EndpointsProtoJson

_LONGEST = 80  # characters of a value, or of a place, that a text repeats
_EXPECTED = {
    IntegerField: "an integer",
    FloatField: "a number",
    BooleanField: "true or false",
    StringField: "a string",
    BytesField: "base64 in a string",
    DateTimeField: "a date-time in a string (RFC 3339)",
}


class MisfitError(DecodeError):
    """A value that its field cannot hold.

    Attributes:
      place: where it stands.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{_shortened(place)}: {reason}")
        self.place = place
        self.reason = reason


class RequestJson(EndpointsProtoJson):
    """Reads what callers send: nothing of it is bent to fit its field, and nothing is lost (deviation V15)."""

    def read(self, message_type: type[Message], tree: dict[str, Any]) -> Message:
        """The message that parsed JSON describes.

        Raises:
          DecodeError: a value does not fit, or a required field has none.
        """
        message: Message = self.decode_dictionary(message_type, tree)
        for place, owner, name in _missing(message, ""):
            raise MisfitError(place, f"Message {owner} is missing required field {name}")
        return message

    def decode_field(self, field: Any, value: Any) -> Any:
        """As EndpointsProtoJson, but booleans are no numbers, and null in a list is nothing.

        Raises:
          DecodeError: also for a value of another type than the field's.
        """
        if value is None or (isinstance(value, bool) and isinstance(field, (IntegerField, FloatField, EnumField))):
            raise _unexpected(field, value)
        if isinstance(field, EnumField):
            try:
                return super().decode_field(field, value)
            except DecodeError:
                raise _unexpected(field, value) from None
        decoded = super().decode_field(field, value)
        if decoded in (math.inf, -math.inf) and "inf" not in str(value).lower():
            raise DecodeError(f"The number is too large for field {field.name}: {_shortened(str(value))}")
        try:
            field.validate_element(decoded)
        except ValidationError:
            raise _unexpected(field, value) from None
        return decoded

    def _items(self, field: Any, items: list[Any], depth: int) -> list[Any]:
        decoded: list[Any] = []
        try:
            for item in items:
                decoded.append(self._decoded(field, item, depth))  # noqa: PERF401 - its length is where it stopped
        except DecodeError as error:
            place = f"{field.name}[{len(decoded)}]" if field.repeated else field.name
            if isinstance(error, MisfitError):
                raise MisfitError(f"{place}.{error.place}", error.reason) from None
            raise MisfitError(place, str(error)) from None
        if len(decoded) > 1 and not field.repeated:
            raise MisfitError(field.name, f"Expected a single value, found a list of {len(decoded)}")
        return decoded

    def _decoded(self, field: Any, value: Any, depth: int) -> Any:
        if isinstance(field, MessageField) and not isinstance(field, DateTimeField) and not isinstance(value, dict):
            raise _unexpected(field, value)
        return super()._decoded(field, value, depth)


def _unexpected(field: Any, value: Any) -> DecodeError:
    if isinstance(field, EnumField):
        expected = f"a name of the enum {field.type.__name__} ({_shortened(', '.join(field.type.names()))})"
    elif isinstance(field, MessageField) and not isinstance(field, DateTimeField):
        expected = f"an object for message {field.type.__name__}"
    else:
        expected = next(text for kind, text in _EXPECTED.items() if isinstance(field, kind))
    return DecodeError(f"Expected {expected}, found {_in_json(value)}")


def _in_json(value: Any) -> str:
    names: dict[Any, str] = {dict: "an object", list: "a list", bool: str(value).lower(), type(None): "null"}
    return names.get(type(value)) or _shortened(repr(value))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _missing(message: Message, before: str) -> Iterator[tuple[str, str, str]]:
    """Place, message class and name of each required field without a value."""
    for field in message.all_fields():
        value = getattr(message, field.name)
        place = before + field.name
        if value is None and field.required:
            yield place, type(message).__name__, field.name
        elif isinstance(value, Message):
            yield from _missing(value, f"{place}.")
        elif field.repeated and isinstance(field, MessageField):
            for index, item in enumerate(value):
                if isinstance(item, Message):
                    yield from _missing(item, f"{place}[{index}].")
