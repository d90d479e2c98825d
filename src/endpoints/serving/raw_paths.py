"""Operations found by the path as it was sent (`use_request_uri`), so that a value may hold an encoded slash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from endpoints.serving.failures import MethodNotAllowed, Refusal
from endpoints.serving.http import Request
from endpoints.serving.parameters import percent_decoded
from endpoints.serving.router import Match, Route, Router


class RawPaths:
    """The routes of such operations."""

    def __init__(self, routes: Sequence[Route[Any]]) -> None:
        self._router = Router(routes)
        self._first: dict[str, str] = {}
        for route in routes:
            path = route.prefix + route.template.text
            self._first[route.method] = min(path, self._first.get(route.method, path))

    def find(self, request: Request, method: str, cooked: Router[Any]) -> Match[Any] | None:
        """The operation with that verb and the request's raw path, or None when it may be one of `cooked`.

        Raises:
          Refusal: 400, the server does not tell the raw path, and the request may be for such an operation.
          MethodNotAllowed: operations have the path, all for other verbs.
        """
        raw = request.raw_path
        if raw is None:
            # Paths are told apart in alphabetical order; those before the first raw one can do without (as recorded).
            first = self._first.get(method)
            if first is not None and request.path >= first.partition("{")[0]:
                raise Refusal(400, "This server does not pass on REQUEST_URI, by which the method is found")
            return None
        found = self._router.find(method, raw)
        if found is None:
            allowed = self._router.allowed(raw)
            if allowed and cooked.find(method, request.path) is None:
                raise MethodNotAllowed(method, sorted({*allowed, *cooked.allowed(request.path)}))
            return None
        target, values = found
        return target, tuple(percent_decoded(value, "The path") for value in values)
