"""The APIs that the targets of a command declare, and which of them are meant."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from endpoints.cli.command import UsageError
from endpoints.cli.lookup import DEFAULT_ATTRIBUTES, DEFAULT_MODULE, find
from endpoints.cli.services import MISTAKES, kind_of, services_of, text_of
from endpoints.operations import Api, collect
from endpoints.server import ApiServer


@dataclass(frozen=True, slots=True)
class Declared:
    """APIs, and what their server makes of them."""

    apis: Sequence[Api]
    """One or more."""
    naive_datetimes: str | None
    """The setting of `api_server`, if all targets are servers and agree; of classes alone nobody can tell it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which APIs are meant."""
    parser.add_argument(
        "targets",
        metavar="TARGET",
        nargs="*",
        default=[DEFAULT_MODULE],
        help="what api_server returned, or a service class, a collection or a list of these, as module:name or "
        f"module.name; of a module alone the first of {', '.join(DEFAULT_ATTRIBUTES)} "
        f"(default: {DEFAULT_MODULE})",
    )
    parser.add_argument(
        "-a",
        "--application",
        metavar="PATH",
        type=Path,
        default=Path(),
        help="folder in which modules are looked for first (default: the current one)",
    )
    parser.add_argument(
        "--api", metavar="NAME[:VERSION]", action="append", help="only this API of the targets; may be repeated"
    )


def declared(options: argparse.Namespace) -> Declared:
    """Import the targets of a command, join what they declare, and choose what is meant.

    Args:
        options: what the arguments of `add_arguments` were given.

    Raises:
        UsageError: as `joined`, or `--api` names an API that is not there.
    """
    found = joined(options.targets, options.application)
    return replace(found, apis=_chosen(found.apis, options.api))


def joined(targets: Sequence[str], application: Path) -> Declared:
    """Import targets and join what they declare.

    Args:
        targets: see `endpoints.cli.lookup.find`.
        application: folder in which modules are looked for first.

    Raises:
        UsageError: a target cannot be found or declares no API, or APIs do not fit together.
    """
    with redirect_stdout(sys.stderr):  # what modules print is no part of a document
        found = [find(name, application) for name in targets]
    services = [service for name, each in found for service in _services(name, each)]
    with mistakes_of(", ".join(name for name, _ in found)):
        apis = collect(services)
    settings = {each.naive_datetimes if isinstance(each, ApiServer) else None for _, each in found}
    return Declared(apis, settings.pop() if len(settings) == 1 else None)


@contextmanager
def mistakes_of(name: str) -> Iterator[None]:
    """Word what is raised by declarations that make no sense together.

    Raises:
        UsageError: in place of it.
    """
    try:
        yield
    except MISTAKES as error:
        raise UsageError(f"{name} cannot be described: {text_of(error)}") from error


def _services(name: str, found: Any) -> Sequence[Any]:
    services = services_of(found)
    if services:
        return services
    if services is not None:
        raise UsageError(f"{name} has no service class")
    raise UsageError(
        f"{name} is {kind_of(found)}; expected what endpoints.api_server returns, a service class or collection "
        "decorated with endpoints.api, or a list of these"
    )


def _chosen(apis: Sequence[Api], wanted: Sequence[str] | None) -> Sequence[Api]:
    if not wanted:
        return apis
    for text in wanted:
        if not any(_is_meant(api, text) for api in apis):
            there = ", ".join(f"{api.name}:{api.version}" for api in apis)
            raise UsageError(f"--api {text} is none of the APIs there: {there}")
    return [api for api in apis if any(_is_meant(api, text) for text in wanted)]


def _is_meant(api: Api, text: str) -> bool:
    name, _, version = text.partition(":")
    return api.name == name and version in ("", api.version)
