"""What comes before a method is called: the caller's authorisation, the API key, the charge to the quota.

A `Call` has the same three steps built into its one function; this is for what is no `Call`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from endpoints.auth.access import Access
from endpoints.serving.http import Request

if TYPE_CHECKING:
    from endpoints.serving.admission import Gate


class Entrance:
    """The way into one operation.

    Args:
      access: who may call it.
      gate: checks API keys and charges quotas; None where there is nothing to check.
    """

    def __init__(self, access: Access, gate: Gate | None) -> None:
        self._access = access
        self._gate = gate

    def enter(self, request: Request) -> None:
        """Let a request in, in a thread that may wait.

        Raises:
          ServiceException, Refusal: it is not let in.
        """
        request.access = self._access
        if self._access.guards:
            self._access.admit(request)
        if self._gate is not None:
            self._gate.enter(request, request.query)

    async def enter_async(self, request: Request) -> None:
        """The same on an event loop, which goes on."""
        request.access = self._access
        if self._access.guards or self._access.declares:
            await self._access.prepare(request)
        if self._gate is None:
            return
        if self._gate.waits:
            await self._gate.enter_async(request, request.query)
        else:
            self._gate.enter(request, request.query)
