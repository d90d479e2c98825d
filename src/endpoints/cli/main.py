"""The `endpoints` command: finds the command that is asked for, and says mistakes without a traceback."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Final, NoReturn

from endpoints.cli import serve
from endpoints.cli.command import Command, UsageError

COMMANDS: Final[Mapping[str, Command]] = {
    "serve": serve.COMMAND,
}
_WRONG_USE = 2  # as argparse and most shells have it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: what follows the name of the program; by default that of this process.

    Returns:
        The exit status: 2 for a mistake of the user, which is said on stderr.
    """
    options = _parser().parse_args(arguments)
    try:
        return COMMANDS[options.command].run(options)
    except UsageError as mistake:
        sys.stderr.write(f"endpoints {options.command}: {mistake}\n")
        return _WRONG_USE


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say it in one line, without the usage that argparse puts before it."""
        self.exit(_WRONG_USE, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="endpoints", description="Declare a typed HTTP API once; serve it from here.")
    parser.add_argument("--version", action="version", version=f"endpoints-frameworks {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=command.summary, description=command.description))
    return parser


def _version() -> str:
    try:
        return metadata.version("endpoints-frameworks")
    except metadata.PackageNotFoundError:
        return "(not installed, run from its sources)"
