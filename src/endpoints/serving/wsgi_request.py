"""A request, read from a WSGI environ (PEP 3333)."""

from __future__ import annotations

from urllib.parse import quote

from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request


class WsgiRequest(Request):
    """A request that came as a WSGI environ."""

    @property
    def sent_method(self) -> str:
        """The verb as it was sent."""
        return str(self.raw["REQUEST_METHOD"])

    @property
    def path(self) -> str:
        """The path below the mount point. Raises Refusal (400) when its bytes are no UTF-8."""
        path: str = self.raw.get("PATH_INFO", "")
        return path if path.isascii() else _utf8(path)

    @property
    def query(self) -> str:
        """What follows the question mark, as it was sent."""
        return str(self.raw.get("QUERY_STRING", ""))

    def header(self, name: str) -> str | None:
        """The value of a header, given in lower case; None when it was not sent."""
        key = name.upper().replace("-", "_")
        value: str | None = self.raw.get(key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key)
        return value

    def header_values(self, name: str) -> list[str]:
        """The value of a header; servers join several with commas (RFC 3875, 4.1.18)."""
        value = self.header(name)
        return [] if value is None else [value]

    def headers(self) -> list[tuple[str, str]]:
        """All headers as pairs."""
        names = ((key.removeprefix("HTTP_"), key) for key in self.raw)
        return [
            (name.replace("_", "-").title(), self.raw[key])
            for name, key in names
            if key.startswith("HTTP_") or (key in ("CONTENT_TYPE", "CONTENT_LENGTH") and self.raw[key])
        ]

    @property
    def raw_path(self) -> str | None:
        """The path below the mount point as it was sent; None when the server keeps no REQUEST_URI or RAW_URI."""
        # RAW_URI is gunicorn's, and holds the query; in REQUEST_URI a query is as recorded (requesturi/query).
        sent: str | None = self.raw.get("REQUEST_URI") or self.raw.get("RAW_URI", "").partition("?")[0] or None
        return None if sent is None else sent.removeprefix(quote(self.mount))

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return str(self.raw["wsgi.url_scheme"])

    @property
    def server(self) -> tuple[str, str]:
        """Name and port of the server as the server knows them."""
        return self.raw.get("SERVER_NAME", ""), str(self.raw.get("SERVER_PORT", ""))

    @property
    def mount(self) -> str:
        """The path that the application is mounted at."""
        return _utf8(self.raw.get("SCRIPT_NAME", "")).rstrip("/")

    @property
    def client_address(self) -> str | None:
        """The address at the other end of the connection."""
        address: str | None = self.raw.get("REMOTE_ADDR")
        return address


def _utf8(text: str) -> str:
    """What the bytes say that WSGI hands over as latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        raise Refusal(400, "The path is not valid UTF-8") from None
