"""A thread for what no request waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

_PATIENCE: Final = 2.0  # seconds that the end of a process waits for it


class Background:
    """Does something again and again, in a daemon thread that starts when there is something to do.

    Args:
        name: of the thread.
        interval: seconds from one time to the next.
        work: what is done.
    """

    def __init__(self, name: str, interval: float, work: Callable[[], None]) -> None:
        self._name = name
        self._interval = interval
        self._work = work
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()
        self._ended = threading.Event()

    def start(self) -> None:
        """See to it that the thread runs: nothing is started before it is needed, nor before a fork."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._ended = threading.Event()
                self._thread = threading.Thread(target=self._run, args=(self._ended,), name=self._name, daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Do it now."""
        self._woken.set()

    def stop(self) -> None:
        """Do it a last time in the thread, if that runs, and end it. It may be started again."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._ended.set()
            self._woken.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(_PATIENCE)

    def _run(self, ended: threading.Event) -> None:
        last = False
        while not last:
            self._woken.wait(self._interval)
            self._woken.clear()
            last = ended.is_set()
            self._work()
