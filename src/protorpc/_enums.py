"""Enumerations: classes of named numbers, and the field variants as one of them."""

from __future__ import annotations

import enum
from collections.abc import Iterator, KeysView, Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from protorpc._definitions import CLASS_BODY_NAMES, Definition
from protorpc._errors import EnumDefinitionError

MAX_ENUM_VALUE = 2**29 - 1  # as protocol buffers have it

_E = TypeVar("_E", bound="Enum")


if TYPE_CHECKING:

    class _EnumDefinition(Definition, enum.EnumMeta):
        """By this base, type checkers take the integers of a class body for members."""
else:
    _EnumDefinition = Definition


class EnumMeta(_EnumDefinition):
    """Turns the integers of an Enum class body into members."""

    _by_name: dict[str, Any]
    _by_number: dict[int, Any]

    def __new__(mcls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> EnumMeta:
        root = not any(isinstance(base, EnumMeta) for base in bases)
        if not root and (len(bases) != 1 or any(isinstance(base, EnumMeta) for base in bases[0].__bases__)):
            raise EnumDefinitionError(f"Enum type {name} may only inherit from Enum")
        numbers = {} if root else {key: value for key, value in body.items() if key not in CLASS_BODY_NAMES}
        members = {key: value for key, value in body.items() if key not in numbers}
        cls = super().__new__(mcls, name, bases, cast(Any, members))
        by_name: dict[str, Any] = {}
        by_number: dict[int, Any] = {}
        for member, number in numbers.items():
            _check_number(member, number, by_number)
            value = object.__new__(cast("type[Enum]", cls))
            object.__setattr__(value, "name", member)
            object.__setattr__(value, "number", number)
            by_name[member] = by_number[number] = value
            type.__setattr__(cls, member, value)
        type.__setattr__(cls, "_by_name", by_name)
        type.__setattr__(cls, "_by_number", by_number)
        type.__setattr__(cls, "_outer", None)
        return cls

    def __iter__(cls: type[_E]) -> Iterator[_E]:  # type: ignore[misc]
        return iter(cls._by_number.values())

    def __len__(cls) -> int:
        return len(cls._by_name)

    def names(cls) -> KeysView[str]:
        """The names of all members."""
        return cls._by_name.keys()

    def numbers(cls) -> KeysView[int]:
        """The numbers of all members."""
        return cls._by_number.keys()

    def lookup_by_name(cls: type[_E], name: str) -> _E:  # type: ignore[misc]
        """The member of that name. Raises KeyError when there is none."""
        return cast("_E", cls._by_name[name])

    def lookup_by_number(cls: type[_E], number: int) -> _E:  # type: ignore[misc]
        """The member of that number. Raises KeyError when there is none."""
        return cast("_E", cls._by_number[number])


def _check_number(name: str, number: Any, taken: Mapping[int, Any]) -> None:
    if not isinstance(number, int):
        raise EnumDefinitionError(f"May only use integers in Enum definitions.  Found: {name} = {number}")
    if number < 0:
        raise EnumDefinitionError(f"Must use non-negative enum values.  Found: {name} = {number}")
    if number > MAX_ENUM_VALUE:
        raise EnumDefinitionError(
            f"Must use enum values less than or equal {MAX_ENUM_VALUE}.  Found: {name} = {number}"
        )
    if number in taken:
        raise EnumDefinitionError(f"Value for {name} = {number} is already defined: {taken[number].name}")


class Enum(metaclass=EnumMeta):
    """Base of enumerations.

    ``class Color(Enum): RED = 1`` makes ``Color.RED``, which has a `name` and a `number`. ``Color('RED')`` and
    ``Color(1)`` give the same member; anything else raises TypeError. Members are ordered by number, can be hashed,
    and are pickled by number.
    """

    __module__ = "protorpc.messages"

    __slots__ = ("name", "number")

    name: str
    number: int

    def __new__(cls, index: Any) -> Self:
        if isinstance(index, cls):
            return index
        found = None
        if isinstance(index, int):
            found = cls._by_number.get(index)
        elif isinstance(index, str):
            found = cls._by_name.get(index)
        if found is None:
            raise TypeError(f"No such value for {index} in Enum {cls.__name__}")
        return cast("Self", found)

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError("May not change enum values")

    def __str__(self) -> str:
        return self.name

    def __int__(self) -> int:
        return self.number

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}, {self.number})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.number,)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __hash__(self) -> int:
        return hash(self.number)

    def __eq__(self, other: object) -> bool:
        return self.number == other.number if isinstance(other, type(self)) else NotImplemented

    def __lt__(self, other: Any) -> bool:
        return self.number < other.number if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: Any) -> bool:
        return self.number <= other.number if isinstance(other, type(self)) else NotImplemented

    def __gt__(self, other: Any) -> bool:
        return self.number > other.number if isinstance(other, type(self)) else NotImplemented

    def __ge__(self, other: Any) -> bool:
        return self.number >= other.number if isinstance(other, type(self)) else NotImplemented

    @classmethod
    def to_dict(cls) -> dict[str, int]:
        """The members as a dict of name and number, which `def_enum` takes."""
        return {member.name: member.number for member in cls}

    @staticmethod
    def def_enum(dct: Mapping[str, int], name: str) -> type[Enum]:
        """Make an Enum class from a dict of name and number."""
        return cast("type[Enum]", EnumMeta(name, (Enum,), dict(dct)))


class Variant(Enum):
    """How a field's value is kept on the wire: the types of protocol buffers, with their numbers."""

    __module__ = "protorpc.messages"

    DOUBLE = 1
    FLOAT = 2
    INT64 = 3
    UINT64 = 4
    INT32 = 5
    BOOL = 8
    STRING = 9
    MESSAGE = 11
    BYTES = 12
    UINT32 = 13
    ENUM = 14
    SINT32 = 17
    SINT64 = 18
