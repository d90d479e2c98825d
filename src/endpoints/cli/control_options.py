"""The store of keys and quotas that a command works on."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from endpoints.cli.command import UsageError
from endpoints.control import VARIABLE
from endpoints.control.contract import ControlUnavailable
from endpoints.control.locations import stored_control
from endpoints.control.stored import StoredControl
from endpoints.exceptions import ApiConfigurationError

_OPTION: Final = "--control"
_ELSEWHERE: Final = {
    "off": "control is off, so that there are no keys and quotas; name a store",
    "google": "Google keeps keys and quotas for this service; see its console",
}


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Add the argument that says which store is meant."""
    parser.add_argument(
        _OPTION,
        metavar="LOCATION",
        help=f"sqlite, sqlite:///PATH or redis://HOST:PORT/DB (default: {VARIABLE}, else sqlite: the file "
        "endpoints-control.db of the current folder)",
    )


@contextmanager
def store(options: argparse.Namespace) -> Iterator[StoredControl]:
    """The store that is meant.

    Raises:
        UsageError: there is none, or it cannot be asked.
    """
    location: str = options.control or os.environ.get(VARIABLE) or "sqlite"
    said_by = _OPTION if options.control else VARIABLE
    if location in _ELSEWHERE:
        raise UsageError(f"{said_by}: {_ELSEWHERE[location]} with {_OPTION}")
    try:
        yield stored_control(location, said_by)
    except (ApiConfigurationError, ControlUnavailable) as error:
        raise UsageError(str(error)) from None
