"""The service classes that an object of the user's stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from endpoints.decorators import ApiCollection
from endpoints.exceptions import ApiConfigurationError
from endpoints.server import ApiServer
from protorpc import remote
from protorpc.util import Error

MISTAKES: Final = (ApiConfigurationError, Error, LookupError, TypeError, ValueError)
"""What a mistake in declarations raises when they are joined or described."""


def services_of(found: Any) -> Sequence[Any] | None:
    """Return the service classes and factories that an object stands for, or None when it stands for something else.

    Args:
        found: a service class, what its `new_factory` returned, a collection, a list of these, or an `ApiServer`.
    """
    if isinstance(found, ApiServer):
        return [service for api in found.apis for service in api.classes]
    services = list(found) if isinstance(found, (list, tuple)) else [found]
    if not services or not all(map(_is_service, services)):
        return None
    return [each for service in services for each in _classes(service)]


def kind_of(found: Any) -> str:
    """Say in words what an object is that stands for no services."""
    if isinstance(found, (list, tuple)):
        other = [each for each in found if not _is_service(each)]
        return f"a list with {kind_of(other[0])}" if other else "an empty list"
    return f"the class {found.__name__}" if isinstance(found, type) else f"an object of type {type(found).__name__}"


def text_of(mistake: Exception) -> str:
    """Return what an exception says, without the quotes that a KeyError puts around it."""
    return str(mistake.args[0]) if isinstance(mistake, KeyError) and mistake.args else str(mistake)


def _is_service(found: Any) -> bool:
    service = getattr(found, "service_class", found)
    return isinstance(found, ApiCollection) or (isinstance(service, type) and issubclass(service, remote.Service))


def _classes(service: Any) -> Sequence[Any]:
    return service.get_api_classes() if isinstance(service, ApiCollection) else [service]
