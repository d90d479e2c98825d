"""A cursor over a document that anybody may have written: it knows where it is, and how far it may go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

T = TypeVar("T")

_MAX_DEPTH: Final = 150
_MAX_NODES: Final = 1_000_000
_MAX_HOPS: Final = 20
_KINDS: Final = (
    (bool, "a boolean"),
    ((int, float), "a number"),
    (str, "a string"),
    (list, "a list"),
    (dict, "an object"),
)


class DocumentError(Exception):
    """A document cannot be compared; the text is one line and names the file, the place and what was expected."""


class _Document:
    """What all nodes of a document share."""

    __slots__ = ("known", "left", "root", "source")

    def __init__(self, source: str, root: Any) -> None:
        self.source = source
        self.root = root
        self.left = _MAX_NODES
        self.known: dict[tuple[object, int], Any] = {}


class Node:
    """One value of a document and its place.

    Reading raises DocumentError for a value of another type than asked for, and when more than a million values have
    been read, or one within 150 others: a small file can stand for more than that by its references.

    Attributes:
        value: None for one that is not there, or null.
    """

    # PERF: no dataclass, and places only when they are asked for: a document has many thousands of these.
    __slots__ = ("_depth", "_document", "_key", "_parent", "value")

    def __init__(
        self, document: _Document, value: Any, *, parent: Node | None = None, key: str | int = "", depth: int = 0
    ) -> None:
        self.value = value
        self._document = document
        self._parent = parent
        self._key = key
        self._depth = depth

    @classmethod
    def of(cls, source: str, document: Mapping[str, Any]) -> Node:
        """Start at the top of a document, given the name of its file."""
        return cls(_Document(source, document), document)

    @property
    def source(self) -> str:
        """Name of the file."""
        return self._document.source

    @property
    def place(self) -> str:
        """Names on the way, with dots; list positions in brackets."""
        if self._parent is None:
            return ""
        name = f"[{self._key}]" if isinstance(self._key, int) else f".{self._key}"
        return f"{self._parent.place}{name}".removeprefix(".")

    def __getitem__(self, name: str) -> Node:
        """Return a member of an object, also when there is none of that name."""
        return self._inner(self.mapping().get(name), name)

    def __bool__(self) -> bool:
        return self.value is not None

    def members(self) -> Iterator[tuple[str, Node]]:
        """Yield the members of an object; those that are null are left out."""
        for name in self.mapping():
            if found := self[name]:
                yield name, found

    def elements(self) -> Iterator[Node]:
        """Yield the elements of a list."""
        if not self:
            return
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        for position, value in enumerate(self.value):
            yield self._inner(value, position)

    def mapping(self) -> Mapping[str, Any]:
        """Return an object; an empty one for what is not there."""
        if not self:
            return {}
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return self.value

    def string(self) -> str:
        """Return a string; an empty one for what is not there."""
        if not self:
            return ""
        if not isinstance(self.value, str):
            raise self.wrong("a string")
        return self.value

    def strings(self) -> tuple[str, ...]:
        """Return a list of strings."""
        return tuple(each.string() for each in self.elements())

    def flag(self) -> bool:
        """Return a boolean; False for what is not there."""
        if self and not isinstance(self.value, bool):
            raise self.wrong("a boolean")
        return bool(self.value)

    def words(self) -> str | None:
        """Return any value as text, the same for a number and for its digits; None for what is not there."""
        if isinstance(self.value, dict):
            return "{" + ", ".join(f"{name}: {each.words()}" for name, each in sorted(self.members(), key=_name)) + "}"
        if isinstance(self.value, list):
            return "[" + ", ".join(str(each.words()) for each in self.elements()) + "]"
        if self.value is None or isinstance(self.value, str):
            return self.value
        whole = isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 2**53
        return json.dumps(int(self.value) if whole else self.value)

    def target(self) -> Node:
        """Follow references (`$ref`) to the value that they stand for; what is none is its own target."""
        found = self
        for _ in range(_MAX_HOPS):
            if not isinstance(found.value, dict) or "$ref" not in found.value:
                return found
            found = found._referred(found["$ref"].string())
        raise DocumentError(f"{self.source}: {self.place}: the reference leads nowhere but to other references")

    def once(self, read: Callable[[Node], T]) -> T:
        """Return what a function makes of this value, worked out once however often it is asked for."""
        key = (read, id(self.value))
        if key not in self._document.known:
            self._document.known[key] = read(self)
        found: T = self._document.known[key]
        return found

    def wrong(self, expected: str) -> DocumentError:
        """Return the error that says what was expected here."""
        found = next((name for kinds, name in _KINDS if isinstance(self.value, kinds)), "null")
        if isinstance(self.value, str):
            found = f"{self.value[:40]!r}"
        return DocumentError(f"{self.source}: {self.place or 'document'}: expected {expected}, found {found}")

    def _referred(self, reference: str) -> Node:
        if not reference.startswith("#/"):
            raise DocumentError(
                f"{self.source}: {self.place}: the reference {reference[:100]!r} leaves the document; bundle it first"
            )
        found = Node(self._document, self._document.root, depth=self._depth)
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found.value, dict) or found.value.get(name) is None:
                raise DocumentError(f"{self.source}: {self.place}: there is no {reference[:100]!r} in the document")
            found = found[name]
        return found

    def _inner(self, value: Any, key: str | int) -> Node:
        if value is not None:
            self._document.left -= 1
            if self._document.left < 0:
                raise DocumentError(f"{self.source}: the document stands for more than {_MAX_NODES} values")
            if self._depth >= _MAX_DEPTH:
                raise DocumentError(
                    f"{self.source}: {self.place[:100]}...: values within more than {_MAX_DEPTH} others"
                )
        return Node(self._document, value, parent=self, key=key, depth=self._depth + 1)


def _name(member: tuple[str, Node]) -> str:
    return member[0]
