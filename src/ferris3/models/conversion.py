"""Values of models as values of messages: the converters that kinds of models choose from."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Callable
from typing import Any, Final

from ferris3.models.enums import message_enum
from ferris3.models.keys import fitting_integer
from ferris3.models.properties import Property
from protorpc.message_types import DateTimeField
from protorpc.messages import (
    BooleanField,
    BytesField,
    Enum,
    EnumField,
    Field,
    FloatField,
    IntegerField,
    Message,
    MessageField,
    StringField,
)
from protorpc.util import TimeZoneOffset

_Make = Callable[[Property, int, dict[str, Any]], Field[Any]]
_Change = Callable[[Property, Field[Any], Any], Any]

_MINUTE: Final = datetime.timedelta(minutes=1)


class DateMessage(Message):
    """A day."""

    year = IntegerField(1, required=True)
    month = IntegerField(2, required=True)
    day = IntegerField(3, required=True)


class TimeMessage(Message):
    """A time of day; the offset is in minutes."""

    hour = IntegerField(1, required=True)
    minute = IntegerField(2, required=True)
    second = IntegerField(3)
    microsecond = IntegerField(4)
    time_zone_offset = IntegerField(5)


class UserMessage(Message):
    """A user of Google."""

    email = StringField(1)
    user_id = StringField(2)
    nickname = StringField(3)


class GeoPtMessage(Message):
    """A place, in degrees."""

    lat = FloatField(1, required=True)
    lon = FloatField(2, required=True)


def _as_it_is(_known: Property, _field: Field[Any], value: Any) -> Any:
    return value


class Conversion:
    """A converter made of functions; each takes the property first.

    Args:
        make: makes the field from its number and the arguments that the property asks for: a function, or a class.
        write: returns the value for a message.
        read: returns the value for an entity, or raises ValueError.
        defaults: whether such a field can have a default.
        always_optional: whether the field is never required.
    """

    def __init__(
        self,
        make: _Make | type[Field[Any]],
        *,
        write: _Change = _as_it_is,
        read: _Change = _as_it_is,
        defaults: bool = True,
        always_optional: bool = False,
    ) -> None:
        self._make: Any = make
        self._write = write
        self._read = read
        self._defaults = defaults
        self._always_optional = always_optional

    def to_field(self, _model: Any, known: Property, number: int, /) -> Field[Any]:
        """Make the field of that number."""
        options: dict[str, Any] = {}
        if known.repeated:
            options["repeated"] = True
        elif known.required:
            options["required"] = not self._always_optional
        elif known.default is not None and self._defaults:
            options["default"] = known.default
        made: Field[Any] = (
            self._make(number, **options) if isinstance(self._make, type) else self._make(known, number, options)
        )
        return made

    def to_message(self, _model: Any, known: Property, field: Field[Any], value: Any, /) -> Any:
        """Return the value for a message."""
        return self._write(known, field, value)

    def to_model(self, _message: Any, known: Property, field: Field[Any], value: Any, /) -> Any:
        """Return the value for an entity. Raises ValueError when it cannot be one."""
        return self._read(known, field, value)


def _read_integer(_known: Property, _field: Field[Any], value: int) -> int:
    return fitting_integer(value)


def _text_with_default(_known: Property, number: int, options: dict[str, Any]) -> Field[Any]:
    if "default" in options:
        options = options | {"default": str(options["default"])}
    return StringField(number, **options)


def _write_decimal(_known: Property, field: Field[Any], value: Any) -> Any:
    return float(value) if isinstance(field, FloatField) else str(value)


def _read_decimal(_known: Property, _field: Field[Any], value: Any) -> decimal.Decimal:
    try:
        number = decimal.Decimal(str(value))
    except decimal.InvalidOperation:
        raise ValueError(f"{value!r} is no decimal number") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is no finite number")
    return number


def _read_uuid(_known: Property, _field: Field[Any], value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        raise ValueError(f"{value!r} is no UUID") from None


def _read_utc(_known: Property, _field: Field[Any], value: datetime.datetime) -> datetime.datetime:
    if value.tzinfo is None:
        return value
    return in_utc(value).replace(tzinfo=None)


def _read_aware(_known: Property, _field: Field[Any], value: datetime.datetime) -> datetime.datetime:
    return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value


def in_utc(value: datetime.datetime) -> datetime.datetime:
    """Return an aware datetime in UTC. Raises ValueError beyond the years 1 to 9999."""
    try:
        return value.astimezone(datetime.UTC)
    except OverflowError:
        raise ValueError(f"{value.isoformat()} is not between the years 1 and 9999 in UTC") from None


def _write_date(_known: Property, _field: Field[Any], value: datetime.date) -> DateMessage:
    return DateMessage(year=value.year, month=value.month, day=value.day)


def _read_date(_known: Property, _field: Field[Any], value: Any) -> datetime.date:
    return datetime.date(fitting_integer(value.year or 0), value.month or 0, value.day or 0)


def _write_time(_known: Property, _field: Field[Any], value: datetime.time) -> TimeMessage:
    offset = value.utcoffset()
    return TimeMessage(
        hour=value.hour,
        minute=value.minute,
        second=value.second,
        microsecond=value.microsecond,
        time_zone_offset=None if offset is None else offset // _MINUTE,
    )


def _read_time(_known: Property, _field: Field[Any], value: Any) -> datetime.time:
    found = datetime.time(value.hour or 0, value.minute or 0, value.second or 0, value.microsecond or 0)
    if value.time_zone_offset is None:
        return found
    if abs(value.time_zone_offset) >= 24 * 60:
        raise ValueError(f"a time zone cannot be {value.time_zone_offset} minutes from UTC")
    return found.replace(tzinfo=TimeZoneOffset(value.time_zone_offset))


def _make_enum(known: Property, number: int, options: dict[str, Any]) -> Field[Any]:
    members: Any = known.enumeration
    if issubclass(members, enum.Enum):
        members = message_enum(members)
        if "default" in options:
            options = options | {"default": members(options["default"].name)}
    return EnumField(members, number, **options)


def _write_enum(_known: Property, field: Field[Any], value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    return field.type(value.name) if isinstance(field, EnumField) else value.name


def _read_enum(known: Property, _field: Field[Any], value: Any) -> Any:
    members: Any = known.enumeration
    name = value.name if isinstance(value, Enum) else value
    if issubclass(members, Enum):
        return members(name)
    try:
        return members[name]
    except KeyError:
        raise ValueError(f"{name!r} is none of {', '.join(members.__members__)}") from None


def _make_message(known: Property, number: int, options: dict[str, Any]) -> Field[Any]:
    field: Field[Any] = MessageField(known.message or Message, number, **options)
    return field


def message_of(kind: type[Message]) -> _Make:
    """Return what makes the fields for messages of one class."""

    def make(_known: Property, number: int, options: dict[str, Any]) -> Field[Any]:
        field: Field[Any] = MessageField(kind, number, **options)
        return field

    return make


TEXT: Final = Conversion(StringField)
INTEGER: Final = Conversion(IntegerField, read=_read_integer)
FLOAT: Final = Conversion(FloatField)
BOOLEAN: Final = Conversion(BooleanField)
BYTES: Final = Conversion(BytesField)
DECIMAL: Final = Conversion(_text_with_default, write=_write_decimal, read=_read_decimal)
UUID: Final = Conversion(_text_with_default, write=lambda _known, _field, value: str(value), read=_read_uuid)
TEXT_UUID: Final = Conversion(StringField, read=lambda known, field, value: str(_read_uuid(known, field, value)))
DATE_TIME: Final = Conversion(DateTimeField, defaults=False)
NAIVE_DATE_TIME: Final = Conversion(DateTimeField, read=_read_utc, defaults=False)
AWARE_DATE_TIME: Final = Conversion(DateTimeField, read=_read_aware, defaults=False)
DATE: Final = Conversion(message_of(DateMessage), write=_write_date, read=_read_date, defaults=False)
TIME: Final = Conversion(message_of(TimeMessage), write=_write_time, read=_read_time, defaults=False)
ENUM: Final = Conversion(_make_enum, write=_write_enum, read=_read_enum)
MESSAGE: Final = Conversion(_make_message, defaults=False)
