"""One way to write client libraries, for all languages: complete, or not at all."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from endpoints.clients import names, others, typescript
from endpoints.clients.document import Document, parsed
from endpoints.clients.errors import ClientError

_MISSING: Final = "{} is not installed; it comes with: pip install 'endpoints-frameworks[clients]'"


def write_client(
    language: str, document: dict[str, Any], folder: Path, name: str | None = None, *, force: bool = False
) -> Path:
    """Write a client library as a package that can be installed.

    Args:
        language: one of `LANGUAGES`.
        document: an OpenAPI 3.1 document, as `endpoints.describe.openapi3` makes them.
        folder: where its files go; made if there is none.
        name: of the package; by default that of the API with `-client` after it.
        force: write into a folder that holds files: those of the package are replaced, others stay.

    Returns:
        The folder.

    Raises:
        ClientError: it cannot be written; what the folder held is as it was, unless it is the disk that fails.
    """
    write = _WRITERS.get(language)
    if write is None:
        raise ClientError(others.advice(language))
    described = parsed(document)
    try:
        _check(folder, force=force)
        with tempfile.TemporaryDirectory() as made:
            write(document, described, names.default_name(described) if name is None else name, Path(made))
            _put(Path(made), folder)
    except OSError as error:
        raise ClientError(f"{error.filename or folder} cannot be written: {error.strerror or error}") from None
    return folder


def _check(folder: Path, *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise ClientError(f"{folder} is a file; expected a folder to write to")
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise ClientError(f"{folder} is not empty; --force replaces what is there of the package")


def _put(made: Path, folder: Path) -> None:
    for each in made.iterdir():
        if each.is_dir() and (folder / each.name).is_dir():
            shutil.rmtree(folder / each.name)  # modules of methods that are no more
    shutil.copytree(made, folder, dirs_exist_ok=True)


def _python(document: dict[str, Any], described: Document, name: str, folder: Path) -> None:
    try:
        writer = importlib.import_module("endpoints.clients.python")
    except ModuleNotFoundError as error:
        raise ClientError(_MISSING.format(error.name)) from None
    writer.write(document, described, name, folder)


def _typescript(_document: dict[str, Any], described: Document, name: str, folder: Path) -> None:
    typescript.write(described, name, folder)


_WRITERS: Final[dict[str, Callable[[dict[str, Any], Document, str, Path], None]]] = {
    "python": _python,
    "typescript": _typescript,
}
LANGUAGES: Final = tuple(_WRITERS)
"""The languages that client libraries are written in."""
