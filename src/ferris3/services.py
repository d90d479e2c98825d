"""`auto_service`: classes that say little about themselves, put into an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict, TypeVar, Unpack, overload

import endpoints
from endpoints.types import OAuth2Scope
from ferris3 import registry
from ferris3.definition import auth_level
from ferris3.exceptions import ConventionError, NoDefaultEndpointError, hint
from ferris3.naming import resource_name
from protorpc import remote

_Class = TypeVar("_Class", bound=type[remote.Service])


class ServiceSettings(TypedDict, total=False):
    """What `auto_service` takes beside the endpoint."""

    name: str | None
    """The resource name, in the words of seed page 002."""
    resource_name: str | None
    """Put before the names of the methods in documents; by default made of the class name."""
    path: str | None
    """Put before the paths of the methods; by default the resource name."""
    audiences: Sequence[str] | None
    scopes: Sequence[str | OAuth2Scope] | None
    allowed_client_ids: Sequence[str] | None
    auth_level: endpoints.AUTH_LEVEL | str | None
    """Also as a word: required, optional, optional_continue, none."""
    api_key_required: bool | None


@overload
def auto_service(cls: _Class, endpoint: str | endpoints.ApiCollection | None = None) -> _Class: ...


@overload
def auto_service(
    cls: None = None, endpoint: str | endpoints.ApiCollection | None = None, **settings: Unpack[ServiceSettings]
) -> Callable[[_Class], _Class]: ...


def auto_service(cls: Any = None, endpoint: str | endpoints.ApiCollection | None = None, **settings: Any) -> Any:
    """Put a service class into an endpoint (seed page 002), bare or with arguments.

    ```python
    @ferris3.auto_service(name="photos", endpoint="mobile_only")
    class ImagesApi(ferris3.Service): ...
    ```

    Args:
        cls: the class, where the decorator is used bare.
        endpoint: name of the endpoint, or what `endpoints.api` returned; by default the default endpoint.
        settings: `name`, and all that `api_class` takes: see ServiceSettings.

    Raises:
        NoDefaultEndpointError: no endpoint is named, and there is no default one; it is a RuntimeError.
        ConventionError: the endpoint or an argument is unknown, a value makes no sense, or what is decorated is no
            service; raised where the class is defined.
    """
    if cls is not None and not isinstance(cls, type):
        raise ConventionError(f"auto_service decorates a class, not {cls!r}; name an endpoint by endpoint={cls!r}")

    def decorate(service: _Class) -> _Class:
        where = _checked(service, settings)
        try:
            api = endpoint if isinstance(endpoint, endpoints.ApiCollection) else registry.get(endpoint)
        except NoDefaultEndpointError:
            raise
        except ConventionError as error:
            raise ConventionError(f"{where}: {error}") from None
        arguments = _arguments(where, service.__name__, settings)
        try:
            return api.api_class(**arguments)(service)
        except TypeError as error:
            raise ConventionError(str(error)) from error

    return decorate if cls is None else decorate(cls)


def _checked(service: Any, settings: dict[str, Any]) -> str:
    """Return what messages call the class."""
    if not (isinstance(service, type) and issubclass(service, remote.Service)):
        raise ConventionError(f"auto_service decorates classes derived from ferris3.Service, not {service!r}")
    for key in settings:
        if key not in ServiceSettings.__annotations__:
            known = ServiceSettings.__annotations__
            raise ConventionError(f"{service.__name__}: auto_service has no argument {key!r}{hint(key, known)}")
    return service.__name__


def _arguments(where: str, class_name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `api_class`. The settings stay as they are: the decorator may be used again."""
    arguments = dict(settings)
    name = arguments.pop("name", None)
    given = arguments.get("resource_name")
    if None not in (name, given) and name != given:
        raise ConventionError(f"{where}: name={name!r} and resource_name={given!r} mean the same; give one")
    resource = given if name is None else name
    if resource is None:
        resource = resource_name(class_name)
        if not resource.strip("_"):
            raise ConventionError(f"{where}: nothing is left of the class name for the resource; give name=...")
    path = arguments.get("path")
    level = auth_level(where, arguments.get("auth_level"))
    return arguments | {"resource_name": resource, "path": resource if path is None else path, "auth_level": level}
