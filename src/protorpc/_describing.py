"""Definitions to descriptors."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, TypeAlias

from protorpc import messages, util
from protorpc._descriptors import (
    EnumDescriptor,
    EnumValueDescriptor,
    FieldDescriptor,
    FileDescriptor,
    FileSet,
    MessageDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)
from protorpc._remote_method import get_remote_method_info
from protorpc._service import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Descriptor: TypeAlias = (
    EnumValueDescriptor
    | EnumDescriptor
    | FieldDescriptor
    | MessageDescriptor
    | MethodDescriptor
    | ServiceDescriptor
    | FileDescriptor
)


def describe_enum_value(enum_value: messages.Enum) -> EnumValueDescriptor:
    """Describe one value of an enum."""
    return EnumValueDescriptor(name=enum_value.name, number=enum_value.number)


def describe_enum(enum_definition: type[messages.Enum]) -> EnumDescriptor:
    """Describe an enum class; its values come in the order of their numbers."""
    values = sorted(enum_definition, key=lambda value: value.number)
    return EnumDescriptor(name=enum_definition.__name__, values=[describe_enum_value(value) for value in values])


def describe_field(field_definition: messages.Field[Any]) -> FieldDescriptor:
    """Describe a field.

    Raises:
        DefinitionNotFoundError: The class of its values was given by a name that means nothing.
    """
    described = FieldDescriptor(
        name=field_definition.name,
        number=field_definition.number,
        variant=field_definition.variant,
        label=_label(field_definition),
    )
    if isinstance(field_definition, messages.EnumField):
        described.type_name = field_definition.type.definition_name()
    if isinstance(field_definition, messages.MessageField):
        described.type_name = field_definition.message_type.definition_name()
    if field_definition.default is not None:
        described.default_value = _default_text(field_definition.default)
    return described


def describe_message(message_definition: type[messages.Message]) -> MessageDescriptor:
    """Describe a message class and the classes defined inside it; fields come in the order of their numbers."""
    fields = sorted(message_definition.all_fields(), key=lambda field: field.number)
    body = vars(message_definition)
    return MessageDescriptor(
        name=message_definition.__name__,
        fields=[describe_field(field) for field in fields],
        message_types=[describe_message(body[name]) for name in body["__messages__"]],
        enum_types=[describe_enum(body[name]) for name in body["__enums__"]],
    )


def describe_method(method: Callable[..., Any]) -> MethodDescriptor:
    """Describe a remote method.

    Raises:
        TypeError: `method` is not decorated as one.
        DefinitionNotFoundError: One of its messages was given by a name that means nothing.
    """
    info = get_remote_method_info(method)
    if info is None:
        raise TypeError(f"Expected a remote method, found {method!r}")
    return MethodDescriptor(
        name=info.method.__name__,
        request_type=info.request_type.definition_name(),
        response_type=info.response_type.definition_name(),
    )


def describe_service(service_class: type[Service]) -> ServiceDescriptor:
    """Describe a service class; its methods come in the order of their names."""
    methods = sorted(service_class.all_remote_methods().items())
    return ServiceDescriptor(name=service_class.__name__, methods=[describe_method(method) for _, method in methods])


def describe_file(module: types.ModuleType) -> FileDescriptor:
    """Describe all messages, enums and services that a module can name, in the order of their names."""
    named = [getattr(module, name) for name in sorted(dir(module))]
    classes = [value for value in named if isinstance(value, type)]
    return FileDescriptor(
        package=util.get_package_for_module(module) or None,
        message_types=[describe_message(cls) for cls in classes if _is_below(cls, messages.Message)],
        enum_types=[describe_enum(cls) for cls in classes if _is_below(cls, messages.Enum)],
        service_types=[describe_service(cls) for cls in classes if _is_below(cls, Service)],
    )


def describe_file_set(modules: Iterable[types.ModuleType]) -> FileSet:
    """Describe several modules."""
    return FileSet(files=[describe_file(module) for module in modules])


def describe(value: object) -> Descriptor | None:
    """Describe a module, remote method, field, enum value, or a message, enum or service class.

    Returns:
        The descriptor that fits; None for any other value.
    """
    if isinstance(value, types.ModuleType):
        return describe_file(value)
    if callable(value) and get_remote_method_info(value):
        return describe_method(value)
    if isinstance(value, messages.Field):
        return describe_field(value)
    if isinstance(value, messages.Enum):
        return describe_enum_value(value)
    return _describe_class(value) if isinstance(value, type) else None


def _describe_class(cls: type[Any]) -> Descriptor | None:
    if _is_below(cls, messages.Message):
        return describe_message(cls)
    if _is_below(cls, messages.Enum):
        return describe_enum(cls)
    return describe_service(cls) if _is_below(cls, Service) else None


def _is_below(cls: type[Any], base: type[Any]) -> bool:
    return issubclass(cls, base) and cls is not base


def _label(field: messages.Field[Any]) -> FieldDescriptor.Label:
    if field.repeated:
        return FieldDescriptor.Label.REPEATED
    return FieldDescriptor.Label.REQUIRED if field.required else FieldDescriptor.Label.OPTIONAL


def _default_text(default: object) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, bytes):
        return default.decode("latin-1").encode("unicode_escape").decode("ascii").replace("'", "\\'")
    if isinstance(default, messages.Enum):
        return str(default.number)
    return str(default)
