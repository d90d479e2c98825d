"""Sending an answer bit by bit on ASGI, for as long as somebody listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from endpoints.serving.async_body import gone

_log = logging.getLogger("endpoints")


async def send_stream(
    start: dict[str, Any],
    stream: AsyncIterator[bytes],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Send all pieces of a body, and close what they come from.

    A caller who goes away ends it, also while the next piece is waited for. What goes wrong on the way is logged and
    ends the connection: the status has long been sent.

    Args:
      start: begins the response; nobody may be there for it.
      stream: the pieces; closed by its `aclose`, if it has one.
      receive: of the ASGI interface, which tells of disconnections.
      send: of the ASGI interface.
    """
    sending = asyncio.ensure_future(_send_all(start, stream, send))
    leaving = asyncio.ensure_future(gone(receive))
    try:
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)
            await close_stream(stream)
        if not sending.cancelled():
            sending.result()
    except Exception:
        _log.exception("an answer that was being streamed failed")
        raise


async def _send_all(
    start: dict[str, Any], stream: AsyncIterator[bytes], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    await send(start)
    async for piece in stream:
        if piece:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def close_stream(stream: AsyncIterator[bytes]) -> None:
    """End a stream, whether or not anything was taken from it."""
    close = getattr(stream, "aclose", None)
    if close is not None:
        await close()
