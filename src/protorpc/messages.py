"""Typed messages: classes of numbered fields, which check their values and are written as JSON.

    class Greeting(messages.Message):
        message = messages.StringField(1, required=True)
        tags = messages.StringField(2, repeated=True)

The names are those of Google's ProtoRPC library.
"""

from protorpc._enums import MAX_ENUM_VALUE, Enum, Variant
from protorpc._errors import (
    DecodeError,
    DefinitionNotFoundError,
    DuplicateNumberError,
    EncodeError,
    EnumDefinitionError,
    FieldDefinitionError,
    InvalidDefaultError,
    InvalidNumberError,
    InvalidVariantError,
    MessageDefinitionError,
    ValidationError,
)
from protorpc._fields import FIRST_RESERVED_FIELD_NUMBER, LAST_RESERVED_FIELD_NUMBER, MAX_FIELD_NUMBER, Field, FieldList
from protorpc._lookup import find_definition
from protorpc._model import Message
from protorpc._references import EnumField, MessageField
from protorpc._scalars import BooleanField, BytesField, FloatField, IntegerField, StringField
from protorpc.util import Error

__all__ = [
    "FIRST_RESERVED_FIELD_NUMBER",
    "LAST_RESERVED_FIELD_NUMBER",
    "MAX_ENUM_VALUE",
    "MAX_FIELD_NUMBER",
    "BooleanField",
    "BytesField",
    "DecodeError",
    "DefinitionNotFoundError",
    "DuplicateNumberError",
    "EncodeError",
    "Enum",
    "EnumDefinitionError",
    "EnumField",
    "Error",
    "Field",
    "FieldDefinitionError",
    "FieldList",
    "FloatField",
    "IntegerField",
    "InvalidDefaultError",
    "InvalidNumberError",
    "InvalidVariantError",
    "Message",
    "MessageDefinitionError",
    "MessageField",
    "StringField",
    "ValidationError",
    "Variant",
    "find_definition",
]
