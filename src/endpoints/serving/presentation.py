"""How an answer is put on the wire: not again where the caller has it, packed, or without its body for HEAD."""

from __future__ import annotations

import sys
from typing import Any, Final

from endpoints.serving import failures
from endpoints.serving.compression import Compression, Understood, is_packable, packed, packed_once, understood
from endpoints.serving.etags import changed, coded, entity_tag, entity_tag_once, first_known, is_meant
from endpoints.serving.http import Request, Response, merged_vary

_AS_IT_IS: Final = Understood(None, ())
_ITS_OWN: Final = frozenset(["accept-ranges", "content-encoding", "content-range"])
"""Headers of answers whose bytes somebody counts on."""
_SAID_AGAIN: Final = ("cache-control", "content-location", "expires", "vary", "x-content-type-options")
"""Headers of an answer that 304 repeats: what RFC 9110, 15.4.5, names, and what every answer has."""


class Presentation:
    """What becomes of answers between the one who gives them and the wire.

    Args:
      compression: how answers are packed; None for not at all.

    Attributes:
      threshold: bytes of the shortest body that is packed.
    """

    def __init__(self, compression: Compression | None) -> None:
        self.threshold = sys.maxsize if compression is None else max(1, compression.threshold)
        self._usable = () if compression is None else compression.usable

    def presented(self, request: Request, response: Response, target: Any = None) -> Response:
        """The answer as it is sent, with its length among the headers; a stream is left to the server interface.

        Args:
          request: what is answered.
          response: the answer.
          target: who gave it: an operation, or a function that makes a page; None where nobody was found.
        """
        if response.stream is not None:
            return response
        verb, named = request.sent_method, {name.lower(): value for name, value in response.headers}
        page = callable(target)  # pages are few, and the same for everybody
        best, codings = self._understood(request, response, named)
        status, headers, body, shared, _ = response
        if status == 200 and verb in ("GET", "HEAD"):
            tag = named.get("etag") or (entity_tag_once if page else entity_tag)(body)
            tags = [coded(tag, best), tag, *(coded(tag, coding) for coding in codings)]
            if request.header("if-match") is not None and not is_meant(request, tag):
                return _sent(failures.response(changed(), request), verb, target)
            known = first_known(request, tags)
            if known is not None:
                return _not_modified(response, known, best)
            others = [pair for pair in headers if pair[0].lower() != "etag"] if "etag" in named else headers
            headers = [*others, ("ETag", tags[0])]
        if best is not None:
            headers = merged_vary([*headers, ("Content-Encoding", best)], "Accept-Encoding")
            body = (packed_once if page else packed)(best, body)
        return _sent(Response(status, headers, body, shared), verb, target)

    def _understood(self, request: Request, response: Response, named: dict[str, str]) -> Understood:
        if len(response.body) < self.threshold or not is_packable(named.get("content-type", "")):
            return _AS_IT_IS
        if not _ITS_OWN.isdisjoint(named):
            return _AS_IT_IS
        return understood(", ".join(request.header_values("accept-encoding")), self._usable)


def is_bare(verb: str, target: Any) -> bool:
    """Whether only the headers are sent: for HEAD, but where a method is declared for it, which answers as recorded."""
    return verb == "HEAD" and getattr(getattr(target, "operation", None), "http_method", None) != "HEAD"


def _not_modified(response: Response, tag: str, best: str | None) -> Response:
    headers = [pair for pair in response.headers if pair[0].lower() in _SAID_AGAIN]
    if best is not None:
        headers = merged_vary(headers, "Accept-Encoding")
    return Response(304, [*headers, ("ETag", tag)], b"", response.shared)


def _sent(response: Response, verb: str, target: Any) -> Response:
    if response.status in (204, 304):
        return response
    status, headers, body, shared, _ = response
    headers = [*headers, ("Content-Length", str(len(body)))]
    return Response(status, headers, b"" if is_bare(verb, target) else body, shared)
