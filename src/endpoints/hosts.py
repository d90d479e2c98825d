"""The host name that an application has when its API does not say one."""

from __future__ import annotations

import os
import re
from typing import Final

_APPLICATION: Final = re.compile(r"""^application:[ \t]+(['"]?)([a-z][a-z0-9-]*)\1[ \t]*(?:#.*)?$""", re.MULTILINE)


def default_hostname() -> str | None:
    """Find the host name of the application that this process is.

    The first of: the variable `DEFAULT_VERSION_HOSTNAME`, the project in `GOOGLE_CLOUD_PROJECT`, the `application` of
    an app.yaml in the working directory (seed page 004 on `hostname`). App Engine serves an application at
    ``<project>.appspot.com``.

    Returns:
        The name, or None when nothing tells it.
    """
    return hostname_of_environment() or _hostname_of(_declared_application())


def hostname_of_environment() -> str | None:
    """Find the host name by the two variables alone."""
    return os.environ.get("DEFAULT_VERSION_HOSTNAME") or _hostname_of(os.environ.get("GOOGLE_CLOUD_PROJECT"))


def _hostname_of(project: str | None) -> str | None:
    return f"{project}.appspot.com" if project else None


def _declared_application() -> str | None:
    try:
        with open("app.yaml", encoding="utf-8") as file:  # noqa: PTH123 (pathlib takes 2 ms to import)
            text = file.read()
    except (OSError, UnicodeError):
        return None
    # One top-level line of plain text: not worth a YAML library.
    found = _APPLICATION.search(text)
    return found[2] if found else None
