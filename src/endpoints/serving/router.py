"""The table of paths: which operation answers a path, and what the path says.

Paths without variables are looked up in a dict. The others are in one trie of segments for each verb and API root, in which
every literal branch also holds what the variable beside it leads to, so that one walk down the path finds the most specific
template; its length is that of the path, whatever the number of routes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
        if found is None and path.endswith("/"):
            found = self.static.get(method + path[:-1])
        if found is not None:
            return found
        for length in self._lengths:
            trie = self._tries.get(method + path[:length])
            if trie is not None:
                found = _search(trie, path[length:])
                if found is not None:
                    return found
        return None


def _search(trie: dict[Any, Any], path: str) -> Match[Any] | None:
    found = _walk(trie, path.removesuffix("/").split("/"))
    return found if found is not None or not path.endswith("/") else _walk(trie, path.split("/"))


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
    for verb, (places, target) in ends.items():
        if verb:
            if not segments[-1].endswith(verb):
                continue
            segments = [*segments[:-1], segments[-1].removesuffix(verb)]
        values = tuple([segments[place] for place in places])
        for value in values:
            if not value.isalnum() and _NO_VALUE.search(value):
                return None
        return target, values
    return None
