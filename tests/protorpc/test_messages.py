from __future__ import annotations

import copy
import pickle
import types
from collections.abc import Callable
from typing import Any

import pytest

from protorpc import messages
from protorpc.messages import Variant


class Color(messages.Enum):
    RED = 1
    GREEN = 2


class Inner(messages.Message):
    name = messages.StringField(1)


class Sample(messages.Message):
    """What most tests need."""

    colors = messages.EnumField(Color, 3, repeated=True)
    text = messages.StringField(1)
    number = messages.IntegerField(2, variant=Variant.INT32)
    inner = messages.MessageField(Inner, 4)
    inners = messages.MessageField(Inner, 6, repeated=True)
    preset = messages.IntegerField(5, default=9)


class Needy(messages.Message):
    text = messages.StringField(1, required=True)
    preset = messages.IntegerField(2, required=True, default=3)


class NeedyOuter(messages.Message):
    one = messages.MessageField(Needy, 1)
    many = messages.MessageField(Needy, 2, repeated=True)


def define(body: dict[str, Any], bases: tuple[type, ...] = (messages.Message,)) -> Any:
    return types.new_class("Made", bases, exec_body=lambda namespace: namespace.update({"__module__": __name__} | body))


def unchecked(message: Any) -> Any:
    """The same message to Python, anything to the type checker."""
    return message


def pickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301


def test_constants() -> None:
    assert messages.MAX_ENUM_VALUE == messages.MAX_FIELD_NUMBER == 536870911
    assert (messages.FIRST_RESERVED_FIELD_NUMBER, messages.LAST_RESERVED_FIELD_NUMBER) == (19000, 19999)


@pytest.mark.parametrize(
    ("error", "base"),
    [
        ("EnumDefinitionError", messages.Error),
        ("FieldDefinitionError", messages.Error),
        ("InvalidVariantError", messages.FieldDefinitionError),
        ("InvalidDefaultError", messages.FieldDefinitionError),
        ("InvalidNumberError", messages.FieldDefinitionError),
        ("MessageDefinitionError", messages.Error),
        ("DuplicateNumberError", messages.Error),
        ("DefinitionNotFoundError", messages.Error),
        ("DecodeError", messages.Error),
        ("EncodeError", messages.Error),
        ("ValidationError", messages.Error),
    ],
)
def test_errors_are_a_tree_of_their_public_home(error: str, base: type[Exception]) -> None:
    kind = getattr(messages, error)
    assert kind.__bases__ == (base,)
    assert (kind.__module__, kind.__qualname__) == ("protorpc.messages", error)
    assert pickled(kind("why")).args == ("why",)


class TestClassBody:
    @pytest.mark.parametrize(
        "value", [pytest.param("text", id="text"), pytest.param(5, id="number"), pytest.param(len, id="function")]
    )
    def test_holds_nothing_but_fields(self, value: Any) -> None:
        with pytest.raises(
            messages.MessageDefinitionError, match="May only use fields in message definitions"
        ) as caught:
            define({"wrong": value})
        assert f"Found: wrong = {value}" in str(caught.value)

    def test_two_fields_have_two_numbers(self) -> None:
        with pytest.raises(messages.DuplicateNumberError, match="Field with number 4 declared more than once in Made"):
            define({"one": messages.StringField(4), "other": messages.IntegerField(4)})

    @pytest.mark.parametrize(
        "bases",
        [
            pytest.param((Inner,), id="message"),
            pytest.param((Inner, Needy), id="two"),
            pytest.param((messages.Message, types.SimpleNamespace), id="mixin"),
        ],
    )
    def test_has_no_base_but_message(self, bases: tuple[type, ...]) -> None:
        with pytest.raises(messages.MessageDefinitionError, match="Message types may only inherit from Message"):
            define({}, bases)

    def test_keeps_docstring_and_annotations_apart_from_fields(self) -> None:
        class Annotated(messages.Message):
            """Says something."""

            value: messages.StringField[str | None] = messages.StringField(1)

        assert Annotated.__doc__ == "Says something."
        assert [field.name for field in Annotated.all_fields()] == ["value"]

    @pytest.mark.parametrize(
        "name",
        ["_x", "class", "None", "self", "name", "number", "field", "validate", "items", "unrecognized", "é", "m", "f0"],
    )
    def test_any_name_will_do_for_a_field(self, name: str) -> None:
        made = define({name: messages.StringField(1), "other": messages.StringField(2)})
        message = made(**{name: "x", "other": "y"})
        assert getattr(message, name) == "x"
        setattr(message, name, "z")
        assert message == made(**{name: "z", "other": "y"})
        assert message.get_assigned_value(name) == "z"

    def test_a_field_knows_its_name_and_class(self) -> None:
        field = Sample.field_by_name("number")
        assert (field.name, field.number, field.variant) == ("number", 2, Variant.INT32)
        assert (field.required, field.repeated, field.default) == (False, False, None)
        assert field.message_definition() is Sample
        assert Sample.number is field

    def test_cannot_be_changed_later(self) -> None:
        sample: Any = Sample
        with pytest.raises(AttributeError, match="May not change values: other"):
            sample.other = 1
        with pytest.raises(TypeError, match="May not delete attributes on definition class"):
            del sample.text


class TestFields:
    def test_fields_are_listed(self) -> None:
        assert [field.name for field in Sample.all_fields()] == [
            "colors",
            "text",
            "number",
            "inner",
            "inners",
            "preset",
        ]

    def test_fields_are_found(self) -> None:
        assert Sample.field_by_number(5) is Sample.field_by_name("preset")

    def test_fields_that_do_not_exist(self) -> None:
        with pytest.raises(KeyError, match="nope"):
            Sample.field_by_name("nope")
        with pytest.raises(KeyError, match="77"):
            Sample.field_by_number(77)


class TestConstruction:
    def test_unset_fields(self) -> None:
        sample = Sample()
        assert (sample.text, sample.inner, sample.preset) == (None, None, 9)
        assert sample.colors == []
        assert isinstance(sample.colors, messages.FieldList)

    def test_none_is_unset(self) -> None:
        assert Sample(text=None, preset=None) == Sample()

    def test_takes_keywords_only(self) -> None:
        with pytest.raises(TypeError):
            unchecked(Sample)("a")

    def test_takes_no_unknown_keyword(self) -> None:
        with pytest.raises(TypeError, match="nope"):
            Sample(nope=1)

    @pytest.mark.parametrize("value", [{"name": "x"}, Inner(name="x")], ids=["dict", "message"])
    def test_a_dict_becomes_a_message(self, value: Any) -> None:
        assert Sample(inner=value).inner == Inner(name="x")
        assert Sample(inners=[value, Inner()]).inners == [Inner(name="x"), Inner()]

    def test_copies_lists(self) -> None:
        colors = [Color.RED]
        constructed = Sample(colors=colors)
        assigned = Sample()
        unchecked(assigned).colors = colors
        colors.append(Color.GREEN)
        assert constructed.colors == assigned.colors == [Color.RED]

    def test_lists_of_two_messages_are_two(self) -> None:
        first = Sample(colors=[Color.RED])
        second = Sample(colors=first.colors)
        second.colors.append(Color.GREEN)
        assert first.colors == [Color.RED]

    def test_a_failure_names_the_field(self) -> None:
        with pytest.raises(messages.ValidationError, match="for field number, found x "):
            Sample(text="fine", number="x")


class TestAssignment:
    def test_reads_back(self) -> None:
        sample = Sample()
        sample.text, sample.preset = "a", 1
        sample.colors = messages.FieldList(Sample.field_by_name("colors"), [Color.RED])
        assert (sample.text, sample.preset, sample.colors) == ("a", 1, [Color.RED])

    def test_refuses_wrong_types_and_keeps_the_value(self) -> None:
        sample = Sample(number=1)
        with pytest.raises(messages.ValidationError, match="for field number, found x "):
            unchecked(sample).number = "x"
        assert sample.number == 1

    def test_refuses_unknown_names(self) -> None:
        with pytest.raises(AttributeError, match="May not assign arbitrary value nope to message Sample"):
            unchecked(Sample()).nope = 1

    def test_fields_cannot_be_deleted(self) -> None:
        with pytest.raises(AttributeError):
            del Sample(text="a").text

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            pytest.param(None, "May not assign None to repeated field colors", id="none"),
            pytest.param([None], "Repeated values for field colors may not be None", id="none-inside"),
            pytest.param(Color.RED, "Field colors is repeated. Found: RED", id="single"),
            pytest.param(["RED"], "for field colors, found RED ", id="wrong-inside"),
            pytest.param(iter([Color.RED]), "Field colors is repeated. Found: ", id="iterator"),
        ],
    )
    def test_a_repeated_field_takes_a_list(self, value: Any, text: str) -> None:
        with pytest.raises(messages.ValidationError, match=text):
            Sample(colors=value)
        with pytest.raises(messages.ValidationError, match=text):
            unchecked(Sample()).colors = value

    def test_none_unsets(self) -> None:
        sample = Sample(text="a", preset=1)
        sample.text = None
        unchecked(sample).preset = None
        assert (sample.text, sample.preset) == (None, 9)

    def test_reset(self) -> None:
        sample = Sample(text="a", preset=1, colors=[Color.RED])
        for name in ("text", "preset", "colors"):
            sample.reset(name)
        assert sample == Sample()
        assert sample.preset == 9

    def test_assigned_value_leaves_out_defaults(self) -> None:
        assert Sample().get_assigned_value("preset") is None
        assert Sample(preset=9).get_assigned_value("preset") == 9
        assert Sample().get_assigned_value("colors") == []

    @pytest.mark.parametrize("function", [Sample.reset, Sample.get_assigned_value], ids=["reset", "get_assigned_value"])
    def test_names_must_exist(self, function: Callable[[Sample, str], Any]) -> None:
        with pytest.raises(AttributeError, match="Message Sample has no field nope"):
            function(Sample(), "nope")


class TestInitialized:
    @pytest.mark.parametrize(
        "message",
        [
            pytest.param(Needy(text=""), id="empty-text-is-a-value"),
            pytest.param(NeedyOuter(), id="nothing-inside"),
            pytest.param(NeedyOuter(one=Needy(text="a"), many=[Needy(text="b")]), id="inside"),
            pytest.param(Sample(), id="nothing-required"),
        ],
    )
    def test_is(self, message: messages.Message) -> None:
        message.check_initialized()
        assert message.is_initialized()

    @pytest.mark.parametrize(
        "message",
        [
            pytest.param(Needy(), id="unset"),
            pytest.param(Needy(text=None), id="none"),
            pytest.param(NeedyOuter(one=Needy()), id="inside"),
            pytest.param(NeedyOuter(many=[Needy(text="a"), Needy()]), id="inside-a-list"),
        ],
    )
    def test_is_not(self, message: messages.Message) -> None:
        with pytest.raises(messages.ValidationError, match="Message Needy is missing required field text"):
            message.check_initialized()
        assert not message.is_initialized()


class TestComparison:
    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(Sample(text="a", preset=None), id="none"),
            pytest.param(Sample(text="a", colors=[]), id="empty-list"),
            pytest.param(Sample(text=b"a"), id="converted"),
        ],
    )
    def test_equal(self, other: Sample) -> None:
        assert Sample(text="a") == other
        assert (Sample(text="a") != other) is False

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(Sample(text="b"), id="value"),
            pytest.param(Sample(text="a", preset=9), id="default-is-not-set"),
            pytest.param(Sample(text="a", inner=Inner()), id="message-inside"),
            pytest.param(Sample(text="a", colors=[Color.RED]), id="list"),
            pytest.param(Inner(name="a"), id="class"),
            pytest.param("a", id="no-message"),
            pytest.param(None, id="none"),
        ],
    )
    def test_different(self, other: Any) -> None:
        assert Sample(text="a") != other
        assert (Sample(text="a") == other) is False

    def test_a_list_that_was_read_equals_one_that_was_not(self) -> None:
        read = Sample(colors=[Color.RED])
        assert isinstance(read.colors, messages.FieldList)
        assert read == Sample(colors=[Color.RED])

    def test_cannot_be_hashed(self) -> None:
        with pytest.raises(TypeError, match="unhashable"):
            hash(Sample())


class TestRepr:
    @pytest.mark.parametrize("written", [repr, str])
    def test_lists_assigned_values_by_number(self, written: Callable[[Any], str]) -> None:
        sample = Sample(colors=[Color.RED], text="a", inner=Inner(name="b"))
        expected = "<Sample\n text: 'a'\n colors: [Color(RED, 1)]\n inner: <Inner\n name: 'b'>\n inners: []>"
        assert written(sample) == expected

    def test_of_an_empty_message(self) -> None:
        assert repr(Inner()) == "<Inner>"
        assert repr(Sample()) == "<Sample\n colors: []\n inners: []>"


class TestCopies:
    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
    def test_equal_the_original(self, duplicate: Callable[[Any], Any]) -> None:
        sample = Sample(text="a", colors=[Color.RED], inner=Inner(name="b"), inners=[Inner()])
        made = duplicate(sample)
        assert made == sample
        assert type(made) is Sample
        made.text = "changed"
        assert (sample.text, made.preset) == ("a", 9)

    @pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled])
    def test_share_nothing(self, duplicate: Callable[[Any], Any]) -> None:
        sample = Sample(inner=Inner(name="b"), inners=[Inner(name="c")], colors=[Color.RED])
        made = duplicate(sample)
        made.inner.name = made.inners[0].name = "changed"
        made.colors.append(Color.GREEN)
        assert sample == Sample(inner=Inner(name="b"), inners=[Inner(name="c")], colors=[Color.RED])

    @pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled])
    def test_check_values_as_before(self, duplicate: Callable[[Any], Any]) -> None:
        made = duplicate(Sample(colors=[Color.RED]))
        with pytest.raises(messages.ValidationError):
            made.colors.append("RED")
        with pytest.raises(messages.ValidationError):
            made.number = "x"

    @pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled])
    def test_keep_unrecognized_fields(self, duplicate: Callable[[Any], Any]) -> None:
        inner = Inner()
        inner.set_unrecognized_field("k", [1], Variant.INT64)
        made = duplicate(Sample(inner=inner)).inner
        assert made.get_unrecognized_field_info("k") == ([1], Variant.INT64)


class TestUnrecognizedFields:
    def test_are_kept_beside_the_others(self) -> None:
        message = Inner()
        message.set_unrecognized_field("k", "v", Variant.STRING)
        message.set_unrecognized_field(7, 5, Variant.INT64)
        assert message.all_unrecognized_fields() == ["k", 7]
        assert message.get_unrecognized_field_info("k") == ("v", Variant.STRING)
        assert message.get_unrecognized_field_info(7) == (5, Variant.INT64)
        assert not hasattr(message, "k")
        assert message == Inner()

    def test_of_a_known_name_do_not_set_the_field(self) -> None:
        message = Inner()
        message.set_unrecognized_field("name", "v", Variant.STRING)
        assert message.name is None

    def test_that_were_not_sent(self) -> None:
        assert Inner().all_unrecognized_fields() == []
        assert Inner().get_unrecognized_field_info("k") == (None, None)
        assert Inner().get_unrecognized_field_info("k", 1, 2) == (1, 2)

    def test_have_a_variant(self) -> None:
        with pytest.raises(TypeError, match="Variant type STRING is not valid"):
            unchecked(Inner()).set_unrecognized_field("k", "v", "STRING")
