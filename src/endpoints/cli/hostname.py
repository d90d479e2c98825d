"""The host name in documents that no request has asked for."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, Final

from endpoints.cli.command import UsageError
from endpoints.hosts import hostname_of_environment
from endpoints.operations import Api

_HOST_AND_PORT: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?")


def hostname_of(api: Api, application: Path) -> str | None:
    """Return the host name that an API declares, else that of the environment, else that of its app.yaml.

    Args:
        api: the API.
        application: the folder with app.yaml.

    Raises:
        UsageError: app.yaml cannot be understood.
    """
    return api.info.declared_hostname or hostname_of_environment() or hostname_of_app_yaml(application)


def hostname_of_app_yaml(application: Path) -> str | None:
    """Return `<application>.appspot.com` for the `application` that App Engine's app.yaml names.

    A prefix that ends in a tilde (`s~`) is no part of it; an application of another domain (`example.com:app`) has an
    address that cannot be told from its name.

    Args:
        application: the folder with app.yaml.

    Returns:
        The name; None without the file, without an `application` in it, and for one of another domain.

    Raises:
        UsageError: it is no YAML, or `application` is no text.
    """
    path = application / "app.yaml"
    try:
        text = path.read_bytes()
    except OSError:
        return None
    found = _parsed(path, text)
    name = found.get("application") if isinstance(found, dict) else None
    if not name:
        return None
    if not isinstance(name, str):
        raise UsageError(f"{path}: application must be text, not {name!r}")
    project = name.rpartition("~")[2]
    return f"{project}.appspot.com" if project and ":" not in name else None


def checked(text: str) -> str:
    """Return the value of `--hostname`, a host name with or without a port.

    Raises:
        argparse.ArgumentTypeError: it is something else, such as an address with a scheme.
    """
    if not _HOST_AND_PORT.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"expected a host name such as api.example.com or localhost:8080, found {text!r}"
        )
    return text


def _parsed(path: Path, text: bytes) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise UsageError(f"{path}{where} is no YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is no YAML: {str(error).partition(chr(10))[0]}") from None
