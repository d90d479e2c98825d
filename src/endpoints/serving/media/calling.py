"""The method of an operation that takes or gives media, called as a step of a flow."""

from __future__ import annotations

import inspect
from collections.abc import Generator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from endpoints.serving.call import Call
from endpoints.serving.deadlines import within
from endpoints.serving.exchange import Body
from endpoints.serving.http import Request, Response
from endpoints.serving.limits import LARGE_BODY, Limits
from endpoints.serving.loops import run_until_complete
from endpoints.serving.media.flow import Step, Work
from endpoints.serving.partial import selections
from endpoints.serving.pipeline import EMPTY, OK_HEADERS, pretty
from endpoints.serving.quick_decoding import NOT_QUICKLY
from endpoints.serving.wiring import decoders, encoders, invocation

if TYPE_CHECKING:
    from endpoints.serving.async_body import AsyncBody
    from endpoints.serving.threads import ThreadPool


class Calling:
    """Calls one method, as `Call` does where no media is involved.

    Args:
      call: the same operation without media.
      limits: of the server; the deadline holds for the method alone.

    Attributes:
      operation: what is called.
    """

    def __init__(self, call: Call, limits: Limits) -> None:
        self.operation = call.operation
        self._call = call
        self._deadline = limits.deadline

    @cached_property
    def _made(self) -> tuple[Any, ...]:
        operation, naive = self.operation, self._call.naive_datetimes
        return (
            *decoders(operation),
            *invocation(operation),
            *encoders(operation, naive),
            selections(operation, naive is not None),
        )

    def prepared(
        self, request: Request, values: tuple[str, ...], query: str, body: bytes
    ) -> Generator[Step, Any, Prepared]:
        """A call that is ready to be made.

        Raises:
          Refusal, BadRequestException: the request does not say what the method needs to know.
        """
        if len(body) > LARGE_BODY:
            made: Prepared = yield Work(self._prepared, request, values, query, body)
            return made
        return self._prepared(request, values, query, body)

    def _prepared(self, request: Request, values: tuple[str, ...], query: str, body: bytes) -> Prepared:
        quickly, carefully, factory, function, encode, encode_with_unrecognized, select = self._made
        selection = select(request, query, body)
        try:
            message = quickly(values, query, body)
        except NOT_QUICKLY:
            message = None
        if message is None:
            message = carefully(request, values, query, body)
            if body:
                encode = encode_with_unrecognized
        return Prepared(lambda: function(factory(), message), encode, selection)

    def step(self, prepared: Prepared, *, waits: bool) -> Step:
        """The step that makes a call, and has the method's answer as its result."""
        is_async = self._call.asynchronous
        return _CallMethod(prepared.function, waits=waits and not is_async, deadline=self._deadline)


class Prepared:
    """One call.

    Args:
      function: makes it.
      encode: writes the answer.
      selection: the part of the answer that is asked for.

    Attributes:
      function: as given.
    """

    def __init__(self, function: Any, encode: Any, selection: Any) -> None:
        self.function = function
        self._encode = encode
        self._selection = selection

    def content(self, answer: Any) -> bytes:
        """The body of the answer."""
        content: bytes = (
            self._encode(answer) if self._selection is None else self._selection.encode(answer, self._encode)
        )
        return content


def json_response(content: bytes, query: str) -> Response:
    """The answer that holds a message; 204 without one."""
    return Response(200, OK_HEADERS, pretty(content, query)) if content else EMPTY


class _CallMethod(Step):
    def __init__(self, function: Any, *, waits: bool, deadline: float | None) -> None:
        self._function = function
        self._waits = waits
        self._deadline = deadline

    def run(self, body: Body) -> Any:
        """Call it in this thread."""
        answer = self._function()
        return run_until_complete(answer, self._deadline) if inspect.iscoroutine(answer) else answer

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> Any:
        """Call it in a thread, or on the event loop if it is made for that."""
        work = threads.run(self._function) if self._waits else self._inline()
        return await (work if self._deadline is None else within(work, self._deadline))

    async def _inline(self) -> Any:
        answer = self._function()
        return await answer if inspect.iscoroutine(answer) else answer
