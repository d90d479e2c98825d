from __future__ import annotations

import copy
import operator
import pickle
import types
from collections.abc import Callable
from typing import Any

import pytest

from protorpc import messages
from protorpc.messages import Variant


class Color(messages.Enum):
    """Not in the order of their numbers."""

    GREEN = 2
    RED = 1
    BLACK = 0


class Other(messages.Enum):
    RED = 1


def pickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301


class TestMembers:
    def test_have_name_and_number(self) -> None:
        assert (Color.RED.name, Color.RED.number) == ("RED", 1)
        assert (str(Color.RED), int(Color.RED), repr(Color.RED)) == ("RED", 1, "Color(RED, 1)")
        assert isinstance(Color.RED, Color)

    def test_are_listed(self) -> None:
        assert list(Color) == [Color.GREEN, Color.RED, Color.BLACK]
        assert len(Color) == 3
        assert set(Color.names()) == {"GREEN", "RED", "BLACK"}
        assert set(Color.numbers()) == {0, 1, 2}
        assert Color.to_dict() == {"GREEN": 2, "RED": 1, "BLACK": 0}
        assert (Color.__doc__, Color.__name__) == ("Not in the order of their numbers.", "Color")

    @pytest.mark.parametrize("index", ["RED", 1, Color.RED], ids=["name", "number", "member"])
    def test_are_found(self, index: Any) -> None:
        assert Color(index) is Color.RED

    def test_of_number_zero_is_found(self) -> None:
        assert Color(0) is Color("BLACK") is Color.BLACK

    @pytest.mark.parametrize("index", ["BLUE", "red", "", "1", 9, -1, 1.5, 1.0, None, b"RED", Other.RED, [], "names"])
    def test_are_not_found(self, index: Any) -> None:
        with pytest.raises(TypeError) as caught:
            Color(index)
        assert str(caught.value) == f"No such value for {index} in Enum Color"

    def test_are_looked_up(self) -> None:
        assert Color.lookup_by_name("GREEN") is Color.lookup_by_number(2) is Color.GREEN
        with pytest.raises(KeyError, match="BLUE"):
            Color.lookup_by_name("BLUE")
        with pytest.raises(KeyError, match="9"):
            Color.lookup_by_number(9)

    def test_cannot_be_changed(self) -> None:
        member: Any = Color.RED
        for name in ("name", "number", "other"):
            with pytest.raises(TypeError):
                setattr(member, name, 5)
        assert repr(member) == "Color(RED, 1)"

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
    def test_are_the_same_when_copied(self, duplicate: Callable[[Any], Any]) -> None:
        for member in (*Color, *Variant):
            assert duplicate(member) is member


class TestComparison:
    def test_sorts_by_number(self) -> None:
        assert sorted(Color) == [Color.BLACK, Color.RED, Color.GREEN]

    @pytest.mark.parametrize(
        ("compare", "less", "same", "greater"),
        [
            (operator.lt, True, False, False),
            (operator.le, True, True, False),
            (operator.gt, False, False, True),
            (operator.ge, False, True, True),
            (operator.eq, False, True, False),
            (operator.ne, True, False, True),
        ],
    )
    def test_of_two_members(self, compare: Callable[[Any, Any], bool], less: bool, same: bool, greater: bool) -> None:
        others = (Color.GREEN, Color.RED, Color.BLACK)
        assert [compare(Color.RED, other) for other in others] == [less, same, greater]

    @pytest.mark.parametrize("other", [Other.RED, 1, "RED", None])
    def test_with_anything_else(self, other: Any) -> None:
        assert other != Color.RED
        with pytest.raises(TypeError):
            _ = other > Color.RED

    def test_members_are_keys(self) -> None:
        table = {Color.RED: "red", Color.GREEN: "green"}
        assert table[Color(1)] == "red"
        assert Color.BLACK not in table


class TestClassBody:
    @pytest.mark.parametrize(
        ("number", "text"),
        [
            pytest.param("x", "May only use integers in Enum definitions.  Found: A = x", id="text"),
            pytest.param(1.5, "May only use integers in Enum definitions.  Found: A = 1.5", id="float"),
            pytest.param(None, "May only use integers in Enum definitions.  Found: A = None", id="none"),
            pytest.param(-1, "Must use non-negative enum values.  Found: A = -1", id="negative"),
            pytest.param(
                536870912, "Must use enum values less than or equal 536870911.  Found: A = 536870912", id="too-large"
            ),
        ],
    )
    def test_holds_small_integers_only(self, number: Any, text: str) -> None:
        with pytest.raises(messages.EnumDefinitionError) as caught:
            messages.Enum.def_enum({"A": number}, "Made")
        assert str(caught.value) == text

    @pytest.mark.parametrize("number", [0, 536870911])
    def test_holds_the_outermost_numbers(self, number: int) -> None:
        assert messages.Enum.def_enum({"A": number}, "Made")(number).name == "A"

    def test_holds_no_function(self) -> None:
        with pytest.raises(messages.EnumDefinitionError, match="Found: method = <function"):

            class Made(messages.Enum):
                def method(self) -> None:
                    """Not a number."""

    def test_holds_a_number_once(self) -> None:
        with pytest.raises(messages.EnumDefinitionError, match="Value for B = 1 is already defined: A"):
            messages.Enum.def_enum({"A": 1, "B": 1}, "Made")

    @pytest.mark.parametrize("bases", [(Color,), (Color, Other), (messages.Enum, int)], ids=["enum", "two", "mixin"])
    def test_has_no_base_but_enum(self, bases: tuple[type, ...]) -> None:
        with pytest.raises(messages.EnumDefinitionError, match="Enum type Made may only inherit from Enum"):
            types.new_class("Made", bases)

    def test_cannot_be_changed_later(self) -> None:
        color: Any = Color
        with pytest.raises(AttributeError, match="May not change values: BLUE"):
            color.BLUE = 5
        with pytest.raises(AttributeError, match="May not change values: RED"):
            color.RED = 5
        with pytest.raises(TypeError, match="May not delete attributes on definition class"):
            del color.RED
        assert Color.RED.number == 1

    def test_can_be_given_as_a_dict(self) -> None:
        made = messages.Enum.def_enum(Color.to_dict(), "Made")
        assert made.__name__ == "Made"
        assert made.to_dict() == Color.to_dict()
        assert made(1) != Color.RED


def test_names_of_a_class() -> None:
    assert Color.definition_name() == f"{__name__}.Color"
    assert Color.outer_definition_name() == Color.definition_package() == __name__
    assert Color.message_definition() is None


def test_variants_are_the_types_of_protocol_buffers() -> None:
    assert {variant.name: variant.number for variant in Variant} == {
        "DOUBLE": 1,
        "FLOAT": 2,
        "INT64": 3,
        "UINT64": 4,
        "INT32": 5,
        "BOOL": 8,
        "STRING": 9,
        "MESSAGE": 11,
        "BYTES": 12,
        "UINT32": 13,
        "ENUM": 14,
        "SINT32": 17,
        "SINT64": 18,
    }
