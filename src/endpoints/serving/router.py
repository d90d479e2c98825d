"""The table of paths: which operation answers a path, and what the path says.

Paths without variables are looked up in a dict. The others are in a trie of segments, in which every literal branch also
holds what the variable beside it leads to, so that one walk down the path finds the most specific template; its length is
that of the path, whatever the number of routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from endpoints.paths import PathTemplate, Segment
from endpoints.serving.failures import MethodNotAllowed, PathNotFound

T = TypeVar("T")
_VARIABLE = None  # key of the branch that takes any text
_END = 0  # key of what a branch leads to when the path ends there
_NO_VALUE = re.compile(
    r"[/?#\[\]{}]"
)  # what a value in a path cannot hold (recorded: library/book-brackets and others)


class Route(NamedTuple, Generic[T]):
    """A template below a prefix, for one method."""

    method: str
    prefix: str
    template: PathTemplate
    target: T


class Match(NamedTuple, Generic[T]):
    """What a path was found to be."""

    target: T
    values: tuple[str, ...]
    """Those of the variables, in their order in the template."""


class Router(Generic[T]):
    """A table of routes, made once."""

    def __init__(self, routes: Iterable[Route[T]]) -> None:
        self.static: dict[str, Match[T]] = {}
        """By method and path, such as `GET/_ah/api/echo/v1/echo`: what needs no search."""
        self._tries: dict[str, dict[Any, Any]] = {}
        methods = set()
        for route in routes:
            methods.add(route.method)
            if route.template.variables:
                _insert(self._tries.setdefault(route.method, {}), route)
            else:
                self.static[route.method + route.prefix + route.template.text] = Match(route.target, ())
        self._tries = {method: _closed(trie) for method, trie in self._tries.items()}
        self._methods = tuple(sorted(methods))

    def match(self, method: str, path: str) -> Match[T]:
        """Find what answers.

        A slash at the end of the path is no part of it, unless it is declared.

        Raises:
          PathNotFound: no template fits.
          MethodNotAllowed: one does, for other methods.
        """
        found = self.find(method, path)
        if found is None:
            allowed = [other for other in self._methods if self.find(other, path) is not None]
            raise MethodNotAllowed(method, allowed) if allowed else PathNotFound(path)
        return found

    def find(self, method: str, path: str) -> Match[T] | None:
        """As `match`, but None where it raises."""
        found = self.static.get(method + path)
        if found is not None:
            return found
        stripped = path[:-1] if path.endswith("/") else path
        found = self.static.get(method + stripped) if stripped is not path else None
        trie = self._tries.get(method)
        if found is not None or trie is None:
            return found
        segments = stripped.split("/")
        found = _walk(trie, segments)
        if found is None and stripped is not path:
            segments.append("")
            found = _walk(trie, segments)
        return found


def _keys(route: Route[Any]) -> list[Any]:
    literals = route.prefix.split("/")[:-1]
    return [*literals, *(_key(segment) for segment in route.template.segments)]


def _key(segment: Segment) -> Any:
    return segment.literal if segment.variable is None else _VARIABLE


def _insert(trie: dict[Any, Any], route: Route[Any]) -> None:
    keys = _keys(route)
    for key in keys:
        trie = trie.setdefault(key, {})
    places = tuple(place for place, key in enumerate(keys) if key is _VARIABLE)
    verb = route.template.segments[-1].verb
    # Longer verbs are tried first; the empty one, that every text ends with, comes last.
    ends = trie.setdefault(_END, {})
    ends[":" + verb if verb else ""] = (places, route.target)
    trie[_END] = dict(sorted(ends.items(), key=_longest_verb))


def _closed(trie: dict[Any, Any]) -> dict[Any, Any]:
    """The trie with every literal branch also holding what the variable beside it leads to."""
    done = {key: branch if key is _END else _closed(branch) for key, branch in trie.items()}
    variable = done.get(_VARIABLE)
    if variable is None:
        return done
    return {key: branch if key in (_END, _VARIABLE) else _merged(branch, variable) for key, branch in done.items()}


def _merged(first: dict[Any, Any], second: dict[Any, Any]) -> dict[Any, Any]:
    """Two closed tries as one, in which what the first one finds comes first."""
    merged: dict[Any, Any] = {}
    for key in {**first, **second}:
        if key is _END:
            ends = {**second.get(_END, {}), **first.get(_END, {})}
            merged[_END] = dict(sorted(ends.items(), key=_longest_verb))
            continue
        found = [trie.get(key) or trie.get(_VARIABLE) for trie in (first, second)]
        one, other = found
        merged[key] = _merged(one, other) if one and other else (one or other)
    return merged


def _longest_verb(item: tuple[str, Any]) -> int:
    return -len(item[0])


def _walk(trie: dict[Any, Any], segments: list[str]) -> Match[Any] | None:
    for segment in segments:
        branch = trie.get(segment)
        if branch is None:
            branch = trie.get(_VARIABLE)
            if branch is None:
                return None
        trie = branch
    ends = trie.get(_END)
    return None if ends is None else _end(ends, segments)


def _end(ends: dict[str, Any], segments: list[str]) -> Match[Any] | None:
    last = segments[-1]
    for verb, (places, target) in ends.items():
        if verb:
            if not last.endswith(verb):
                continue
            segments = [*segments[:-1], last[: -len(verb)]]
        values = tuple([segments[place] for place in places])
        for value in values:
            if not value.isalnum() and _NO_VALUE.search(value):
                return None
        return Match(target, values)
    return None
