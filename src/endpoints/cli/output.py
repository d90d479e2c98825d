"""Where the documents of a command go: to stdout, to a file, or to files in a folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from endpoints.cli.command import UsageError
from endpoints.cli.notation import Notation, written

_NOTATIONS: Final[dict[str, Notation]] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document, made."""

    of: str
    """What it describes, as `--api` is told: `guestbook:v0.2`."""
    file_name: str
    """What it is called in a folder, without what says the notation."""
    content: Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say where documents go."""
    parser.add_argument("--format", choices=("json", "yaml"), help="default: as -o says by its ending, else json")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER or FILE",
        help="a name that ends in .json, .yaml or .yml is a file, any other a folder (default: stdout)",
    )


def put(documents: Sequence[Document], options: argparse.Namespace, *, kind: str, ways_out: str) -> None:
    """Write documents where the user wants them, and say on stdout which files they are in.

    Args:
        documents: one or more.
        options: what the arguments of `add_arguments` were given.
        kind: what is written, for these lines: `OpenAPI document`.
        ways_out: what the user can do about several documents, besides giving a folder.

    Raises:
        UsageError: several documents for one place, or a file that cannot be written.
    """
    path = None if options.output in (None, "-") else Path(options.output)
    file_notation = None if path is None or path.is_dir() else _NOTATIONS.get(path.suffix.lower())
    notation: Notation = options.format or file_notation or "json"
    if len(documents) > 1 and (path is None or file_notation):
        raise UsageError(
            f"there are {len(documents)} documents ({', '.join(each.of for each in documents)}), and "
            f"{'only one stdout' if path is None else f'{path} is one file'}: give a folder with -o FOLDER, {ways_out}"
        )
    texts = [written(each.content, notation) for each in documents]
    if path is None:
        sys.stdout.buffer.write(texts[0].encode())
        sys.stdout.flush()
    elif file_notation:
        _save(path, texts[0], kind)
    else:
        for document, text in zip(documents, texts, strict=True):
            _save(path / f"{_safe(document.file_name)}.{notation}", text, kind)


def save(path: Path, data: bytes) -> None:
    """Write a file, and the folders that it is in.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None


def _save(path: Path, text: str, kind: str) -> None:
    save(path, text.encode())
    sys.stdout.write(f"{kind} written to {path}\n")


def _safe(file_name: str) -> str:
    """The name without what would lead into another folder: a version may hold slashes."""
    return file_name.replace("/", "_").replace("\\", "_")
