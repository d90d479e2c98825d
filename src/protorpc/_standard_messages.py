"""The messages and fields that come with ProtoRPC; public as message_types."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from protorpc import messages, util
from protorpc._fields import FieldList

T = TypeVar("T")

_EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 - on the clock of the place
_MILLISECOND = datetime.timedelta(milliseconds=1)
_MINUTE = datetime.timedelta(minutes=1)


class VoidMessage(messages.Message):
    """A message with nothing in it; a method that answers one answers 204 and no body."""

    __module__ = "protorpc.message_types"


class DateTimeMessage(messages.Message):
    """A point in time as numbers: milliseconds since 1970 on the clock of the place, whose offset is in minutes."""

    __module__ = "protorpc.message_types"

    milliseconds = messages.IntegerField(1, required=True)
    time_zone_offset = messages.IntegerField(2)


class DateTimeField(messages.MessageField[T]):
    """A `datetime.datetime`; an RFC 3339 string in JSON, with an offset when the datetime has one."""

    __module__ = "protorpc.message_types"

    type = datetime.datetime
    message_type = DateTimeMessage

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: DateTimeField[FieldList[datetime.datetime]], number: int, *, repeated: Literal[True]
        ) -> None: ...
        @overload
        def __init__(self: DateTimeField[datetime.datetime], number: int, *, required: Literal[True]) -> None: ...
        @overload
        def __init__(
            self: DateTimeField[datetime.datetime | None],
            number: int,
            *,
            required: bool = False,
            repeated: Literal[False] = False,
            variant: messages.Variant | None = None,
        ) -> None: ...
        def __init__(self, number: int, **options: Any) -> None: ...
    else:

        def __init__(self, number, **options):
            super().__init__(self.message_type, number, **options)

    def value_from_message(self, message: Any) -> datetime.datetime:
        """The datetime of a DateTimeMessage. Raises DecodeError for another message."""
        message = super().value_from_message(message)
        local: datetime.datetime = _EPOCH + message.milliseconds * _MILLISECOND
        if message.time_zone_offset is None:
            return local
        return local.replace(tzinfo=util.TimeZoneOffset(message.time_zone_offset))

    def value_to_message(self, value: Any) -> DateTimeMessage:
        """The DateTimeMessage of a datetime, cut to milliseconds. Raises EncodeError for another value."""
        value = super().value_to_message(value)
        message = DateTimeMessage(milliseconds=(value.replace(tzinfo=None) - _EPOCH) // _MILLISECOND)
        offset = value.utcoffset()
        if offset is not None:
            message.time_zone_offset = int(offset / _MINUTE)
        return message
