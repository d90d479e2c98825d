from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages


class Color(messages.Enum):
    RED = 1
    GREEN = 2


class Place(messages.Message):
    city = messages.StringField(1)


class Everything(messages.Message):
    s = messages.StringField(3, required=True)
    i = messages.IntegerField(1, variant=messages.Variant.INT32, default=4)
    e = messages.EnumField(Color, 7, default=Color.GREEN)
    m = messages.MessageField(Place, 4, repeated=True)
    t = message_types.DateTimeField(5)
    f = messages.FloatField(6, variant=messages.Variant.FLOAT)
    b = messages.BooleanField(8)
    y = messages.BytesField(9)


def facts(message_type: Any) -> list[tuple[Any, ...]]:
    return [
        (type(each).__name__, each.name, each.number, each.required, each.repeated, each.variant, each.default)
        for each in sorted(message_type.all_fields(), key=lambda field: field.number)
    ]


def test_without_a_body() -> None:
    container = endpoints.ResourceContainer(q=messages.StringField(1))
    assert container.body_message_class is message_types.VoidMessage
    assert [each.name for each in container.combined_message_class.all_fields()] == ["q"]


def test_without_anything() -> None:
    assert list(endpoints.ResourceContainer().combined_message_class.all_fields()) == []


def test_body_and_parameters_are_combined_and_numbered_anew() -> None:
    container = endpoints.ResourceContainer(
        Place, zip=messages.IntegerField(9, required=True), verbose=messages.BooleanField(2)
    )
    combined = container.combined_message_class
    assert combined.__name__ == "CombinedContainer"
    assert container.parameters_message_class.__name__ == "ParameterContainer"
    assert container.body_message_class is Place
    assert {each.name: each.number for each in combined.all_fields()} == {"city": 1, "verbose": 2, "zip": 3}
    assert {each.name: each.number for each in container.parameters_message_class.all_fields()} == {
        "verbose": 2,
        "zip": 9,
    }


def test_the_combined_class_is_made_once() -> None:
    container = endpoints.ResourceContainer(Place)
    assert container.combined_message_class is container.combined_message_class


def test_fields_keep_everything_but_their_numbers() -> None:
    combined = endpoints.ResourceContainer(Everything).combined_message_class
    given, copied = facts(Everything), facts(combined)
    assert [each[:2] + each[3:] for each in copied] == [each[:2] + each[3:] for each in given]
    assert [each[2] for each in copied] == list(range(1, 9))
    assert combined.field_by_name("m").message_type is Place
    assert combined.field_by_name("e").type is Color


def test_fields_of_a_message_can_be_given_again() -> None:
    fields: dict[str, Any] = {each.name: each for each in Everything.all_fields()}
    container = endpoints.ResourceContainer(**fields)
    assert facts(container.parameters_message_class) == facts(Everything)
    both: Any = container.combined_message_class(s="x", m=[Place(city="Ulm")])
    assert both.m[0].city == "Ulm"
    assert Everything.field_by_name("s").message_definition() is Everything
    assert Everything(s="x", m=[Place(city="Ulm")]).m[0].city == "Ulm"


def test_a_parameter_may_repeat_a_field_of_the_body() -> None:
    container = endpoints.ResourceContainer(Place, city=messages.StringField(7), n=messages.IntegerField(8))
    assert [each.name for each in container.combined_message_class.all_fields()] == ["city", "n"]


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(messages.IntegerField(1), id="type"),
        pytest.param(messages.StringField(1, default="d"), id="default"),
        pytest.param(messages.StringField(1, required=True), id="required"),
        pytest.param(messages.StringField(1, repeated=True), id="repeated"),
    ],
)
def test_a_parameter_unlike_the_field_of_the_body(field: messages.Field[Any]) -> None:
    container = endpoints.ResourceContainer(Place, city=field)
    with pytest.raises(TypeError, match="'city'"):
        _ = container.combined_message_class


@pytest.mark.parametrize("body", [str, None, "Place", messages.Message, Place(city="x")], ids=repr)
def test_a_body_that_is_no_message_class(body: Any) -> None:
    with pytest.raises(TypeError, match="body must be a message class"):
        endpoints.ResourceContainer(body)


def test_a_parameter_that_is_no_field() -> None:
    with pytest.raises(messages.MessageDefinitionError):
        endpoints.ResourceContainer(Place, y="text")


def test_two_parameters_of_one_number() -> None:
    with pytest.raises(messages.DuplicateNumberError):
        endpoints.ResourceContainer(y=messages.StringField(3), z=messages.StringField(3))


def test_repr() -> None:
    assert repr(endpoints.ResourceContainer(Place, n=messages.IntegerField(1))) == "ResourceContainer(Place, n)"
