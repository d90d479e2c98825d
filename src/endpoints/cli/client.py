"""`endpoints client LANGUAGE TARGET`: a client library, as a package that can be installed."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from endpoints.cli import declared
from endpoints.cli.command import Command, UsageError
from endpoints.cli.hostname import checked, hostname_of
from endpoints.clients import LANGUAGES, ClientError, advice, write_client
from endpoints.describe import openapi3
from endpoints.describe.origin import Origin
from endpoints.diff import files
from endpoints.diff.nodes import DocumentError

_DESCRIPTION: Final = """
Write a typed client library for Python or TypeScript, of servers or classes or of a file with an OpenAPI 3.1 document.
Nothing is downloaded. For other languages it says which public generator to feed which document to.
"""
_INSTALL: Final = {"python": "pip install", "typescript": "npm install"}


def run(options: argparse.Namespace) -> int:
    """Write the package.

    Raises:
        UsageError: it cannot be done so.
    """
    document = _document(options)
    if options.base_url:
        document = {**document, "servers": [{"url": options.base_url}]}
    try:
        folder = write_client(options.language, document, options.output, options.name, force=options.force)
    except ClientError as error:
        raise UsageError(str(error)) from None
    install = f"{_INSTALL[options.language]} {shlex.quote(_shown(folder))}"
    sys.stdout.write(f"Client library written to {folder}\nInstall it: {install}\n")
    return 0


def _document(options: argparse.Namespace) -> dict[str, Any]:
    path = Path(options.targets[0])
    if path.suffix.lower() not in files.SUFFIXES:
        return _described(options)
    if len(options.targets) > 1 or options.api:
        raise UsageError(f"{path} is a document; with it there can be neither other targets nor --api")
    try:
        found = files.read(path)
    except DocumentError as error:
        raise UsageError(str(error)) from None
    return _moved(found, options.hostname) if options.hostname else found


def _described(options: argparse.Namespace) -> dict[str, Any]:
    found = declared.declared(options)
    hostname = options.hostname or hostname_of(found.apis[0], options.application)
    with declared.mistakes_of(", ".join(options.targets)):
        return openapi3.document(found.apis, Origin.declared(hostname), naive_datetimes=found.naive_datetimes)


def _moved(document: dict[str, Any], hostname: str) -> dict[str, Any]:
    """The document of the same APIs on another host."""
    match document.get("servers"):
        case [{"url": str(url)}, *_]:
            path = urlsplit(url).path
        case _:
            path = ""
    return {**document, "servers": [{"url": Origin.declared(hostname).root + path}]}


def _shown(folder: Path) -> str:
    """The folder as installers take it: a plain name would be that of a published package."""
    return str(folder) if folder.is_absolute() or folder.parts[:1] == ("..",) else f"./{folder}"


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise argparse.ArgumentTypeError(advice(text))
    return text


def _base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        fits = False
    if not fits:
        raise argparse.ArgumentTypeError(f"expected an address such as https://api.example.com/_ah/api, found {text!r}")
    return text


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("language", metavar="LANGUAGE", type=_language, help=" or ".join(LANGUAGES))
    declared.add_arguments(parser)
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", type=Path, required=True, help="where the package is written to"
    )
    parser.add_argument("--name", help="of the package (default: the name of the API, then -client)")
    address = parser.add_mutually_exclusive_group()
    address.add_argument(
        "--hostname",
        type=checked,
        metavar="HOST[:PORT]",
        help="where the APIs are served (default: as the document says)",
    )
    address.add_argument(
        "--base-url",
        type=_base_url,
        metavar="URL",
        help="the same with scheme and path: what all paths are appended to",
    )
    parser.add_argument("--force", action="store_true", help="replace the package in a folder that is not empty")


COMMAND: Final = Command(
    summary="write a client library",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)
