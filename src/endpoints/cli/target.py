"""What a name on the command line stands for, as something that can be served."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from endpoints.cli.command import UsageError
from endpoints.cli.lookup import find
from endpoints.cli.services import MISTAKES, kind_of, services_of, text_of
from endpoints.operations import Api
from endpoints.server import ApiServer, api_server

Interface = Literal["asgi", "wsgi"]


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
        name: see `endpoints.cli.lookup.find`.

    Raises:
        UsageError: there is no such module or attribute, importing it fails, or it cannot be served.
    """
    return _target(*find(name))


def _target(name: str, found: Any) -> Target:
    if isinstance(found, ApiServer):
        return Target(wsgi=found, asgi=found.asgi, apis=found.apis)
    services = services_of(found)
    if services is not None:
        return _target(name, _served(name, services))
    interface = _interface(found)
    if interface == "asgi":
        return Target(asgi=found)
    if interface == "wsgi":
        return Target(wsgi=found)
    raise UsageError(
        f"{name} is {kind_of(found)}; expected what endpoints.api_server returns, a service class or collection "
        "decorated with endpoints.api, a list of these, or a WSGI or ASGI application"
    )


def _served(name: str, services: Sequence[Any]) -> ApiServer:
    try:
        return api_server(services)
    except MISTAKES as error:
        raise UsageError(f"{name} cannot be served: {text_of(error)}") from error


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
