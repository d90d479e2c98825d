"""Services found by convention, in `app/[module]/[module]_service.py`: nothing lists them.

Where the documentation of ferris3 and its code disagree, this does as the code did: every file below `app` counts
whose name ends in `service.py`, whatever its folder; also `app/posts_service.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

from ferris3.absent import REPLACEMENTS, reason
from ferris3.configuration import register_endpoints
from ferris3.exceptions import ConventionError
from ferris3.location import PACKAGE, application_root, at
from ferris3.modules import imported
from protorpc import remote

__all__ = ["discover_api_services"]

_ENDING = "service.py"


def discover_api_services(root: str | PathLike[str] | None = None) -> list[type[remote.Service]]:
    """Import the service files of an application, and return the services in them.

    Endpoints are registered before: by `endpoints_config.py` in the root folder, if there is one. If there is no
    default endpoint then, `app/default-endpoint.yaml` becomes it.

    Args:
        root: the folder that `app` is in; by default where the application is (see `ferris3.location`).

    Returns:
        Every class that belongs to an API, once, in the order of files and lines.

    Raises:
        ConventionError: there is no folder `app` or no service in it, or a file cannot be imported by its name.
        Exception: whatever a file raises when it is imported, with a note that names the file.
    """
    folder = application_root() if root is None else Path(root).resolve()
    if not (folder / PACKAGE).is_dir():
        raise ConventionError(
            f"no folder {PACKAGE!r} in {folder}: expected services in {PACKAGE}/[module]/[module]_service.py"
        )
    with at(folder):
        register_endpoints(folder)
        files = list(_service_files(folder / PACKAGE))
        services = list(dict.fromkeys(each for file in files for each in _services(imported(file, folder))))
    if not services:
        raise ConventionError(_nothing(folder, files))
    return services


def _service_files(package: Path) -> Iterator[Path]:
    for path in sorted(package.rglob(f"*{_ENDING}")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(package).parts):
            yield path


def _services(module: ModuleType) -> Iterator[type[remote.Service]]:
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, remote.Service) and hasattr(found, "api_info"):
            yield found


def _nothing(folder: Path, files: list[Path]) -> str:
    if not files:
        return f"no service in {folder}: expected files {PACKAGE}/[module]/[module]_service.py"
    names = ", ".join(str(file.relative_to(folder)) for file in files)
    return f"no service in {names}: expected a class decorated with ferris3.auto_service"


def __getattr__(name: str) -> Any:
    if name in REPLACEMENTS:
        raise ImportError(reason(name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
