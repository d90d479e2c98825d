"""A circuit breaker: what has failed several times in a row is left alone for a moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from endpoints.control.contract import ControlUnavailable

_FAILURES: Final = 3
_REST: Final = 1.0  # seconds between one try and the next
_log = logging.getLogger("endpoints.control")


class Breaker:
    """Keeps callers from waiting for something that does not answer.

    After three failures in a row it is asked once a second only, by one caller; the others are told at once. The first
    answer ends that.

    Args:
        name: what does not answer, for the log.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._failures = 0
        self._next_try = 0.0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Try something that raises ControlUnavailable when it fails.

        Raises:
            ControlUnavailable: it failed, or is not tried now.
        """
        if self._failures >= _FAILURES:
            self._wait_for_turn()
        try:
            yield
        except ControlUnavailable as error:
            self._failed(error)
            raise
        if self._failures:
            self._succeeded()

    def _wait_for_turn(self) -> None:
        with self._lock:
            now = time.monotonic()
            if self._failures >= _FAILURES:
                if now < self._next_try:
                    raise ControlUnavailable(f"{self._name} did not answer a moment ago")
                self._next_try = now + _REST

    def _failed(self, error: ControlUnavailable) -> None:
        with self._lock:
            self._failures += 1
            if self._failures == _FAILURES:
                self._next_try = time.monotonic() + _REST
                _log.error("%s does not answer, and is asked once a second only: %s", self._name, error)

    def _succeeded(self) -> None:
        with self._lock:
            if self._failures >= _FAILURES:
                _log.warning("%s answers again", self._name)
            self._failures = 0
