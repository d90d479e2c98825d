"""What the explorer answers: the page, its files, its settings, and where issuers send people back to.

All addresses in it are relative, so that it works wherever the application is mounted and whatever proxies stand before
it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import Final

import msgspec

from endpoints.auth.asking import Fetch
from endpoints.explorer.clients import Explorer, sign_ins
from endpoints.explorer.files import Edition, edition
from endpoints.explorer.relay import TokenRelay
from endpoints.operations import Api
from endpoints.serving.failures import PathNotFound
from endpoints.serving.http import JSON_UTF8, NO_SNIFFING, PLAIN_TEXT, Request, Response

SETTINGS: Final = "explorer/settings.json"
"""Address of the settings, below a base path."""

_HTML: Final = ("Content-Type", "text/html; charset=UTF-8")
_KEEP: Final = ("Cache-Control", "public, max-age=31536000, immutable")
_ASK_AGAIN: Final = ("Cache-Control", "no-cache")
_NOT_KEPT: Final = ("Cache-Control", "no-store")
_COMMON: Final = [
    NO_SNIFFING,
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


class ExplorerSite:
    """The explorer of one server.

    Args:
        explorer: its settings.
        apis: what can be tried on it.
        fetch: asks an address, for those who sign in with an issuer that wants a secret; over the network by default.

    Raises:
        ApiConfigurationError: people cannot be signed in as the settings say.

    Attributes:
        relay: fetches tokens for the page, where an issuer wants a secret; else None.
    """

    def __init__(self, explorer: Explorer, apis: Sequence[Api], fetch: Fetch | None = None) -> None:
        self._apis = apis
        self._sign_ins = sign_ins(explorer, apis)
        relayed = [each for each in self._sign_ins if each.client.client_secret is not None]
        self.relay = TokenRelay(relayed, fetch) if relayed else None
        origins = dict.fromkeys(each for sign_in in self._sign_ins for each in sign_in.origins)
        self._page_headers = [
            _HTML,
            *_COMMON,
            ("Content-Security-Policy", _policy(" ".join(["'self'", *origins]))),
            # Windows in which people sign in keep their tie to the page; windows that open the page get none.
            ("Cross-Origin-Opener-Policy", "same-origin-allow-popups"),
            _ASK_AGAIN,
        ]
        self._callback_headers = [_HTML, *_COMMON, ("Content-Security-Policy", _policy("'none'")), _NOT_KEPT]

    @cached_property
    def _edition(self) -> Edition:
        return edition()

    @cached_property
    def _tag(self) -> str:
        # Of the policy too: browsers that have the page already are not told the policy anew.
        return f'"{sha256(repr(self._page_headers).encode() + self._edition.page).hexdigest()}"'

    def page(self, request: Request, values: tuple[str, ...], body: bytes) -> Response:
        """The explorer."""
        if request.path.endswith("/"):  # from where relative addresses lead elsewhere
            return self.to_the_page(request, values, body)
        headers = [*self._page_headers, ("ETag", self._tag)]
        return Response(200, headers, self._edition.page, shared=False)

    def asset(self, _request: Request, values: tuple[str, ...], _body: bytes) -> Response:
        """A script or a style sheet.

        Raises:
            PathNotFound: it is not in the table.
        """
        asked, name = values
        found = self._edition.assets.get(name)
        if found is None:
            raise PathNotFound(name)
        # While servers are replaced, one may be asked for the files of the other's page: better newer ones than none.
        keep = _KEEP if asked == self._edition.name else _NOT_KEPT
        return Response(200, [("Content-Type", found.media_type), *_COMMON, keep], found.content, shared=False)

    def callback(self, _request: Request, _values: tuple[str, ...], _body: bytes) -> Response:
        """Where issuers send people back to; hands what the address holds to the page, and closes its window."""
        return Response(200, self._callback_headers, self._edition.callback, shared=False)

    def settings(self, request: Request, _values: tuple[str, ...], _body: bytes) -> Response:
        """What the page has to know beside the documents of the APIs."""
        base = request.path.removesuffix("/").removesuffix(SETTINGS)
        roots = [
            {"name": api.name, "version": api.version, "root": _relative(base, api.base_path)} for api in self._apis
        ]
        content = msgspec.json.encode({"apis": roots, "issuers": [each.document() for each in self._sign_ins]})
        return Response(200, [JSON_UTF8, *_COMMON, _ASK_AGAIN], content, shared=False)

    def to_the_page(self, request: Request, _values: tuple[str, ...], _body: bytes) -> Response:
        """Any other verb has always been answered with a redirect (recorded: echo/explorer-post and its siblings)."""
        address = "../explorer" if request.path.endswith("/") else "explorer"
        return Response(302, [("Location", address), PLAIN_TEXT, NO_SNIFFING], b"", shared=False)


def _policy(connections: str) -> str:
    """The Content-Security-Policy: files of its own, nothing inline, no markup from texts, calls to `connections`."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"connect-src {connections}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _relative(base: str, other: str) -> str:
    """The way from one base path to another: `./`, `../elsewhere/`."""
    return posixpath.relpath(other, base) + "/"
