"""Exchanges that most servers are never asked for: what they consist of is loaded with the first request."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from endpoints.serving.exchange import Body, Exchange
from endpoints.serving.http import Request, Response

if TYPE_CHECKING:
    from endpoints.serving.async_body import AsyncBody
    from endpoints.serving.threads import ThreadPool


class Deferred(Exchange):
    """Stands for an exchange.

    Args:
      make: makes it. It keeps to no deadline of the server's.
    """

    timed = False

    def __init__(self, make: Callable[[], Exchange]) -> None:
        self._make = make

    @cached_property
    def _exchange(self) -> Exchange:
        return self._make()

    def answer(self, request: Request, values: tuple[str, ...], body: Body) -> Response:
        """Answer on WSGI."""
        return self._exchange.answer(request, values, body)

    async def answer_async(
        self, request: Request, values: tuple[str, ...], body: AsyncBody, threads: ThreadPool
    ) -> Response:
        """Answer on ASGI."""
        return await self._exchange.answer_async(request, values, body, threads)
