"""The application's own modules, imported by the names that Python code gives them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from ferris3.exceptions import ConventionError


def imported(file: Path, root: Path) -> ModuleType:
    """Import a file of the application under the name that it has from the root: `app.posts.posts_service`.

    Folders need no `__init__.py`. What the module raises is raised, with a note that names the file.

    Args:
        file: a Python file below the root.
        root: the folder of the application; Python looks for modules there from then on.

    Raises:
        ConventionError: the file has a name that cannot be imported, or Python finds another module by it.
    """
    parts = file.relative_to(root).with_suffix("").parts
    if any("." in part for part in parts):
        raise ConventionError(f"{file} cannot be imported: there is a dot in its name; rename it")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    importlib.invalidate_caches()  # the file may be younger than the last look into its folder
    if len(parts) > 1:
        _check_package(parts[0], root)
    name = ".".join(parts)
    module = _module(name, file)
    if module.__file__ is None or Path(module.__file__).resolve() != file.resolve():
        raise ConventionError(f"{file} cannot be imported: module {name!r} is {module.__file__}")
    return module


def _check_package(name: str, root: Path) -> None:
    """Two applications in one process, or another project's package of that name, would mix up their modules."""
    wanted = (root / name).resolve()
    package = _module(name, wanted)
    folders = [Path(each).resolve() for each in getattr(package, "__path__", ())]
    if wanted not in folders:
        found = package.__file__ or ", ".join(map(str, folders))
        remedy = "" if (wanted / "__init__.py").exists() else f", or add an empty {wanted / '__init__.py'}"
        raise ConventionError(
            f"{wanted} cannot be imported: module {name!r} is {found}; leave that off the Python path{remedy}"
        )


def _module(name: str, path: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        error.add_note(f"(raised while {path} was imported)")
        raise
