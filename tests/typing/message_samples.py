# pyright: reportUnnecessaryTypeIgnoreComment=true
"""What mypy and pyright make of messages. Every line holds at run time too."""

from __future__ import annotations

import datetime
from typing import Any, assert_type

from protorpc import message_types, messages, protojson
from protorpc.messages import FieldList


class Colour(messages.Enum):
    RED = 1
    GREEN = 2


class Inner(messages.Message):
    text = messages.StringField(1)


class Outer(messages.Message):
    text = messages.StringField(1)
    required_text = messages.StringField(2, required=True)
    default_text = messages.StringField(3, default="x")
    texts = messages.StringField(4, repeated=True)
    number = messages.IntegerField(5)
    required_number = messages.IntegerField(6, required=True)
    default_number = messages.IntegerField(7, default=1, variant=messages.Variant.INT32)
    numbers = messages.IntegerField(8, variant=messages.Variant.INT32, repeated=True)
    ratio = messages.FloatField(9)
    default_ratio = messages.FloatField(10, default=0.5)
    flag = messages.BooleanField(11)
    required_flag = messages.BooleanField(12, required=True)
    data = messages.BytesField(13)
    parts = messages.BytesField(14, repeated=True)
    inner = messages.MessageField(Inner, 15)
    required_inner = messages.MessageField(Inner, 16, required=True)
    inners = messages.MessageField(Inner, 17, repeated=True)
    colour = messages.EnumField(Colour, 18)
    default_colour = messages.EnumField(Colour, 19, default="RED")
    colours = messages.EnumField(Colour, 20, repeated=True)
    moment = message_types.DateTimeField(21)
    required_moment = message_types.DateTimeField(22, required=True)
    moments = message_types.DateTimeField(23, repeated=True)
    named = messages.MessageField("Inner", 24)


NOW = datetime.datetime(2014, 2, 8, tzinfo=datetime.UTC)
MESSAGE = Outer(
    required_text="t", required_number=1, required_flag=True, required_inner=Inner(text="i"), required_moment=NOW
)


def test_values_of_fields() -> None:
    assert_type(MESSAGE.text, str | None)
    assert_type(MESSAGE.required_text, str)
    assert_type(MESSAGE.default_text, str)
    assert_type(MESSAGE.texts, FieldList[str])
    assert_type(MESSAGE.number, int | None)
    assert_type(MESSAGE.required_number, int)
    assert_type(MESSAGE.default_number, int)
    assert_type(MESSAGE.numbers, FieldList[int])
    assert_type(MESSAGE.ratio, float | None)
    assert_type(MESSAGE.default_ratio, float)
    assert_type(MESSAGE.flag, bool | None)
    assert_type(MESSAGE.required_flag, bool)
    assert_type(MESSAGE.data, bytes | None)
    assert_type(MESSAGE.parts, FieldList[bytes])
    assert_type(MESSAGE.inner, Inner | None)
    assert_type(MESSAGE.required_inner, Inner)
    assert_type(MESSAGE.required_inner.text, str | None)
    assert_type(MESSAGE.inners, FieldList[Inner])
    assert_type(MESSAGE.colour, Colour | None)
    assert_type(MESSAGE.default_colour, Colour)
    assert_type(MESSAGE.colours, FieldList[Colour])
    assert_type(MESSAGE.moment, datetime.datetime | None)
    assert_type(MESSAGE.required_moment, datetime.datetime)
    assert_type(MESSAGE.moments, FieldList[datetime.datetime])
    assert_type(MESSAGE.named, Any)  # a name says nothing to a type checker


def test_a_repeated_field_is_a_list() -> None:
    texts: list[str] = MESSAGE.texts
    MESSAGE.texts.append("x")
    MESSAGE.texts += ["x"]
    MESSAGE.texts = ["x", "y"]
    MESSAGE.inners = (Inner(), Inner())
    assert_type([text.upper() for text in texts], list[str])


def test_the_field_on_the_class() -> None:
    assert_type(Outer.text, messages.StringField[str | None])
    assert_type(Outer.inners, messages.MessageField[FieldList[Inner]])
    assert_type(Outer.text.name, str)
    assert_type(Outer.text.number, int)
    assert_type(Outer.text.variant, messages.Variant)


def test_wrong_values_are_refused() -> None:
    message = Outer()
    try:
        message.text = 1  # type: ignore[assignment]
        message.required_number = None  # type: ignore[assignment]
        message.inner = Outer()  # type: ignore[assignment]
        message.texts = [1]  # type: ignore[list-item]
        message.colour = 1  # type: ignore[assignment]
    except messages.ValidationError:
        pass


def test_setting_and_unsetting() -> None:
    MESSAGE.text = "set"
    MESSAGE.text = None
    MESSAGE.colour = Colour.RED
    MESSAGE.inner = Inner()
    MESSAGE.reset("inner")
    assert_type(MESSAGE.is_initialized(), bool)


def painted(colour: Colour) -> str:
    match colour:
        case Colour.RED:
            return "red"
        case Colour.GREEN:
            return "green"


def test_enums() -> None:
    assert painted(Colour.RED) == "red"
    assert_type(Colour.RED.name, str)
    assert_type(Colour.RED.number, int)
    assert_type(list(Colour), list[Colour])
    assert_type(Colour.RED < Colour.GREEN, bool)
    assert_type(Colour("RED"), Colour)
    assert_type(Colour.lookup_by_name("RED"), Colour)
    assert_type([colour.name for colour in Colour], list[str])


def test_codec() -> None:
    assert_type(protojson.decode_message(Inner, "{}"), Inner)
    assert_type(protojson.encode_message(Inner()), str)
