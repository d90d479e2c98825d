"""What answers requests that are more than one document in and one document out: streams, media, batches.

An ordinary operation is a `Call`, which the server interfaces know by heart. An `Exchange` gets the request body as it
comes, and may answer bit by bit.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request, Response
from endpoints.serving.limits import Limits, declared_length
from endpoints.serving.packed_bodies import not_by_bits, unpacked

if TYPE_CHECKING:
    from endpoints.serving.async_body import AsyncBody
    from endpoints.serving.threads import ThreadPool

CHUNK = 64 * 1024
"""Bytes that are read or sent at a time."""
SKIPPED = 1024 * 1024
"""Bytes that may be left of a body when it is answered early, to be passed over."""


class Body:
    """A request body that is read bit by bit, in a thread that may wait (WSGI).

    Args:
      stream: `wsgi.input`.
      size: bytes that the caller announced; None for a body that ends when it ends.
      limits: of the server.
      coding: how the body is packed, as `packed_bodies.coding_of` says.

    Attributes:
      size: as given.
    """

    def __init__(self, stream: Any, size: int | None, limits: Limits, coding: str | None = None) -> None:
        self.size = size
        self._coding = coding
        self._stream = stream
        self._left = size
        self._limits = limits

    def read(self, size: int = CHUNK) -> bytes:
        """The next bytes, at most `size` of them; none at the end.

        Raises:
          Refusal: 400, the caller sent less than announced; 415, the body is packed.
        """
        if self._coding is not None:
            raise not_by_bits(self._coding)
        return self._read(size)

    def _read(self, size: int = CHUNK) -> bytes:
        if self._left is None:
            return bytes(self._stream.read(size))
        wanted = min(size, self._left)
        part = bytes(self._stream.read(wanted)) if wanted else b""
        if wanted and not part:
            raise ended_early(self.size, self._left)
        self._left -= len(part)
        return part

    def skip(self) -> None:
        """Pass over what is left, if it is little.

        A server that closes a connection on which something is still coming resets it, and the caller, who is still
        sending, never sees the answer (RFC 9112, 9.6).
        """
        if self._left is not None and self._left <= SKIPPED:
            with suppress(Refusal, OSError):
                while self._read():
                    pass

    def whole(self) -> bytes:
        """All of it, unpacked, if it is no more than the server's `body_size`.

        Raises:
          Refusal: 413, it is more; 400, the caller sent less than announced, or what cannot be unpacked.
        """
        self._limits.check_size(self.size or 0)
        parts, size = [], 0
        while part := self._read():
            parts.append(part)
            size += len(part)
            self._limits.check_size(size)
        return unpacked(b"".join(parts), self._coding, self._limits)


class Exchange:
    """Answers the requests for one path, once for each server interface.

    Attributes:
      timed: whether the server's deadline is for it as a whole.
    """

    timed = True

    def answer(self, request: Request, values: tuple[str, ...], body: Body) -> Response:
        """Answer on WSGI. May wait; a `stream` in the response is an iterator of bytes.

        Raises:
          Exception: whatever happens; it is answered as it is for operations.
        """
        raise NotImplementedError

    async def answer_async(
        self, request: Request, values: tuple[str, ...], body: AsyncBody, threads: ThreadPool
    ) -> Response:
        """Answer on ASGI. Never blocks: what may wait runs in `threads`; a `stream` is an async iterator of bytes."""
        raise NotImplementedError


def announced_size(length: str | None) -> int | None:
    """The size that a Content-Length header announces, None without one.

    Raises:
      Refusal: 400, it is no number.
    """
    return None if length is None else declared_length(length)


def ended_early(size: int | None, left: int) -> Refusal:
    """What to say (400) of a body that is `left` bytes shorter than announced."""
    return Refusal(400, f"The request body ended after {(size or 0) - left} of {size} bytes")
