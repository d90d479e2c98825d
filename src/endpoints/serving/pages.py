"""What a server says about itself below every base path: discovery, directory, the old client's frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from endpoints.describe import directory
from endpoints.describe.discovery import Discovery
from endpoints.describe.openapi3 import OpenApi
from endpoints.describe.origin import Origin
from endpoints.operations import Api
from endpoints.paths import parse
from endpoints.serving.failures import PathNotFound, Refusal
from endpoints.serving.http import JSON_UTF8, NO_SNIFFING, Request, Response
from endpoints.serving.parameters import query_pairs
from endpoints.serving.router import Route

Page = Callable[[Request, tuple[str, ...], bytes], Response]

_ANY = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_MAX_KEPT_DOCUMENTS = 100

# Loaded in a hidden frame by Google's JavaScript client, which hands it the calls of pages of other origins.
_FRAME = b"""<!DOCTYPE html>
<html>
<head>
<title></title>
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<script type="text/javascript">
  window['startup'] = function() { googleapis.server.init(); };
</script>
<script type="text/javascript" src="https://apis.google.com/js/googleapis.proxy.js?onload=startup" async defer></script>
</head>
<body></body>
</html>
"""


class Pages:
    """The pages of a server, with the documents worked out once.

    Args:
      apis: what is described.
      trust_forwarded: whether a proxy in front says how callers reach the server (D11).
      naive_datetimes: what dates without a time zone are answered as.
    """

    def __init__(self, apis: Sequence[Api], trust_forwarded: bool, naive_datetimes: str | None) -> None:
        self._apis = apis
        self._trust_forwarded = trust_forwarded
        self._by_name = {(api.name, api.version): api for api in apis}
        self._described: dict[Any, Discovery | OpenApi] = {}
        self._documents: dict[Any, bytes] = {}
        self._kinds: Mapping[str, Callable[[Api], Discovery | OpenApi]] = {
            "rest": Discovery,
            "openapi.json": lambda api: OpenApi([api], naive_datetimes),
        }

    def routes(self) -> Iterator[Route[Page]]:
        """Where the pages are."""
        for base in dict.fromkeys(api.base_path for api in self._apis):
            yield Route("GET", base, parse("discovery/v1/apis"), self.directory)
            for kind in self._kinds:
                yield Route(
                    "GET", base, parse(f"discovery/v1/apis/{{api}}/{{version}}/{kind}"), self._document_page(kind)
                )
            for method in _ANY:
                if method not in ("GET", "HEAD"):
                    yield Route(method, base, parse("discovery/v1/apis"), _nothing)
                    yield Route(method, base, parse("discovery/v1/apis/{api}/{version}/rest"), _nothing)
                yield Route(method, base, parse("static/proxy.html"), self.frame)

    def directory(self, request: Request, _values: tuple[str, ...], _body: bytes) -> Response:
        """The list of APIs."""
        target = request.path + ("?" + request.query if request.query else "")
        listed = directory.document(self._apis, self._origin(request), target)
        return Response(200, [JSON_UTF8, NO_SNIFFING], msgspec.json.encode(listed))

    def _document_page(self, kind: str) -> Page:
        def document(request: Request, values: tuple[str, ...], body: bytes) -> Response:
            """The document of one API.

            Raises:
              Refusal: 404, there is no such API.
            """
            asked = _asked(values, request.query, body)
            api = self._by_name.get(asked)
            if api is None:
                raise Refusal(404, f"There is no API {asked[0]!r} of version {asked[1]!r} here")
            return Response(200, [JSON_UTF8, NO_SNIFFING], self._document(kind, api, self._origin(request)))

        return document

    def _document(self, kind: str, api: Api, origin: Origin) -> bytes:
        key = (kind, api.name, api.version, origin)
        encoded = self._documents.get(key)
        if encoded is None:
            made = self._described.get(key[:3])
            if made is None:
                made = self._described[key[:3]] = self._kinds[kind](api)
            encoded = made.encode(origin)
            if len(self._documents) < _MAX_KEPT_DOCUMENTS:  # callers choose the host name, and so could fill the memory
                self._documents[key] = encoded
        return encoded

    def frame(self, _request: Request, _values: tuple[str, ...], _body: bytes) -> Response:
        """The page that Google's JavaScript client loads."""
        return Response(200, [("Content-Type", "text/html"), NO_SNIFFING], _FRAME, shared=False)

    def _origin(self, request: Request) -> Origin:
        return request.origin(self._trust_forwarded)


def _nothing(request: Request, _values: tuple[str, ...], _body: bytes) -> Response:
    """Discovery knows no other verb, and does not say so (recorded: echo/discovery-list-post)."""
    raise PathNotFound(request.path)


def _asked(values: tuple[str, ...], query: str, body: bytes) -> tuple[str, str]:
    """The API that is asked for; like every parameter it can also come in the query or the body, which go first."""
    named: dict[str, Any] = dict(zip(("api", "version"), values, strict=True))
    named.update(reversed(query_pairs(query)))
    try:
        sent = msgspec.json.decode(body) if body else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, f"The request body is not valid JSON: {error}") from None
    if isinstance(sent, Mapping):
        named.update(sent)
    return str(named["api"]), str(named["version"])
