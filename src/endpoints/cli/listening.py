"""Where a server listens: found out and tried before any server is started."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import Self

from endpoints.cli.command import UsageError

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened at


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A free address of this machine."""

    host: str
    """As the user gave it."""
    numeric: str
    """The same as an IP address, which every server understands."""
    port: int

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = "localhost" if self.numeric in _EVERYWHERE else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @classmethod
    def free(cls, host: str, port: int) -> Self:
        """Try to listen there.

        Args:
            host: a name or an IP address; of a name with several addresses an IPv4 address is taken.
            port: 0 for any that is free.

        Raises:
            UsageError: there is no such host here, or the port is taken or forbidden.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except (OSError, UnicodeError) as error:
            raise UsageError(f"host {host!r} cannot be found: {error}") from None
        family, _, _, _, where = min(found, key=lambda each: each[0] != socket.AF_INET)
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            if os.name == "posix":  # elsewhere it would take a port from its owner
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(where)
                # Another program may be bound and not yet listening: only this tells on Linux.
                listener.listen()
            except OSError as error:
                text = os.strerror(error.errno) if error.errno else str(error)
                raise UsageError(f"cannot listen on {host}, port {port}: {text}") from None
            name = listener.getsockname()
            return cls(host=host, numeric=name[0], port=name[1])
