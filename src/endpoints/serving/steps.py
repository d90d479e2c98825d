"""Iterators of messages, one step after another: in threads for an event loop, on an event loop for a thread.

However the steps of an iterator are made, they share one context, so that what a method sets in it stays; those of an
async iterator share one task, too, without which no time limit and no group of tasks could hold from step to step.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextvars import copy_context
from typing import Any, Final

END: Final = object()
"""What comes after the last message."""


class ThreadSteps:
    """An ordinary iterator, whose steps may block, for an event loop.

    Args:
      steps: the iterator.
      run: calls a function, as a rule in a thread. Not always in the same one.
    """

    def __init__(self, steps: Iterator[Any], run: Callable[..., Awaitable[Any]]) -> None:
        self._steps = steps
        self._run = run
        self._in_context = copy_context().run
        self._step: asyncio.Future[Any] | None = None

    async def next(self) -> Any:
        """The next message, or END. Where nobody waits for it any longer, the step is made to its end all the same."""
        self._step = asyncio.ensure_future(self._run(self._in_context, next, self._steps, END))
        return await asyncio.shield(self._step)

    async def close(self) -> None:
        """Close the iterator, after the step that is being made: a thread cannot be stopped."""
        if self._step is not None:
            await asyncio.wait({self._step})
        await self._run(self._in_context, close, self._steps)


class TaskSteps:
    """An async iterator, all of whose steps are made in one task.

    Args:
      steps: the iterator.
    """

    def __init__(self, steps: AsyncIterator[Any]) -> None:
        self._steps = steps
        self._wanted: asyncio.Queue[asyncio.Future[Any]] = asyncio.Queue()
        self._open = True
        self._task = asyncio.ensure_future(self._make_all())

    async def next(self) -> Any:
        """The next message, or END.

        Raises:
          RuntimeError: the iterator raised what is meant for tasks and generators.
          Exception: whatever else it raised.
        """
        step = asyncio.get_running_loop().create_future()
        self._wanted.put_nowait(step)
        return await step

    async def close(self) -> None:
        """Close the iterator where it stands; a step that is being made is cancelled."""
        if self._open:
            self._open = False
            self._task.cancel()
        await asyncio.wait({self._task})
        if not self._task.cancelled():
            self._task.result()

    async def _make_all(self) -> None:
        try:
            while await self._makes(await self._wanted.get()):
                pass
        finally:
            self._open = False
            aclose = getattr(self._steps, "aclose", None)
            if aclose is not None:
                await aclose()

    async def _makes(self, step: asyncio.Future[Any]) -> bool:
        """Make a step; returns whether there may be another."""
        found: Any = END
        failure: Exception | None = None
        try:
            found = await anext(self._steps, END)
        except (Exception, asyncio.CancelledError, GeneratorExit) as error:
            if not self._open:
                raise
            if isinstance(error, Exception):
                failure = error
            else:  # it is not for this task, nor for this generator
                failure = RuntimeError(f"the method raised {error!r}")
                failure.__cause__ = error
        if step.cancelled():
            return self._open and failure is None
        if failure is not None:
            step.set_exception(failure)
        else:
            step.set_result(found)
        return found is not END


class LoopSteps:
    """An async iterator for a thread without an event loop.

    The loop is the iterator's own: servers may ask for pieces in other threads than the first.

    Args:
      found: gives the iterator.

    Raises:
      RuntimeError: a task was cancelled that was waited for.
    """

    def __init__(self, found: Awaitable[TaskSteps | ThreadSteps]) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        # Its own `run` would exchange the handler of SIGINT for every step.
        self._run = self._runner.get_loop().run_until_complete
        try:
            self._steps = self._run(_awaited(found))
        except BaseException:
            self._runner.close()
            raise

    def __iter__(self) -> LoopSteps:
        return self

    def __next__(self) -> Any:
        found = self._run(self._steps.next())
        if found is END:
            raise StopIteration
        return found

    def close(self) -> None:
        """Close the iterator, what it has left on its loop, and the loop."""
        try:
            self._run(self._steps.close())
        finally:
            self._runner.close()


def close(steps: Any) -> None:
    """Close an iterator, if it can be closed."""
    close_it = getattr(steps, "close", None)
    if close_it is not None:
        close_it()


async def _awaited(found: Awaitable[Any]) -> Any:
    try:
        return await found
    except asyncio.CancelledError as error:
        raise RuntimeError("the method waited for a task that was cancelled") from error
