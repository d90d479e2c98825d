"""Quotas by the minute: fixed minutes of UTC, the same for all processes and machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from endpoints.control.contract import Balance, Consumer, Cost, Method

MINUTE: Final = 60


class Use(NamedTuple):
    """How much of a metric a consumer has used in this minute."""

    api: str
    counter: str
    """Who: `project:acme`, `user:...`, `address:...`."""
    metric: str
    used: int


class Counters(Protocol):
    """Where use is counted. Every method raises ControlUnavailable when the store cannot be asked."""

    @property
    def waits(self) -> bool:
        """Whether counting may wait for another process or machine."""
        ...

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        """As `Control.charge`."""
        ...

    def used(self) -> Sequence[Use]:
        """What has been used in this minute."""
        ...


def charge(costs: Sequence[Cost], used: Mapping[str, int], now: float) -> Balance:
    """Decide about a charge; nothing is changed.

    Args:
        costs: what is to be paid; one or more.
        used: how much of each metric has been used in this minute.
        now: seconds since 1970.
    """
    reset = MINUTE - now % MINUTE
    tightest, least = costs[0], None
    for cost in costs:
        metric, amount, limit = cost
        remaining = limit - used.get(metric, 0) - amount
        if remaining < 0:
            return Balance(False, metric, limit, max(0, remaining + amount), reset)
        if least is None or remaining < least:
            tightest, least = cost, remaining
    return Balance(True, tightest.metric, tightest.limit, least or 0, reset)
