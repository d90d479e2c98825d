"""The one place that talks to the network: keys of issuers, and access tokens to be looked up.

`endpoints.api_server(fetch=...)` puts another function in the place of `fetch`.
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Mapping
from functools import cache
from http.client import HTTPException
from ssl import SSLContext, create_default_context
from typing import IO, Any, Final
from urllib.error import HTTPError

from endpoints._version import __version__
from endpoints.auth import addresses
from endpoints.auth.asking import MAX_SIZE

_TIMEOUT: Final = 5.0  # seconds for connecting, and for each wait for bytes
_WHOLE_TIME: Final = 6.0  # seconds for the whole answer
_CHUNK: Final = 64 * 1024


def fetch(
    url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    """Ask an address, by GET or, with `data`, by POST.

    TLS certificates are verified. Redirects are followed within the same scheme, host and port only, and never with
    `data`. Proxies are taken from the environment, but not for this machine itself.

    Args:
        url: http or https.
        data: the body.
        headers: further headers of the request.

    Returns:
        Status, headers and body, whatever the status.

    Raises:
        OSError: there is no answer, it takes too long, or it is larger than `MAX_SIZE`.
    """
    sent = {"Accept": "application/json", "User-Agent": f"endpoints-frameworks/{__version__}", **(headers or {})}
    request = urllib.request.Request(url, data=data, headers=sent)  # noqa: S310 - the opener knows http and https only
    until = time.monotonic() + _WHOLE_TIME
    try:
        try:
            response = _opener(url).open(request, timeout=_TIMEOUT)
        except HTTPError as error:
            response = error
        with response:
            return response.status, dict(response.headers.items()), _body(response, until)
    except (HTTPException, ValueError) as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _body(response: Any, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    # By pieces: a server that sends a byte a second is never late for any of them.
    while part := response.read1(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_SIZE:
            raise OSError(f"the answer is larger than {MAX_SIZE} bytes")
        if time.monotonic() > until:
            raise TimeoutError(f"the answer was not complete after {_WHOLE_TIME:g} seconds")
    return b"".join(parts)


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    max_redirections = 3

    def redirect_request(  # noqa: PLR0917 - the base class's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if req.data is not None or _origin(newurl) != _origin(req.full_url):
            return None  # the redirect itself is the answer then
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    parts = addresses.split(url)
    return None if parts is None else (parts.scheme, parts.hostname, parts.port)


def _opener(url: str) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler({} if addresses.is_local(url) else None),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=_tls()),
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
