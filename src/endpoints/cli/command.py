"""What a command of the command line is, and how it speaks to the user besides doing what it is asked for."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from endpoints.exceptions import ConfigurationWarning


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


@contextmanager
def plain_warnings(program: str) -> Iterator[None]:
    """Say what is odd in declarations in one line, without the place in the framework that found it."""
    usual = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *place: Any, **options: Any) -> None:
        if issubclass(category, ConfigurationWarning):
            sys.stderr.write(f"{program}: warning: {message}\n")
        else:
            usual(message, category, *place, **options)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield
