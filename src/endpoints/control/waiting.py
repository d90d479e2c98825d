"""Threads for what may wait for another process or machine, so that no event loop waits, and nobody for long."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from endpoints.control.contract import BUDGET

_THREADS: Final = 16
_GRACE: Final = 1.0  # seconds


class WaitingRoom:
    """A bounded number of threads, started when there is work for them."""

    def __init__(self) -> None:
        self.forget_threads()
        _rooms.add(self)

    def forget_threads(self) -> None:
        """Begin anew: what a process has after a fork."""
        self._pool = ThreadPoolExecutor(_THREADS, "endpoints-control")

    def run(self, work: Callable[[Any], None], subject: Any) -> bool:
        """Do something; give up what has not begun after `BUDGET`.

        What has begun bounds its own waiting, and takes longer only where the machine is short of time. To let calls
        through uncounted for that would be to let through the more, the harder somebody hammers.

        Args:
            work: called with `subject` in another thread; must not raise.
            subject: what is worked on.

        Returns:
            Whether it was done; else it is not begun, or its end is not waited for.
        """
        future = self._pool.submit(work, subject)
        try:
            future.result(BUDGET)
        except TimeoutError:
            if future.cancel():
                return False
        else:
            return True
        try:
            future.result(_GRACE)
        except TimeoutError:
            return False
        return True

    async def run_async(self, work: Callable[[Any], None], subject: Any) -> bool:
        """The same on an event loop, which goes on."""
        import asyncio  # noqa: PLC0415 - PERF: takes 30 ms, which a WSGI server need not pay for

        future: Future[None] = self._pool.submit(work, subject)
        waiter = asyncio.wrap_future(future)
        done, _ = await asyncio.wait([waiter], timeout=BUDGET)
        if not done:
            if future.cancel():
                return False
            done, _ = await asyncio.wait([waiter], timeout=_GRACE)
        return bool(done)


_rooms: weakref.WeakSet[WaitingRoom] = weakref.WeakSet()


def _forget_all() -> None:
    """The child of a fork has none of the threads."""
    for room in _rooms:
        room.forget_threads()


os.register_at_fork(after_in_child=_forget_all)
