from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from protorpc import descriptor, message_types, messages, remote, util
from protorpc.descriptor import (
    EnumDescriptor,
    EnumValueDescriptor,
    FieldDescriptor,
    FileDescriptor,
    FileSet,
    MessageDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = __name__
Label = FieldDescriptor.Label


class Color(messages.Enum):
    RED = 3
    GREEN = 1
    BLUE = 2


class Pixel(messages.Message):
    class Mood(messages.Enum):
        GOOD = 1

    class Corner(messages.Message):
        x = messages.IntegerField(1)

    class Side(messages.Message):
        pass

    later = messages.StringField(30)
    x = messages.IntegerField(1, required=True, variant=messages.Variant.INT32)
    names = messages.StringField(2, repeated=True)
    color = messages.EnumField(Color, 3, default=Color.BLUE)
    corner = messages.MessageField(Corner, 4)
    when = message_types.DateTimeField(5)


class Paint(remote.Service):
    @remote.method(Pixel, message_types.VoidMessage)
    def set_pixel(self, request: Pixel) -> message_types.VoidMessage: ...  # type: ignore[empty-body]

    @remote.method(message_types.VoidMessage, "Pixel")
    def any_pixel(self, request: message_types.VoidMessage) -> Any: ...


PIXEL = MessageDescriptor(
    name="Pixel",
    fields=[
        FieldDescriptor(name="x", number=1, label=Label.REQUIRED, variant=messages.Variant.INT32),
        FieldDescriptor(name="names", number=2, label=Label.REPEATED, variant=messages.Variant.STRING),
        FieldDescriptor(
            name="color",
            number=3,
            label=Label.OPTIONAL,
            variant=messages.Variant.ENUM,
            type_name=f"{HERE}.Color",
            default_value="2",
        ),
        FieldDescriptor(
            name="corner",
            number=4,
            label=Label.OPTIONAL,
            variant=messages.Variant.MESSAGE,
            type_name=f"{HERE}.Pixel.Corner",
        ),
        FieldDescriptor(
            name="when",
            number=5,
            label=Label.OPTIONAL,
            variant=messages.Variant.MESSAGE,
            type_name="protorpc.message_types.DateTimeMessage",
        ),
        FieldDescriptor(name="later", number=30, label=Label.OPTIONAL, variant=messages.Variant.STRING),
    ],
    message_types=[
        MessageDescriptor(
            name="Corner",
            fields=[FieldDescriptor(name="x", number=1, label=Label.OPTIONAL, variant=messages.Variant.INT64)],
        ),
        MessageDescriptor(name="Side"),
    ],
    enum_types=[EnumDescriptor(name="Mood", values=[EnumValueDescriptor(name="GOOD", number=1)])],
)
COLOR = EnumDescriptor(
    name="Color",
    values=[
        EnumValueDescriptor(name="GREEN", number=1),
        EnumValueDescriptor(name="BLUE", number=2),
        EnumValueDescriptor(name="RED", number=3),
    ],
)
SET_PIXEL = MethodDescriptor(
    name="set_pixel", request_type=f"{HERE}.Pixel", response_type="protorpc.message_types.VoidMessage"
)
PAINT = ServiceDescriptor(
    name="Paint",
    methods=[
        MethodDescriptor(
            name="any_pixel", request_type="protorpc.message_types.VoidMessage", response_type=f"{HERE}.Pixel"
        ),
        SET_PIXEL,
    ],
)


def test_exports_nothing_else() -> None:
    public = {
        name for name, value in vars(descriptor).items() if name[0] != "_" and not isinstance(value, types.ModuleType)
    }
    assert public == set(descriptor.__all__)


def test_descriptors_have_the_public_name() -> None:
    assert FieldDescriptor.definition_name() == "protorpc.descriptor.FieldDescriptor"
    assert MessageDescriptor.field_by_name("message_types").message_type is MessageDescriptor


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(Color.RED, EnumValueDescriptor(name="RED", number=3), id="enum-value"),
        pytest.param(Color, COLOR, id="enum"),
        pytest.param(Pixel.Mood, PIXEL.enum_types[0], id="nested-enum"),
        pytest.param(Pixel.color, PIXEL.fields[2], id="field"),
        pytest.param(Pixel, PIXEL, id="message"),
        pytest.param(Pixel.Side, MessageDescriptor(name="Side"), id="empty-message"),
        pytest.param(Paint.set_pixel, SET_PIXEL, id="method"),
        pytest.param(Paint, PAINT, id="service"),
        pytest.param(5, None, id="number"),
        pytest.param("Pixel", None, id="text"),
        pytest.param(None, None, id="none"),
        pytest.param(int, None, id="class"),
        pytest.param(len, None, id="function"),
        pytest.param(Pixel(x=1), None, id="message-object"),
        pytest.param(messages.Message, None, id="message-base"),
        pytest.param(messages.Enum, None, id="enum-base"),
        pytest.param(remote.Service, None, id="service-base"),
    ],
)
def test_describe(value: object, expected: Any) -> None:
    described = descriptor.describe(value)
    assert described == expected
    if described is not None:
        described.check_initialized()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (messages.IntegerField(1, default=200), "200"),
        (messages.FloatField(1, default=1.5), "1.5"),
        (messages.FloatField(1, default=1e6), "1000000.0"),
        (messages.BooleanField(1, default=True), "true"),
        (messages.BooleanField(1, default=False), "false"),
        (messages.StringField(1, default="Росси'я\n"), "Росси'я\n"),
        (messages.BytesField(1, default=b"ab\xf1\x00\n'\\"), "ab\\xf1\\x00\\n\\'\\\\"),
        (messages.EnumField(Color, 1, default=Color.GREEN), "1"),
        (messages.StringField(1), None),
    ],
    ids=["integer", "float", "whole-float", "true", "false", "string", "bytes", "enum", "none"],
)
def test_defaults(field: messages.Field[Any], text: str | None) -> None:
    class Holder(messages.Message):
        a_field = field

    described = descriptor.describe_field(Holder.field_by_name("a_field"))
    assert (described.name, described.number, described.default_value) == ("a_field", 1, text)


def test_describe_method_wants_a_remote_method() -> None:
    with pytest.raises(TypeError, match="Expected a remote method"):
        descriptor.describe_method(len)


SHAPES_SOURCE = """
from protorpc.messages import Enum, Message
from protorpc.remote import Service

class B(messages.Message): pass
class A(messages.Message): pass
class E(messages.Enum):
    ONE = 1
class S(remote.Service):
    @remote.method()
    def act(self, request): pass
class Other: pass
number = 5
"""


@pytest.fixture
def shapes() -> Iterator[types.ModuleType]:
    """An importable module in which each kind of definition stands, and what is none."""
    module = types.ModuleType("drawing.shapes")
    vars(module).update(messages=messages, remote=remote)
    exec(SHAPES_SOURCE, vars(module))  # noqa: S102
    sys.modules |= {"drawing": types.ModuleType("drawing"), "drawing.shapes": module}
    yield module
    del sys.modules["drawing"], sys.modules["drawing.shapes"]


VOID = "protorpc.message_types.VoidMessage"
SHAPES = FileDescriptor(
    package="drawing.shapes",
    message_types=[MessageDescriptor(name="A"), MessageDescriptor(name="B")],
    enum_types=[EnumDescriptor(name="E", values=[EnumValueDescriptor(name="ONE", number=1)])],
    service_types=[
        ServiceDescriptor(name="S", methods=[MethodDescriptor(name="act", request_type=VOID, response_type=VOID)])
    ],
)


class TestFiles:
    def test_module(self, shapes: types.ModuleType) -> None:
        assert descriptor.describe(shapes) == descriptor.describe_file(shapes) == SHAPES

    @pytest.mark.parametrize(
        ("name", "attributes", "package"),
        [
            pytest.param("a.b", {}, "a.b", id="name"),
            pytest.param("a.b", {"package": "c.d"}, "c.d", id="package"),
            pytest.param("", {}, None, id="nothing"),
        ],
    )
    def test_package(self, name: str, attributes: dict[str, str], package: str | None) -> None:
        module = types.ModuleType(name)
        vars(module).update(attributes)
        assert descriptor.describe_file(module) == FileDescriptor(package=package)

    def test_file_set(self, shapes: types.ModuleType) -> None:
        assert descriptor.describe_file_set([]) == FileSet()
        described = descriptor.describe_file_set(iter([shapes, util]))
        assert described == FileSet(files=[SHAPES, FileDescriptor(package="protorpc.util")])


class TestLoader:
    @pytest.mark.parametrize("dot", ["", "."], ids=["relative", "absolute"])
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("drawing.shapes", SHAPES),
            ("drawing.shapes.A", SHAPES.message_types[0]),
            ("drawing.shapes.E", SHAPES.enum_types[0]),
            ("drawing.shapes.E.ONE", SHAPES.enum_types[0].values[0]),
            ("drawing.shapes.S", SHAPES.service_types[0]),
            ("drawing.shapes.S.act", SHAPES.service_types[0].methods[0]),
            ("protorpc.descriptor.FileSet.files", descriptor.describe_field(FileSet.field_by_name("files"))),
            ("protorpc.remote.RpcStatus.State", descriptor.describe_enum(remote.RpcState)),
        ],
    )
    @pytest.mark.usefixtures("shapes")
    def test_finds(self, dot: str, name: str, expected: Any) -> None:
        assert descriptor.import_descriptor_loader(dot + name) == expected

    @pytest.mark.parametrize(
        "name",
        [
            "",
            ".",
            "a_name_of_nothing",
            "drawing.shapes.Other",
            "drawing.shapes.number",
            "drawing.shapes.S.__init__",
            "drawing.shapes.S.act.more",
            "drawing.shapes.E.ONE.more",
            "protorpc.descriptor.DescriptorLibrary",
        ],
    )
    @pytest.mark.usefixtures("shapes")
    def test_finds_nothing(self, name: str) -> None:
        with pytest.raises(messages.DefinitionNotFoundError) as caught:
            descriptor.import_descriptor_loader(name)
        assert str(caught.value) == f"Could not find definition for {name}"

    def test_imports_with_the_given_function(self, shapes: types.ModuleType) -> None:
        asked = []

        def importer(name: str, *_: object) -> types.ModuleType:
            asked.append(name)
            if name == "elsewhere":
                return shapes
            raise ImportError(name)

        assert descriptor.import_descriptor_loader("elsewhere.S", importer=importer) == SHAPES.service_types[0]
        assert set(asked) == {"elsewhere", "elsewhere.S"}


class TestLibrary:
    @pytest.mark.parametrize(
        ("name", "package"),
        [
            ("protorpc", "protorpc"),
            ("protorpc.remote", "protorpc.remote"),
            (".protorpc.remote", "protorpc.remote"),
            ("protorpc.remote.RpcStatus", "protorpc.remote"),
            ("protorpc.remote.RpcStatus.state", "protorpc.remote"),
            ("Packageless", None),
        ],
    )
    def test_package(self, name: str, package: str | None) -> None:
        library = descriptor.DescriptorLibrary(descriptors={"Packageless": MessageDescriptor(name="Packageless")})
        assert library.lookup_package(name) == package

    @pytest.mark.parametrize(
        ("name", "missing"), [("", ""), ("a_name_of_nothing", "a_name_of_nothing"), ("not.real.Message", "not.real")]
    )
    def test_no_package(self, name: str, missing: str) -> None:
        library = descriptor.DescriptorLibrary(descriptors={"not.real.Message": MessageDescriptor(name="Message")})
        with pytest.raises(messages.DefinitionNotFoundError, match=f"^Could not find definition for {missing}$"):
            library.lookup_package(name)

    def test_loads_once(self) -> None:
        asked, kept = [], dict[str, descriptor.Descriptor]()

        def load(name: str) -> MessageDescriptor:
            asked.append(name)
            return MessageDescriptor(name=name)

        library = descriptor.DescriptorLibrary(descriptors=kept, descriptor_loader=load)
        first = library.lookup_descriptor("some.Name")
        assert library.lookup_descriptor("some.Name") is first
        assert asked == ["some.Name"]
        assert kept == {"some.Name": first}

    def test_without_loader_knows_what_it_was_given(self) -> None:
        pixel = descriptor.describe_message(Pixel)
        library = descriptor.DescriptorLibrary(descriptors={"Pixel": pixel}, descriptor_loader=None)
        assert library.lookup_descriptor("Pixel") is pixel
        with pytest.raises(messages.DefinitionNotFoundError, match=r"protorpc\.remote"):
            library.lookup_descriptor("protorpc.remote")
