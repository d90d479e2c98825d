"""What the original kept in this module: the registry of endpoints, and the decorators for services and methods."""

from ferris3.exceptions import ConventionError, EndpointFileNotFoundError, NoDefaultEndpointError
from ferris3.methods import auto_method
from ferris3.registry import add, clear, default, get, get_all
from ferris3.services import auto_service

__all__ = [
    "ConventionError",
    "EndpointFileNotFoundError",
    "NoDefaultEndpointError",
    "add",
    "auto_method",
    "auto_service",
    "clear",
    "default",
    "get",
    "get_all",
]
