"""`endpoints routes TARGET`: what is served where, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from endpoints.cli import declared, table
from endpoints.cli.command import Command
from endpoints.definitions import AUTH_LEVEL
from endpoints.operations import Api, Operation

_DESCRIPTION: Final = """
List the methods of the APIs with their addresses. The last column says what a caller needs: "auth" where a method asks
for authentication, with its auth level if it has one, "key" where it needs an API key, and each metric of a quota with
what a call costs.
"""
_HEADINGS: Final = ("VERB", "PATH", "METHOD", "CODE", "NEEDS")


def run(options: argparse.Namespace) -> int:
    """Print the list.

    Raises:
        UsageError: a target cannot be found or described.
    """
    apis = declared.declared(options).apis
    if options.json:
        listed = [_route(api, operation) for api in apis for operation in api.operations]
        sys.stdout.write(json.dumps(listed, indent=2, ensure_ascii=False) + "\n")
        return 0
    rows = [_row(operation) for api in apis for operation in api.operations]
    for line in table.lines([_HEADINGS, *rows]):
        sys.stdout.write(line + "\n")
    return 0


def _route(api: Api, operation: Operation) -> dict[str, Any]:
    return {
        "api": api.name,
        "version": api.version,
        "verb": operation.http_method,
        "path": operation.full_path,
        "id": operation.id,
        "code": f"{operation.service.__module__}:{operation.rpc_name}",
        "auth": operation.asks_for_auth,
        "authLevel": operation.auth_level.name,
        "apiKeyRequired": operation.api_key_required,
        "metricCosts": dict(operation.metric_costs),
    }


def _row(operation: Operation) -> Sequence[str]:
    needs = ", ".join(_needs(operation))
    return operation.http_method, operation.full_path, operation.id, operation.rpc_name, needs or "-"


def _needs(operation: Operation) -> Iterator[str]:
    if operation.asks_for_auth:
        level = operation.auth_level
        yield "auth" if level is AUTH_LEVEL.NONE else f"auth {level.name.lower().replace('_', ' ')}"
    if operation.api_key_required:
        yield "key"
    for metric, cost in operation.metric_costs.items():
        yield f"{metric} {cost}"


def _arguments(parser: argparse.ArgumentParser) -> None:
    declared.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="as a JSON list, for programs")


COMMAND: Final = Command(
    summary="list methods and their addresses",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)
