"""The store of keys and quotas that a command works on."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from endpoints.cli.command import UsageError
from endpoints.control import SERVICE_NAME, VARIABLE
from endpoints.control.contract import ControlUnavailable
from endpoints.control.locations import is_google, stored_control
from endpoints.control.stored import StoredControl
from endpoints.exceptions import ApiConfigurationError

_OPTION: Final = "--control"
_OFF: Final = f"control is off, so that there are no keys and quotas; name a store with {_OPTION}"
_GOOGLE: Final = f"Google keeps keys and quotas for this service; see its console, or name a store with {_OPTION}"


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
    location, said_by = _meant(options)
    if location == "off" or is_google(location):
        raise UsageError(f"{said_by}: {_OFF if location == 'off' else _GOOGLE}")
    try:
        yield stored_control(location, said_by)
    except (ApiConfigurationError, ControlUnavailable) as error:
        raise UsageError(str(error)) from None


def _meant(options: argparse.Namespace) -> tuple[str, str]:
    """The location, and who says so; by default that of the servers (`open_control`)."""
    if options.control:
        return options.control, _OPTION
    said = os.environ.get(VARIABLE)
    if said:
        return said, VARIABLE
    return ("google", SERVICE_NAME) if os.environ.get(SERVICE_NAME) else ("sqlite", VARIABLE)
