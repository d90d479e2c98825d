"""Methods that answer with a stream of messages.

Nothing is sent before the first message is there, so that whatever goes wrong until then is an ordinary error. What
goes wrong later is the last thing in the stream: its status was sent long ago.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from endpoints.events import Event
from endpoints.operations import Operation
from endpoints.serving import failures
from endpoints.serving.async_body import AsyncBody, Disconnected
from endpoints.serving.entrance import Entrance
from endpoints.serving.exchange import Body, Exchange
from endpoints.serving.http import NO_SNIFFING, Request, Response
from endpoints.serving.limits import LARGE_BODY
from endpoints.serving.parameters import value_of
from endpoints.serving.partial import Selection, selections
from endpoints.serving.quick_decoding import NOT_QUICKLY
from endpoints.serving.steps import END, LoopSteps, TaskSteps, ThreadSteps, close
from endpoints.serving.stream_formats import Lines, chosen_format
from endpoints.serving.wiring import NaiveDatetimes, decoders, encoders, invocation
from protorpc.messages import Message
from protorpc.remote import ServerError

if TYPE_CHECKING:
    from endpoints.serving.threads import ThreadPool

KEEP_ALIVE: Final = 15.0
"""Seconds without a message after which an event stream shows that it is still there; proxies wait for 60 or more."""
_SOON: Final = 0.05  # seconds in which most methods have a message, so that nobody need see whether the caller is there
# Proxies that gather answers before they pass them on would keep the stream to themselves (nginx knows the second).
_HEADERS: Final = [("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"), NO_SNIFFING]


class StreamCall(Exchange):
    """An operation whose method returns an iterator of messages.

    Args:
      operation: what is called.
      entrance: who may call it.
      naive_datetimes: what dates without a time zone are answered as.
    """

    def __init__(self, operation: Operation, entrance: Entrance, naive_datetimes: NaiveDatetimes | None) -> None:
        self.operation = operation
        self._entrance = entrance
        self._quickly, self._carefully = decoders(operation)
        self._encode, _ = encoders(operation, naive_datetimes)
        self._factory, self._function = invocation(operation)
        self._selected = selections(operation, naive_datetimes is not None)
        # To call a generator or coroutine function is only to make the generator or coroutine; what is around it may
        # do anything.
        kinds = (inspect.isgeneratorfunction, inspect.isasyncgenfunction, inspect.iscoroutinefunction)
        self._may_block = operation.blocking and not any(kind(self._function) for kind in kinds)

    def answer(self, request: Request, values: tuple[str, ...], body: Body) -> Response:
        """Answer on WSGI; async iterators run on an event loop of their own."""
        form = chosen_format(request, value_of(request.query, "alt"))
        self._entrance.enter(request)
        if request.method == "HEAD":
            return _response(form, iter(()))
        content = body.whole()
        selection = self._selected(request, request.query, content)
        found = self._function(self._factory(), self._read(request, values, content))
        steps = self._iterator(found) if isinstance(found, Iterable) else LoopSteps(self._resolved(found))
        pieces = _pieces(_Writer(form, self._encode, selection, request), steps)
        next(pieces)
        return _response(form, pieces)

    async def answer_async(
        self, request: Request, values: tuple[str, ...], body: AsyncBody, threads: ThreadPool
    ) -> Response:
        """Answer on ASGI; the steps of ordinary iterators run in threads, unless the method says it never blocks."""
        form = chosen_format(request, value_of(request.query, "alt"))
        await self._entrance.enter_async(request)
        if request.method == "HEAD":
            return _response(form, _no_pieces())
        content = await body.whole()
        selection = self._selected(request, request.query, content)
        read = threads.run if len(content) > LARGE_BODY else _inline
        message = await read(self._read, request, values, content)
        call = threads.run if self._may_block else _inline
        found = await call(self._function, self._factory(), message)
        if isinstance(found, Iterable):
            steps: Any = ThreadSteps(self._iterator(found), threads.run if self.operation.blocking else _inline)
        else:
            steps = await self._resolved(found)
        pieces = _pieces_async(_Writer(form, self._encode, selection, request), steps)
        await _begun(pieces, body)
        return _response(form, pieces)

    def _read(self, request: Request, values: tuple[str, ...], body: bytes) -> Message:
        try:
            message = self._quickly(values, request.query, body)
        except NOT_QUICKLY:
            message = None
        if message is None:
            message = self._carefully(request, values, request.query, body)
        return message

    async def _resolved(self, found: Any) -> ThreadSteps | TaskSteps:
        """The async iterator that a method made, at once or as a coroutine."""
        if inspect.isawaitable(found):
            found = await found
        if isinstance(found, Iterable):
            return ThreadSteps(self._iterator(found), _inline)
        if not hasattr(found, "__aiter__"):
            raise ServerError(f"{self.operation.rpc_name} returned {type(found).__name__}, and no iterator of messages")
        return TaskSteps(aiter(found))

    def _iterator(self, found: Any) -> Iterator[Any]:
        if isinstance(found, (str, bytes, dict)):
            raise ServerError(f"{self.operation.rpc_name} returned {type(found).__name__}, and no iterator of messages")
        return iter(found)


class _Writer:
    """Writes the pieces of one answer."""

    def __init__(
        self, form: Lines, encode: Callable[[Any], bytes], selection: Selection | None, request: Request
    ) -> None:
        self.form = form
        self._encode = encode
        self._selection = selection
        self._request = request
        self._is_first = True

    def message(self, found: Any) -> bytes:
        """One message, or event."""
        event = found if isinstance(found, Event) else None
        message = found if event is None else event.message
        content = self._encode(message) if self._selection is None else self._selection.encode(message, self._encode)
        return self.form.message(content, event, self._takes_turn())

    def error(self, error: Exception) -> bytes:
        """What went wrong, as the last thing in the stream."""
        return self.form.error(failures.response(error, self._request).body, self._takes_turn())

    def _takes_turn(self) -> bool:
        is_first, self._is_first = self._is_first, False
        return is_first


# Both are begun before the answer is: only then can they be closed, and what fails first be an ordinary error.
def _pieces(writer: _Writer, steps: Iterator[Any]) -> Iterator[bytes]:
    try:
        found = next(steps, END)
        yield b""
        if writer.form.opening:
            yield writer.form.opening
        try:
            while found is not END:
                yield writer.message(found)
                found = next(steps, END)
        except Exception as error:  # noqa: BLE001 - whatever a method raises becomes an answer
            yield writer.error(error)
        if writer.form.closing:
            yield writer.form.closing
    finally:
        close(steps)


async def _pieces_async(writer: _Writer, steps: ThreadSteps | TaskSteps) -> AsyncIterator[bytes]:
    try:
        found = await steps.next()
        yield b""
        yield writer.form.opening
        try:
            while found is not END:
                yield writer.message(found)
                if not writer.form.keep_alive:
                    found = await steps.next()
                    continue
                step = asyncio.ensure_future(steps.next())
                try:
                    while not (await asyncio.wait({step}, timeout=KEEP_ALIVE))[0]:
                        yield writer.form.keep_alive
                    found = step.result()
                finally:
                    await _over(step)
        except Exception as error:  # noqa: BLE001 - whatever a method raises becomes an answer
            yield writer.error(error)
        yield writer.form.closing
    finally:
        await steps.close()


async def _begun(pieces: AsyncIterator[bytes], body: AsyncBody) -> None:
    """Begin an answer, for as long as the caller waits for its first message. Raises Disconnected when he is gone."""
    beginning = asyncio.ensure_future(anext(pieces))
    try:
        if not (await asyncio.wait({beginning}, timeout=_SOON))[0]:
            leaving = asyncio.ensure_future(body.caller_is_gone())
            try:
                await asyncio.wait({beginning, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _over(leaving)
        if not beginning.done():
            await _over(beginning)
            raise Disconnected
        beginning.result()
    finally:
        beginning.cancel()  # a deadline does not wait for what is in a thread


async def _no_pieces() -> AsyncIterator[bytes]:
    for piece in b"":
        yield bytes(piece)


def _response(form: Lines, stream: Any) -> Response:
    return Response(200, [("Content-Type", form.media_type), *_HEADERS], b"", stream=stream)


async def _inline(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


async def _over(step: asyncio.Future[Any]) -> None:
    """End a step that nobody waits for any longer."""
    if not step.done():
        step.cancel()
        await asyncio.wait({step})
