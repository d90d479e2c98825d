"""One operation, ready to be called: everything about it that can be decided before the first request is decided here."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any

from endpoints.auth.policy import guard
from endpoints.operations import Operation
from endpoints.serving.decoding import Decoder
from protorpc._codec import codec, encode_carefully
from protorpc.message_types import VoidMessage
from protorpc.remote import ServerError, Service


class Call:
    """How an operation is called. What is generated for it is made when it is first used.

    Attributes:
      operation: what is called.
      asynchronous: whether `function` is an `async def` function.
      blocking: whether `function` may take its time, so that it must not run on an event loop.
      guard: what is to run before the request is read; None where anyone may call.
    """

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.asynchronous = inspect.iscoroutinefunction(operation.function)
        self.blocking = operation.blocking and not self.asynchronous
        self.guard = guard(operation)

    @cached_property
    def decode(self) -> Decoder:
        """(path values, query, body, form) -> request message."""
        return Decoder(self.operation)

    @cached_property
    def function(self) -> Callable[[Any], Any]:
        """Request message -> answer, or the coroutine of it, by a new instance of the service."""
        return _on_new_instance(self.operation)

    @cached_property
    def encode(self) -> Callable[[Any], bytes]:
        """Answer -> body; empty for a VoidMessage.

        Raises:
          ServerError: the answer is not of the declared class.
          ValidationError: a required field has no value.
        """
        return _encoder(self.operation, codec(self.operation.response_type).encode)

    @cached_property
    def encode_carefully(self) -> Callable[[Any], bytes]:
        """As `encode`, with the unrecognized fields of the answer, which may hold messages of the request."""
        return _encoder(self.operation, encode_carefully)


def _on_new_instance(operation: Operation) -> Callable[[Any], Any]:
    factory, function = operation.factory, operation.function
    declared = getattr(operation.service, operation.function_name)
    if getattr(declared, "__wrapped__", None) is not function:
        # Something else was put around the decorated method; it has to be called through it.
        function = declared
    if operation.service.initialize_request_state is Service.initialize_request_state:

        def call(message: Any) -> Any:
            return function(factory(), message)

        return call

    def call_with_state(message: Any) -> Any:
        service = factory()
        service.initialize_request_state(service.request_state)  # type: ignore[arg-type]
        return function(service, message)

    return call_with_state


def _encoder(operation: Operation, write: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    expected = operation.response_type

    def check(answer: Any) -> None:
        if not isinstance(answer, expected):
            raise ServerError(
                f"{operation.rpc_name} must answer a {expected.__name__}, it answered {type(answer).__name__}"
            )

    def encode(answer: Any) -> bytes:
        if type(answer) is not expected:
            check(answer)
        return write(answer)

    def encode_nothing(answer: Any) -> bytes:
        check(answer)
        return b""

    return encode_nothing if expected is VoidMessage else encode
