"""The decorator that makes a function of a service callable from outside."""

from __future__ import annotations

import functools
import inspect
import sys
from typing import TYPE_CHECKING, Any, TypeVar, cast

from protorpc import message_types, messages
from protorpc._rpc_errors import RequestError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., Any]")


class RemoteMethodInfo:
    """What a remote method takes and returns; found in the `remote` attribute of every decorated function.

    A message class that was given by name is looked up when it is first asked for.
    """

    __slots__ = ("_module", "_request_type", "_response_type", "method")

    def __init__(
        self,
        method: Callable[..., Any],
        request_type: type[messages.Message] | str,
        response_type: type[messages.Message] | str,
        module: str,
    ) -> None:
        """Made by the decorator.

        Args:
            method: The function as it was written.
            request_type: Message class of the requests, or its name.
            response_type: Message class of the answers, or its name.
            module: Name of the module from which a name is looked up.
        """
        self.method = method
        self._request_type = request_type
        self._response_type = response_type
        self._module = module

    @property
    def request_type(self) -> type[messages.Message]:
        """The message class of the requests.

        Raises:
            DefinitionNotFoundError: It was given by a name that means nothing.
        """
        if isinstance(self._request_type, str):
            self._request_type = self._find(self._request_type)
        return self._request_type

    @property
    def response_type(self) -> type[messages.Message]:
        """The message class of the answers.

        Raises:
            DefinitionNotFoundError: It was given by a name that means nothing.
        """
        if isinstance(self._response_type, str):
            self._response_type = self._find(self._response_type)
        return self._response_type

    def replaced_by(self, method: Callable[..., Any]) -> RemoteMethodInfo:
        """The same declaration for the function that a subclass puts in the place of this one."""
        return RemoteMethodInfo(method, self._request_type, self._response_type, self._module)

    def _find(self, name: str) -> type[messages.Message]:
        return cast("type[messages.Message]", messages.find_definition(name, relative_to=sys.modules.get(self._module)))


def method(
    request_type: type[messages.Message] | str = message_types.VoidMessage,
    response_type: type[messages.Message] | str = message_types.VoidMessage,
) -> Callable[[_F], _F]:
    """Declare that a function of a service can be called from outside.

    The decorated function has a `remote` attribute, a RemoteMethodInfo. Calling it raises RequestError when the
    request is of another class than declared, and ServerError when the answer is. It may be an `async def` function.

    Args:
        request_type: Message class of the request, or its name, which is looked up when it is first needed.
        response_type: Message class of the answer, or its name.

    Raises:
        TypeError: One of the two is neither a message class nor a name; raised where the function is defined.
    """

    def declare(function: _F) -> _F:
        for argument, message_class in (("request_type", request_type), ("response_type", response_type)):
            _check_message_class(function, argument, message_class)
        info = RemoteMethodInfo(function, request_type, response_type, function.__module__)
        return cast("_F", checked_method(info))

    return declare


def get_remote_method_info(method: object) -> RemoteMethodInfo | None:
    """What was declared for a remote method; None for anything that is not one."""
    info = getattr(method, "remote", None) if callable(method) else None
    return info if isinstance(info, RemoteMethodInfo) else None


def checked_method(info: RemoteMethodInfo) -> Any:
    """The function to put into the class: `info.method` between checks of what goes in and of what comes out."""
    function = info.method

    @functools.wraps(function)
    def invoke(service: object, request: messages.Message) -> Any:
        _check_request(info, service, request)
        return _checked_response(info, service, function(service, request))

    @functools.wraps(function)
    async def invoke_async(service: object, request: messages.Message) -> Any:
        _check_request(info, service, request)
        return _checked_response(info, service, await function(service, request))

    checked: Any = invoke_async if inspect.iscoroutinefunction(function) else invoke
    checked.remote = info
    return checked


def _check_message_class(function: Callable[..., Any], argument: str, message_class: object) -> None:
    if isinstance(message_class, str):
        return
    is_message = isinstance(message_class, type) and issubclass(message_class, messages.Message)
    if not is_message or message_class is messages.Message:
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"{name}: {argument} must be a message class or the name of one, found {message_class!r}")


def _check_request(info: RemoteMethodInfo, service: object, request: object) -> None:
    expected = info.request_type
    if not isinstance(request, expected):
        raise RequestError(
            f"Method {_full_name(info, service)} expected request type {expected.__name__}, "
            f"received {type(request).__name__}"
        )


def _checked_response(info: RemoteMethodInfo, service: object, response: object) -> object:
    expected = info.response_type
    if not isinstance(response, expected):
        raise ServerError(
            f"Method {_full_name(info, service)} expected response type {expected.__name__}, "
            f"sent {type(response).__name__}"
        )
    return response


def _full_name(info: RemoteMethodInfo, service: object) -> str:
    return f"{type(service).__name__}.{info.method.__name__}"
