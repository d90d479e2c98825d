"""How much a request may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from endpoints.serving.failures import Refusal

LARGE_BODY = 64 * 1024
"""Bytes of a body that may take so long to decode that an event loop must not wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a server.

    Args:
      body_size: bytes of a request body; more is answered 413.
      body_time: seconds in which a body has to arrive, where the server interface lets one wait (ASGI); else 408.
      deadline: seconds in which an `async def` method, or any method on ASGI, has to answer; else 504. None for any
        time.

    Raises:
      ValueError: a limit that is not positive.
    """

    body_size: int = 10 * 1024 * 1024
    body_time: float = 30.0
    deadline: float | None = None

    def __post_init__(self) -> None:
        for name in ("body_size", "body_time", "deadline"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"Limits: {name} must be positive, found {value!r}")

    @property
    def safe_digits(self) -> int:
        """A size written in no more digits than this is below the limit."""
        return len(str(self.body_size)) - 1

    def check_size(self, size: int) -> None:
        """Raises Refusal (413) when a body is, or says that it is, too large."""
        if size > self.body_size:
            raise Refusal(413, f"The request body is larger than {self.body_size} bytes")

    def declared_size(self, length: str) -> int:
        """The size that a Content-Length header announces (RFC 9110, 8.6).

        Raises:
          Refusal: 400, it is no number; 413, it is too large.
        """
        size = declared_length(length)
        if size > self.body_size:
            self.check_size(size)
        return size


def declared_length(length: str) -> int:
    """What a Content-Length header says, whatever the limit. Raises Refusal (400) when it is no number."""
    if not (length.isdecimal() and length.isascii() and len(length) < 20):
        raise Refusal(400, f"Content-Length is no number: {length[:40]!r}")
    return int(length)


def late_body(seconds: float) -> Refusal:
    """What to say (408) of a body that has not arrived after so many seconds."""
    return Refusal(408, f"The request body did not arrive within {seconds:g} seconds", [("Connection", "close")])
