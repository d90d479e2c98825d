"""Names and versions of packages."""

from __future__ import annotations

import keyword
import re
from typing import Final

from endpoints.clients.document import Document
from endpoints.clients.errors import ClientError
from endpoints.clients.methods import api_name

_PYTHON: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", re.IGNORECASE)
_NPM: Final = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*")
_LONGEST_NPM: Final = 214


def default_name(document: Document) -> str:
    """Return a name for the client library of a document: that of its API, or its title, and `client`."""
    words = re.findall("[a-z0-9]+", (api_name(document) or document.info.title).lower())
    return "-".join([*words, "client"])


def module_name(name: str) -> str:
    """Return the import name of a Python distribution: `guestbook_client` of `guestbook-client`.

    Raises:
        ClientError: it is no name of a distribution, or makes no import name.
    """
    module = re.sub("[-.]+", "_", name).lower()
    if not _PYTHON.fullmatch(name) or not module.isidentifier() or keyword.iskeyword(module):
        raise ClientError(f"{name!r} is no name of a Python package; expected one such as guestbook-client")
    return module


def checked_npm_name(name: str) -> str:
    """Return a name that npm takes for a package: `guestbook-client`, `@example/guestbook`.

    Raises:
        ClientError: npm does not take it.
    """
    if not _NPM.fullmatch(name) or len(name) > _LONGEST_NPM:
        expected = "lower-case letters, digits and dashes such as guestbook-client or @example/guestbook"
        raise ClientError(f"{name!r} is no name of an npm package; expected {expected}")
    return name


def package_version(version: str) -> str:
    """Return the version of an API as PyPI and npm both take one, in three numbers.

    >>> [package_version(version) for version in ("v1", "v0.2", "2.7.1", "v1beta", "next")]
    ['1.0.0', '0.2.0', '2.7.1', '1.0.0', '0.0.0']
    """
    found = re.match(r"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?", version, re.IGNORECASE | re.ASCII)
    return ".".join(str(int(number or 0)) for number in found.groups()) if found else "0.0.0"
