"""`auto_method`: functions of a service made into methods of its API by their signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar, Unpack, cast, overload

import endpoints
from endpoints.annotations import declared
from endpoints.binding import RESERVED_NAMES, Declaration
from endpoints.types import OAuth2Scope
from ferris3.definition import auth_level
from ferris3.exceptions import ConventionError, hint
from ferris3.signatures import UNSAID, annotated, response
from protorpc.messages import Message

_Function = TypeVar("_Function", bound=Callable[..., Any])


class MethodSettings(TypedDict, total=False):
    """What `auto_method` hands to `endpoints.method` as it is."""

    scopes: Sequence[str | OAuth2Scope] | None
    audiences: Sequence[str] | Mapping[str, Sequence[str]] | None
    allowed_client_ids: Sequence[str] | None
    auth_level: endpoints.AUTH_LEVEL | str | None
    """Also as a word: required, optional, optional_continue, none."""
    api_key_required: bool | None
    metric_costs: Mapping[str, int] | None
    use_request_uri: bool | None
    blocking: bool
    cache_control: str | None
    if_match: Callable[..., Any] | str | None
    if_match_required: bool
    stream: bool
    media_upload: endpoints.MediaUpload | None
    media_download: bool


@overload
def auto_method(func: _Function) -> _Function: ...


@overload
def auto_method(
    func: None = None,
    returns: type[Message] | str | None = ...,
    name: str | None = None,
    http_method: str = "POST",
    path: str | None = None,
    **settings: Unpack[MethodSettings],
) -> Callable[[_Function], _Function]: ...


def auto_method(
    func: Any = None,
    returns: Any = UNSAID,
    name: str | None = None,
    http_method: str = "POST",
    path: str | None = None,
    **settings: Any,
) -> Any:
    """Make a function of a service a method of its API (seed page 002), bare or with arguments.

    ```python
    @ferris3.auto_method(returns=Greeting)
    def hello(self, request, name=(str, "you")): ...


    @ferris3.auto_method
    def greet(self, request: People, greeting: str = "Hello") -> Greeting: ...
    ```

    Parameters are declared by tuples or by annotations (`endpoints.annotations`), which may be mixed: `(type,)` is
    required, `(type, default)` is not, `(type, None)` arrives as None when it is not sent. `request=(SomeMessage,)` is
    the body; it holds the parameters too, as the request of a method without a body does. `request: SomeMessage` is the
    body alone. The docstring describes the method in documents. The decorated function takes the service and a message
    of the class `function.remote.request_type`.

    Args:
        func: the function, where the decorator is used bare.
        returns: message class of the answer or its name; nothing by default, or what the annotation says. A method that
            returns nothing is answered by 204.
        name: name in documents; by default the function's.
        http_method: the verb; a request message needs one that has a body.
        path: template of the address below that of the service; by default the name.
        settings: all else that `endpoints.method` takes: see MethodSettings.

    Raises:
        ConventionError: a type, a default, a name or a setting makes no sense; raised where the function is defined.
    """
    if func is not None and not inspect.isfunction(func):
        raise ConventionError(f"auto_method decorates functions, not {func!r}; a message class is given by returns=")

    def decorate(function: _Function) -> _Function:
        where = _checked(function, http_method, settings)
        chosen = name or function.__name__
        try:
            declaration = _declaration(function, where, http_method, returns)
            level = auth_level(where, settings.get("auth_level"))
            return cast(
                _Function,
                endpoints.method(
                    declaration.request,
                    declaration.response,
                    name=chosen,
                    path=path or chosen,
                    http_method=http_method,
                    **settings | {"auth_level": level},
                )(declaration.function),
            )
        except ConventionError:
            raise
        except (endpoints.ApiConfigurationError, TypeError, ValueError) as error:
            raise ConventionError(str(error)) from error

    return decorate if func is None else decorate(func)


def _checked(function: Any, http_method: Any, settings: Mapping[str, Any]) -> str:
    """Return what messages call the function."""
    if not inspect.isfunction(function):
        raise ConventionError(f"auto_method decorates functions, not {function!r}")
    where = function.__qualname__.rpartition("<locals>.")[2]
    if hasattr(function, "remote"):
        raise ConventionError(f"{where}: it is a method already; decorate it once")
    if not isinstance(http_method, str):
        raise ConventionError(f"{where}: http_method must be a string, not {http_method!r}")
    known = (*MethodSettings.__annotations__, "returns", "name", "http_method", "path")
    for key in settings.keys() - MethodSettings.__annotations__.keys():
        raise ConventionError(f"{where}: auto_method has no argument {key!r}{hint(key, known)}")
    return where


def _declaration(function: Callable[..., Any], where: str, http_method: str, returns: Any) -> Declaration:
    signature, in_default = annotated(function, where)
    answer = response(function, where, signature, returns)
    signature = signature.replace(return_annotation=inspect.Signature.empty)
    declaration = declared(function, where, http_method, answer, signature=signature, combined=in_default)
    request = declaration.request
    body = request.body_message_class if isinstance(request, endpoints.ResourceContainer) else request
    if not isinstance(body, str):
        _check_fields(where, body)
    return declaration


def _check_fields(where: str, body: type[Message]) -> None:
    for field in body.all_fields():
        if field.name in RESERVED_NAMES:
            raise ConventionError(
                f"{where}: {field.name}, a field of {body.__name__}, is reserved for every method of an API; choose "
                "another name"
            )
