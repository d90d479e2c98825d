"""The address at which the documents say the APIs are served: every rule about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

_DEFAULT_PORTS = {"https": "443"}


@dataclass(frozen=True, slots=True)
class Origin:
    """How callers reach the server, for the absolute addresses inside a document.

    For a request these are its own scheme, host and port (the recorded documents show them even when the API declares
    another `hostname`); for a document written by a tool, see `declared`.
    """

    scheme: str
    """`http` or `https`."""
    server: str | None
    """Host name or address, an IPv6 address in brackets; None when nobody has said it."""
    port: str = ""
    """Decimal, or empty for "as `server` says"; the default port of the scheme is never shown."""
    mount: str = ""
    """Path below which the whole application is mounted (`SCRIPT_NAME`, `root_path`), without a slash at its end."""

    @classmethod
    def declared(cls, hostname: str | None) -> Origin:
        """The origin of a document that no request has asked for: `https`, but `http` on localhost.

        Without a host name the document says `None` in its place, as recorded.
        """
        return cls("http" if (hostname or "").startswith("localhost") else "https", hostname)

    @property
    def root(self) -> str:
        """Scheme, host, port and mount point: what a path of the application is appended to."""
        shown = self.port and self.port != _DEFAULT_PORTS.get(self.scheme, "80")
        return f"{self.scheme}://{self.server}{':' + self.port if shown else ''}{self.mount}"

    def on_port_of(self, hostname: str | None) -> Origin:
        """The same server on the port that a declared `hostname` names, if it names one."""
        _, colon, port = (hostname or "").rpartition(":")
        return replace(self, port=port) if colon and port.isdecimal() else self
