"""Threads for what may wait for another process or machine, so that no event loop waits, and nobody for long."""

from __future__ import annotations

import enum
import os
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from endpoints.control.contract import BUDGET

_THREADS: Final = 16
_LOOK: Final = 0.05  # seconds between looks at work whose time is over
_GRACE: Final = 1.0  # seconds
_LONGEST: Final = 10.0  # seconds


class End(enum.Enum):
    """What has become of a piece of work."""

    DONE = enum.auto()
    SILENT = enum.auto()
    """Nobody answers, neither this piece of work nor others."""
    BUSY = enum.auto()
    """Others are answered, but there were too many of them."""


class WaitingRoom:
    """A bounded number of threads, started when there is work for them."""

    def __init__(self) -> None:
        self._answered = self._failed = 0.0
        self.forget_threads()
        _rooms.add(self)

    def forget_threads(self) -> None:
        """Begin anew: what a process has after a fork."""
        self._pool = ThreadPoolExecutor(_THREADS, "endpoints-control")

    def run(self, work: Callable[[Any], bool], subject: Any) -> End:
        """Do something; give it up after `BUDGET` if the last that was asked has not answered.

        Work bounds its own waiting for others, and takes longer only where the machine is short of time or there is
        much before it. To let calls through uncounted for that would be to let through the more, the harder somebody
        hammers.

        Args:
            work: called with `subject` in another thread; returns whether whoever was asked has answered.
            subject: what is worked on.
        """
        future = self._pool.submit(self._do, work, subject)
        begun, patience = time.monotonic(), BUDGET
        while True:
            try:
                future.result(patience)
            except TimeoutError:
                if (end := self._end(future, time.monotonic() - begun)) is not None:
                    return end
                patience = _LOOK
            else:
                return End.DONE

    async def run_async(self, work: Callable[[Any], bool], subject: Any) -> End:
        """The same on an event loop, which goes on."""
        import asyncio  # noqa: PLC0415 - PERF: takes 30 ms, which a WSGI server need not pay for

        future = self._pool.submit(self._do, work, subject)
        waiter = asyncio.wrap_future(future)
        begun, patience = time.monotonic(), BUDGET
        try:
            while True:
                done, _ = await asyncio.wait([waiter], timeout=patience)
                if done:
                    waiter.result()
                    return End.DONE
                if (end := self._end(future, time.monotonic() - begun)) is not None:
                    return end
                patience = _LOOK
        except asyncio.CancelledError:
            future.cancel()
            raise

    def _do(self, work: Callable[[Any], bool], subject: Any) -> None:
        if work(subject):
            self._answered = time.monotonic()
        else:
            self._failed = time.monotonic()

    def _end(self, future: Future[None], waited: float) -> End | None:
        """What to make of work that is not done yet; None to go on waiting."""
        is_silent = self._failed > self._answered
        is_moving = max(self._failed, self._answered) > time.monotonic() - waited or waited < BUDGET + _GRACE
        if not is_silent and is_moving and waited < _LONGEST:
            return None
        if not future.cancel() and future.done():
            return None
        return End.BUSY if not is_silent and waited >= _LONGEST else End.SILENT


_rooms: weakref.WeakSet[WaitingRoom] = weakref.WeakSet()


def _forget_all() -> None:
    """The child of a fork has none of the threads."""
    for room in _rooms:
        room.forget_threads()


os.register_at_fork(after_in_child=_forget_all)
