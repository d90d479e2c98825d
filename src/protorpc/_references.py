"""Fields whose values are messages or enum members; their class may be given by name before it exists."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from protorpc._enums import Enum, EnumMeta, Variant
from protorpc._errors import DecodeError, EncodeError, FieldDefinitionError
from protorpc._fields import Field, FieldList
from protorpc._lookup import find_definition
from protorpc._roots import MessageRoot, is_message_class

T = TypeVar("T")
M = TypeVar("M", bound=MessageRoot)
E = TypeVar("E", bound=Enum)
_Variant = Variant | None


class MessageField(Field[T]):
    """A message inside a message. A dict is taken and made into one.

    Args:
      message_type: a Message class, or its name, looked up when first needed (see `find_definition`).

    Raises:
      FieldDefinitionError: no message class.
    """

    __module__ = "protorpc.messages"

    VARIANTS = frozenset([Variant.MESSAGE])
    DEFAULT_VARIANT = Variant.MESSAGE

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: MessageField[FieldList[M]],
            message_type: builtins.type[M],
            number: int,
            *,
            repeated: Literal[True],
            variant: _Variant = None,
        ) -> None: ...
        @overload
        def __init__(
            self: MessageField[M],
            message_type: builtins.type[M],
            number: int,
            *,
            required: Literal[True],
            variant: _Variant = None,
        ) -> None: ...
        @overload
        def __init__(
            self: MessageField[M | None],
            message_type: builtins.type[M],
            number: int,
            *,
            required: bool = False,
            repeated: Literal[False] = False,
            variant: _Variant = None,
        ) -> None: ...
        @overload
        def __init__(
            self: MessageField[Any],
            message_type: str,
            number: int,
            *,
            required: bool = False,
            repeated: bool = False,
            variant: _Variant = None,
        ) -> None: ...
        def __init__(self, message_type: Any, number: int, **options: Any) -> None: ...
    else:

        def __init__(self, message_type, number, *, required=False, repeated=False, variant=None):
            _check_reference(message_type, is_message_class(message_type), "message class")
            self.__dict__["_type"] = message_type
            super().__init__(number, required=required, repeated=repeated, variant=variant)

    @property
    def type(self) -> Any:
        """The class of the field's values. Raises DefinitionNotFoundError when its name leads nowhere."""
        return self.message_type

    @property
    def message_type(self) -> Any:
        """The Message class that stands for a value on the wire; `type`, but for fields that convert."""
        found = self.__dict__["_type"]
        if isinstance(found, str):
            found = find_definition(found, self.message_definition())
            _check_reference(found, is_message_class(found), "message class")
            self.__dict__["_type"] = found
        return found

    def assigned(self, value: Any) -> Any:
        """What a message stores for `value`, with dicts made into messages. Raises ValidationError."""
        if is_message_class(self.python_type):
            if isinstance(value, dict):
                value = self.message_type(**value)
            elif self.repeated and isinstance(value, (list, tuple)):
                value = [self.message_type(**item) if isinstance(item, dict) else item for item in value]
        return super().assigned(value)

    def value_from_message(self, message: Any) -> Any:
        """The field's value for a message of `message_type`. Raises DecodeError for another message."""
        return self._converted(message, self.message_type, DecodeError)

    def value_to_message(self, value: Any) -> Any:
        """The message of `message_type` for a value. Raises EncodeError for a value of another type."""
        return self._converted(value, self.python_type, EncodeError)

    def _converted(self, value: Any, expected: Any, error: Any) -> Any:
        if not isinstance(value, expected):
            raise error(f"Expected type {expected.__name__}, got {value.__class__.__name__}: {value!r}")
        return value


class EnumField(Field[T]):
    """A member of an Enum; by name in JSON.

    Args:
      enum_type: an Enum class, or its name, looked up when first needed (see `find_definition`).
      default: a member, or its name or number.

    Raises:
      FieldDefinitionError: no enum class.
      TypeError: no such member.
    """

    __module__ = "protorpc.messages"

    VARIANTS = frozenset([Variant.ENUM])
    DEFAULT_VARIANT = Variant.ENUM

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: EnumField[FieldList[E]],
            enum_type: builtins.type[E],
            number: int,
            *,
            repeated: Literal[True],
            variant: _Variant = None,
        ) -> None: ...
        @overload
        def __init__(
            self: EnumField[E],
            enum_type: builtins.type[E],
            number: int,
            *,
            required: Literal[True],
            variant: _Variant = None,
            default: E | str | int | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self: EnumField[E],
            enum_type: builtins.type[E],
            number: int,
            *,
            default: E | str | int,
            variant: _Variant = None,
            required: bool = False,
        ) -> None: ...
        @overload
        def __init__(
            self: EnumField[E | None],
            enum_type: builtins.type[E],
            number: int,
            *,
            variant: _Variant = None,
            default: None = None,
            required: bool = False,
            repeated: Literal[False] = False,
        ) -> None: ...
        @overload
        def __init__(
            self: EnumField[Any],
            enum_type: str,
            number: int,
            *,
            required: bool = False,
            repeated: bool = False,
            variant: _Variant = None,
            default: str | int | None = None,
        ) -> None: ...
        def __init__(self, enum_type: Any, number: int, **options: Any) -> None: ...
    else:

        def __init__(self, enum_type, number, *, required=False, repeated=False, variant=None, default=None):
            _check_reference(enum_type, isinstance(enum_type, EnumMeta) and enum_type is not Enum, "enum type")
            self.__dict__["_type"] = enum_type
            super().__init__(number, required=required, repeated=repeated, variant=variant, default=default)

    @property
    def type(self) -> Any:
        """The Enum class. Raises DefinitionNotFoundError when its name leads nowhere."""
        found = self.__dict__["_type"]
        if isinstance(found, str):
            found = find_definition(found, self.message_definition())
            _check_reference(found, isinstance(found, EnumMeta) and found is not Enum, "enum type")
            self.__dict__["_type"] = found
        return found

    @property
    def default(self) -> Any:
        """The default member, or None. Raises TypeError when a default given by name or number is no member."""
        default = self.__dict__["_default"]
        if isinstance(default, (str, int)):
            default = self.__dict__["_default"] = self.type(default)
        return default

    def validate_default_element(self, value: Any) -> Any:
        """One default value; a name or number is checked now when the class is known, else when first read."""
        if not isinstance(value, (str, int)):
            return super().validate_default_element(value)
        if not isinstance(self.__dict__["_type"], str):
            self.type(value)
        return value


def _check_reference(given: Any, valid: bool, what: str) -> None:
    if not valid and not isinstance(given, str):
        raise FieldDefinitionError(f"Invalid {what}: {given}")
