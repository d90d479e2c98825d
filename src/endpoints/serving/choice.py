"""One path with two answers: that of an ordinary call, and that of an exchange, as the query says."""

from __future__ import annotations

from collections.abc import Callable

from endpoints.serving.call import Call
from endpoints.serving.exchange import Exchange


class Choice:
    """Stands in the table of paths for a `Call` beside which there are exchanges.

    Args:
      call: answers ordinary requests.
      exchange_for: the exchange that a query asks for; None for none.

    Attributes:
      call: as given.
      operation: what is called.
    """

    def __init__(self, call: Call, exchange_for: Callable[[str], Exchange | None]) -> None:
        self.call = call
        self.operation = call.operation
        self._exchange_for = exchange_for

    def chosen(self, query: str) -> Call | Exchange:
        """What answers a request with this query."""
        return self._exchange_for(query) or self.call
