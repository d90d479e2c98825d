"""Functions that take parameters by keyword, made into functions of one request message.

`endpoints.annotations` reads the parameters from a signature, its own or one that ferris3 makes, and binds them here.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from endpoints.exceptions import ApiConfigurationError
from endpoints.resource_container import ResourceContainer
from protorpc.message_types import VoidMessage
from protorpc.messages import Field, Message

RESERVED_NAMES: Final = frozenset(["access_token", "callback", "fields", "key", "prettyPrint", "quotaUser", "userIp"])
"""Query parameters that mean something to every method of a Google API."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the path or the query, as a function takes it."""

    name: str
    field: Field[Any]
    default: Any = None
    """What the function gets when the parameter is not sent and the field has no default of its own."""
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a method takes and returns, and what is called for it."""

    request: type[Message] | ResourceContainer | str
    response: type[Message] | str
    function: Callable[..., Any]
    """Takes the service and the request message; a coroutine function if the declared function is one."""


def bind(
    function: Callable[..., Any],
    where: str,
    *,
    body: type[Message] | str,
    parameters: Sequence[Parameter],
    response: type[Message] | str | None,
    combined: bool = False,
) -> Declaration:
    """Declare a function that takes its parameters by keyword.

    Args:
        function: called with the service, the request or its body, and all parameters by name.
        where: names the method in messages.
        body: message class of the body, VoidMessage for none; a name is possible where there are no parameters.
        parameters: the fields in path and query, numbered.
        response: message class of the answer; None lets the function return None for an empty answer.
        combined: whether the function gets the message that holds body and parameters, in place of the body alone.

    Raises:
        ApiConfigurationError: a name is reserved, or also a field of the body.
        TypeError: there are parameters beside a body that is given by a name.
    """
    request: type[Message] | ResourceContainer | str = body
    take_body = None
    if parameters:
        if isinstance(body, str):
            raise TypeError(f"{where}: request: {body} must be defined before a method that takes parameters too")
        _check_names(where, body, parameters)
        request = ResourceContainer(body, **{each.name: each.field for each in parameters})
        request.parameter_descriptions = {each.name: each.description for each in parameters if each.description}
        take_body = None if combined or body is VoidMessage else _body_of(body)
    adapter = _adapter(function, take_body, parameters, lenient=response is None)
    return Declaration(request, VoidMessage if response is None else response, adapter)


def void_for_none(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function for the same request whose None becomes an empty answer."""
    return _adapter(function, None, (), lenient=True)


def _check_names(where: str, body: type[Message], parameters: Sequence[Parameter]) -> None:
    in_body = {field.name for field in body.all_fields()}
    for name in (each.name for each in parameters):
        if name in RESERVED_NAMES:
            raise ApiConfigurationError(f"{where}: {name} is reserved for every method of an API; choose another name")
        if name in in_body:
            raise ApiConfigurationError(f"{where}: {name} is also a field of the body; choose another name")


def _adapter(
    function: Callable[..., Any],
    take_body: Callable[[Message], Message] | None,
    parameters: Sequence[Parameter],
    *,
    lenient: bool,
) -> Callable[..., Any]:
    names = [each.name for each in parameters]
    # Most defaults are those of the fields; the few that a field cannot have are put in here.
    late = [(each.name, each.default) for each in parameters if each.default is not None]

    def values(request: Message) -> dict[str, Any]:
        taken = {name: getattr(request, name) for name in names}
        for name, default in late:
            if taken[name] is None:
                taken[name] = default
        return taken

    def answer(result: Any) -> Any:
        return VoidMessage() if lenient and result is None else result

    @functools.wraps(function)
    def call(service: Any, request: Message) -> Any:
        return answer(function(service, take_body(request) if take_body else request, **values(request)))

    @functools.wraps(function)
    async def call_async(service: Any, request: Message) -> Any:
        return answer(await function(service, take_body(request) if take_body else request, **values(request)))

    return call_async if inspect.iscoroutinefunction(function) else call


def _body_of(body: type[Message]) -> Callable[[Message], Message]:
    """Return what takes the body out of the message that holds body and parameters."""
    names = [field.name for field in body.all_fields()]

    def take(request: Message) -> Message:
        assigned = ((name, request.get_assigned_value(name)) for name in names)
        taken = body(**{name: value for name, value in assigned if value is not None})
        for key in request.all_unrecognized_fields():
            taken.set_unrecognized_field(key, *request.get_unrecognized_field_info(key))
        return taken

    return take
