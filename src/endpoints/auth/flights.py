"""Work in other threads that several may wait for, on threads or on an event loop: begun once, never waited for long.

What needs the network is written as a generator that yields a `Wait` and is resumed when the work is done or patience
has ended; `complete` and `complete_async` run it. So that no rule exists twice, and none is decided under a lock.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Generator, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Final, NamedTuple, TypeVar

_ABANDONED: Final = 30.0
"""Seconds after which work that has not come back is given up, and may be begun anew."""
_TOO_LATE: Final = 6.0
"""Seconds after which nobody waits any more for work that has not begun."""

_LONGEST: Final = 30.0
_log = logging.getLogger("endpoints.auth")

T = TypeVar("T")


class Flight:
    """Work under way, or done.

    Args:
        purpose: what it is for.
        work: what is to be done.
    """

    __slots__ = ("_begun", "done", "purpose", "work")

    def __init__(self, purpose: Hashable, work: Callable[[], None]) -> None:
        self.purpose = purpose
        self.work = work
        self.done: Future[None] = Future()
        self._begun = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since it was begun."""
        return time.monotonic() - self._begun

    @property
    def abandoned(self) -> bool:
        """Whether nobody should count on it any more."""
        return self.age > _ABANDONED


class Wait(NamedTuple):
    """What a generator waits for, and until how many seconds after its beginning: who comes late waits no longer."""

    flight: Flight
    patience: float

    @property
    def left(self) -> float:
        """Seconds."""
        return max(0.0, self.patience - self.flight.age)


Steps = Generator[Wait, None, T]


def complete(steps: Steps[T]) -> T:
    """Run to the end what may wait, in this thread."""
    try:
        while True:
            wait = next(steps)
            with suppress(TimeoutError):
                wait.flight.done.result(wait.left)
    except StopIteration as end:
        result: T = end.value
        return result


async def complete_async(steps: Steps[T]) -> T:
    """The same on an event loop, which goes on."""
    import asyncio  # noqa: PLC0415 - PERF: takes 30 ms, which a WSGI server need not pay for

    try:
        while True:
            wait = next(steps)
            await asyncio.wait([asyncio.wrap_future(wait.flight.done)], timeout=wait.left)
    except StopIteration as end:
        result: T = end.value
        return result


class Flights:
    """Work under way, by what it is for.

    Args:
        size: how many threads work at a time; further work waits for its turn.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self.forget()
        _all.add(self)

    def forget(self) -> None:
        """Begin anew, without threads and work: what a process has after a fork."""
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, Flight] = {}
        self._waiting: deque[Flight] = deque()
        self._threads = 0

    def under_way(self, purpose: Hashable) -> Flight | None:
        """The work for `purpose`, if it has been begun."""
        flight = self._under_way.get(purpose)
        return None if flight is None or flight.abandoned else flight

    @property
    def is_full(self) -> bool:
        """Whether all threads are at work, so that more would have to wait for its turn."""
        return self._threads >= self._size

    def begin(self, purpose: Hashable, work: Callable[[], None], needed: Callable[[], bool]) -> Flight | None:
        """Begin work, unless it is under way.

        Args:
            purpose: what there is only one flight for at a time.
            work: called in another thread; what it raises is logged and comes to nothing.
            needed: asked at the last moment, lest work is begun that another thread has just finished.

        Returns:
            The work; None if it is not needed.
        """
        with self._lock:
            flight = self._under_way.get(purpose)
            if flight is not None and not flight.abandoned:
                return flight
            if not needed():
                return None
            flight = self._under_way[purpose] = Flight(purpose, work)
            self._waiting.append(flight)
            if self._threads < self._size:
                self._start()
            return flight

    def _start(self) -> None:
        try:
            threading.Thread(target=self._run, name="endpoints-auth", daemon=True).start()
        except RuntimeError:  # the system has no thread to give
            if not self._threads:
                self._land(self._waiting.pop())
        else:
            self._threads += 1

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                flight = self._waiting.popleft()
            try:
                if flight.age < _TOO_LATE:
                    flight.work()
            except BaseException as error:  # noqa: BLE001 - a thread that ends here would be missing for ever
                _log.error("%s in a thread that asks issuers", type(error).__name__)  # its text may hold a token
            finally:
                with self._lock:
                    self._land(flight)

    def _land(self, flight: Flight) -> None:
        if self._under_way.get(flight.purpose) is flight:
            del self._under_way[flight.purpose]
        flight.done.set_result(None)


class Backoff:
    """When to try again after failures: 1, 2, 4 ... and at most 30 seconds later, by the clock of the server.

    It counts from the end of a try, which may have taken as long as that.
    """

    __slots__ = ("_failures", "_until")

    def __init__(self) -> None:
        self._failures = 0
        self._until = -float("inf")

    def is_over(self, now: float) -> bool:
        """Whether another try is due."""
        return not self._until - _LONGEST <= now < self._until  # before that, the clock was set back

    def is_outage(self, now: float) -> bool:
        """Whether the last try has failed, and not so long ago that the next may as well succeed."""
        return self._until - _LONGEST <= now < self._until + _LONGEST

    def failed(self, now: float) -> None:
        """Count a failure; several that were under way at the same time count once."""
        if not self.is_over(now):
            return
        self._until = now + min(_LONGEST, 2.0**self._failures)
        self._failures = min(self._failures + 1, 5)

    def succeeded(self) -> None:
        """Begin anew."""
        self._failures, self._until = 0, -float("inf")


_all: weakref.WeakSet[Flights] = weakref.WeakSet()


def _forget_all() -> None:
    for flights in _all:
        flights.forget()


os.register_at_fork(after_in_child=_forget_all)
