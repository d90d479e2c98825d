"""A request, read from an ASGI scope (https://asgi.readthedocs.io/en/latest/specs/www.html)."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request


class AsgiRequest(Request):
    """A request that came as an ASGI scope."""

    sent: dict[bytes, bytes] = {}  # noqa: RUF012 - msgspec copies it
    """The headers; of one that was sent twice, the last."""

    @property
    def sent_method(self) -> str:
        """The verb as it was sent."""
        return str(self.raw["method"])

    @property
    def path(self) -> str:
        """The path below the mount point. Raises Refusal (400) when its bytes are no UTF-8."""
        path: str = self.raw["path"]
        # Servers put a replacement mark where the bytes are no UTF-8.
        if "\ufffd" in path and "%EF%BF%BD" not in (self.raw_path or "").upper():
            raise Refusal(400, "The path is not valid UTF-8")
        return path.removeprefix(self.mount)

    @property
    def query(self) -> str:
        """What follows the question mark, as it was sent."""
        return str(self.raw["query_string"], "latin-1")

    def header(self, name: str) -> str | None:
        """The value of a header, given in lower case; None when it was not sent."""
        value = self.sent.get(name.encode("ascii"))
        return None if value is None else value.decode("latin-1")

    def header_values(self, name: str) -> list[str]:
        """All values of a header, in order."""
        key, headers = name.encode("ascii"), self.raw["headers"]
        if key not in self.sent:
            return []
        if len(self.sent) == len(headers):  # PERF: as a rule no header is repeated
            return [self.sent[key].decode("latin-1")]
        return [value.decode("latin-1") for each, value in headers if each == key]

    def headers(self) -> list[tuple[str, str]]:
        """All headers as pairs."""
        return [(name.decode("latin-1").title(), value.decode("latin-1")) for name, value in self.raw["headers"]]

    @property
    def may_wait(self) -> bool:
        """Whether what runs here may wait for the network: in a thread of its own, but not on the event loop."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return True
        return False

    @property
    def raw_path(self) -> str | None:
        """The path below the mount point as it was sent; None when the server keeps no raw_path."""
        sent: bytes | None = self.raw.get("raw_path")
        return None if sent is None else sent.decode("latin-1").removeprefix(quote(self.mount))

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return str(self.raw.get("scheme", "http"))

    @property
    def server(self) -> tuple[str, str]:
        """Name and port of the server as the server knows them."""
        name, port = self.raw.get("server") or ("", None)
        return name, "" if port is None else str(port)

    @property
    def mount(self) -> str:
        """The path that the application is mounted at."""
        return str(self.raw.get("root_path", "")).rstrip("/")

    @property
    def client_address(self) -> str | None:
        """The address at the other end of the connection."""
        client = self.raw.get("client")
        return None if client is None else str(client[0])
