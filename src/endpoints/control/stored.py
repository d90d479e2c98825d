"""A control that is made of a store of keys and of counters."""

from __future__ import annotations

import time
from collections.abc import Callable

from endpoints.control.contract import Consumer, KeyRefused, Method, Observer
from endpoints.control.keys import LONGEST, KeyStore, digest_of, judge, public_id
from endpoints.control.minutes import Counters


class StoredControl:
    """Keys and counters, joined to a `Control`.

    Args:
        keys: where keys are looked up.
        counters: where use is counted.
        seen: counters as other processes see them.
        waits: whether a lookup or a charge may wait for another process or machine.
        bounded: whether both together wait no longer than `BUDGET` for it by themselves.
        fail_closed: as `Control.fail_closed`.
        clock: tells the time in seconds since 1970.

    Attributes:
        keys, counters, seen, waits, bounded, fail_closed: as given.
        charge: as `Control.charge`.
    """

    def __init__(
        self,
        keys: KeyStore,
        counters: Counters,
        *,
        seen: Counters,
        waits: bool,
        bounded: bool = False,
        fail_closed: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.keys = keys
        self.counters = counters
        self.seen = seen
        self.waits = waits
        self.bounded = bounded
        self.fail_closed = fail_closed
        self.observer: Observer | None = None
        self._clock = clock
        self.charge = counters.charge

    def check(self, api_key: str, method: Method) -> Consumer:
        """As `Control.check`."""
        record = self.keys.find(digest_of(api_key)) if len(api_key) <= LONGEST else None
        if record is None:
            raise KeyRefused("keyInvalid", public_id(api_key))
        return judge(record, method, self._clock())
