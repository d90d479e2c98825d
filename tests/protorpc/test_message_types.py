from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protorpc import message_types, messages
from protorpc.message_types import DateTimeField, DateTimeMessage, VoidMessage
from protorpc.util import TimeZoneOffset

NOON = dt.datetime(2012, 12, 30, 12)  # noqa: DTZ001
NOON_MILLISECONDS = 1356868800000


class Event(messages.Message):
    when = DateTimeField(1)
    others = DateTimeField(2, repeated=True)


def test_exports() -> None:
    assert set(message_types.__all__) == {"DateTimeField", "DateTimeMessage", "VoidMessage"}
    assert {kind.__module__ for kind in (DateTimeField, DateTimeMessage, VoidMessage)} == {"protorpc.message_types"}


class TestVoidMessage:
    def test_holds_nothing(self) -> None:
        assert list(VoidMessage.all_fields()) == []
        assert VoidMessage().is_initialized()
        assert VoidMessage() == VoidMessage()
        assert repr(VoidMessage()) == "<VoidMessage>"
        assert VoidMessage.definition_name() == "protorpc.message_types.VoidMessage"

    def test_takes_nothing(self) -> None:
        with pytest.raises(TypeError, match="value"):
            VoidMessage(value=1)
        message: Any = VoidMessage()
        with pytest.raises(AttributeError, match="May not assign arbitrary value x to message VoidMessage"):
            message.x = 1


def test_date_time_message_needs_milliseconds() -> None:
    fields = {field.name: (field.number, field.variant.name, field.required) for field in DateTimeMessage.all_fields()}
    assert fields == {"milliseconds": (1, "INT64", True), "time_zone_offset": (2, "INT64", False)}
    assert not DateTimeMessage(time_zone_offset=60).is_initialized()


class TestDateTimeField:
    def test_keeps_datetimes_but_sends_messages(self) -> None:
        field = Event.field_by_name("when")
        assert isinstance(field, messages.MessageField)
        assert (field.type, field.message_type) == (dt.datetime, DateTimeMessage)
        assert field.variant is messages.Variant.MESSAGE

    @pytest.mark.parametrize("zone", [None, dt.UTC, TimeZoneOffset(60)])
    def test_keeps_a_datetime_as_it_is(self, zone: dt.tzinfo | None) -> None:
        moment = NOON.replace(tzinfo=zone)
        event = Event(when=moment, others=[moment])
        assert event.when is moment
        assert event.others[0] is moment

    @pytest.mark.parametrize("value", [{"milliseconds": 5}, "2012-12-30T12:00:00", NOON.date(), 5])
    def test_keeps_nothing_else(self, value: Any) -> None:
        with pytest.raises(messages.ValidationError, match="for field when, found "):
            Event(when=value)
        with pytest.raises(messages.ValidationError, match="for field others, found "):
            Event(others=[value])

    @pytest.mark.parametrize(
        ("moment", "milliseconds", "offset"),
        [
            pytest.param(dt.datetime(1970, 1, 1), 0, None, id="epoch"),  # noqa: DTZ001
            pytest.param(NOON, NOON_MILLISECONDS, None, id="naive"),
            pytest.param(NOON.replace(tzinfo=dt.UTC), NOON_MILLISECONDS, 0, id="utc"),
            pytest.param(NOON.replace(tzinfo=TimeZoneOffset(90)), NOON_MILLISECONDS, 90, id="east-on-the-local-clock"),
            pytest.param(NOON.replace(tzinfo=TimeZoneOffset(-705)), NOON_MILLISECONDS, -705, id="west"),
            pytest.param(
                NOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=2))), NOON_MILLISECONDS, 120, id="other-tzinfo"
            ),
            pytest.param(NOON.replace(microsecond=999999), NOON_MILLISECONDS + 999, None, id="microseconds-are-cut"),
            pytest.param(dt.datetime(1969, 12, 31, 23, 59, 59), -1000, None, id="before-the-epoch"),  # noqa: DTZ001
            pytest.param(dt.datetime(1, 1, 1), -62135596800000, None, id="first"),  # noqa: DTZ001
            pytest.param(dt.datetime(9999, 12, 31), 253402214400000, None, id="last"),  # noqa: DTZ001
        ],
    )
    def test_converts_both_ways(self, moment: dt.datetime, milliseconds: int, offset: int | None) -> None:
        field = DateTimeField(1)
        message = field.value_to_message(moment)
        assert (message.milliseconds, message.time_zone_offset) == (milliseconds, offset)
        back = field.value_from_message(message)
        assert back == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        assert back.utcoffset() == moment.utcoffset()
        assert back.tzinfo is None or isinstance(back.tzinfo, TimeZoneOffset)

    def test_converts_nothing_else(self) -> None:
        with pytest.raises(messages.EncodeError, match="Expected type datetime, got int: 5"):
            DateTimeField(1).value_to_message(5)
        with pytest.raises(messages.DecodeError, match="Expected type DateTimeMessage, got VoidMessage: "):
            DateTimeField(1).value_from_message(VoidMessage())

    @given(st.datetimes(), st.none() | st.integers(-1439, 1439))
    def test_comes_back_to_the_millisecond(self, moment: dt.datetime, minutes: int | None) -> None:
        zone = None if minutes is None else TimeZoneOffset(minutes)
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=zone)
        back = DateTimeField(1).value_from_message(DateTimeField(1).value_to_message(moment))
        assert (back.replace(tzinfo=None), back.tzinfo) == (moment.replace(tzinfo=None, fold=0), zone)
