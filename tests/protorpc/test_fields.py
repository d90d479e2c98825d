from __future__ import annotations

import copy
import datetime as dt
import pickle
import types
from collections.abc import Callable
from typing import Any

import pytest

from protorpc import message_types, messages
from protorpc.messages import Variant


class Shade(messages.Enum):
    DARK = 0
    LIGHT = 5


class Leaf(messages.Message):
    name = messages.StringField(1)


class Tree(messages.Message):
    names = messages.StringField(1, repeated=True)
    numbers = messages.FloatField(2, repeated=True)
    single = messages.StringField(3)


MOMENT = dt.datetime(2014, 2, 28, 23, 59, 59)  # noqa: DTZ001
# Constructors of one field of each kind, by number and options.
KINDS: dict[str, Callable[..., Any]] = {
    "integer": messages.IntegerField,
    "float": messages.FloatField,
    "boolean": messages.BooleanField,
    "string": messages.StringField,
    "bytes": messages.BytesField,
    "enum": lambda *number, **options: messages.EnumField(Shade, *number, **options),
    "message": lambda *number, **options: messages.MessageField(Leaf, *number, **options),
    "datetime": message_types.DateTimeField,
}


def define(body: dict[str, Any]) -> Any:
    return types.new_class("Made", (messages.Message,), exec_body=lambda namespace: namespace.update(body))


every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@every_kind
class TestEveryKind:
    def test_attributes(self, kind: Callable[..., Any]) -> None:
        field = kind(5)
        assert (field.number, field.required, field.repeated, field.default) == (5, False, False, None)
        assert (kind(1, required=True).required, kind(1, repeated=True).repeated) == (True, True)
        assert field.variant is field.DEFAULT_VARIANT
        assert field.message_definition() is None

    @pytest.mark.parametrize("number", [1, 18999, 20000, 536870911])
    def test_numbers(self, kind: Callable[..., Any], number: int) -> None:
        assert kind(number).number == number

    @pytest.mark.parametrize("number", [0, -1, 536870912, "1", None, 1.0])
    def test_numbers_out_of_range(self, kind: Callable[..., Any], number: Any) -> None:
        with pytest.raises(messages.InvalidNumberError) as caught:
            kind(number)
        limits = "Number must be 1 or greater and 536870911 or less"
        assert str(caught.value) == f"Invalid number for field: {number}\n{limits}"

    @pytest.mark.parametrize("number", [19000, 19999])
    def test_reserved_numbers(self, kind: Callable[..., Any], number: int) -> None:
        with pytest.raises(messages.InvalidNumberError, match=f"Tag number {number} is a reserved number"):
            kind(number)

    def test_required_or_repeated(self, kind: Callable[..., Any]) -> None:
        with pytest.raises(messages.FieldDefinitionError, match="Cannot set both repeated and required"):
            kind(1, required=True, repeated=True)

    def test_variants(self, kind: Callable[..., Any]) -> None:
        variants = kind(1).VARIANTS
        for variant in Variant:
            if variant in variants:
                assert kind(1, variant=variant).variant is variant
            else:
                with pytest.raises(messages.InvalidVariantError, match=f"Invalid variant: {variant}\nValid variants"):
                    kind(1, variant=variant)

    @pytest.mark.parametrize("arguments", [(), (1, True)], ids=["no-number", "two-positional"])
    def test_positional_arguments(self, kind: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        with pytest.raises(TypeError):
            kind(*arguments)

    def test_unknown_option(self, kind: Callable[..., Any]) -> None:
        with pytest.raises(TypeError, match="colour"):
            kind(1, colour=1)

    def test_is_read_only(self, kind: Callable[..., Any]) -> None:
        with pytest.raises(AttributeError, match="Field objects are read-only"):
            kind(1).required = True

    def test_none(self, kind: Callable[..., Any]) -> None:
        assert kind(1).validate(None) is kind(1, repeated=True).validate(None) is None
        with pytest.raises(messages.ValidationError, match="Required field is missing"):
            kind(1, required=True).validate(None)
        with pytest.raises(messages.ValidationError, match=r"Repeated values for .* may not be None"):
            kind(1, repeated=True).validate([None])

    def test_can_be_pickled(self, kind: Callable[..., Any]) -> None:
        made = pickle.loads(pickle.dumps(kind(7, repeated=True)))  # noqa: S301
        assert type(made) is type(kind(1))
        assert (made.number, made.repeated, made.variant) == (7, True, kind(1).variant)


@pytest.mark.parametrize(
    ("field", "default", "variants"),
    [
        (messages.IntegerField, "INT64", "INT32 INT64 SINT32 SINT64 UINT32 UINT64"),
        (messages.FloatField, "DOUBLE", "DOUBLE FLOAT"),
        (messages.BooleanField, "BOOL", "BOOL"),
        (messages.StringField, "STRING", "STRING"),
        (messages.BytesField, "BYTES", "BYTES"),
        (messages.EnumField, "ENUM", "ENUM"),
        (messages.MessageField, "MESSAGE", "MESSAGE"),
    ],
)
def test_variants_of_a_field(field: Any, default: str, variants: str) -> None:
    assert field.DEFAULT_VARIANT.name == default
    assert sorted(variant.name for variant in field.VARIANTS) == variants.split()
    for variant in field.VARIANTS:
        assert messages.Field.lookup_field_type_by_variant(variant) is field


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        pytest.param("integer", 5, 5, id="integer"),
        pytest.param("integer", 2**70, 2**70, id="integer-of-any-size"),
        pytest.param("integer", True, True, id="boolean-as-integer"),
        pytest.param("float", 1.5, 1.5, id="float"),
        pytest.param("float", 2, 2.0, id="whole-number"),
        pytest.param("boolean", False, False, id="boolean"),
        pytest.param("string", "é", "é", id="string"),
        pytest.param("string", b"ascii", "ascii", id="ascii-bytes"),
        pytest.param("bytes", b"\xff", b"\xff", id="bytes"),
        pytest.param("enum", Shade.DARK, Shade.DARK, id="enum"),
        pytest.param("message", Leaf(name="x"), Leaf(name="x"), id="message"),
        pytest.param("datetime", MOMENT, MOMENT, id="datetime"),
    ],
)
def test_keeps(kind: str, given: Any, kept: Any) -> None:
    for value in (KINDS[kind](1).validate(given), *KINDS[kind](1, repeated=True).validate((given,))):
        assert value == kept
        assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("integer", value) for value in ("5", 5.0, b"5", [5])),
        *(("float", value) for value in ("1.5", b"1", [1.5], Shade.DARK)),
        *(("boolean", value) for value in (0, 1, "true")),
        *(("string", value) for value in (5, True, ["x"], b"\xff")),
        *(("bytes", value) for value in ("text", 5, bytearray(b"x"))),
        *(("enum", value) for value in ("DARK", 0, Variant.DOUBLE)),
        *(("message", value) for value in (Tree(), "Leaf", Leaf, 5)),
        *(("datetime", value) for value in ("2014-02-28T23:59:59", 5, MOMENT.date(), message_types.DateTimeMessage())),
    ],
)
class TestRefuses:
    def test_a_value(self, kind: str, value: Any) -> None:
        made = define({"named": KINDS[kind](1)})
        for validate in (made.named.validate, made.named.validate_element, lambda given: made(named=given)):
            with pytest.raises(messages.ValidationError, match=r"[Ff]ield named\b"):
                validate(value)

    def test_one_in_a_list(self, kind: str, value: Any) -> None:
        with pytest.raises(messages.ValidationError):
            KINDS[kind](1, repeated=True).validate([value])


class TestDefaults:
    @pytest.mark.parametrize(
        ("kind", "given", "default"),
        [
            ("integer", -1, -1),
            ("integer", True, True),
            ("float", 0.5, 0.5),
            ("boolean", False, False),
            ("string", "", ""),
            ("bytes", b"\x00\xff", b"\x00\xff"),
            ("enum", Shade.LIGHT, Shade.LIGHT),
            ("enum", "LIGHT", Shade.LIGHT),
            ("enum", 0, Shade.DARK),
        ],
    )
    def test_are_read_until_a_value_is_set(self, kind: str, given: Any, default: Any) -> None:
        made = define({"value": KINDS[kind](1, default=given)})
        assert made.value.default == made().value == default
        assert made().get_assigned_value("value") is None
        assert made() != made(value=default)

    @pytest.mark.parametrize(
        ("kind", "default"),
        [
            ("integer", "x"),
            ("float", "x"),
            ("boolean", 1),
            ("string", 5),
            ("bytes", "x"),
            ("enum", 1.5),
            ("string", b"\xff"),
        ],
    )
    def test_must_fit(self, kind: str, default: Any) -> None:
        with pytest.raises(messages.InvalidDefaultError, match="Invalid default value for "):
            KINDS[kind](1, default=default)

    @pytest.mark.parametrize("default", ["NONE", 7])
    def test_must_be_members(self, default: Any) -> None:
        with pytest.raises(TypeError, match=f"No such value for {default} in Enum Shade"):
            messages.EnumField(Shade, 1, default=default)

    @pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"message", "datetime"}))
    def test_are_for_single_values(self, kind: str) -> None:
        with pytest.raises(messages.FieldDefinitionError, match="Repeated fields may not have defaults"):
            KINDS[kind](1, repeated=True, default=[])

    @pytest.mark.parametrize("kind", ["message", "datetime"])
    def test_messages_have_none(self, kind: str) -> None:
        with pytest.raises(TypeError, match="default"):
            KINDS[kind](1, default=Leaf())


@pytest.mark.parametrize(
    ("field", "wrong", "text"),
    [
        (messages.MessageField, messages.Message, "Invalid message class: "),
        (messages.MessageField, Shade, "Invalid message class: "),
        (messages.MessageField, int, "Invalid message class: "),
        (messages.MessageField, Leaf(), "Invalid message class: "),
        (messages.EnumField, messages.Enum, "Invalid enum type: "),
        (messages.EnumField, Leaf, "Invalid enum type: "),
        (messages.EnumField, int, "Invalid enum type: "),
    ],
)
def test_a_reference_is_to_a_class_of_its_kind(field: Any, wrong: Any, text: str) -> None:
    with pytest.raises(messages.FieldDefinitionError, match=text):
        field(wrong, 1)


def test_types_of_references() -> None:
    assert messages.EnumField(Shade, 1).type is Shade
    assert messages.MessageField(Leaf, 1).type is messages.MessageField(Leaf, 1).message_type is Leaf


class TestConversionOfMessages:
    def test_of_a_message_field_changes_nothing(self) -> None:
        leaf = Leaf()
        assert messages.MessageField(Leaf, 1).value_from_message(leaf) is leaf
        assert messages.MessageField(Leaf, 1).value_to_message(leaf) is leaf

    def test_of_another_class(self) -> None:
        with pytest.raises(messages.DecodeError, match="Expected type Leaf, got Tree: "):
            messages.MessageField(Leaf, 1).value_from_message(Tree())
        with pytest.raises(messages.EncodeError, match="Expected type Leaf, got str: 'x'"):
            messages.MessageField(Leaf, 1).value_to_message("x")


NAMES = Tree.field_by_name("names")


class TestFieldList:
    def test_is_a_list_of_checked_values(self) -> None:
        made = messages.FieldList(NAMES, (b"a", "b"))
        assert made == ["a", "b"]
        assert isinstance(made, list)
        assert made.field is NAMES

    def test_belongs_to_a_repeated_field(self) -> None:
        with pytest.raises(messages.FieldDefinitionError, match="FieldList may only accept repeated fields"):
            messages.FieldList(Tree.field_by_name("single"), ["a"])

    @pytest.mark.parametrize("sequence", ["a", 5, [5], [None], {"a": 1}, iter("a")])
    def test_is_made_of_lists_and_tuples(self, sequence: Any) -> None:
        with pytest.raises(messages.ValidationError):
            messages.FieldList(NAMES, sequence)

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            pytest.param(lambda names: names.append("c"), ["a", "b", "c"], id="append"),
            pytest.param(lambda names: names.extend(["c", b"d"]), ["a", "b", "c", "d"], id="extend"),
            pytest.param(lambda names: names.extend(iter("cd")), ["a", "b", "c", "d"], id="extend-iterator"),
            pytest.param(lambda names: names.insert(0, b"c"), ["c", "a", "b"], id="insert"),
            pytest.param(lambda names: names.__setitem__(1, "c"), ["a", "c"], id="item"),
            pytest.param(lambda names: names.__setitem__(slice(0, 1), ("c", b"d")), ["c", "d", "b"], id="slice"),
            pytest.param(lambda names: names.__iadd__(("c",)), ["a", "b", "c"], id="iadd"),
            pytest.param(lambda names: names.pop(), ["a"], id="pop"),
            pytest.param(lambda names: names.reverse(), ["b", "a"], id="reverse"),
            pytest.param(lambda names: names.clear(), [], id="clear"),
        ],
    )
    def test_changes_the_message(self, change: Callable[[Any], Any], expected: list[str]) -> None:
        tree = Tree(names=["a", "b"])
        change(tree.names)
        assert tree.names == expected
        assert tree == Tree(names=expected)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda names: names.append(5), id="append"),
            pytest.param(lambda names: names.extend(["c", 5]), id="extend"),
            pytest.param(lambda names: names.extend([None]), id="extend-none"),
            pytest.param(lambda names: names.insert(0, 5), id="insert"),
            pytest.param(lambda names: names.__setitem__(0, 5), id="item"),
            pytest.param(lambda names: names.__setitem__(slice(0, 1), ["c", 5]), id="slice"),
            pytest.param(lambda names: names.__iadd__([5]), id="iadd"),
        ],
    )
    def test_refuses_what_does_not_fit_and_stays_as_it_was(self, change: Callable[[Any], Any]) -> None:
        tree = Tree(names=["a", "b"])
        with pytest.raises(messages.ValidationError):
            change(tree.names)
        assert tree.names == ["a", "b"]

    def test_converts(self) -> None:
        tree = Tree(numbers=[1])
        tree.numbers.append(2)
        tree.numbers[:0] = [0]
        assert [type(number) for number in tree.numbers] == [float, float, float]

    def test_augmented_assignment(self) -> None:
        tree = Tree(names=["a"])
        tree.names += ["b"]
        assert tree.names == ["a", "b"]
        assert isinstance(tree.names, messages.FieldList)

    @pytest.mark.parametrize("repeated", [True, False], ids=["field-of-a-message", "field-alone"])
    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])  # noqa: S301
    def test_can_be_copied(self, duplicate: Callable[[Any], Any], repeated: bool) -> None:
        names = messages.FieldList(NAMES if repeated else messages.StringField(1, repeated=True), ["a"])
        made = duplicate(names)
        made.append("b")
        assert (names, made) == (["a"], ["a", "b"])
        with pytest.raises(messages.ValidationError):
            made.append(5)
