"""What an upload or download does, told step by step, so that it is written once for both server interfaces.

A flow is a generator that yields steps and gets their results. On WSGI they are taken in the thread of the request; on
ASGI what may wait for a disk or a method goes to a thread, and the event loop goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from endpoints.media import PIECE
from endpoints.serving.entrance import Entrance
from endpoints.serving.exchange import Body, Exchange
from endpoints.serving.http import Request, Response
from endpoints.serving.media.sending import AsyncSending, Sending, to_the_end

if TYPE_CHECKING:
    from endpoints.serving.async_body import AsyncBody
    from endpoints.serving.threads import ThreadPool


class Step:
    """Something that takes time."""

    def run(self, body: Body) -> Any:
        """Do it in this thread."""
        raise NotImplementedError

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> Any:
        """Do it without blocking the event loop."""
        raise NotImplementedError


Flow = Generator[Step, Any, Response]


class Read(Step):
    """Take the next bytes of the request body; none at its end."""

    def run(self, body: Body) -> bytes:
        """The next bytes, about 256 KiB."""
        return body.read(PIECE)

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> bytes:
        """The same; small pieces are gathered, because each costs a turn in a thread."""
        parts, size = [], 0
        while size < PIECE and (part := await body.read()):
            parts.append(part)
            size += len(part)
        return b"".join(parts)


class ReadWhole(Step):
    """Take a body that is no larger than the server's `body_size`."""

    def run(self, body: Body) -> bytes:
        """All of it."""
        return body.whole()

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> bytes:
        """All of it."""
        return await body.whole()


class Work(Step):
    """Call a function that may wait for the disk.

    Args:
      function: what is called.
      arguments: of the function.
      undo: takes its result back where the request was cancelled in the meantime, so that the flow never gets it.
    """

    def __init__(
        self, function: Callable[..., Any], *arguments: Any, undo: Callable[[Any], None] | None = None
    ) -> None:
        self._function = function
        self._arguments = arguments
        self._undo = undo

    def run(self, body: Body) -> Any:
        """Call it."""
        return self._function(*self._arguments)

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> Any:
        """Call it in a thread."""
        undo = None if self._undo is None else partial(threads.run, self._undo)
        return await to_the_end(threads.run(self._function, *self._arguments), undo)


class Enter(Step):
    """Check the caller: token, key and quota."""

    def __init__(self, entrance: Entrance, request: Request) -> None:
        self._entrance = entrance
        self._request = request

    def run(self, body: Body) -> None:
        """Check in this thread."""
        self._entrance.enter(self._request)

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> None:
        """Check on the event loop."""
        await self._entrance.enter_async(self._request)


class FlowExchange(Exchange):
    """An exchange that is told as a flow."""

    timed = False
    operation: Any
    """What is called in the end."""

    def flow(self, request: Request, values: tuple[str, ...], size: int | None) -> Flow:
        """The steps that answer a request.

        Args:
          request: the request.
          values: of the variables in the path.
          size: bytes of the body that the caller announced; None for a body that ends when it ends.
        """
        raise NotImplementedError

    def answer(self, request: Request, values: tuple[str, ...], body: Body) -> Response:
        """Answer on WSGI."""
        flow = self.flow(request, values, body.size)
        try:
            step = next(flow)
            while True:
                try:
                    result = step.run(body)
                except BaseException as error:  # noqa: BLE001 - the flow decides
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as done:
            response: Response = done.value
            return response
        finally:
            flow.close()

    async def answer_async(
        self, request: Request, values: tuple[str, ...], body: AsyncBody, threads: ThreadPool
    ) -> Response:
        """Answer on ASGI."""
        flow = self.flow(request, values, body.size)
        try:
            step = next(flow)
            while True:
                try:
                    result = await step.run_async(body, threads)
                except BaseException as error:  # noqa: BLE001
                    step = flow.throw(error)
                else:
                    step = flow.send(result)
        except StopIteration as done:
            response: Response = done.value
            if isinstance(response.stream, Sending):
                return response._replace(stream=AsyncSending(response.stream, threads))
            return response
        finally:
            flow.close()
