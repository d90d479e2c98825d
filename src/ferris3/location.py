"""Where the application is: paths in its configuration and the package `app` are looked for from there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

PACKAGE: Final = "app"
"""The folder, and the package, that holds services, endpoints and settings."""

_CHOSEN: Final[ContextVar[Path | None]] = ContextVar("ferris3_application_root", default=None)


def application_root() -> Path:
    """Return the root folder of the application, absolute.

    It is the first of these that has a folder `app`: what Python looks for modules in first (that is the folder of
    the program, or the one that `endpoints serve`, `endpoints -a FOLDER` or a server was told), the working directory,
    and all others that Python looks for modules in. Where there is none, it is the working directory.
    """
    chosen = _CHOSEN.get()
    if chosen is not None:
        return chosen
    here = Path.cwd()
    folders = [here / entry for entry in sys.path]  # an empty entry is the working directory
    for folder in (*folders[:1], here, *folders[1:]):
        if (folder / PACKAGE).is_dir():
            return folder.resolve()
    return here


@contextmanager
def at(root: Path) -> Iterator[None]:
    """Let the application be in this folder, whatever the working directory."""
    token = _CHOSEN.set(root)
    try:
        yield
    finally:
        _CHOSEN.reset(token)
