"""The table of paths: which operation answers a path, and what the path says.

Paths without variables are looked up in a dict. The others are in one trie of segments for each verb and API root, in
which every literal branch also holds what the variable beside it leads to, so that one walk down the path finds the
most specific template; its length is that of the path, whatever the number of routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from endpoints.paths import PathTemplate
from endpoints.serving.failures import MethodNotAllowed, PathNotFound

T = TypeVar("T")
Match = tuple[T, tuple[str, ...]]
"""What a path was found to be: a target, and the values of the variables in their order in the template."""

_VARIABLE = None  # key of the branch that takes any text
_END = 0  # key of what a branch leads to when the path ends there
# What a value in a path cannot hold (recorded: library/book-brackets and others).
_NO_VALUE = re.compile(r"[/?#\[\]{}]")


class Route(NamedTuple, Generic[T]):
    """A template below a prefix, for one method."""

    method: str
    prefix: str
    template: PathTemplate
    target: T


class Router(Generic[T]):
    """A table of routes, made once.

    Attributes:
      static: what needs no search, by verb and path: `GET/_ah/api/echo/v1/echo`.
    """

    def __init__(self, routes: Iterable[Route[T]]) -> None:
        self.static: dict[str, Match[T]] = {}
        tries: dict[str, dict[Any, Any]] = {}
        methods, lengths = set(), set()
        for route in routes:
            methods.add(route.method)
            if route.template.variables:
                lengths.add(len(route.prefix))
                _insert(tries.setdefault(route.method + route.prefix, {}), route)
            else:
                self.static.setdefault(route.method + route.prefix + route.template.text, (route.target, ()))
        self._tries = {root: _closed(trie) for root, trie in tries.items()}
        self._lengths = tuple(sorted(lengths, reverse=True))
        self._methods = tuple(sorted(methods))
        # Templates of literals but for their last segment, by verb and what comes before that; and such whose last
        # segment but one is the variable, by what comes before and after that. No walk is needed for them.
        self._last: dict[str, T] = {}
        self._last_but_one: dict[str, T] = {}
        for root, trie in self._tries.items():
            self._last.update(_last_variables(trie, root))
            self._last_but_one.update(_last_variables_but_one(trie, root))

    def match(self, method: str, path: str) -> Match[T]:
        """Find what answers.

        A slash at the end of the path is no part of it, unless it is declared.

        Raises:
          PathNotFound: no template fits.
          MethodNotAllowed: one does, for other methods.
        """
        found = self.find(method, path)
        if found is None:
            allowed = self.allowed(path)
            raise MethodNotAllowed(method, allowed) if allowed else PathNotFound(path)
        return found

    def allowed(self, path: str) -> list[str]:
        """The verbs by which something is found; HEAD asks what GET would answer (RFC 9110, 9.3.2)."""
        found = {method for method in self._methods if self.find(method, path) is not None}
        return sorted(found | {"HEAD"} if "GET" in found else found)

    def find(self, method: str, path: str) -> Match[T] | None:
        """As `match`, but None where it raises."""
        found = self.static.get(method + path)
        if found is None and path.endswith("/"):
            found = self.static.get(method + path[:-1]) or self.search(method, path[:-1])
        return found or self.search(method, path)

    def search(self, method: str, path: str) -> Match[T] | None:
        """What a path without a slash at its end leads to by its segments, or None."""
        head, _, last = path.rpartition("/")
        target = self._last.get(method + head)
        if target is not None:
            return (target, (last,)) if last.isalnum() or not _NO_VALUE.search(last) else None
        head, _, value = head.rpartition("/")
        target = self._last_but_one.get(f"{method}{head}\n{last}")
        if target is not None:
            return (target, (value,)) if value.isalnum() or not _NO_VALUE.search(value) else None
        for length in self._lengths:
            branch = self._tries.get(method + path[:length])
            if branch is None:
                continue
            segments = path[length:].split("/")
            for segment in segments:
                branch = branch.get(segment) or branch.get(_VARIABLE)
                if branch is None:
                    break
            else:
                found = _end(branch.get(_END), segments)
                if found is not None:
                    return found
        return None


def _last_variables(trie: dict[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """What the variables lead to that end a path of literals, by `prefix` and those literals."""
    for key, branch in trie.items():
        if key is _VARIABLE:
            target = _only_end(branch)
            if target is not None:
                yield prefix.removesuffix("/"), target
        elif key is not _END:
            yield from _last_variables(branch, f"{prefix}{key}/")


def _last_variables_but_one(trie: dict[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """What variables lead to that one literal follows and no literal stands beside, by the text around them."""
    for key, branch in trie.items():
        if key is _VARIABLE:
            ends = {literal: _only_end(end) for literal, end in branch.items() if literal not in (_END, _VARIABLE)}
            if trie.keys() <= {_VARIABLE, _END}:
                before = prefix.removesuffix("/")
                yield from ((f"{before}\n{literal}", end) for literal, end in ends.items() if end is not None)
        elif key is not _END:
            yield from _last_variables_but_one(branch, f"{prefix}{key}/")


def _only_end(branch: dict[Any, Any]) -> Any:
    """What a path leads to that ends here, where the verb does not matter and the path has but one variable."""
    # In closed tries there are also templates with more variables, whose values only the walk finds.
    ends = branch.get(_END, ())
    return ends[0][1][1] if [(verb, len(places)) for verb, (places, _) in ends] == [("", 1)] else None


def _insert(trie: dict[Any, Any], route: Route[Any]) -> None:
    segments = route.template.segments
    for segment in segments:
        trie = trie.setdefault(segment.literal if segment.variable is None else _VARIABLE, {})
    places = tuple(place for place, segment in enumerate(segments) if segment.variable is not None)
    verb = segments[-1].verb
    # Longer verbs are tried first; the empty one, that every text ends with, comes last.
    ends = trie.setdefault(_END, {})
    ends.setdefault(":" + verb if verb else "", (places, route.target))
    trie[_END] = dict(sorted(ends.items(), key=_longest_verb))


def _closed(trie: dict[Any, Any]) -> Any:
    """The trie with every literal branch also holding what the variable beside it leads to."""
    done: dict[Any, Any] = {
        key: tuple(branch.items()) if key is _END else _closed(branch) for key, branch in trie.items()
    }
    variable = done.get(_VARIABLE)
    if variable is None:
        return done
    return {key: branch if key in (_END, _VARIABLE) else _merged(branch, variable) for key, branch in done.items()}


def _merged(first: dict[Any, Any], second: dict[Any, Any]) -> dict[Any, Any]:
    """Two closed tries as one, in which what the first one finds comes first."""
    merged: dict[Any, Any] = {}
    for key in {**first, **second}:
        if key is _END:
            ends = {**dict(second.get(_END, ())), **dict(first.get(_END, ()))}
            merged[_END] = tuple(sorted(ends.items(), key=_longest_verb))
            continue
        found = [trie.get(key) or trie.get(_VARIABLE) for trie in (first, second)]
        one, other = found
        merged[key] = _merged(one, other) if one and other else (one or other)
    return merged


def _longest_verb(item: tuple[str, Any]) -> int:
    return -len(item[0])


def _end(ends: Any, segments: list[str]) -> Match[Any] | None:
    """What the end of a path leads to, with the values on the way."""
    for verb, (places, target) in ends or ():
        last = segments[-1]
        if verb and not last.endswith(verb):
            continue
        values = tuple([segments[place] for place in places])
        if verb:
            values = (*values[:-1], last[: -len(verb)])
        for value in values:
            if not value.isalnum() and _NO_VALUE.search(value):
                return None
        return target, values
    return None
