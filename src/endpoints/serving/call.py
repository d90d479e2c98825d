"""One operation, ready to be called: whatever can be decided before the first request is decided here.

An operation is answered by one function, (request, path values, query, body) -> body of the answer, or by the
coroutine function that takes the same. Decode, call, encode: the three lines are written out in both, and nowhere
else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from endpoints.auth.access import Access
from endpoints.operations import Operation
from endpoints.serving.decoding import Decoder
from endpoints.serving.http import Request
from endpoints.serving.limits import LARGE_BODY
from endpoints.serving.quick_decoding import NOT_QUICKLY, QuickDecoder
from protorpc._codec import codec
from protorpc._writing import encode_carefully, encode_carefully_utc
from protorpc.message_types import VoidMessage
from protorpc.messages import Message
from protorpc.remote import Service

if TYPE_CHECKING:
    from endpoints.serving.admission import Gate

NaiveDatetimes = Literal["utc"]
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
    """

    def __init__(
        self,
        operation: Operation,
        access: Access,
        naive_datetimes: NaiveDatetimes | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.operation = operation
        self.access = access
        self.naive_datetimes = naive_datetimes
        self.gate = gate
        self.asynchronous = any(map(inspect.iscoroutinefunction, _functions(operation)))
        self.blocking = (operation.blocking or (gate is not None and gate.waits)) and not self.asynchronous

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
        factory, function = invocation(self.operation)
        encode, encode_with_unrecognized = encoders(self.operation, self.naive_datetimes)
        access = self.access

        def answer(request: Request, values: tuple[str, ...], query: str, body: bytes) -> bytes:
            request.access = access
            try:
                message = quickly(values, query, body)
            except NOT_QUICKLY:
                message = None
            if message is None:
                message = carefully(request, values, query, body)
                if body:
                    return encode_with_unrecognized(function(factory(), message))
            return encode(function(factory(), message))

        guarded: Answer = _guarded(access, _gated(access, self.gate, answer))
        return guarded

    @cached_property
    def answer_async(self) -> AsyncAnswer:
        """The same for a method that is an `async def` function."""
        quickly, carefully = decoders(self.operation)
        factory, function = invocation(self.operation)
        encode, encode_with_unrecognized = encoders(self.operation, self.naive_datetimes)
        access = self.access

        async def answer(request: Request, values: tuple[str, ...], query: str, body: bytes) -> bytes:
            request.access = access
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
                    return encode_with_unrecognized(await function(factory(), message))
            return encode(await function(factory(), message))

        gate = self.gate
        gated = _gated_async(access, gate, answer) if gate and gate.waits else _gated(access, gate, answer)
        guarded: AsyncAnswer = _guarded(access, gated)
        return guarded


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


def decoders(operation: Operation) -> tuple[QuickDecoder, Any]:
    """How requests are read: quickly, and with care."""
    decoder = Decoder(operation)
    return decoder.quickly, decoder.carefully


def invocation(operation: Operation) -> tuple[Callable[[], Service], Callable[[Any, Message], Any]]:
    """What makes the service that answers one request, and the method to be called with it and the message."""
    factory, (function, *_) = operation.factory, _functions(operation)

    def factory_with_state() -> Service:
        service = factory()
        state = service.request_state
        if state is not None:
            service.initialize_request_state(state)
        return service

    told_early = operation.service.initialize_request_state is not Service.initialize_request_state
    return (factory_with_state if told_early else factory), function


def _functions(operation: Operation) -> tuple[Callable[[Any, Message], Any], ...]:
    """What is called, and the function that it leads to in the end."""
    function = operation.function
    declared = getattr(operation.service, operation.function_name)
    if getattr(declared, "__wrapped__", None) is not function:
        function = declared  # something else was put around the decorated method, and wants to be called
    return function, inspect.unwrap(function)


async def _elsewhere(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that takes long, and let the event loop go on."""
    import asyncio

    return await asyncio.to_thread(function, *arguments)


def encoders(
    operation: Operation, naive_datetimes: NaiveDatetimes | None
) -> tuple[Callable[[Any], bytes], Callable[[Any], bytes]]:
    """Answer -> body, empty for a VoidMessage; and the same with the unrecognized fields that the answer may hold."""
    made = codec(operation.response_type)
    encode = made.encode_utc if naive_datetimes else made.encode
    carefully = encode_carefully_utc if naive_datetimes else encode_carefully

    def encode_nothing(answer: Any) -> bytes:
        encode(answer)
        return b""

    def encode_with_unrecognized(answer: Any) -> bytes:
        encode(answer)
        return carefully(answer)

    if operation.response_type is VoidMessage:
        return encode_nothing, encode_nothing
    return encode, encode_with_unrecognized
