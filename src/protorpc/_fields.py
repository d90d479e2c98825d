"""Fields: what a message consists of, and the checks that every value passes."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, overload

from protorpc._enums import Variant
from protorpc._errors import (
    FieldDefinitionError,
    InvalidDefaultError,
    InvalidNumberError,
    InvalidVariantError,
    ValidationError,
)

MAX_FIELD_NUMBER = 2**29 - 1  # as protocol buffers have it
FIRST_RESERVED_FIELD_NUMBER = 19000
LAST_RESERVED_FIELD_NUMBER = 19999

T = TypeVar("T")
_Element = TypeVar("_Element")

if TYPE_CHECKING:

    class _Attribute(Generic[T]):
        """What type checkers see: the field on the class, its value on a message."""

        @overload
        def __get__(self, instance: None, owner: Any = None) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any = None) -> T: ...
        def __get__(self, instance: object, owner: Any = None) -> Any: ...
        @overload
        def __set__(
            self: _Attribute[FieldList[_Element]], instance: Any, value: list[_Element] | tuple[_Element, ...]
        ) -> None: ...
        @overload
        def __set__(self, instance: Any, value: T) -> None: ...
        def __set__(self, instance: Any, value: Any) -> None: ...
else:

    class _Attribute(property):
        # A field is a property, so that reading it on a message costs one C call (38 ns; a Python __get__ takes 100),
        # while reading it on the class gives the field. _model sets the getter when a message class is made.
        def __class_getitem__(cls, item):
            return cls


class Field(_Attribute[T]):
    """Base of all fields.

    Args:
      number: unique in its message, 1 to 536870911, but for 19000 to 19999.
      required: a message without a value is not initialized. Not together with `repeated`.
      repeated: the value is a list.
      variant: how the value is kept on the wire, one of `VARIANTS`.
      default: what an unset field reads as.

    Raises:
      InvalidNumberError, InvalidVariantError, InvalidDefaultError, FieldDefinitionError.
    """

    __module__ = "protorpc.messages"

    VARIANTS: ClassVar[frozenset[Variant]] = frozenset()
    DEFAULT_VARIANT: ClassVar[Variant]
    _by_variant: ClassVar[dict[Any, Any]] = {}
    type: Any

    name: str
    number: int
    required: bool
    repeated: bool
    variant: Variant

    def __init_subclass__(cls) -> None:
        cls._by_variant.update(dict.fromkeys(cls.__dict__.get("VARIANTS", ()), cls))

    def __init__(
        self,
        number: int,
        *,
        required: bool = False,
        repeated: bool = False,
        variant: Variant | None = None,
        default: Any = None,
    ) -> None:
        _check_number(number)
        if repeated and required:
            raise FieldDefinitionError("Cannot set both repeated and required")
        if repeated and default is not None:
            raise FieldDefinitionError("Repeated fields may not have defaults")
        chosen = self.DEFAULT_VARIANT if variant is None else variant
        if chosen not in self.VARIANTS:
            kind, valid = type(self).__name__, sorted(self.VARIANTS)
            raise InvalidVariantError(f"Invalid variant: {chosen}\nValid variants for {kind} are {valid!r}")
        self.__dict__.update(number=number, required=required, repeated=repeated, variant=chosen, _default=default)
        if default is not None:
            try:
                self.validate_default(default)
            except ValidationError as error:
                kind = type(self).__name__
                raise InvalidDefaultError(f"Invalid default value for {kind}: {default!r}: {error}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        # property sets the docstring when the field gets its getter; a field of no message may be given a name.
        if name not in ("__doc__", "name"):
            raise AttributeError("Field objects are read-only")
        self.__dict__[name] = value

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled_field, (type(self), self.__dict__ | {"_outer": None})

    @property
    def default(self) -> Any:
        """What an unset field reads as, or None."""
        return self.__dict__["_default"]

    @property
    def python_type(self) -> Any:
        """The Python class of the field's values (of a repeated field, of each)."""
        return self.type

    def message_definition(self) -> Any:
        """The Message class that the field belongs to, or None."""
        outer: weakref.ref[Any] | None = self.__dict__.get("_outer")
        return None if outer is None else outer()

    def _label(self, prefix: str = "") -> str:
        name = self.__dict__.get("name")
        return type(self).__name__ if name is None else f"{prefix} {name}"

    def validate_element(self, value: Any) -> Any:
        """One value as the field keeps it (of a repeated field, one element); None passes unless `required`.

        Raises:
          ValidationError: the value is of another type.
        """
        expected = self.type
        if value is None:
            if self.required:
                raise ValidationError("Required field is missing")
        elif not isinstance(value, expected):
            label = self._label("field")
            raise ValidationError(f"Expected type {expected} for {label}, found {value} (type {type(value)})")
        return value

    def validate(self, value: Any) -> Any:
        """A value as the field keeps it; a list of values for a repeated field.

        Raises:
          ValidationError: the value, or one in the list, does not fit.
        """
        return self._validated(value, self.validate_element)

    def validate_default_element(self, value: Any) -> Any:
        """One default value; a field whose type is not known yet may put the check off."""
        return self.validate_element(value)

    def validate_default(self, value: Any) -> Any:
        """A default value. Raises ValidationError when it does not fit."""
        return self._validated(value, self.validate_default_element)

    def _validated(self, value: Any, check: Callable[[Any], Any]) -> Any:
        if not self.repeated:
            return check(value)
        if isinstance(value, (list, tuple)):
            if any(element is None for element in value):
                raise ValidationError(f"Repeated values for {self._label('field')} may not be None")
            return [check(element) for element in value]
        if value is not None:
            raise ValidationError(f"{self._label('Field')} is repeated. Found: {value}")
        return value

    def assigned(self, value: Any) -> Any:
        """What a message stores when the field is set to `value`: a checked value, or a list of them.

        Raises:
          ValidationError: the value does not fit; None for a repeated field.
        """
        if value is None and self.repeated:
            raise ValidationError(f"May not assign None to repeated {self._label('field')}")
        return None if value is None else self.validate(value)

    @classmethod
    def lookup_field_type_by_variant(cls, variant: Variant) -> Any:
        """The field class that has `variant`. Raises KeyError when there is none."""
        return cls._by_variant[variant]


def _check_number(number: Any) -> None:
    if not isinstance(number, int) or not 1 <= number <= MAX_FIELD_NUMBER:
        raise InvalidNumberError(
            f"Invalid number for field: {number}\nNumber must be 1 or greater and {MAX_FIELD_NUMBER} or less"
        )
    if FIRST_RESERVED_FIELD_NUMBER <= number <= LAST_RESERVED_FIELD_NUMBER:
        raise InvalidNumberError(
            f"Tag number {number} is a reserved number.\n"
            f"Numbers {FIRST_RESERVED_FIELD_NUMBER} to {LAST_RESERVED_FIELD_NUMBER} are reserved"
        )


def _unpickled_field(kind: type[Field[Any]], state: dict[str, Any]) -> Field[Any]:
    field = kind.__new__(kind)
    field.__dict__.update(state)
    return field


class FieldList(list[T]):
    """The value of a repeated field: a list that checks what is put into it.

    Args:
      field_instance: the repeated field.
      sequence: list or tuple of the first values.

    Raises:
      FieldDefinitionError: the field is not repeated.
      ValidationError: a value does not fit the field.
    """

    __module__ = "protorpc.messages"

    field: Field[Any]

    def __init__(self, field_instance: Field[Any], sequence: Iterable[T]) -> None:
        if not field_instance.repeated:
            raise FieldDefinitionError("FieldList may only accept repeated fields")
        self.field = field_instance
        list.__init__(self, field_instance.validate(sequence))

    def __setitem__(self, index: Any, value: Any) -> None:
        checked = self.field.validate(value) if isinstance(index, slice) else self.field.validate_element(value)
        list.__setitem__(self, index, checked)

    def append(self, value: T) -> None:
        """Add a value. Raises ValidationError when it does not fit."""
        list.append(self, self.field.validate_element(value))

    def extend(self, sequence: Iterable[T]) -> None:
        """Add values. Raises ValidationError when one does not fit."""
        values = sequence if isinstance(sequence, (list, tuple)) else list(sequence)
        list.extend(self, self.field.validate(values))

    def __iadd__(self, sequence: Iterable[T]) -> Self:  # type: ignore[misc, override]
        self.extend(sequence)
        return self

    def insert(self, index: Any, value: T) -> None:
        """Put a value before `index`. Raises ValidationError when it does not fit."""
        list.insert(self, index, self.field.validate_element(value))

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        # A field of a message is found again through its class, which pickles by name.
        outer = self.field.message_definition()
        key = self.field if outer is None else self.field.number
        return _empty_list, (outer, key), None, iter(self)


def _empty_list(outer: Any, key: Any) -> FieldList[Any]:
    return field_list(key if outer is None else outer.field_by_number(key), ())


def field_list(field: Field[Any], values: Iterable[Any]) -> FieldList[Any]:
    """A FieldList of values that are known to fit."""
    made: FieldList[Any] = FieldList.__new__(FieldList)
    made.field = field
    list.__init__(made, values)
    return made
