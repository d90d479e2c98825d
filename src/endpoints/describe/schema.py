"""Message classes as JSON schema: the one walk over them that every kind of document is written from.

A message travels as the JSON that `endpoints.protojson` reads and writes (64-bit integers as strings, bytes in base64,
enums by name); the values here say so without the spelling of any document format.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from endpoints.definitions import BODILESS
from endpoints.fields import by_number
from endpoints.operations import Api, Operation
from protorpc.message_types import DateTimeField, DateTimeMessage, VoidMessage
from protorpc.messages import DefinitionNotFoundError, EnumField, Field, Message, MessageField

Default = str | int | float | bool | bytes | datetime
MessageType = type[Message]

# JSON type and format by variant; JavaScript has no 64-bit integers, so they travel as strings.
_FORMS: dict[str, tuple[str, str | None]] = {
    "DOUBLE": ("number", "double"),
    "FLOAT": ("number", "float"),
    "INT64": ("string", "int64"),
    "SINT64": ("string", "int64"),
    "UINT64": ("string", "uint64"),
    "INT32": ("integer", "int32"),
    "SINT32": ("integer", "int32"),
    "UINT32": ("integer", "uint32"),
    "BOOL": ("boolean", None),
    "STRING": ("string", None),
    "BYTES": ("string", "byte"),
    "ENUM": ("string", None),
}
# What documents say about ProtoRPC's own messages, as recorded; our docstrings are for other readers.
_RECORDED_DESCRIPTIONS = {
    VoidMessage: "Empty message.",
    DateTimeMessage: (
        "Message to store/transmit a DateTime.\n\n  Fields:\n"
        "    milliseconds: Milliseconds since Jan 1st 1970 local time.\n"
        "    time_zone_offset: Optional time zone offset, in minutes from UTC.\n  "
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What one value of a field is in JSON; a repeated field is an array of them."""

    type: str
    """JSON type: `string`, `integer`, `number`, `boolean` or, with a `reference`, `object`."""
    format: str | None = None
    """What the type leaves open: `int32`, `int64`, `uint32`, `uint64`, `float`, `double`, `byte`, `date-time`."""
    enum: tuple[str, ...] = ()
    """The names of an enum, by number."""
    reference: str | None = None
    """Name of the schema of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One field of a message."""

    name: str
    shape: Shape
    repeated: bool
    required: bool
    default: Default | None
    """As Python has it, an enum by its name; None without one."""
    description: str | None
    """Docstring of the message that the field holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One message class."""

    name: str
    description: str | None
    properties: tuple[Property, ...]
    """By field number."""


def schemas(roots: Iterable[MessageType]) -> dict[str, Schema]:
    """Describe message classes and all that their fields refer to, by schema name in order of discovery.

    Raises:
        KeyError: Two definitions have the same schema name.
    """
    return {
        name: Schema(name=name, description=_description(each), properties=tuple(_properties(each)))
        for name, each in _reachable(roots).items()
    }


def check_names(apis: Iterable[Api]) -> None:
    """Find out at start-up whether the messages of a server can be described together.

    Raises:
        KeyError: Two definitions have the same schema name (recorded case `schema-name-collision`).
        protorpc.messages.DefinitionNotFoundError: A field names a message or enum that does not exist.
    """
    _reachable(message_type for api in apis for message_type in message_types(api))


def message_types(api: Api) -> Iterator[MessageType]:
    """Yield what the operations of an API take as a body and what they answer; the same class may come again."""
    for operation in api.operations:
        yield from filter(None, (body_type(operation), answer_type(operation)))


def body_type(operation: Operation) -> MessageType | None:
    """Return the message that an operation reads from the body of a request, if it reads one."""
    if operation.http_method in BODILESS or operation.body_type is VoidMessage:
        return None
    return operation.body_type


def answer_type(operation: Operation) -> MessageType | None:
    """Return the message that an operation answers with; None when its answer is empty."""
    return None if operation.response_type is VoidMessage else operation.response_type


def schema_name(message_type: MessageType) -> str:
    """Return the name of a message class in documents: the words of its full name, each with a capital.

    >>> schema_name(VoidMessage)
    'ProtorpcMessageTypesVoidMessage'
    """
    words = re.split("[^0-9a-zA-Z]", message_type.definition_name())
    return "".join(word[0].upper() + word[1:] for word in words if word)


def shape_of(field: Field[Any]) -> Shape:
    """Return the JSON form of the values of a field."""
    if isinstance(field, DateTimeField):
        return Shape(type="string", format="date-time")
    if isinstance(field, MessageField):
        return Shape(type="object", reference=schema_name(field.message_type))
    type_, format_ = _FORMS[field.variant.name]
    words = sorted(field.type, key=lambda word: word.number) if isinstance(field, EnumField) else ()
    return Shape(type=type_, format=format_, enum=tuple(word.name for word in words))


def default_of(field: Field[Any]) -> Default | None:
    """Return the default of a field, an enum value by its name."""
    default: Any = field.default
    named: Default | None = default.name if isinstance(field, EnumField) and default is not None else default
    return named


def nested_type(field: Field[Any]) -> MessageType | None:
    """Return the class of the messages that a field holds; None for all other fields, dates among them."""
    if not isinstance(field, MessageField) or isinstance(field, DateTimeField):
        return None
    found: MessageType = field.message_type
    return found


def _reachable(roots: Iterable[MessageType]) -> dict[str, MessageType]:
    named: dict[str, MessageType] = {}
    waiting = deque(roots)
    while waiting:
        message_type = waiting.popleft()
        name = schema_name(message_type)
        if name not in named:
            named[name] = message_type
            waiting.extend(filter(None, (_inner_type(message_type, field) for field in by_number(message_type))))
        elif named[name].definition_name() != message_type.definition_name():
            both = f"{message_type.definition_name()} and {named[name].definition_name()}"
            raise KeyError(f"Both {both} normalize to the same schema name: {name}")
    return named


def _inner_type(message_type: MessageType, field: Field[Any]) -> Any:
    """The message class inside a field, or None; finds out too whether an enum exists that is given by name."""
    try:
        enum = field.type if isinstance(field, EnumField) else None
        return nested_type(field) if enum is None else None
    except DefinitionNotFoundError as error:
        raise DefinitionNotFoundError(f"{message_type.definition_name()}.{field.name}: {error}") from None


def _properties(message_type: MessageType) -> Iterator[Property]:
    for field in by_number(message_type):
        nested = nested_type(field)
        yield Property(
            name=field.name,
            shape=shape_of(field),
            repeated=field.repeated,
            required=field.required,
            default=default_of(field),
            description=_description(nested) if nested else None,
        )


def _description(message_type: MessageType) -> str | None:
    # A class without a docstring must not show that of Message.
    return _RECORDED_DESCRIPTIONS.get(message_type) or vars(message_type).get("__doc__") or None
