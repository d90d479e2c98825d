"""`endpoints diff OLD NEW`: what changed between two documents or servers, and what the version has to say of it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from endpoints.cli import declared
from endpoints.cli.command import Command, UsageError
from endpoints.cli.declared import Declared
from endpoints.describe import discovery, openapi2, openapi3
from endpoints.describe.origin import Origin
from endpoints.diff import comparison, documents, files, report
from endpoints.diff.comparison import Comparison
from endpoints.diff.model import Api as Described
from endpoints.diff.model import Format
from endpoints.diff.nodes import DocumentError
from endpoints.operations import Api

_DESCRIPTION: Final = """
Say what changed between two versions of an API, for each change whether it breaks clients that were generated from the
old one, and which part of the version has to go up. OLD and NEW are documents (OpenAPI 3.1, 3.0 or 2.0, or a discovery
document; JSON or YAML) or live: module:attribute, module.Class or module. A live side is described in the format of the
other. Exit status: 0 if all is well, 1 if not (see --fail-on), 2 for a mistake in the arguments or documents.
"""
_FAILED: Final = 1


def run(options: argparse.Namespace) -> int:
    """Compare, and write down what was found.

    Raises:
        UsageError: a side cannot be read, or it is not clear which API of a server is meant.
    """
    try:
        found = comparison.compare(*_sides(options))
    except DocumentError as error:
        raise UsageError(str(error)) from None
    sys.stdout.write(report.FORMATS[options.format](found) + "\n")
    return _FAILED if _fails(found, options.fail_on) else 0


def _fails(found: Comparison, on: str) -> bool:
    if on == "version":
        return not found.verdict.sufficient
    if on == "breaking":
        return any(change.breaking for change in found.changes)
    return on == "any" and bool(found.changes)


def _sides(options: argparse.Namespace) -> tuple[Described, Described]:
    old, new = _document(options.old), _document(options.new)
    if old is None:
        old = _fitting(options.old, new, options) if new else _whole(options.old, options)
    return old, new or _fitting(options.new, old, options)


def _document(name: str) -> Described | None:
    """Read a file; None when the name is that of a module."""
    path = Path(name)
    if not (path.is_file() or path.suffix.lower() in files.SUFFIXES or os.sep in name):
        return None
    return documents.read(name, files.read(path))


def _load(name: str, options: argparse.Namespace) -> Declared:
    return declared.declared(argparse.Namespace(targets=[name], application=options.application, api=None))


def _whole(name: str, options: argparse.Namespace) -> Described:
    """Describe a server in the format that says most."""
    live = _load(name, options)
    return _describe(name, _meant(name, live.apis, options.api), live, Format.OPENAPI_3)


def _fitting(name: str, other: Described, options: argparse.Namespace) -> Described:
    """Describe the APIs of a server that another document is about, in its format."""
    live = _load(name, options)
    apis = _choose(name, _meant(name, live.apis, options.api), other)
    as_recorded = not any(operation.groups for operation in other.operations)
    found = _describe(name, apis, live, other.format, as_recorded=as_recorded)
    # An application does not know below which path it is mounted; a document from its server does.
    return replace(found, base=other.base) if other.base.endswith(found.base) else found


def _describe(
    name: str, apis: Sequence[Api], live: Declared, format_: Format, *, as_recorded: bool = False
) -> Described:
    hostname = apis[0].info.declared_hostname
    origin = Origin.declared(hostname)
    with declared.mistakes_of(name):
        if format_ is Format.DISCOVERY:
            document = discovery.document(apis[0], origin)
        elif format_ is Format.OPENAPI_2:
            document = openapi2.document(apis, hostname=hostname, as_recorded=as_recorded)
        else:
            document = openapi3.document(apis, origin, naive_datetimes=live.naive_datetimes)
    described = documents.read(name, document)
    # Where an application will be served nobody knows unless it says so, and discovery documents tell each caller the
    # address of the request.
    return described if hostname and format_ is not Format.DISCOVERY else replace(described, servers=())


def _meant(name: str, apis: Sequence[Api], wanted: str | None) -> Sequence[Api]:
    """Those that `--api` names; all without it."""
    if not wanted:
        return apis
    found = [api for api in apis if wanted in (api.name, f"{api.name}:{api.version}")]
    if not found:
        raise UsageError(f"--api {wanted} is none of the APIs of {name}: {_listed(apis)}")
    return found


def _choose(name: str, apis: Sequence[Api], other: Described) -> Sequence[Api]:
    """Those that the other document is about: by name, then by version."""
    one = other.format is Format.DISCOVERY
    named = [api for api in apis if api.name == other.name or (not one and _is_in(other, api, _root_of_all(api)))]
    if not named and len(apis) == 1:
        return apis
    if len({api.name for api in named}) > 1:
        return apis  # a document about a whole server
    there = [api for api in named if _is_in(other, api, api.root_path)]
    if len(there) > 1:
        return named
    found = there or [api for api in named if api.version == other.version] or named
    if len(found) != 1:
        raise _unclear(name, found or apis, other)
    return found


def _root_of_all(api: Api) -> str:
    """What the addresses of all versions of an API begin with."""
    return f"{api.base_path}{api.name}/"


def _is_in(document: Described, api: Api, root: str) -> bool:
    """Tell whether a document has addresses below the root of an API, wherever its server is mounted."""
    base = api.base_path.rstrip("/")
    mount = document.base.removesuffix(base) if document.base.endswith(base) else ""
    return any(f"{document.base}{operation.path}".startswith(mount + root) for operation in document.operations)


def _unclear(name: str, apis: Sequence[Api], other: Described) -> UsageError:
    return UsageError(
        f"{name} has {_listed(apis)}; which of them to compare with {other.source} ({other.label})? "
        "Choose with --api NAME:VERSION"
    )


def _listed(apis: Sequence[Api]) -> str:
    return ", ".join(f"{api.name}:{api.version}" for api in apis)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help="document or server before the change")
    parser.add_argument("new", metavar="NEW", help="document or server after the change")
    parser.add_argument(
        "--api",
        metavar="NAME[:VERSION]",
        help="which API of a server is meant (default: the one that the other side has)",
    )
    parser.add_argument(
        "-a",
        "--application",
        metavar="PATH",
        type=Path,
        default=Path(),
        help="folder in which modules are looked for first (default: the current one)",
    )
    parser.add_argument("--format", choices=tuple(report.FORMATS), default="text", help="default: %(default)s")
    parser.add_argument(
        "--fail-on",
        choices=("version", "breaking", "any", "never"),
        default="version",
        help="exit with 1 when the version does not go up enough (version, the default), for a change that breaks "
        "clients (breaking), for any change (any), or never",
    )


COMMAND: Final = Command(
    summary="say what changed and whether it breaks clients",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)
