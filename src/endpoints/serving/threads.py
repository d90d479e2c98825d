"""Threads for methods that may block, so that an event loop never waits for one.

`asyncio.to_thread` costs 67 us of CPU for a call; most of it goes into two futures, of which this pool needs one, and
into a queue that is locked in Python.
"""

from __future__ import annotations

import asyncio
import os
import threading
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
        self._forget_threads()
        os.register_at_fork(after_in_child=self._forget_threads)

    def _forget_threads(self) -> None:
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._started = 0
        self._idle = 0  # threads that wait for work, less the work that waits for them; guarded by the GIL's steps only
        self._lock = threading.Lock()

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in a thread, in a copy of the current context."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._jobs.put((loop, future, copy_context(), function, arguments))
        if self._started < self._size and self._jobs.qsize() > self._idle:
            self._start()
        return await future

    def _start(self) -> None:
        with self._lock:
            if self._started < self._size:
                self._started += 1
                threading.Thread(target=self._work, name=f"endpoints-{self._started}", daemon=True).start()

    def _work(self) -> None:
        jobs = self._jobs
        while True:
            self._idle += 1
            loop, future, context, function, arguments = jobs.get()
            self._idle -= 1
            try:
                result, error = context.run(function, *arguments), None
            except BaseException as raised:
                result, error = None, raised
            with suppress(RuntimeError):  # the loop was closed while the call ran: nobody waits for the answer
                loop.call_soon_threadsafe(_settle, future, result, error)
            del future, context, function, arguments, result, error


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    elif isinstance(error, StopIteration):  # which a future cannot carry
        future.set_exception(RuntimeError(f"the method raised {error!r}"))
    else:
        future.set_exception(error)
