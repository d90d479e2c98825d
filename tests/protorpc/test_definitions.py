from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from protorpc import message_types, messages
from protorpc.messages import Variant


class Color(messages.Enum):
    RED = 1
    GREEN = 2


class Inner(messages.Message):
    name = messages.StringField(1)


class Outer(messages.Message):
    class Kind(messages.Enum):
        A = 1

    class Part(messages.Message):
        class Piece(messages.Message):
            kind = messages.EnumField("Kind", 1)
            whole = messages.MessageField("Outer", 2)

        kind = messages.EnumField("Outer.Kind", 1)
        piece = messages.MessageField("Piece", 2)

    part = messages.MessageField(Part, 1)


def define(body: dict[str, Any]) -> Any:
    namespace = {"__module__": __name__} | body
    return types.new_class("Made", (messages.Message,), exec_body=lambda made: made.update(namespace))


class TestNames:
    def test_begin_with_the_module(self) -> None:
        assert Inner.definition_name() == f"{__name__}.Inner"
        assert Inner.outer_definition_name() == Inner.definition_package() == __name__
        assert Inner.message_definition() is None

    def test_of_nested_classes(self) -> None:
        assert Outer.Part.Piece.definition_name() == f"{__name__}.Outer.Part.Piece"
        assert Outer.Part.Piece.outer_definition_name() == f"{__name__}.Outer.Part"
        assert Outer.Part.Piece.definition_package() == __name__
        assert Outer.Part.Piece.message_definition() is Outer.Part
        assert Outer.Kind.definition_name() == f"{__name__}.Outer.Kind"
        assert Outer.Kind.message_definition() is Outer

    def test_begin_with_the_package_of_the_module(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = types.ModuleType("some_module")
        vars(module)["package"] = "my.package"
        monkeypatch.setitem(sys.modules, "some_module", module)
        made = define({"__module__": "some_module"})
        assert (made.definition_name(), made.definition_package()) == ("my.package.Made", "my.package")


class TestFindDefinition:
    @pytest.mark.parametrize(
        ("name", "relative_to", "found"),
        [
            pytest.param("Inner", Inner, Inner, id="same-module"),
            pytest.param("Kind", Outer.Part.Piece, Outer.Kind, id="outwards"),
            pytest.param("Part.Piece", Outer, Outer.Part.Piece, id="inwards"),
            pytest.param("Outer", Outer.Part.Piece, Outer, id="enclosing"),
            pytest.param("VoidMessage", message_types, message_types.VoidMessage, id="module"),
            pytest.param("messages.Variant", message_types, Variant, id="next-to-module"),
            pytest.param("protorpc.message_types.VoidMessage", None, message_types.VoidMessage, id="full-name"),
            pytest.param(
                "protorpc.message_types.VoidMessage", Inner, message_types.VoidMessage, id="full-from-message"
            ),
            pytest.param(".protorpc.messages.Variant", Inner, Variant, id="leading-dot"),
        ],
    )
    def test_finds(self, name: str, relative_to: Any, found: Any) -> None:
        assert messages.find_definition(name, relative_to) is found

    @pytest.mark.parametrize(
        ("name", "relative_to"),
        [
            pytest.param("Nope", Inner, id="nowhere"),
            pytest.param("Inner", None, id="needs-a-scope"),
            pytest.param(".Inner", Inner, id="leading-dot-is-no-scope"),
            pytest.param("Inner.name", Inner, id="field"),
            pytest.param("json.JSONEncoder", None, id="no-message"),
            pytest.param("protorpc.messages", None, id="module"),
            pytest.param("", None, id="empty"),
        ],
    )
    def test_does_not_find(self, name: str, relative_to: Any) -> None:
        with pytest.raises(messages.DefinitionNotFoundError, match=f"Could not find definition for {name}$"):
            messages.find_definition(name, relative_to)

    def test_starts_from_a_message_or_module(self) -> None:
        with pytest.raises(TypeError, match=r"relative_to must be None, Message definition or module\.  Found: 5"):
            messages.find_definition("Inner", 5)

    def test_imports_by_the_given_function(self) -> None:
        asked = []

        def importer(name: str, *_: Any) -> Any:
            asked.append(name)
            raise ImportError(name)

        with pytest.raises(messages.DefinitionNotFoundError):
            messages.find_definition("some.Where", None, importer)
        assert asked == ["some"]


class TestForwardReferences:
    def test_are_resolved_when_needed(self) -> None:
        whole = Outer(part=Outer.Part(kind=Outer.Kind.A))
        piece = Outer.Part.Piece(kind=Outer.Kind.A, whole=whole)
        assert piece.whole is whole
        assert Outer.Part.Piece.kind.type is Outer.Kind
        assert Outer.Part.field_by_name("piece").message_type is Outer.Part.Piece

    def test_are_checked_like_others(self) -> None:
        with pytest.raises(messages.ValidationError, match="for field whole, found <Inner>"):
            Outer.Part.Piece(whole=Inner())

    def test_lead_nowhere(self) -> None:
        made = define({"lost": messages.MessageField("Nope", 1), "text": messages.StringField(2)})
        assert made(text="fine").text == "fine"
        with pytest.raises(messages.DefinitionNotFoundError, match="Could not find definition for Nope"):
            made(lost=Inner())

    def test_lead_to_another_kind_of_class(self) -> None:
        made = define({"lost": messages.MessageField("Color", 1)})
        with pytest.raises(messages.FieldDefinitionError, match="Invalid message class: "):
            _ = made.lost.type

    def test_default_of_an_enum_found_later(self) -> None:
        body = {
            "good": messages.EnumField("Color", 1, default="GREEN"),
            "bad": messages.EnumField("Color", 2, default=7),
        }
        message = define(body)()
        assert message.good is Color.GREEN
        with pytest.raises(TypeError, match="No such value for 7 in Enum Color"):
            _ = message.bad
