"""`endpoints discovery TARGET`: the discovery documents that Google's clients are built from."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from endpoints.cli import declared, output
from endpoints.cli.command import Command
from endpoints.cli.hostname import checked, hostname_of
from endpoints.cli.output import Document
from endpoints.describe import discovery
from endpoints.describe.origin import Origin
from endpoints.operations import Api

_HERE: Final = "localhost:8080"  # where `endpoints serve` serves
_DESCRIPTION: Final = f"""
Write the discovery document of each API. Without -o the only one goes to stdout. The host name in its addresses is that
of --hostname, else the API's own, else that of the environment or of app.yaml, else {_HERE}.
"""


def run(options: argparse.Namespace) -> int:
    """Write the documents.

    Raises:
        UsageError: it cannot be done so.
    """
    apis = declared.declared(options).apis
    hosts = {api: options.hostname or hostname_of(api, options.application) for api in apis}
    documents = [_document(api, host or _HERE) for api, host in hosts.items()]
    output.put(documents, options, kind="Discovery document", ways_out="or choose one with --api NAME:VERSION")
    for document, host in zip(documents, hosts.values(), strict=True):
        if host is None:
            sys.stderr.write(f"endpoints discovery: {document.of} is described as served on {_HERE}, see --hostname\n")
    return 0


def _document(api: Api, hostname: str) -> Document:
    name = f"{api.name}:{api.version}"
    with declared.mistakes_of(name):
        content = discovery.document(api, Origin.declared(hostname))
    return Document(of=name, file_name=f"{api.name}-{api.version}.discovery", content=content)


def _arguments(parser: argparse.ArgumentParser) -> None:
    declared.add_arguments(parser)
    parser.add_argument("--hostname", type=checked, metavar="HOST[:PORT]", help="where the APIs are served")
    output.add_arguments(parser)


COMMAND: Final = Command(
    summary="write discovery documents",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)
