"""Methods that are called only when the caller knows the present state of what they change (RFC 9110, 13.1).

The present state is what a GET method of the same class would answer, whole and not indented. To ask it and to change
what it tells of are two steps: a method for which that is not enough compares in its own transaction, by
`endpoints.check_if_match`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from endpoints.describe.parameters import parameters
from endpoints.error_table import status_named
from endpoints.exceptions import ApiConfigurationError, ServiceException
from endpoints.operations import Api, Operation
from endpoints.serving.etags import changed, entity_tag, first_known, is_meant
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request
from endpoints.serving.wiring import NaiveDatetimes, encoders, functions, invocation
from protorpc._request_state import current_request
from protorpc.message_types import VoidMessage
from protorpc.messages import Message
from protorpc.remote import ApplicationError


class Precondition:
    """Compares what callers mean with what there is.

    Args:
      operation: the method that changes something.
      getter: the GET method that answers its present state.
      naive_datetimes: what dates without a time zone are answered as.

    Attributes:
      blocking: whether the getter may take its time.
    """

    def __init__(self, operation: Operation, getter: Operation, naive_datetimes: NaiveDatetimes | None) -> None:
        self.blocking = getter.blocking
        self._required = operation.method_info.if_match_required
        self._getter = getter
        self._naive_datetimes = naive_datetimes

    def before(self, function: Callable[[Any, Message], Any]) -> Callable[[Any, Message], Any]:
        """The method, called only where its caller means the present state.

        What is compared is the state of what the method is going to see: a value of the path, or what the query or the
        body put in its place.

        Raises, when called:
          Refusal: 412, the caller means another state; 428, he does not say which, and has to.
          Exception: whatever the getter raises but that there is nothing.
        """
        factory, get = invocation(self._getter)
        encode, _ = encoders(self._getter, self._naive_datetimes)

        def conditional(service: Any, message: Message) -> Any:
            if self._is_asked(request := current_request.get()):
                with _Present(request) as present:
                    present.body = encode(get(factory(), self._question(message)))
            return function(service, message)

        async def conditional_async(service: Any, message: Message) -> Any:
            if self._is_asked(request := current_request.get()):
                with _Present(request) as present:
                    present.body = encode(await get(factory(), self._question(message)))
            return await function(service, message)

        return conditional_async if _is_async(self._getter) else conditional

    def _is_asked(self, request: Any) -> bool:
        if request.header("if-match") is not None:
            return True
        if self._required:
            raise Refusal(428, "Say by If-Match which state of the resource is meant: the ETag of its GET method")
        return request.header("if-none-match") is not None

    def _question(self, message: Message) -> Message:
        """What the getter is asked where the method is asked `message`."""
        question = self._getter.request_type()
        for name in self._getter.path_parameters:
            _copy(name, message, question)
        return question


class _Present:
    """What is there: the answer of a getter that runs within. At the end the caller's conditions are looked at."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.body: bytes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if error is not None and _status(error) not in (404, 410):
            return False
        tag = None if self.body is None else entity_tag(self.body)
        if self._request.header("if-match") is not None and not is_meant(self._request, tag):
            raise changed() from None
        if tag is not None and first_known(self._request, [tag]) is not None:
            raise changed("If-None-Match")
        return True


def _status(error: BaseException) -> int:
    if isinstance(error, ServiceException):
        return error.http_status
    return status_named(error.error_name) if isinstance(error, ApplicationError) else 0


def preconditions(
    apis: Iterable[Api], naive_datetimes: NaiveDatetimes | None
) -> Callable[[Operation], Precondition | None]:
    """What finds the precondition of an operation, None for one without.

    Raises:
      ApiConfigurationError: the `if_match` of a method names no method that could answer the state of its resource.
    """
    made: dict[Operation, Precondition] = {}
    for api in apis:
        for operation in api.operations:
            if operation.method_info.if_match is not None:
                made[operation] = Precondition(operation, _getter(operation, api), naive_datetimes)
    return made.get


def _getter(operation: Operation, api: Api) -> Operation:
    where, named = f"{operation.rpc_name}: if_match", operation.method_info.if_match
    name = named if isinstance(named, str) else _name_in_class(operation.service, named)
    siblings = {each.function_name: each for each in api.operations if each.service is operation.service}
    getter = siblings.get(name or "")
    if getter is None:
        shown = named if isinstance(named, str) else getattr(named, "__qualname__", repr(named))
        raise ApiConfigurationError(
            f"{where} must be an endpoints.method of the same class, or its name; {shown!r} is none"
        )
    for problem in _problems(operation, getter):
        raise ApiConfigurationError(f"{where} names {getter.rpc_name}, {problem}")
    return getter


def _name_in_class(service: type, function: object) -> str | None:
    """By what name a class holds a function, or one that it is derived from."""
    for base in service.__mro__:
        for name, value in vars(base).items():
            if value is function or getattr(value, "__wrapped__", None) is function:
                return name
    return None


def _problems(operation: Operation, getter: Operation) -> Iterator[str]:
    """Why a getter will not do."""
    if getter.http_method != "GET":
        yield f"which is called by {getter.http_method}; expected a GET method"
    if getter.streams or getter.response_type is VoidMessage:
        yield "which answers no message"
    if operation.streams or getattr(operation.method_info, "media_upload", None) is not None:
        yield "which is not asked before streams and uploads"
    strangers = [name for name in getter.path_parameters if name not in operation.path_parameters]
    if strangers:
        yield f"whose path has {', '.join(map(repr, strangers))}, which {operation.path!r} has not"
    kinds = [[_kind(each.request_type, name) for each in (operation, getter)] for name in getter.path_parameters]
    if not strangers and any(kind is None or kind != other for kind, other in kinds):
        yield "the variables of whose path are not fields of the same types in both requests"
    needed = [each.name for each in parameters(getter).listed if each.required and each.location == "query"]
    if needed:
        yield f"which cannot be called without {', '.join(map(repr, needed))}"
    if _is_async(operation) is not _is_async(getter):
        yield "and only one of the two is an `async def` function"


def _kind(message: Any, name: str) -> tuple[Any, Any] | None:
    """Of what type a field is, whose name may lead into other messages; None where there is no such field."""
    *outer, last = name.split(".")
    try:
        for part in outer:
            message = message.field_by_name(part).message_type
        field = message.field_by_name(last)
    except KeyError:
        return None
    return field.variant, getattr(field, "type", None)


def _copy(name: str, source: Any, target: Any) -> None:
    """Give `target` the value that a field has in `source`."""
    *outer, last = name.split(".")
    for part in outer:
        if getattr(target, part) is None:
            setattr(target, part, type(target).field_by_name(part).message_type())
        source, target = getattr(source, part), getattr(target, part)
        if source is None:
            return
    setattr(target, last, getattr(source, last))


def _is_async(operation: Operation) -> bool:
    return any(map(inspect.iscoroutinefunction, functions(operation)))
