"""Threads for methods that may block, so that an event loop never waits for one.

`asyncio.to_thread` costs 67 us of CPU for a call; most of it goes into two futures, of which this pool needs one, and
into a queue that is locked in Python.
"""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import Any

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Context, Callable[..., Any], tuple[Any, ...]]


class ThreadPool:
    """A bounded number of daemon threads, started when there is work for them.

    Args:
      size: how many calls run at a time; further ones wait for their turn.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self.forget_threads()
        _pools.add(self)

    def forget_threads(self) -> None:
        """Begin anew, without threads and calls: what a process has after a fork."""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._started = 0
        self._unfinished = 0  # calls that wait or run; guarded by the lock

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in a thread, in a copy of the current context.

        A call that nobody waits for any longer is not begun.

        Raises:
          RuntimeError: there is no thread, and none can be started.
        """
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._lock:
            if self._started <= self._unfinished and self._started < self._size:
                self._start()
            self._unfinished += 1
            self._jobs.put((loop, future, copy_context(), function, arguments))
        return await future

    def stop(self) -> None:
        """Let the threads end when the calls are done; the next call starts others."""
        with self._lock:
            for _ in range(self._started):
                self._jobs.put(None)
            self._jobs, self._started = SimpleQueue(), 0

    def _start(self) -> None:
        name = f"endpoints-{self._started + 1}"
        try:
            threading.Thread(target=self._work, args=(self._jobs,), name=name, daemon=True).start()
        except RuntimeError:  # the system has no thread to give
            if not self._started:
                raise
        else:
            self._started += 1

    def _work(self, jobs: SimpleQueue[_Job | None]) -> None:
        while (job := jobs.get()) is not None:
            loop, future, context, function, arguments = job
            result: Any = None
            error: BaseException | None = None
            try:
                if not future.cancelled():
                    result = context.run(function, *arguments)
            except BaseException as raised:
                error = raised
            with self._lock:
                self._unfinished -= 1
            with suppress(RuntimeError):  # the loop was closed while the call ran: nobody waits for the answer
                loop.call_soon_threadsafe(_settle, future, result, error)
            del job, loop, future, context, function, arguments, result, error


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    elif isinstance(error, Exception) and not isinstance(error, StopIteration):
        future.set_exception(error)
    else:  # a future cannot carry it, or it would end the loop
        wrapped = RuntimeError(f"the method raised {error!r}")
        wrapped.__cause__ = error
        future.set_exception(wrapped)


_pools: weakref.WeakSet[ThreadPool] = weakref.WeakSet()


def _forget_all() -> None:
    """The child of a fork has none of the threads."""
    for pool in _pools:
        pool.forget_threads()


os.register_at_fork(after_in_child=_forget_all)
