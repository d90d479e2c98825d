"""Conventions over declarations: services, methods and messages with little to declare, on top of `endpoints`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from endpoints import BadRequestException, NotFoundException, get_current_user
from ferris3 import endpoints, hvild, messages
from ferris3.absent import REPLACEMENTS, reason
from ferris3.endpoints import default as default_endpoint
from ferris3.messages import list_message, model_message
from ferris3.methods import auto_method
from ferris3.server import application
from ferris3.services import auto_service
from protorpc.message_types import VoidMessage
from protorpc.remote import Service

if TYPE_CHECKING:
    from ferris3 import chain as chain
    from ferris3 import discovery as discovery
    from ferris3 import ndb as ndb
    from ferris3 import retries as retries
    from ferris3 import settings as settings
    from ferris3 import tool_chain as tool_chain
    from ferris3.behaviors import Behavior as Behavior
    from ferris3.behaviors import Model as Model
    from ferris3.tool_chain import ToolChain as ToolChain

# Names that need an optional dependency, or that most applications do without: imported when first asked for.
_LAZY: Final[dict[str, str]] = {
    "Behavior": "ferris3.ndb",
    "Model": "ferris3.ndb",
    "ToolChain": "ferris3.tool_chain",
}
_MODULES: Final = frozenset({"chain", "discovery", "ndb", "retries", "settings", "tool_chain"})


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        found = getattr(importlib.import_module(_LAZY[name]), name)
        globals()[name] = found
        return found
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in REPLACEMENTS:
        raise ImportError(reason(name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "BadRequestException",
    "NotFoundException",
    "Service",
    "VoidMessage",
    "application",
    "auto_method",
    "auto_service",
    "default_endpoint",
    "endpoints",
    "get_current_user",
    "hvild",
    "list_message",
    "messages",
    "model_message",
]
