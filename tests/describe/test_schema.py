"""endpoints.describe.schema: message classes as neutral JSON schema."""

from __future__ import annotations

import re

import pytest

import endpoints
from endpoints.describe.schema import Property, Schema, Shape, check_names, schema_name, schemas, shape_of
from endpoints.describe.schema import message_types as message_types_of
from endpoints.operations import collect
from protorpc import message_types, messages, remote

package = "shop"  # the first word of all full names of this module
V = messages.Variant


class Size(messages.Enum):
    LARGE = 30
    SMALL = 10


class Inner(messages.Message):
    """What is inside."""

    size = messages.EnumField(Size, 2, default=Size.SMALL)
    label = messages.StringField(1, required=True)


class Outer(messages.Message):
    class snake_case(messages.Message):  # noqa: N801
        back = messages.MessageField("Outer", 1)

    inners = messages.MessageField(Inner, 1, repeated=True)
    named = messages.MessageField(snake_case, 2)


def method(request: type[messages.Message], response: type[messages.Message], http_method: str = "POST") -> object:
    """An API with one method."""

    @endpoints.api(name="shop", version="v1")
    class Shop(remote.Service):
        @endpoints.method(request, response, http_method=http_method)
        def run(self, request: messages.Message) -> messages.Message:
            return request

    return Shop


@pytest.mark.parametrize(
    ("field", "shape"),
    [
        pytest.param(messages.StringField(1), Shape(type="string"), id="string"),
        pytest.param(messages.BytesField(1), Shape(type="string", format="byte"), id="bytes"),
        pytest.param(messages.BooleanField(1), Shape(type="boolean"), id="boolean"),
        pytest.param(messages.FloatField(1), Shape(type="number", format="double"), id="double"),
        pytest.param(messages.FloatField(1, variant=V.FLOAT), Shape(type="number", format="float"), id="float"),
        pytest.param(messages.IntegerField(1), Shape(type="string", format="int64"), id="int64"),
        pytest.param(messages.IntegerField(1, variant=V.SINT64), Shape(type="string", format="int64"), id="sint64"),
        pytest.param(messages.IntegerField(1, variant=V.UINT64), Shape(type="string", format="uint64"), id="uint64"),
        pytest.param(messages.IntegerField(1, variant=V.INT32), Shape(type="integer", format="int32"), id="int32"),
        pytest.param(messages.IntegerField(1, variant=V.SINT32), Shape(type="integer", format="int32"), id="sint32"),
        pytest.param(messages.IntegerField(1, variant=V.UINT32), Shape(type="integer", format="uint32"), id="uint32"),
        pytest.param(message_types.DateTimeField(1), Shape(type="string", format="date-time"), id="datetime"),
        pytest.param(messages.EnumField(Size, 1), Shape(type="string", enum=("SMALL", "LARGE")), id="enum"),
        pytest.param(messages.MessageField(Inner, 1), Shape(type="object", reference="ShopInner"), id="message"),
    ],
)
def test_shape_of_a_field(field: messages.Field[object], shape: Shape) -> None:
    assert shape_of(field) == shape


@pytest.mark.parametrize(
    ("message_type", "name"),
    [
        pytest.param(Inner, "ShopInner", id="top level"),
        pytest.param(Outer.snake_case, "ShopOuterSnakeCase", id="nested, with underscores"),
        pytest.param(message_types.VoidMessage, "ProtorpcMessageTypesVoidMessage", id="of a module in a package"),
    ],
)
def test_name_of_a_schema(message_type: type[messages.Message], name: str) -> None:
    assert schema_name(message_type) == name


def test_a_message_and_all_within_reach_are_described() -> None:
    assert schemas([Inner]) == {
        "ShopInner": Schema(
            name="ShopInner",
            description="What is inside.",
            properties=(
                Property(
                    name="label",
                    shape=Shape(type="string"),
                    repeated=False,
                    required=True,
                    default=None,
                    description=None,
                ),
                Property(
                    name="size",
                    shape=Shape(type="string", enum=("SMALL", "LARGE")),
                    repeated=False,
                    required=False,
                    default="SMALL",
                    description=None,
                ),
            ),
        )
    }
    found = schemas([Outer])
    assert list(found) == ["ShopOuter", "ShopInner", "ShopOuterSnakeCase"]
    assert found["ShopOuter"].description is None
    assert [(each.repeated, each.description) for each in found["ShopOuter"].properties] == [
        (True, "What is inside."),
        (False, None),
    ]


def test_names_that_become_one_are_refused() -> None:
    class Outer_snake_case(messages.Message):  # noqa: N801
        text = messages.StringField(1)

    type.__setattr__(Outer_snake_case, "__module__", __name__)
    with pytest.raises(KeyError, match=re.escape("Both shop.Outer.snake_case and shop.Outer_snake_case normalize")):
        check_names(collect([method(Outer_snake_case, Outer)]))


def test_a_definition_may_come_from_many_sides() -> None:
    check_names(collect([method(Inner, Outer)]))


def test_a_field_of_an_unknown_message_is_found_at_start() -> None:
    class Broken(messages.Message):
        missing = messages.MessageField("NoSuchMessage", 1)

    with pytest.raises(messages.DefinitionNotFoundError):
        check_names(collect([method(Broken, Broken)]))


def test_what_is_not_sent_as_a_body_has_no_schema() -> None:
    (api,) = collect([method(Inner, message_types.VoidMessage, "GET")])
    assert schemas(message_types_of(api)) == {}
