"""Which operation of the newer document is which of the older one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from endpoints.diff.model import Api, Operation

_Key = Callable[[Operation], object]


@dataclass(slots=True)
class Matching:
    """The operations of two documents, side by side."""

    pairs: list[tuple[Operation, Operation]] = field(default_factory=list)
    """Those that are in both at the same address."""
    moved: list[tuple[Operation, Operation]] = field(default_factory=list)
    """Those that are in both by their id, at other addresses."""
    removed: list[Operation] = field(default_factory=list)
    added: list[Operation] = field(default_factory=list)
    other_version: bool = False
    """Whether addresses are the same but for the version in them."""
    other_name: bool = False
    """Whether addresses are the same but for the name of the API in them."""
    other_base: bool = False
    """Whether addresses are the same but for what all of them begin with."""


def match(old: Api, new: Api) -> Matching:
    """Find the partner of each operation.

    Verb and address decide, whatever the variables in it are called. What is left is looked for without the version in
    the address (2.1.0 and 3.0.0 are served below `/v2/` and `/v3/`) and without the name of the API, where these
    differ; then, if nothing has been found at all, without the base path; and at last by its id.
    """
    found = Matching(removed=list(old.operations), added=list(new.operations))
    _pair(found, found.pairs, _exactly_at(old.base), _exactly_at(new.base))
    _pair(found, found.pairs, _at(old.base), _at(new.base))
    bare = _without(old, new), _without(new, old)
    if _pair(found, found.pairs, *bare):
        found.other_version = old.path_version != new.path_version
        found.other_name = old.name != new.name and _has(old, old.name) and _has(new, new.name)
    if not found.pairs and old.base != new.base:
        found.other_base = _pair(found, found.pairs, _without(old, new, base=False), _without(new, old, base=False))
    if old.format is new.format:
        _pair(found, found.moved, _id, _id)
    return found


def _pair(found: Matching, pairs: list[tuple[Operation, Operation]], old: _Key, new: _Key) -> bool:
    """Move what has the same key from the lists of unmatched operations to the pairs; tell whether there was any."""
    partners: dict[object, deque[Operation]] = {}
    for operation in found.added:
        partners.setdefault(new(operation), deque()).append(operation)
    partners.pop(None, None)
    alone, matched = [], set()
    for operation in found.removed:
        if waiting := partners.get(old(operation)):
            pairs.append((operation, waiting.popleft()))
            matched.add(id(pairs[-1][1]))
        else:
            alone.append(operation)
    found.removed = alone
    found.added = [operation for operation in found.added if id(operation) not in matched]
    return bool(matched)


def _id(operation: Operation) -> object:
    return operation.id


def _exactly_at(base: str) -> _Key:
    return lambda operation: (operation.verb, base + operation.path)


def _at(base: str) -> _Key:
    return lambda operation: (operation.verb, base + operation.shape)


def _without(api: Api, other: Api, *, base: bool = True) -> _Key:
    """The address without what the two documents call by different names."""
    names = (api.name, other.name), (api.path_version, other.path_version)
    own = [text for text, others in names if text != others and _has(api, text) and _has(other, others)]

    def key(operation: Operation) -> object:
        segments = f"{api.base if base else ''}{operation.shape}".split("/")
        for text in own:
            if text in segments:
                segments[segments.index(text)] = ""
        return operation.verb, tuple(segments)

    return key


def _has(api: Api, text: str) -> bool:
    return any(text in f"{api.base}{each.path}".split("/") for each in api.operations)
