"""Requests and responses as plain values, the same for both server interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from endpoints.describe.origin import Origin
from protorpc.remote import HttpRequestState

JSON = ("Content-Type", "application/json")
JSON_UTF8 = ("Content-Type", "application/json; charset=UTF-8")
PLAIN_TEXT = ("Content-Type", "text/plain; charset=UTF-8")
NO_SNIFFING = ("X-Content-Type-Options", "nosniff")

_HOST = re.compile(r"([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?")


class Response(NamedTuple):
    """An answer: complete, small enough to be held in memory and with its length known, unless it is a stream."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    shared: bool = True
    """Whether pages of other origins may read it, as far as the server's policy goes."""
    stream: Any = None
    """What is sent in place of `body`, bit by bit: an iterator of bytes on WSGI, an async one on ASGI. Its length is
    known if the headers say so; it is closed by its `close` or `aclose` in any case."""


class Request(msgspec.Struct):
    """What the caller sent but the body, read from what the server interface passed only when asked for.

    Instances are made for every request and asked by few, so that making one must cost next to nothing.
    """

    raw: Any
    """The WSGI environ or the ASGI scope."""
    user: Any = msgspec.UNSET
    """Who is calling: a User, None for nobody that is known, UNSET before it was looked at."""
    effective_method: str | None = None
    """What the verb was overridden by, or is in upper case; None before it was looked at."""
    access: Any = None
    """The `auth.Access` of the operation that was found."""
    inquiry: Any = None
    """The `control.admission.Inquiry` of a request that needs a key or costs something."""

    @property
    def method(self) -> str:
        """The verb by which the request is found."""
        return self.effective_method or self.sent_method

    @property
    def sent_method(self) -> str:
        """The verb as it was sent."""
        raise NotImplementedError

    @property
    def path(self) -> str:
        """The path below the mount point, percent-decoded once.

        Raises:
          Refusal: 400, its bytes are no UTF-8.
        """
        raise NotImplementedError

    @property
    def query(self) -> str:
        """What follows the question mark, as it was sent."""
        raise NotImplementedError

    def header(self, name: str) -> str | None:
        """The value of a header, given in lower case; None when it was not sent."""
        raise NotImplementedError

    def header_values(self, name: str) -> list[str]:
        """All values of a header, given in lower case, as far as the server tells them apart."""
        raise NotImplementedError

    def headers(self) -> list[tuple[str, str]]:
        """All headers as pairs."""
        raise NotImplementedError

    @property
    def may_wait(self) -> bool:
        """Whether what runs here may wait for the network: not on an event loop that serves others as well."""
        return True

    @property
    def raw_path(self) -> str | None:
        """The path below the mount point as it was sent, not decoded; None when the server does not tell."""
        raise NotImplementedError

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        raise NotImplementedError

    @property
    def server(self) -> tuple[str, str]:
        """Name and port of the server as the server knows them."""
        raise NotImplementedError

    @property
    def mount(self) -> str:
        """The path that the application is mounted at, without a slash at its end."""
        raise NotImplementedError

    @property
    def client_address(self) -> str | None:
        """The address at the other end of the connection."""
        raise NotImplementedError

    def origin(self, trust_forwarded: bool = False) -> Origin:
        """How the caller reached the server.

        Args:
          trust_forwarded: whether a proxy in front sets X-Forwarded-Proto and X-Forwarded-Host (D11).
        """
        scheme, host = self.scheme, self.header("host")
        if trust_forwarded:
            scheme = (self.header("x-forwarded-proto") or scheme).split(",")[0].strip().lower()
            host = (self.header("x-forwarded-host") or host or "").split(",")[0].strip()
        found = _HOST.fullmatch(host or "")
        name, port = (found[1], found[2] or "") if found else self.server
        told = trust_forwarded and (self.header("x-forwarded-proto") or self.header("x-forwarded-host"))
        if not port and self.server[1] in ("80", "443") and not told:
            # Any other is a port behind a proxy, which callers do not use (recorded: echo_http443, echo_https80).
            port = self.server[1]
        return Origin("https" if scheme == "https" else "http", name, port, self.mount)

    @property
    def request_state(self) -> HttpRequestState:
        """The same as ProtoRPC services know it."""
        name, port = self.server
        return HttpRequestState(
            http_method=self.method,
            service_path=self.mount + self.path,
            headers=self.headers(),
            remote_address=self.client_address,
            remote_host=self.client_address,
            server_host=name,
            server_port=int(port) if port.isdecimal() else None,
        )


def merged_vary(headers: Iterable[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    """The headers with `name` among what the answer varies by."""
    kept = list(headers)
    for index, (key, value) in enumerate(kept):
        if key.lower() == "vary":
            names = [part.strip() for part in value.split(",")]
            if name not in names:
                kept[index] = (key, ", ".join([*names, name]))
            return kept
    return [*kept, ("Vary", name)]
