"""What `module:attribute` names on the command line, as something that can be served."""

from __future__ import annotations

import importlib
import inspect
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Literal

from endpoints.cli.command import UsageError
from endpoints.decorators import ApiCollection
from endpoints.exceptions import ApiConfigurationError
from endpoints.operations import Api
from endpoints.server import ApiServer, api_server
from protorpc import remote
from protorpc.util import Error

Interface = Literal["asgi", "wsgi"]
DEFAULT_ATTRIBUTES = ("app", "api", "application", "server")
"""Where an application is looked for, in this order, when only a module is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An application, by the interfaces that it has."""

    wsgi: Callable[..., Any] | None = None
    asgi: Callable[..., Any] | None = None
    apis: tuple[Api, ...] | None = None
    """What it serves; None for an application that was not made by `api_server` itself."""


def load(name: str) -> Target:
    """Import what is to be served; modules are looked for in the current folder first.

    Args:
        name: `module:attribute`, or `module` with the application in one of `DEFAULT_ATTRIBUTES`.

    Raises:
        UsageError: there is no such module or attribute, importing it fails, or it cannot be served.
    """
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module_name, _, attribute = name.partition(":")
    module = _module(module_name)
    if attribute:
        return _target(name, _attribute(module, attribute))
    for attribute in DEFAULT_ATTRIBUTES:
        if hasattr(module, attribute):
            return _target(f"{name}:{attribute}", getattr(module, attribute))
    raise UsageError(f"module {name!r} has none of {', '.join(DEFAULT_ATTRIBUTES)}; name what to serve: {name}:NAME")


def _module(name: str) -> ModuleType:
    if name.endswith(".py") or not all(part.isidentifier() for part in name.split(".")):
        raise UsageError(f"{name!r} is no module name; expected one like main, package.main or main:app")
    try:
        return importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - the module is the user's and may raise anything
        trace = _of_the_module(error.__traceback__)
        if trace is None and isinstance(error, ModuleNotFoundError) and f"{name}.".startswith(f"{error.name}."):
            raise UsageError(f"there is no module {error.name!r} in {Path.cwd()} or on the Python path") from None
        text = "".join(traceback.format_exception(type(error), error, trace))
        raise UsageError(f"module {name!r} cannot be imported\n{text.rstrip()}") from None


def _of_the_module(trace: TracebackType | None) -> TracebackType | None:
    """The part of a traceback that begins in the imported module."""
    while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def _is_ours(filename: str) -> bool:
    return filename in (__file__, importlib.__file__) or filename.startswith("<frozen importlib")


def _attribute(module: ModuleType, path: str) -> Any:
    found: Any = module
    for name in path.split("."):
        if not hasattr(found, name):
            where = f"module {module.__name__!r}" if found is module else f"{type(found).__name__} object"
            raise UsageError(f"{where} has no attribute {name!r}")
        found = getattr(found, name)
    return found


def _target(name: str, found: Any) -> Target:
    if isinstance(found, ApiServer):
        return Target(wsgi=found, asgi=found.asgi, apis=found.apis)
    services = list(found) if isinstance(found, (list, tuple)) else [found]
    if services and all(_is_service(each) for each in services):
        return _target(name, _served(name, services))
    interface = _interface(found)
    if interface == "asgi":
        return Target(asgi=found)
    if interface == "wsgi":
        return Target(wsgi=found)
    raise UsageError(
        f"{name} is {_described(found)}; expected what endpoints.api_server returns, a service class or collection "
        "decorated with endpoints.api, a list of these, or a WSGI or ASGI application"
    )


def _is_service(found: Any) -> bool:
    service = getattr(found, "service_class", found)
    return isinstance(found, ApiCollection) or (isinstance(service, type) and issubclass(service, remote.Service))


def _served(name: str, services: list[Any]) -> ApiServer:
    try:
        return api_server(services)
    except (ApiConfigurationError, Error, LookupError, TypeError, ValueError) as error:
        raise UsageError(f"{name} cannot be served: {error}") from error


def _interface(found: Any) -> Interface | None:
    if not callable(found) or isinstance(found, type):
        return None
    if inspect.iscoroutinefunction(found) or inspect.iscoroutinefunction(type(found).__call__):
        return "asgi"
    if _takes(found, 2):
        return "wsgi"
    return "asgi" if _takes(found, 3) else None


def _takes(function: Callable[..., Any], count: int) -> bool:
    try:
        inspect.signature(function).bind(*[None] * count)
    except (TypeError, ValueError):
        return False
    return True


def _described(found: Any) -> str:
    if isinstance(found, (list, tuple)):
        other = [each for each in found if not _is_service(each)]
        return f"a list with {_described(other[0])}" if other else "an empty list"
    return f"the class {found.__name__}" if isinstance(found, type) else f"an object of type {type(found).__name__}"
