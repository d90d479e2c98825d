"""What the way to a method and back is made of: how requests are read, what is called, how answers are written."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal

from endpoints.operations import Operation
from endpoints.serving.decoding import Decoder
from endpoints.serving.quick_decoding import QuickDecoder
from protorpc._codec import codec
from protorpc._writing import encode_carefully, encode_carefully_utc
from protorpc.message_types import VoidMessage
from protorpc.messages import Message
from protorpc.remote import Service

NaiveDatetimes = Literal["utc"]


def decoders(operation: Operation) -> tuple[QuickDecoder, Any]:
    """How requests are read: quickly, and with care."""
    decoder = Decoder(operation)
    return decoder.quickly, decoder.carefully


def invocation(operation: Operation) -> tuple[Callable[[], Service], Callable[[Any, Message], Any]]:
    """What makes the service that answers one request, and the method to be called with it and the message."""
    factory, (function, *_) = operation.factory, functions(operation)

    def factory_with_state() -> Service:
        service = factory()
        state = service.request_state
        if state is not None:
            service.initialize_request_state(state)
        return service

    told_early = operation.service.initialize_request_state is not Service.initialize_request_state
    return (factory_with_state if told_early else factory), function


def functions(operation: Operation) -> tuple[Callable[[Any, Message], Any], ...]:
    """What is called, and the function that it leads to in the end."""
    function = operation.function
    declared = getattr(operation.service, operation.function_name)
    if getattr(declared, "__wrapped__", None) is not function:
        function = declared  # something else was put around the decorated method, and wants to be called
    return function, inspect.unwrap(function)


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
