"""`endpoints new KIND NAME`: the folder of a new application, one that runs."""

from __future__ import annotations

import argparse
import re
import shlex
import string
import sys
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath
from typing import Final

from endpoints.cli.command import Command, UsageError
from endpoints.cli.output import save

_DESCRIPTION: Final = """
Write the folder of a new application: an API with a service that answers, a test and a README. It is served by
`endpoints serve` in that folder.
"""
_KINDS: Final = {
    "ferris": "services found by convention, in app/[module]/[module]_service.py",
    "api": "a service in main.py",
}
_TEMPLATE: Final = ".template"  # so that no tool takes these files for programs
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
"""What remains without _ and - is a name that Google's tools take for an API."""


def run(options: argparse.Namespace) -> int:
    """Write the folder, and say what to do with it.

    Raises:
        UsageError: it makes no name, holds files already, or cannot be written.
    """
    folder: Path = options.folder
    name = folder.resolve().name
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for an API: expected up to 40 letters, digits, _ and -, a letter first")
    _check(folder)
    values = {"api": re.sub("[_-]", "", name).lower(), "title": re.sub("[_-]+", " ", name).strip().capitalize()}
    for path, text in _files(resources.files("endpoints.cli") / "scaffolds" / options.kind, PurePath()):
        save(folder / path, string.Template(text).substitute(values).encode())
    sys.stdout.write(f"Application written to {folder}\nServe it: cd {shlex.quote(str(folder))} && endpoints serve\n")
    return 0


def _check(folder: Path) -> None:
    try:
        empty = not any(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"{folder} cannot be written to: {error.strerror}") from None
    if not empty:
        raise UsageError(f"{folder} is not empty")


def _files(folder: Traversable, path: PurePath) -> Iterator[tuple[PurePath, str]]:
    """All templates in a folder, each with the path of the file that it becomes."""
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _files(each, path / each.name)
        else:
            yield path / each.name.removesuffix(_TEMPLATE), each.read_text(encoding="utf-8")


def _arguments(parser: argparse.ArgumentParser) -> None:
    kinds = "; ".join(f"{name}: {text}" for name, text in _KINDS.items())
    parser.add_argument("kind", metavar="KIND", choices=_KINDS, help=kinds)
    parser.add_argument(
        "folder",
        metavar="NAME",
        type=Path,
        help="folder to write to, there is none or it is empty; the API is named by it",
    )


COMMAND: Final = Command(
    summary="begin an application",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)
