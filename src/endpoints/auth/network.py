"""The one place that talks to the network: keys of issuers, and access tokens to be looked up.

`endpoints.api_server(fetch=...)` puts another function in the place of `fetch`.
"""

from __future__ import annotations

import io
import socket
import time
import urllib.request
from collections.abc import Callable, Mapping
from functools import cache, partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ssl import SSLContext, create_default_context
from typing import IO, Any, Final
from urllib.error import HTTPError

from endpoints._version import __version__
from endpoints.auth import addresses
from endpoints.auth.asking import MAX_SIZE

_TIMEOUT: Final = 5.0  # seconds for connecting, and for each wait for bytes
_WHOLE_TIME: Final = 6.0  # seconds for the whole answer


def fetch(
    url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None, *, within: float = _WHOLE_TIME
) -> tuple[int, Mapping[str, str], bytes]:
    """Ask an address, by GET or, with `data`, by POST.

    TLS certificates are verified. Redirects are followed within the same scheme, host and port only, and never with
    `data`. Proxies are taken from the environment, but not for this machine itself.

    Args:
        url: http or https.
        data: the body.
        headers: further headers of the request.
        within: seconds after which the answer must have been read to its end, whatever it is made of.

    Returns:
        Status, headers and body, whatever the status.

    Raises:
        OSError: there is no answer, it takes too long, is larger than `MAX_SIZE`, or ends before its `Content-Length`.
    """
    sent = {"Accept": "application/json", "User-Agent": f"endpoints-frameworks/{__version__}", **(headers or {})}
    request = urllib.request.Request(url, data=data, headers=sent)  # noqa: S310 - the opener knows http and https only
    try:
        try:
            response = _opener(url, within).open(request, timeout=min(_TIMEOUT, within))
        except HTTPError as error:
            response = error
        with response:
            return response.status, dict(response.headers.items()), _body(response)
    except (HTTPException, ValueError) as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _body(response: Any) -> bytes:
    body: bytes = response.read(MAX_SIZE + 1)
    if len(body) > MAX_SIZE:
        raise OSError(f"the answer is larger than {MAX_SIZE} bytes")
    if response.length:  # the library leaves this to its callers
        raise OSError(f"the answer is cut short: {response.length} bytes are missing")
    return body


class _Timed(io.RawIOBase):
    """What comes from a socket, until a deadline: the socket's own timeout begins anew with every drop of an answer."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, within: float, until: float) -> None:
        self._sock = sock
        self._raw = raw
        self._within = within
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise self._late()
        self._sock.settimeout(min(left, _TIMEOUT))
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            raise (self._late() if left <= _TIMEOUT else TimeoutError(f"silent for {_TIMEOUT:g} seconds")) from None

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _late(self) -> TimeoutError:
        return TimeoutError(f"the answer was not complete after {self._within:g} seconds")


class _Connections(urllib.request.AbstractHTTPHandler):
    """Opens connections whose answers are read until a deadline: status lines, headers and trailers like the body.

    Args:
        within: seconds from now.
    """

    def __init__(self, within: float) -> None:
        super().__init__()
        until = time.monotonic() + within

        def response(sock: socket.socket, *args: Any, **options: Any) -> HTTPResponse:
            made = HTTPResponse(sock, *args, **options)
            made.fp = io.BufferedReader(_Timed(sock, made.fp.detach(), within, until))
            return made

        self._response: Any = response

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(partial(self._connected, HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(partial(self._connected, HTTPSConnection), req, context=_tls())

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def _connected(self, kind: Callable[..., HTTPConnection], /, host: str, **options: Any) -> HTTPConnection:
        connection = kind(host, **options)
        connection.response_class = self._response
        return connection


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    max_redirections = 3

    def redirect_request(  # noqa: PLR0917 - the base class's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if req.data is not None or _origin(newurl) != _origin(req.full_url):
            return None  # the redirect itself is the answer then
        fp.close()  # or it is read to its end, however long it is
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    parts = addresses.split(url)
    return None if parts is None else (parts.scheme, parts.hostname, parts.port)


def _opener(url: str, within: float) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler({} if addresses.is_local(url) else None),
        _Connections(within),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        _SameOrigin(),
    ):
        opener.add_handler(handler)
    return opener


@cache
def _tls() -> SSLContext:
    return create_default_context()  # reads the certificate authorities, which takes 20 ms
