"""Small things that ProtoRPC and code written for it share."""

import os.path
import sys
import types

from protorpc._accept import AcceptError, AcceptItem, choose_content_type, parse_accept_header
from protorpc._base_error import Error
from protorpc._positional import positional
from protorpc._rfc3339 import TimeZoneOffset, decode_datetime, total_seconds

# Nothing public may stand in this module that is not listed here: tools build on that rule.
__all__ = [
    "PROTORPC_PROJECT_URL",
    "AcceptError",
    "AcceptItem",
    "Error",
    "TimeZoneOffset",
    "choose_content_type",
    "decode_datetime",
    "get_package_for_module",
    "pad_string",
    "parse_accept_header",
    "positional",
    "total_seconds",
]

PROTORPC_PROJECT_URL = "http://code.google.com/p/google-protorpc"

_ERROR_PAGE_BYTES = 512


def pad_string(string: str) -> str:
    """Fill `string` with spaces to 512 characters, below which old browsers show an error page of their own."""
    return string.ljust(_ERROR_PAGE_BYTES)


def get_package_for_module(module: types.ModuleType | str) -> str | None:
    """Name of the package to which the definitions of a module belong.

    Args:
        module: A module, or the name of an imported one.

    Returns:
        The module's `package` attribute if it has one; else its name, for which `__main__` takes its file's name
        without the suffix. None if no module of that name is imported.
    """
    if isinstance(module, str):
        if module not in sys.modules:
            return None
        module = sys.modules[module]
    package = getattr(module, "package", None)
    if package is not None:
        return str(package)
    file: str | None = getattr(module, "__file__", None)
    if module.__name__ == "__main__" and file:
        return os.path.splitext(os.path.basename(file))[0]  # noqa: PTH119, PTH122 (pathlib takes 2 ms to import)
    return module.__name__
