"""The `endpoints` command: finds the command that is asked for, and says mistakes without a traceback."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from endpoints._version import __version__
from endpoints.cli.command import Command, UsageError, plain_warnings

COMMANDS: Final = ("new", "serve", "routes", "openapi", "discovery", "client", "diff", "keys", "quota")
"""The modules beside this one that are commands, each by its `COMMAND`, in the order of the help text."""
_WRONG_USE: Final = 2  # as argparse and most shells have it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: what follows the name of the program; by default that of this process.

    Returns:
        The exit status: 2 for a mistake of the user, which is said on stderr.
    """
    options = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
    program = f"endpoints {options.command}"
    try:
        with plain_warnings(program):
            return _command(options.command).run(options)
    except UsageError as mistake:
        sys.stderr.write(f"{program}: {mistake}\n")
        return _WRONG_USE
    except BrokenPipeError:
        # Whoever read stdout has seen enough, as `head` does. Python must not find the same out again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say it in one line, without the usage that argparse puts before it."""
        self.exit(_WRONG_USE, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="endpoints", description="Declare a typed HTTP API once; serve and describe it from here.")
    parser.add_argument("--version", action="version", version=f"endpoints-frameworks {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    named = [name for name in COMMANDS if name in arguments]
    for name in COMMANDS:
        if named and name not in named:
            commands.add_parser(name)
            continue
        command = _command(name)
        command.add_arguments(commands.add_parser(name, help=command.summary, description=command.description))
    return parser


def _command(name: str) -> Command:
    # PERF: all commands together take longer to import than most of them to run, so only those named are.
    command: Command = importlib.import_module(f"endpoints.cli.{name}").COMMAND
    return command
