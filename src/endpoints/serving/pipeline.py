"""The way of a request, on one screen: find the operation, authorise the caller, decode, call, encode.

The functions know nothing of server interfaces. `prepare` ends with the request message, `finish` begins with the method's
answer; what is between them, a call or an await, is the interface's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from endpoints.serving import failures
from endpoints.serving.call import Call
from endpoints.serving.cors import Cors
from endpoints.serving.http import JSON, NO_SNIFFING, Request, Response, merged_vary
from endpoints.serving.limits import Limits
from endpoints.serving.parameters import query_pairs
from endpoints.serving.raw_paths import RawPaths
from endpoints.serving.router import Match, Router
from protorpc.messages import Message

_OVERRIDE = "x-http-method-override"


class Pipeline:
    """Everything that is the same for every request of a server."""

    def __init__(self, router: Router[Any], by_raw_path: RawPaths | None, cors: Cors | None, limits: Limits) -> None:
        self.router = router
        self.limits = limits
        self._by_raw_path = by_raw_path
        self._static: Mapping[str, Match[Any]] = router.static
        self._cors = cors

    def find(self, request: Request) -> Match[Any]:
        """What answers a request: a `Call`, or a page of the server itself.

        Raises:
          PathNotFound, MethodNotAllowed.
        """
        method = request.method
        if method == "POST":
            override = request.header(_OVERRIDE)
            if override is not None:  # RFC 9110 has no such thing; Google's client sends long GETs so
                method = request.method = override.upper()
        found = self._static.get(method + request.path)
        return found if found is not None else self._search(request)

    def _search(self, request: Request) -> Match[Any]:
        if not request.method.isupper():
            request.method = request.method.upper()
        found = self._by_raw_path.find(request) if self._by_raw_path is not None else None
        return found if found is not None else self.router.match(request.method, request.path)

    def prepare(self, call: Call, request: Request, values: tuple[str, ...], body: bytes) -> Message:
        """The message that the method gets, for a caller who may have it.

        Raises:
          Refusal, ServiceException: the request is not to reach the method.
        """
        if call.guard is not None:
            call.guard()
        return call.decode(request, values, body)

    def finish(self, call: Call, request: Request, answer: Any) -> Response:
        """The response to what a method answered."""
        body = call.encode(answer) if not request.has_unrecognized else call.encode_carefully(answer)
        if not body:
            return Response(204, [NO_SNIFFING], b"")
        if request.query and "prettyPrint" in request.query:
            body = _pretty(body, request.query)
        return Response(200, [JSON, NO_SNIFFING], body)

    def fail(self, error: BaseException, request: Request) -> Response:
        """The response to an exception, a preflight among them: nothing answers OPTIONS but the origin policy."""
        if request.method == "OPTIONS" and self._cors is not None and isinstance(error, failures.Refusal):
            origin = request.header("origin")
            asked_method = request.header("access-control-request-method")
            if origin and self._cors.headers(origin, asked_method, None):
                return Response(200, [NO_SNIFFING], b"")
        return failures.response(error, request)

    def headers(self, request: Request, response: Response, origin: str) -> list[tuple[str, str]]:
        """The headers of a response to a page of another origin."""
        if self._cors is None or not response.shared:
            return response.headers
        allowed = self._cors.headers(
            origin,
            request.header("access-control-request-method"),
            request.header("access-control-request-headers"),
        )
        return merged_vary([*response.headers, *allowed], "Origin")


def _pretty(body: bytes, query: str) -> bytes:
    wanted = dict(query_pairs(query)).get("prettyPrint", "").lower() in ("true", "1")
    return msgspec.json.format(body, indent=2) if wanted else body
