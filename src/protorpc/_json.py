"""The JSON codecs, field by field; public as protojson."""

from __future__ import annotations

import base64
import binascii
import json
import logging
from typing import Any, ClassVar, TypeVar

from protorpc import message_types, messages, util
from protorpc._model import Message
from protorpc._roots import is_message_class

_M = TypeVar("_M", bound=Message)
_log = logging.getLogger(__name__)

_Variant = messages.Variant
# The variants that a list of unrecognized values can have, the wider ones later.
_WIDENING = (None, _Variant.INT64, _Variant.DOUBLE, _Variant.STRING)
MAX_DEPTH = 100


class MessageJSONEncoder(json.JSONEncoder):
    """A `json.JSONEncoder` that writes messages with a `ProtoJson`.

    Args:
      protojson_protocol: the codec whose `encode_field` is asked, by default the default one.
    """

    __module__ = "protorpc.protojson"

    def __init__(self, protojson_protocol: ProtoJson | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._protocol = protojson_protocol or ProtoJson.get_default()

    def default(self, value: Any) -> Any:
        """What JSON knows for an enum member, bytes or a message; unrecognized fields are written too."""
        if isinstance(value, messages.Enum):
            return value.name
        if isinstance(value, bytes):
            return value.decode("utf-8")
        if not isinstance(value, Message):
            return super().default(value)
        written = {}
        for field in value.all_fields():
            item = value.get_assigned_value(field.name)
            if item is not None and item != []:
                written[field.name] = self._protocol.encode_field(field, item)
        for key in value.all_unrecognized_fields():
            written[key] = value.get_unrecognized_field_info(key)[0]
        return written


class ProtoJson:
    """The JSON codec of ProtoRPC. Instances keep no state and may be shared by threads."""

    __module__ = "protorpc.protojson"

    CONTENT_TYPE = "application/json"
    ALTERNATIVE_CONTENT_TYPES: ClassVar[list[str]] = [
        "application/x-javascript",
        "text/javascript",
        "text/x-javascript",
        "text/x-json",
        "text/json",
    ]
    _default: ClassVar[ProtoJson | None] = None
    _separators: ClassVar[tuple[str, str] | None] = None

    def encode_field(self, field: Any, value: Any) -> Any:
        """What is written for a field's value, a list for a repeated one: bytes as base64, datetimes as RFC 3339."""
        if isinstance(field, messages.BytesField):
            return _each(field, value, lambda item: base64.b64encode(item).decode("ascii"))
        if isinstance(field, message_types.DateTimeField):
            return _each(field, value, lambda item: item.isoformat())
        return value

    def encode_message(self, message: Message) -> str:
        """A message as JSON text.

        Raises:
          ValidationError: a required field has no value.
        """
        message.check_initialized()
        return json.dumps(message, cls=MessageJSONEncoder, protojson_protocol=self, separators=self._separators)

    def decode_message(self, message_type: type[_M], encoded_message: str | bytes) -> _M:
        """The message that JSON text describes; blank text is an empty message.

        Raises:
          ValueError: no JSON.
          DecodeError: no object, or a value that cannot be read.
          ValidationError: a value of the wrong type, or a required field without one.
        """
        dictionary = _parsed(encoded_message) if encoded_message.strip() else {}
        message: _M = self.decode_dictionary(message_type, dictionary)
        message.check_initialized()
        return message

    def decode_dictionary(self, message_type: Any, dictionary: Any, depth: int = MAX_DEPTH) -> Any:
        """The message that parsed JSON describes, not checked for required fields.

        Args:
          message_type: class of the message.
          dictionary: what the JSON text says, as `json.loads` gives it.
          depth: how many messages may be nested.

        Raises:
          DecodeError, ValidationError: as `decode_message`.
        """
        if not isinstance(dictionary, dict):
            raise messages.DecodeError(f"Expected an object for message {message_type.__name__}, found {dictionary!r}")
        if not depth:
            raise messages.DecodeError(f"Messages are nested more than {MAX_DEPTH} deep")
        message = message_type()
        for key, value in dictionary.items():
            field = message_type.__fields__.get(key)
            if field is None:
                _keep_unrecognized(message, key, value)
            elif value is None:
                message.reset(key)
            elif value != []:
                items = value if isinstance(value, list) else [value]
                decoded = self._items(field, items, depth)
                setattr(message, key, decoded if field.repeated else decoded[-1])
        return message

    def _items(self, field: Any, items: list[Any], depth: int) -> list[Any]:
        return [self._decoded(field, item, depth) for item in items]

    def _decoded(self, field: Any, value: Any, depth: int) -> Any:
        if isinstance(field, messages.MessageField) and is_message_class(field.type):
            return self.decode_dictionary(field.type, value, depth - 1)
        return self.decode_field(field, value)

    def decode_field(self, field: Any, value: Any) -> Any:
        """The Python value for one JSON value of a field; what cannot be converted is left for the field to refuse.

        Raises:
          DecodeError: no member of the enum, no base64, no date-time.
        """
        if isinstance(field, messages.EnumField):
            try:
                return field.type(value)
            except TypeError:
                raise messages.DecodeError(f'Invalid enum value "{value or ""}"') from None
        if isinstance(field, messages.BytesField):
            try:
                return base64.b64decode(value)
            except (TypeError, ValueError) as error:
                raise messages.DecodeError(f"Base64 decoding error: {_base64_reason(error)}") from None
        if isinstance(field, message_types.DateTimeField):
            if not isinstance(value, str):
                raise messages.DecodeError(f"Expected a date-time in a string (RFC 3339), found {value!r}")
            try:
                return util.decode_datetime(value)
            except (ValueError, TypeError, AttributeError) as error:
                raise messages.DecodeError(str(error)) from None
        if isinstance(field, messages.MessageField) and is_message_class(field.type):
            return self.decode_dictionary(field.type, value)
        return _number(field, value)

    @staticmethod
    def get_default() -> ProtoJson:
        """The codec that the functions of this module use."""
        if ProtoJson._default is None:
            ProtoJson._default = ProtoJson()
        return ProtoJson._default

    @staticmethod
    def set_default(protocol: ProtoJson) -> None:
        """Make `protocol` the default. Raises TypeError when it is no ProtoJson."""
        if not isinstance(protocol, ProtoJson):
            raise TypeError("Expected protocol of type ProtoJson")
        ProtoJson._default = protocol


class EndpointsProtoJson(ProtoJson):
    """The JSON of the endpoints framework; see the module."""

    __module__ = "protorpc.protojson"

    def encode_field(self, field: Any, value: Any) -> Any:
        """As `ProtoJson.encode_field`, with 64-bit integers as strings."""
        if isinstance(field, messages.IntegerField) and field.variant in SENT_AS_TEXT:
            return _each(field, value, str)
        return super().encode_field(field, value)

    def decode_field(self, field: Any, value: Any) -> Any:
        """As `ProtoJson.decode_field`, but bytes may be url-safe and unpadded, and integers are checked.

        Raises:
          DecodeError: also for an integer out of the variant's range.
        """
        if isinstance(field, messages.BytesField):
            return decode_bytes(value)
        decoded = super().decode_field(field, value)
        if isinstance(field, messages.IntegerField) and isinstance(decoded, int):
            _check_integer(field, value, decoded)
        return decoded


# Variants whose integers JavaScript could not hold, and that JSON has as strings.
SENT_AS_TEXT = (_Variant.INT64, _Variant.UINT64, _Variant.SINT64)
# Lowest and highest value of each integer variant.
INTEGER_RANGES = {
    _Variant.INT32: (-(2**31), 2**31 - 1),
    _Variant.SINT32: (-(2**31), 2**31 - 1),
    _Variant.UINT32: (0, 2**32 - 1),
    _Variant.INT64: (-(2**63), 2**63 - 1),
    _Variant.SINT64: (-(2**63), 2**63 - 1),
    _Variant.UINT64: (0, 2**64 - 1),
}


def _check_integer(field: Any, given: Any, value: int) -> None:
    low, high = INTEGER_RANGES[field.variant]
    if not low <= value <= high:
        raise messages.DecodeError(
            f"Value {given} of field {field.name} is out of range for {field.variant}: {low} to {high}"
        )


def decode_bytes(value: Any) -> bytes:
    """Bytes from base64 text in the standard or the url-safe alphabet (RFC 4648 sections 4 and 5), padded or not.

    White space is passed over (RFC 2045, 6.8).

    Raises:
      DecodeError: characters of neither alphabet, or a length that no data has.
    """
    if not isinstance(value, str):
        raise messages.DecodeError(f"Base64 decoding error: expected a string, found {value!r}")
    text = value.translate(_STANDARD_ALPHABET)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise messages.DecodeError(f"Base64 decoding error: {_base64_reason(error)}") from None


def _base64_reason(error: Exception) -> str:
    # Python has two texts for data that ends too early; the record has one.
    return "Incorrect padding" if isinstance(error, binascii.Error) and "data characters" in str(error) else str(error)


_STANDARD_ALPHABET = str.maketrans("-_", "+/", " \t\r\n")


def _each(field: Any, value: Any, encode: Any) -> Any:
    return [encode(item) for item in value] if field.repeated else encode(value)


def _number(field: Any, value: Any) -> Any:
    """A number written as text, or a whole number for a FloatField, as the field's type; else the value itself."""
    try:
        if isinstance(field, messages.FloatField) and isinstance(value, (int, str)):
            return float(value) if "_" not in str(value) else value
        if isinstance(field, messages.IntegerField) and isinstance(value, str):
            return int(value) if "_" not in value else value
    except (ValueError, OverflowError):
        pass
    return value


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise messages.DecodeError("JSON is nested too deep") from None


def _keep_unrecognized(message: Message, key: str, value: Any) -> None:
    if value is None:
        return
    variant = _variant_of(value)
    if variant is None:
        _log.warning("No variant found for unrecognized field: %s", ascii(key)[1:-1][:80])
    else:
        message.set_unrecognized_field(int(key) if key.isdecimal() and len(key) < 20 else key, value, variant)


def _variant_of(value: Any) -> Any:
    if isinstance(value, bool):
        return _Variant.BOOL
    if isinstance(value, int):
        return _Variant.INT64
    if isinstance(value, float):
        return _Variant.DOUBLE
    if isinstance(value, str):
        return _Variant.STRING
    if isinstance(value, list):
        kinds = [_variant_of(item) for item in value]
        if _Variant.BOOL in kinds:
            raise messages.DecodeError(f"Expected numbers or strings in an unrecognized list, found {value!r:.200}")
        return _WIDENING[max(map(_WIDENING.index, kinds), default=0)]
    return None


CONTENT_TYPE = ProtoJson.CONTENT_TYPE
ALTERNATIVE_CONTENT_TYPES = ProtoJson.ALTERNATIVE_CONTENT_TYPES


def encode_message(message: Message) -> str:
    """A message as JSON text, by the default codec; see `ProtoJson.encode_message`."""
    return ProtoJson.get_default().encode_message(message)


def decode_message(message_type: type[_M], encoded_message: str | bytes) -> _M:
    """The message that JSON text describes, by the default codec; see `ProtoJson.decode_message`."""
    return ProtoJson.get_default().decode_message(message_type, encoded_message)
