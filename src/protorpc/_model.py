"""Message classes: how they are made of fields, and what every message can do.

A message class is a pair of msgspec Structs of one layout. The hidden one, `__raw__`, is what the JSON decoder fills
in C; no Python code runs for it. The visible one derives from it and checks the arguments of its constructor and every
assignment. Decoded data is "adopted": its class is switched to the visible one. What is generated for a class (checks,
adoption, encoding) stands in _compiler and is made when the first message of that class is.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from protorpc._compiler import Generated, slot
from protorpc._definitions import CLASS_BODY_NAMES
from protorpc._enums import EnumMeta, Variant
from protorpc._errors import DuplicateNumberError, MessageDefinitionError, ValidationError
from protorpc._fields import Field, field_list
from protorpc._roots import MessageRoot, MessageType, is_message_class
from protorpc._vectorcall import inherit_vectorcall


class MessageMeta(MessageType):
    """Makes a message class of a class body that holds fields, enums and messages."""

    def __new__(mcls, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> Any:
        if bases in ((MessageRoot,), (object,)):
            return super().__new__(mcls, name, bases, body, **options)
        if bases != (Message,):
            raise MessageDefinitionError("Message types may only inherit from Message")
        members = {key: value for key, value in body.items() if key not in CLASS_BODY_NAMES}
        nested = {
            key: value for key, value in members.items() if isinstance(value, EnumMeta) or is_message_class(value)
        }
        fields = {key: value for key, value in members.items() if key not in nested}
        _check_fields(name, fields)
        return _define(mcls, name, body, fields, nested)


def _check_fields(name: str, fields: dict[str, Any]) -> None:
    numbers = set()
    for key, field in fields.items():
        if not isinstance(field, Field) or type(field) is Field:
            raise MessageDefinitionError(f"May only use fields in message definitions.  Found: {key} = {field}")
        if field.number in numbers:
            raise DuplicateNumberError(f"Field with number {field.number} declared more than once in {name}")
        numbers.add(field.number)


def _define(mcls: Any, name: str, body: dict[str, Any], fields: dict[str, Any], nested: dict[str, Any]) -> Any:
    new = MessageType.__new__
    # Types of the fields are filled in by _reading when it is first needed: they may not exist yet.
    annotations = dict.fromkeys(fields, Any)
    slots: dict[str, Any] = {
        key: msgspec.field(default_factory=list) if field.repeated else None for key, field in fields.items()
    }
    raw = new(
        mcls,
        "_" + name,
        (Message,),
        {"__annotations__": annotations, "__module__": body.get("__module__", "protorpc.messages"), **slots},
        kw_only=True,
        forbid_unknown_fields=True,
    )
    for key in fields:
        type.__setattr__(raw, slot(key), raw.__dict__[key])
    generated = Generated()
    namespace = {
        **{key: value for key, value in body.items() if key != "__annotations__"},
        "__raw__": raw,
        "__fields__": fields,
        "__enums__": sorted(key for key, value in nested.items() if isinstance(value, EnumMeta)),
        "__messages__": sorted(key for key, value in nested.items() if not isinstance(value, EnumMeta)),
        "__generated__": generated,
        "__post_init__": generated.post_init,
        "__setattr__": generated.setattr,
        "_outer": None,
    }
    cls = new(mcls, name, (raw,), namespace)
    generated.message = cls
    outer = weakref.ref(cls)
    for key, field in fields.items():
        field.__dict__.update(name=key, _outer=outer)
        property.__init__(field, _getter(field, raw.__dict__[key]))
    for value in nested.values():
        type.__setattr__(value, "_outer", outer)
    return cls


def _getter(field: Any, member: Any) -> Any:
    store = member.__set__
    read = attrgetter(slot(field.name))
    if field.repeated:

        def get_list(message: Any) -> Any:
            value = read(message)
            if value.__class__ is list:
                value = field_list(field, value)
                store(message, value)
            return value

        return get_list
    if field.__dict__["_default"] is None:
        return read

    def get_or_default(message: Any) -> Any:
        value = read(message)
        return field.default if value is None else value

    return get_or_default


inherit_vectorcall(MessageMeta)

_UNRECOGNIZED = "unrecognized"  # the one name in the instance dict: names that are sent must not become attributes


class Message(MessageRoot, metaclass=MessageMeta):
    """Base of messages.

    A message class holds fields, and enums and messages that belong to it; nothing else, and no other message class as
    its base. A message is made with its fields as keyword arguments. Values are checked when a message is made and when
    a field is set, and ValidationError says what was wrong; an unset field reads as its default, or None.

    Raises:
      ValidationError: a value does not fit its field.
      TypeError: positional arguments.
      AttributeError: no such field.
    """

    __module__ = "protorpc.messages"

    if TYPE_CHECKING:

        def __init__(self, **values: Any) -> None: ...

        __fields__: dict[str, Field[Any]]
        __generated__: Generated

        @classmethod
        def message_definition(cls) -> Any: ...
        @classmethod
        def definition_name(cls) -> str: ...
        @classmethod
        def outer_definition_name(cls) -> str | None: ...
        @classmethod
        def definition_package(cls) -> str | None: ...

    @classmethod
    def all_fields(cls) -> Collection[Field[Any]]:
        """All fields, in the order in which they are written."""
        return cls.__fields__.values()

    @classmethod
    def field_by_name(cls, name: str) -> Any:
        """The field called `name`. Raises KeyError when there is none."""
        return cls.__fields__[name]

    @classmethod
    def field_by_number(cls, number: int) -> Any:
        """The field numbered `number`. Raises KeyError when there is none."""
        for field in cls.__fields__.values():
            if field.number == number:
                return field
        raise KeyError(number)

    def check_initialized(self) -> None:
        """Check that every required field, of messages inside this one too, has a value.

        Raises:
          ValidationError: naming the message and the field.
        """
        for name, field in type(self).__fields__.items():
            value = getattr(self, slot(name))
            if value is None:
                if field.required and field.default is None:
                    raise ValidationError(f"Message {type(self).__name__} is missing required field {name}")
            elif field.variant is Variant.MESSAGE:
                for item in value if field.repeated else (value,):
                    if isinstance(item, Message):
                        item.check_initialized()

    def is_initialized(self) -> bool:
        """Whether every required field has a value."""
        try:
            self.check_initialized()
        except ValidationError:
            return False
        return True

    def get_assigned_value(self, name: str) -> Any:
        """What the field was set to; None where it reads as its default. Raises AttributeError for no field."""
        field = self._known(name)
        return getattr(self, name) if field.repeated else getattr(self, slot(name))

    def reset(self, name: str) -> None:
        """Unset a field; a repeated one becomes empty. Raises AttributeError when there is no such field."""
        setattr(self, name, [] if self._known(name).repeated else None)

    def _known(self, name: str) -> Any:
        field = type(self).__fields__.get(name)
        if field is None:
            raise AttributeError(f"Message {type(self).__name__} has no field {name}")
        return field

    def all_unrecognized_fields(self) -> list[Any]:
        """Names (numbers, when decoded from digits) of values that were sent but belong to no field."""
        return list(self.__dict__.get(_UNRECOGNIZED, ()))

    def get_unrecognized_field_info(self, key: Any, value_default: Any = None, variant_default: Any = None) -> Any:
        """Value and variant of an unrecognized field, or the two defaults when it was not sent."""
        return self.__dict__.get(_UNRECOGNIZED, {}).get(key, (value_default, variant_default))

    def set_unrecognized_field(self, key: Any, value: Any, variant: Variant) -> None:
        """Keep a value that belongs to no field. Raises TypeError when `variant` is no Variant."""
        if not isinstance(variant, Variant):
            raise TypeError(f"Variant type {variant} is not valid.")
        self.__dict__.setdefault(_UNRECOGNIZED, {})[key] = value, variant

    def __repr__(self) -> str:
        fields = sorted(type(self).__fields__.values(), key=lambda field: field.number)
        values = ((field.name, self.get_assigned_value(field.name)) for field in fields)
        lines = "".join(f"\n {name}: {value!r}" for name, value in values if value is not None)
        return f"<{type(self).__name__}{lines}>"

    def __reduce__(self) -> tuple[Any, ...]:
        values = {name: getattr(self, slot(name)) for name in type(self).__fields__}
        return _restored, (type(self), values, dict(self.__dict__))


def _restored(cls: Any, values: dict[str, Any], unrecognized: dict[Any, Any]) -> Any:
    message = cls(**values)
    if unrecognized:
        message.__dict__.update(unrecognized)
    return message
