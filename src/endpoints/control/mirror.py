"""A copy of counters that are in memory, in the file, for `endpoints quota show` to read. Nothing is decided by it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

from endpoints.control.contract import ControlUnavailable
from endpoints.control.database import Database, keep
from endpoints.control.minutes import MINUTE, Use

_DELAY: Final = 0.25  # seconds that the copy is behind
_MOST: Final = 1000  # uses that are copied, the largest ones
_log = logging.getLogger("endpoints.control")


class Mirror:
    """Copies counters into a file a moment after they have changed.

    Args:
        database: the file.
        used: tells what is to be copied.
        clock: tells the time in seconds since 1970.
    """

    def __init__(self, database: Database, used: Callable[[], Sequence[Use]], clock: Callable[[], float]) -> None:
        self._database = database
        self._used = used
        self._clock = clock
        self._next = 0.0
        self._told = False

    def changed(self) -> None:
        """Copy soon, in another thread. Costs next to nothing while a copy is due anyway."""
        now = monotonic()
        if now < self._next:
            return
        self._next = now + _DELAY
        # No daemon: the process waits for the last copy, and SQLite is not at work when Python ends.
        with suppress(RuntimeError):  # it is ending already
            threading.Timer(_DELAY, self._copy).start()

    def _copy(self) -> None:
        largest = sorted(self._used(), key=lambda use: use.used, reverse=True)[:_MOST]
        try:
            with self._database.writing() as connection:
                keep(connection, int(self._clock() // MINUTE), largest)
        except ControlUnavailable as error:
            if not self._told:
                self._told = True
                _log.warning("the use of quotas cannot be copied for `endpoints quota show`: %s", error)
