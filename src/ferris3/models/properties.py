"""What ferris3 knows about a model, whatever it is written with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from protorpc.messages import Field, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One value that the instances of a model have.

    Converters of users get it too; what it lacks is looked up on `native`, so that one written for an NDB property
    (`property._repeated`) finds what it expects.
    """

    name: str
    kinds: tuple[str, ...]
    """Names under which a converter is looked up, most specific first."""
    native: Any
    """The column, relationship, dataclass field or NDB property; of a list of anything else, the type of its items."""
    repeated: bool = False
    required: bool = False
    default: Any = None
    """What an unset value reads as, where a message field can say it."""
    enumeration: type | None = None
    """The enumeration whose members it holds, Python's or that of messages."""
    nested: type | None = None
    """The model of what it holds, when that is a message of its own."""
    message: type[Message] | None = None
    """The message class of what it holds, when that is a message already."""
    writable: bool = True
    fills_itself: bool = False
    """Whether the value is made elsewhere when none is given, and can never be empty."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.native, name)


class Converter(Protocol):
    """What turns the values of one kind of property into those of a message and back.

    A class with three static methods is one. None and lists never reach it: it gets each value of a list.
    """

    def to_field(self, model: Any, known: Property, number: int, /) -> Field[Any] | None:
        """Make the field of that number, or return None to leave the property out."""
        ...

    def to_message(self, model: Any, known: Property, field: Field[Any], value: Any, /) -> Any:
        """Return the value for a message."""
        ...

    def to_model(self, message: Any, known: Property, field: Field[Any], value: Any, /) -> Any:
        """Return the value for an entity.

        Raises:
            ValueError: the value cannot be one; its text is for the caller of the API, who gets 400.
        """
        ...


Converters = Mapping[str, Converter | None]
"""Converters by the name of what they convert; None leaves such properties out."""


class Kind(Protocol):
    """How models of one kind are read and made; each module beside this one has a `KIND`."""

    converters: Converters
    refusals: tuple[type[Exception], ...]
    """What models raise for a value that they do not take."""

    def properties(self, model: type, asked: Collection[str]) -> Sequence[Property]:
        """All properties but the key, in the order of their definition.

        Args:
            model: the class.
            asked: names of properties that are there only when asked for; others among them mean nothing.

        Raises:
            TypeError: the model cannot be understood.
        """
        ...

    def has_key(self, model: type) -> bool:
        """Whether instances have a key, which becomes the `id` of a message."""
        ...

    def key_text(self, entity: Any) -> str | None:
        """The key of an entity as text, or None while it has none."""
        ...

    def read_key(self, model: type, text: str) -> Any:
        """Read the text of a key.

        Raises:
            ValueError: no key of this model looks like that.
        """
        ...

    def set_key(self, entity: Any, key: Any) -> None:
        """Give an entity a key that `read_key` has read."""
        ...

    def new(self, model: type, values: Mapping[str, Any], key: Any) -> Any:
        """Make an entity, with a key that `read_key` has read or with None. Raises one of `refusals`."""
        ...
