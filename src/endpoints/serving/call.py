"""One operation, ready to be called: whatever can be decided before the first request is decided here.

An operation is answered by one function, (request, path values, query, body) -> body of the answer, or by the
coroutine function that takes the same. Decode, call, encode: the three lines are written out in both, and nowhere
else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import TYPE_CHECKING, Any

from endpoints.auth.access import Access
from endpoints.definitions import BODILESS
from endpoints.operations import Operation
from endpoints.serving.http import Request
from endpoints.serving.limits import LARGE_BODY
from endpoints.serving.partial import selections
from endpoints.serving.quick_decoding import NOT_QUICKLY
from endpoints.serving.wiring import NaiveDatetimes, decoders, encoders, functions, invocation

if TYPE_CHECKING:
    from endpoints.serving.admission import Gate
    from endpoints.serving.preconditions import Precondition

Answer = Callable[[Request, tuple[str, ...], str, bytes], bytes]
AsyncAnswer = Callable[[Request, tuple[str, ...], str, bytes], Coroutine[Any, Any, bytes]]


class Call:
    """How an operation is called. What is generated for it is made when it is first used.

    Attributes:
      operation: what is called.
      access: who may call it.
      naive_datetimes: what dates without a time zone are answered as; None for the text without an offset.
      gate: checks API keys and charges quotas; None where there is nothing to check.
      asynchronous: whether the method is an `async def` function.
      blocking: whether it may take its time, so that it must not run on an event loop.
      is_get: whether answers have tags, by which callers tell whether they have them already.
      caching: headers of answers to GET that say for how long they may be kept.
    """

    def __init__(
        self,
        operation: Operation,
        access: Access,
        naive_datetimes: NaiveDatetimes | None = None,
        gate: Gate | None = None,
        precondition: Precondition | None = None,
    ) -> None:
        self.operation = operation
        self.access = access
        self.naive_datetimes = naive_datetimes
        self.gate = gate
        self.asynchronous = any(map(inspect.iscoroutinefunction, functions(operation)))
        waits = (gate is not None and gate.waits) or (precondition is not None and precondition.blocking)
        self.blocking = (operation.blocking or waits) and not self.asynchronous
        self.is_get = operation.http_method == "GET"
        cache_control = operation.method_info.cache_control
        # What a cache has from a caller without an origin must not go to a page of another one, which could not read it
        # (https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches).
        self.caching = () if cache_control is None else (("Cache-Control", cache_control), ("Vary", "Origin"))
        self._precondition = precondition

    @cached_property
    def answer(self) -> Answer:
        """Answers a request by a method that is an ordinary function.

        Raises:
          Refusal, ServiceException: the request does not reach the method.
          EncodeError: the method's answer is not of the declared class.
          ValidationError: a required field of the answer has no value.
          Exception: whatever the method raises.
        """
        quickly, carefully = decoders(self.operation)
        factory, function = self._invocation()
        encode, encode_with_unrecognized = encoders(self.operation, self.naive_datetimes)
        access, selected = self.access, selections(self.operation, self.naive_datetimes is not None)
        bodiless = self.operation.http_method in BODILESS

        def answer(request: Request, values: tuple[str, ...], query: str, body: bytes) -> bytes:
            request.access = access
            asks = "fields" in query or "%" in query or (body and bodiless)
            selection = selected(request, query, body) if asks else None
            try:
                message = quickly(values, query, body)
            except NOT_QUICKLY:
                message = None
            if message is None:
                message = carefully(request, values, query, body)
                if body:
                    content = encode_with_unrecognized(function(factory(), message))
                    return content if selection is None else selection.part(content)
            answered = function(factory(), message)
            return encode(answered) if selection is None else selection.encode(answered, encode)

        guarded: Answer = _guarded(access, _gated(access, self.gate, answer))
        return guarded

    @cached_property
    def answer_async(self) -> AsyncAnswer:
        """The same for a method that is an `async def` function."""
        quickly, carefully = decoders(self.operation)
        factory, function = self._invocation()
        encode, encode_with_unrecognized = encoders(self.operation, self.naive_datetimes)
        access, selected = self.access, selections(self.operation, self.naive_datetimes is not None)
        bodiless = self.operation.http_method in BODILESS

        async def answer(request: Request, values: tuple[str, ...], query: str, body: bytes) -> bytes:
            request.access = access
            asks = "fields" in query or "%" in query or (body and bodiless)
            selection = selected(request, query, body) if asks else None
            try:
                message = quickly(values, query, body)
            except NOT_QUICKLY:
                message = None
            if message is None:
                if len(body) > LARGE_BODY:
                    message = await _elsewhere(carefully, request, values, query, body)
                else:
                    message = carefully(request, values, query, body)
                if body:
                    content = encode_with_unrecognized(await function(factory(), message))
                    return content if selection is None else selection.part(content)
            answered = await function(factory(), message)
            return encode(answered) if selection is None else selection.encode(answered, encode)

        gate = self.gate
        gated = _gated_async(access, gate, answer) if gate and gate.waits else _gated(access, gate, answer)
        guarded: AsyncAnswer = _guarded(access, gated)
        return guarded

    def _invocation(self) -> tuple[Callable[[], Any], Callable[[Any, Any], Any]]:
        factory, function = invocation(self.operation)
        return factory, function if self._precondition is None else self._precondition.before(function)


def _guarded(access: Access, answer: Any) -> Any:
    """`answer` behind the authorisation of the caller, who is asked before the request is decoded."""
    if not access.guards:
        return answer

    def guarded(request: Request, values: tuple[str, ...], query: str, body: bytes) -> Any:
        access.admit(request)
        return answer(request, values, query, body)

    return guarded


def _gated(access: Access, gate: Gate | None, answer: Any) -> Any:
    """`answer` behind the check of the API key and the charge to the quota, which never wait on an event loop."""
    if gate is None:
        return answer
    enter = gate.enter

    def gated(request: Request, values: tuple[str, ...], query: str, body: bytes) -> Any:
        request.access = access
        enter(request, query)
        return answer(request, values, query, body)

    return gated


def _gated_async(access: Access, gate: Gate, answer: AsyncAnswer) -> AsyncAnswer:
    """The same where the gate may wait, and the method runs on an event loop."""

    async def gated(request: Request, values: tuple[str, ...], query: str, body: bytes) -> bytes:
        request.access = access
        await gate.enter_async(request, query)
        return await answer(request, values, query, body)

    return gated


async def _elsewhere(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that takes long, and let the event loop go on."""
    import asyncio

    return await asyncio.to_thread(function, *arguments)
