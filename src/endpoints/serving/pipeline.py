"""What is the same for every request, on one screen: find the operation, answer, word the failure, tell other origins.

The functions know nothing of server interfaces. An operation is answered by its `Call`: authorise, decode, call,
encode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from endpoints.serving import failures
from endpoints.serving.cors import Cors
from endpoints.serving.http import JSON, NO_SNIFFING, PLAIN_TEXT, Request, Response, merged_vary
from endpoints.serving.limits import Limits
from endpoints.serving.parameters import query_pairs
from endpoints.serving.presentation import Presentation
from endpoints.serving.raw_paths import RawPaths
from endpoints.serving.router import Match, Router

if TYPE_CHECKING:
    from endpoints.serving.call import Call
    from endpoints.serving.compression import Compression
    from endpoints.serving.observing import Observe

OK_HEADERS = [JSON, NO_SNIFFING]
_SHOWN = ("Access-Control-Expose-Headers", "RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset,Retry-After")
EMPTY = Response(204, [NO_SNIFFING], b"")


class Pipeline:
    """The rooms of a server, wired.

    Attributes:
      static: what answers requests whose verb and path are found as they are.
      search: the same for paths that hold values, given in ASCII; what both do not find, `find` may.
      observe: is told of every finished request; None where nobody wants to know.
      presentation: puts answers on the wire.
    """

    def __init__(
        self,
        router: Router[Any],
        raw_paths: RawPaths | None,
        cors: Cors | None,
        limits: Limits,
        *,
        observe: Observe | None = None,
        compression: Compression | None = None,
    ) -> None:
        self.static = router.static
        self.search = router.search if raw_paths is None else _nowhere
        self.limits = limits
        self.observe = observe
        self.presentation = Presentation(compression)
        self._router = router
        self._raw_paths = raw_paths
        self._cors = cors

    def find(self, request: Request) -> Match[Any]:
        """What answers a request: a `Call`, or a page of the server itself, and the values in the path.

        Raises:
          PathNotFound, MethodNotAllowed.
        """
        method = request.method
        if method == "POST":
            # RFC 9110 has no such thing, but Google's clients send long GETs so. No other verb can be overridden.
            override = request.header("x-http-method-override")
            method = method if override is None else override
            if not method.isalpha():  # a slash would move the border between the verb and the path
                raise failures.PathNotFound(request.path)
        request.effective_method = method = method.upper()
        try:
            return self._match(request, method)
        except (failures.PathNotFound, failures.MethodNotAllowed):
            if request.sent_method != "HEAD":
                raise
        return self._match(request, "GET")  # as which it is answered, without the body

    def _match(self, request: Request, method: str) -> Match[Any]:
        found = self._raw_paths.find(request, method, self._router) if self._raw_paths is not None else None
        return found if found is not None else self._router.match(method, request.path)

    def succeed(self, request: Request, call: Call, query: str, body: bytes) -> Response:
        """The response that holds what a method answered."""
        if not body:
            return EMPTY
        if query and "prettyPrint" in query:
            body = pretty(body, query)
        caching = call.caching if request.sent_method in ("GET", "HEAD") else ()
        return Response(200, [*OK_HEADERS, *caching], body)

    def fail(self, error: BaseException, request: Request) -> Response:
        """The response to an exception, a preflight among them: nothing answers OPTIONS but the origin policy."""
        if request.method == "OPTIONS" and self._cors is not None and isinstance(error, failures.Refusal):
            origin = request.header("origin")
            asked_method = request.header("access-control-request-method")
            if origin and self._cors.headers(origin, asked_method, None):
                return Response(200, [PLAIN_TEXT, NO_SNIFFING], b"")
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
        if allowed and request.inquiry is not None:
            allowed.append(_SHOWN)
        return merged_vary([*response.headers, *allowed], "Origin")


def _nowhere(method: str, path: str) -> None:
    """Stands for the search where raw paths go before it."""


def pretty(body: bytes, query: str) -> bytes:
    """A JSON body with its lines indented, if the query asks for that."""
    wanted = dict(query_pairs(query)).get("prettyPrint", "").lower() in ("true", "1")
    try:
        return msgspec.json.format(body, indent=2) if wanted else body
    except msgspec.DecodeError:  # a lone surrogate that the method answered, which msgspec does not read
        return body
