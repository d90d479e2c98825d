"""A request body that is read bit by bit on an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from endpoints.serving.limits import Limits, late_body
from endpoints.serving.packed_bodies import not_by_bits, takes_long, unpacked


class Disconnected(Exception):  # noqa: N818 - no error, but a turn
    """The caller went away before the request was complete; there is nobody to answer."""


class AsyncBody:
    """A request body that is read bit by bit on an event loop (ASGI).

    Args:
      receive: of the ASGI interface; None where nothing comes.
      size: bytes that the caller announced; None for a body that ends when it ends.
      limits: of the server.
      coding: how the body is packed, as `packed_bodies.coding_of` says.

    Attributes:
      size: as given.
    """

    def __init__(
        self,
        receive: Callable[[], Awaitable[Any]] | None,
        size: int | None,
        limits: Limits,
        coding: str | None = None,
    ) -> None:
        self.size = size
        self._coding = coding
        self._receive = self._told = receive
        self._limits = limits

    async def read(self) -> bytes:
        """The next bytes, as many as have come; none at the end.

        Raises:
          Refusal: 408, nothing came within the server's `body_time`; 415, the body is packed.
          Disconnected: the caller went away.
        """
        if self._coding is not None:
            raise not_by_bits(self._coding)
        return await self._read()

    async def _read(self) -> bytes:
        while self._receive is not None:
            try:
                async with asyncio.timeout(self._limits.body_time):
                    event = await self._receive()
            except TimeoutError:
                raise late_body(self._limits.body_time) from None
            if event["type"] == "http.disconnect":
                raise Disconnected
            if not event.get("more_body", False):
                self._receive = None
            if part := bytes(event.get("body", b"")):
                return part
        return b""

    async def caller_is_gone(self) -> None:
        """Wait until the caller goes away. Nothing must be left to read."""
        if self._told is not None:
            await gone(self._told)

    async def whole(self) -> bytes:
        """All of it, unpacked, if it is no more than the server's `body_size` and comes within its `body_time`.

        Raises:
          Refusal: 413, it is more; 408, it did not come in time; 400, it cannot be unpacked.
          Disconnected: the caller went away.
        """
        self._limits.check_size(self.size or 0)
        parts, size = [], 0
        try:
            async with asyncio.timeout(self._limits.body_time):
                while part := await self._read():
                    parts.append(part)
                    size += len(part)
                    self._limits.check_size(size)
        except TimeoutError:
            raise late_body(self._limits.body_time) from None
        body = b"".join(parts)
        if takes_long(self._coding, size):
            return await asyncio.to_thread(unpacked, body, self._coding, self._limits)
        return unpacked(body, self._coding, self._limits)


async def gone(receive: Callable[[], Awaitable[Any]]) -> None:
    """Wait until the caller goes away (ASGI), after the whole request was read."""
    while (await receive())["type"] != "http.disconnect":
        pass
