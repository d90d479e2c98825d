"""`endpoints openapi TARGET`: OpenAPI documents of APIs, 3.1 or 2.0, as JSON or YAML."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final

from endpoints.cli import declared, output
from endpoints.cli.command import Command, UsageError
from endpoints.cli.declared import Declared
from endpoints.cli.hostname import checked, hostname_of
from endpoints.cli.output import Document
from endpoints.describe import openapi2, openapi3
from endpoints.describe.origin import Origin
from endpoints.operations import Api

_DESCRIPTION: Final = """
Write the OpenAPI document of each API. Without -o the only one goes to stdout. The host name in a document is that of
--hostname, else the API's own, else that of the environment or of app.yaml; where nothing tells it, documents name no
server, and clients take the one that they have the document from.
"""
_FILE_ENDINGS: Final = {"3.1": "openapi", "2.0": "swagger"}
_FOR_THE_GATEWAY: Final = ("x_google_api_name", "x_google_allow", "allow_cors")
"""Arguments of `openapi2.document` that are options here."""


def run(options: argparse.Namespace) -> int:
    """Write the documents.

    Raises:
        UsageError: it cannot be done so.
    """
    told = [f"--{name.replace('_', '-')}" for name in _FOR_THE_GATEWAY if getattr(options, name)]
    if told and options.spec != "2.0":
        raise UsageError(f"{told[0]} is for Google's gateway, which reads OpenAPI 2.0: add --spec 2.0")
    found = declared.declared(options)
    groups = [found.apis] if options.merge else [[api] for api in found.apis]
    documents = [_document(apis, found, options) for apis in groups]
    ways_out = "choose one with --api NAME:VERSION, or make one of all with --merge"
    output.put(documents, options, kind="OpenAPI document", ways_out=ways_out)
    return 0


def _document(apis: Sequence[Api], found: Declared, options: argparse.Namespace) -> Document:
    names = ", ".join(f"{api.name}:{api.version}" for api in apis)
    ending = _FILE_ENDINGS[options.spec]
    with declared.mistakes_of(names):
        return Document(
            of=names,
            file_name=ending if options.merge else f"{apis[0].name}-{apis[0].version}.{ending}",
            content=_content(apis, found, options),
        )


def _content(apis: Sequence[Api], found: Declared, options: argparse.Namespace) -> Any:
    hostname = options.hostname or hostname_of(apis[0], options.application)
    if options.spec == "2.0":
        told = {name: getattr(options, name) for name in _FOR_THE_GATEWAY}
        return openapi2.document(apis, hostname=hostname, **told)
    return openapi3.document(apis, Origin.declared(hostname), naive_datetimes=found.naive_datetimes)


def _arguments(parser: argparse.ArgumentParser) -> None:
    declared.add_arguments(parser)
    parser.add_argument(
        "--spec", "--version", choices=tuple(_FILE_ENDINGS), default="3.1", help="version of OpenAPI (default: 3.1)"
    )
    parser.add_argument("--hostname", type=checked, metavar="HOST[:PORT]", help="where the APIs are served")
    parser.add_argument("--merge", action="store_true", help="one document for all APIs")
    parser.add_argument(
        "--x-google-api-name",
        action="store_true",
        help="add the field of this name (OpenAPI 2.0, for Google's gateway)",
    )
    parser.add_argument(
        "--x-google-allow",
        choices=("all", "configured"),
        help="which paths Google's gateway lets through (OpenAPI 2.0)",
    )
    parser.add_argument(
        "--allow-cors",
        action="store_true",
        help="have Google's gateway pass preflights on, by x-google-endpoints (OpenAPI 2.0)",
    )
    output.add_arguments(parser)


COMMAND: Final = Command(
    summary="write OpenAPI documents",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)
