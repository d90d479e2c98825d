"""What a command of the command line is, and how it says that it was asked for something impossible."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command."""

    summary: str
    """What it does, in a line of the help text."""
    description: str
    """The same, as its own help text begins."""
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Does it and returns the exit status. Raises UsageError."""


class UsageError(Exception):
    """Something that the user has to put right; its text is all that is shown."""
