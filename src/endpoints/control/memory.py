"""Counters in the memory of one process: exact for all its threads, unknown to any other process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from endpoints.control.contract import Balance, Consumer, Method
from endpoints.control.minutes import MINUTE, Use, charge

_MOST_ADDRESSES: Final = 100_000
"""Counters for callers without a key; further ones share one, lest somebody fill the memory by changing addresses."""
_OTHERS: Final = "address:others"


class MemoryCounters:
    """Counts in this process.

    Args:
        clock: tells the time in seconds since 1970.

    Attributes:
        changed: called after every charge.
    """

    waits: Final = False

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._begin = 0.0
        self._used: dict[tuple[str, str], dict[str, int]] = {}
        self.changed: Callable[[], None] | None = None

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        """As `Control.charge`; never unavailable."""
        with self._lock:
            now = self._clock()  # under the lock, so that no thread brings an old minute back
            if not self._begin <= now < self._begin + MINUTE:
                self._turn(now)
            used = self._used.get((method.api, consumer.counter))
            if used is None:
                used = self._new(method.api, consumer)
            balance = charge(method.costs, used, now)
            if balance[0]:
                for metric, amount, _ in method.costs:
                    used[metric] = used.get(metric, 0) + amount
        if self.changed is not None:
            self.changed()
        return balance

    def used(self) -> Sequence[Use]:
        """What has been used in this minute."""
        with self._lock:
            self._turn(self._clock())
            return [Use(*name, *each) for name, metrics in self._used.items() for each in metrics.items()]

    def _turn(self, now: float) -> None:
        begin = now // MINUTE * MINUTE
        if begin != self._begin:
            self._begin = begin
            self._used = {}

    def _new(self, api: str, consumer: Consumer) -> dict[str, int]:
        counter = consumer.counter
        if consumer.name is None and len(self._used) >= _MOST_ADDRESSES:
            counter = _OTHERS
        return self._used.setdefault((api, counter), {})
