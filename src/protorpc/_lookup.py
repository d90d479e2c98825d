"""Finding messages and enums by name."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from protorpc._enums import EnumMeta
from protorpc._errors import DefinitionNotFoundError
from protorpc._roots import MessageType


def find_definition(name: str, relative_to: Any = None, importer: Callable[..., Any] = __import__) -> Any:
    """The message or enum class called `name`, as seen from a message or a module.

    The name is tried below `relative_to`, then below what encloses that, outwards to the outermost package, and last
    as a full name; a name with a leading dot is only tried as a full name. Modules on the way are imported.

    Args:
      name: ``Inner``, ``Outer.Inner`` or ``package.module.Outer``.
      relative_to: a Message class, a module or None.
      importer: called as the built-in ``__import__``.

    Raises:
      DefinitionNotFoundError: no such class.
      TypeError: `relative_to` is none of the three.
    """
    if not (relative_to is None or isinstance(relative_to, (types.ModuleType, MessageType))):
        raise TypeError(f"relative_to must be None, Message definition or module.  Found: {relative_to}")
    path = name.split(".")
    scope = relative_to
    if not path[0]:
        scope, path = None, path[1:]
    if "" in path:
        raise DefinitionNotFoundError(f"Could not find definition for {name}")
    while True:
        found = _walk(scope, path, importer)
        if isinstance(found, (EnumMeta, MessageType)):
            return found
        if scope is None:
            raise DefinitionNotFoundError(f"Could not find definition for {name}")
        scope = _outside(scope, importer)


def _walk(scope: Any, path: list[str], importer: Callable[..., Any]) -> Any:
    for node in path:
        found = getattr(scope, node, None)
        if found is None and (scope is None or isinstance(scope, types.ModuleType)):
            found = _imported(node if scope is None else f"{scope.__name__}.{node}", importer)
        if not isinstance(found, (types.ModuleType, EnumMeta, MessageType)):
            return None
        scope = found
    return scope


def _outside(scope: Any, importer: Callable[..., Any]) -> Any:
    if isinstance(scope, types.ModuleType):
        package = scope.__name__.rpartition(".")[0]
        return importer(package, "", "", [package.rpartition(".")[2]]) if package else None
    outer = scope.message_definition()
    if outer is not None:
        return outer
    return importer(scope.__module__, "", "", [scope.__module__.rpartition(".")[2]])


def _imported(name: str, importer: Callable[..., Any]) -> Any:
    try:
        return importer(name, "", "", [name.rpartition(".")[2]])
    except ImportError:
        return None
