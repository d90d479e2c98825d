"""Fields of single values: numbers, text, bytes, truth values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from protorpc._enums import Variant
from protorpc._errors import ValidationError
from protorpc._fields import Field, FieldList

T = TypeVar("T")
_Variant = Variant | None

# The overloads say what a typed user reads from a message: a list, a value, or a value or None.


class IntegerField(Field[T]):
    """A whole number, `int`; INT64 unless another variant is given. 64-bit numbers are strings in Google's JSON."""

    __module__ = "protorpc.messages"

    VARIANTS = frozenset([Variant.INT32, Variant.INT64, Variant.UINT32, Variant.UINT64, Variant.SINT32, Variant.SINT64])
    DEFAULT_VARIANT = Variant.INT64
    type = (int,)  # a tuple because Python 2 had two integer types, and code prints it

    @property
    def python_type(self) -> Any:
        """`int`."""
        return int

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: IntegerField[FieldList[int]], number: int, *, repeated: Literal[True], variant: _Variant = None
        ) -> None: ...
        @overload
        def __init__(
            self: IntegerField[int],
            number: int,
            *,
            required: Literal[True],
            variant: _Variant = None,
            default: int | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self: IntegerField[int], number: int, *, default: int, variant: _Variant = None, required: bool = False
        ) -> None: ...
        @overload
        def __init__(
            self: IntegerField[int | None],
            number: int,
            *,
            variant: _Variant = None,
            default: None = None,
            required: bool = False,
            repeated: Literal[False] = False,
        ) -> None: ...
        def __init__(self, number: int, **options: Any) -> None: ...


class FloatField(Field[T]):
    """A floating point number, `float`; DOUBLE or FLOAT. A whole number is taken and converted."""

    __module__ = "protorpc.messages"

    VARIANTS = frozenset([Variant.FLOAT, Variant.DOUBLE])
    DEFAULT_VARIANT = Variant.DOUBLE
    type = float

    def validate_element(self, value: Any) -> Any:
        """One value as `float`. Raises ValidationError when it is no number."""
        if not isinstance(value, int):
            return super().validate_element(value)
        try:
            return float(value)
        except OverflowError:
            raise ValidationError(f"The value of field {self.name} is too large for a float") from None

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: FloatField[FieldList[float]], number: int, *, repeated: Literal[True], variant: _Variant = None
        ) -> None: ...
        @overload
        def __init__(
            self: FloatField[float],
            number: int,
            *,
            required: Literal[True],
            variant: _Variant = None,
            default: float | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self: FloatField[float], number: int, *, default: float, variant: _Variant = None, required: bool = False
        ) -> None: ...
        @overload
        def __init__(
            self: FloatField[float | None],
            number: int,
            *,
            variant: _Variant = None,
            default: None = None,
            required: bool = False,
            repeated: Literal[False] = False,
        ) -> None: ...
        def __init__(self, number: int, **options: Any) -> None: ...


class BooleanField(Field[T]):
    """A truth value, `bool`."""

    __module__ = "protorpc.messages"

    VARIANTS = frozenset([Variant.BOOL])
    DEFAULT_VARIANT = Variant.BOOL
    type = bool

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: BooleanField[FieldList[bool]], number: int, *, repeated: Literal[True], variant: _Variant = None
        ) -> None: ...
        @overload
        def __init__(
            self: BooleanField[bool],
            number: int,
            *,
            required: Literal[True],
            variant: _Variant = None,
            default: bool | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self: BooleanField[bool], number: int, *, default: bool, variant: _Variant = None, required: bool = False
        ) -> None: ...
        @overload
        def __init__(
            self: BooleanField[bool | None],
            number: int,
            *,
            variant: _Variant = None,
            default: None = None,
            required: bool = False,
            repeated: Literal[False] = False,
        ) -> None: ...
        def __init__(self, number: int, **options: Any) -> None: ...


class BytesField(Field[T]):
    """Binary data, `bytes`; base64 in JSON."""

    __module__ = "protorpc.messages"

    VARIANTS = frozenset([Variant.BYTES])
    DEFAULT_VARIANT = Variant.BYTES
    type = bytes

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: BytesField[FieldList[bytes]], number: int, *, repeated: Literal[True], variant: _Variant = None
        ) -> None: ...
        @overload
        def __init__(
            self: BytesField[bytes],
            number: int,
            *,
            required: Literal[True],
            variant: _Variant = None,
            default: bytes | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self: BytesField[bytes], number: int, *, default: bytes, variant: _Variant = None, required: bool = False
        ) -> None: ...
        @overload
        def __init__(
            self: BytesField[bytes | None],
            number: int,
            *,
            variant: _Variant = None,
            default: None = None,
            required: bool = False,
            repeated: Literal[False] = False,
        ) -> None: ...
        def __init__(self, number: int, **options: Any) -> None: ...


class StringField(Field[T]):
    """Text, `str`. ASCII bytes, which Python 2 code passes, are taken and converted."""

    __module__ = "protorpc.messages"

    VARIANTS = frozenset([Variant.STRING])
    DEFAULT_VARIANT = Variant.STRING
    type = str

    def validate_element(self, value: Any) -> Any:
        """One value as `str`. Raises ValidationError when it is no text, or bytes that are not ASCII."""
        if not isinstance(value, bytes):
            return super().validate_element(value)
        try:
            return value.decode("ascii")
        except UnicodeDecodeError as cause:
            subject = f"Field {self.name}" if "name" in self.__dict__ else "Field"
            raise ValidationError(f"{subject} encountered non-ASCII string {value!r}: {cause}") from None

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: StringField[FieldList[str]], number: int, *, repeated: Literal[True], variant: _Variant = None
        ) -> None: ...
        @overload
        def __init__(
            self: StringField[str],
            number: int,
            *,
            required: Literal[True],
            variant: _Variant = None,
            default: str | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self: StringField[str], number: int, *, default: str, variant: _Variant = None, required: bool = False
        ) -> None: ...
        @overload
        def __init__(
            self: StringField[str | None],
            number: int,
            *,
            variant: _Variant = None,
            default: None = None,
            required: bool = False,
            repeated: Literal[False] = False,
        ) -> None: ...
        def __init__(self, number: int, **options: Any) -> None: ...
