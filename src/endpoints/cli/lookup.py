"""The object that a name on the command line stands for: `module:attribute`, `module.attribute` or `module`."""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Final

from endpoints.cli.command import UsageError

DEFAULT_ATTRIBUTES: Final = ("app", "api", "application", "server")
"""Where an application is looked for, in this order, when only a module is named."""
DEFAULT_MODULE: Final = "main"
"""What is meant when nothing is named."""


def find(name: str, folder: Path | None = None) -> tuple[str, Any]:
    """Import what a name stands for.

    A name without a colon is that of a module, if there is such a module; else what follows its last dots are
    attributes.

    Args:
        name: `module:attribute`, `module.attribute`, or `module` with the object in one of `DEFAULT_ATTRIBUTES`.
        folder: where modules are looked for first; by default the current one.

    Returns:
        The name with the attribute in it, and the object.

    Raises:
        UsageError: there is no such folder, module or attribute, or importing the module fails.
    """
    folder = (folder or Path.cwd()).resolve()
    _look_first_in(folder)
    module_name, colon, attribute = name.partition(":")
    if not all(part.isidentifier() for part in module_name.split(".")) or name.endswith(".py"):
        raise UsageError(f"{module_name!r} is no module name; expected one like main, package.main or main:app")
    module = _imported(module_name, folder, attributes_follow=not colon)
    attribute = attribute or module_name[len(module.__name__) + 1 :]
    if attribute:
        return name, _attribute(module, attribute)
    for attribute in DEFAULT_ATTRIBUTES:
        if hasattr(module, attribute):
            return f"{name}:{attribute}", getattr(module, attribute)
    raise UsageError(f"module {name!r} has none of {', '.join(DEFAULT_ATTRIBUTES)}; name what is meant: {name}:NAME")


def _look_first_in(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"there is no folder {str(folder)!r}")
    if sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))


def _imported(name: str, folder: Path, *, attributes_follow: bool) -> ModuleType:
    """Import the module; or, when attributes may follow it, the longest part of the name that is one."""
    found, missing = _module(name)
    package = name
    while found is None and attributes_follow and "." in package:
        package = package.rpartition(".")[0]
        found, missing = _module(package)
    if found is None:
        raise UsageError(f"there is no module {missing!r} in {folder} or on the Python path")
    return found


def _module(name: str) -> tuple[ModuleType | None, str | None]:
    """Import a module; where there is none of that name, return the part of the name that does not exist."""
    try:
        return importlib.import_module(name), None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the module is the user's and may raise anything
        trace = _of_the_module(error.__traceback__)
        if trace is None and isinstance(error, ModuleNotFoundError) and f"{name}.".startswith(f"{error.name}."):
            return None, error.name
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
