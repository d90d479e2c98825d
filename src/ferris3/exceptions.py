"""Mistakes in what an application declares; all of them show when its modules are imported."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from endpoints import ApiConfigurationError


class ConventionError(ApiConfigurationError, TypeError, ValueError):
    """An endpoint, a service or a method is not declared as ferris3 expects.

    It is a TypeError and a ValueError too: the original raised one or the other.
    """


class NoDefaultEndpointError(ConventionError, RuntimeError):
    """The default endpoint is asked for, and no endpoint is the default."""


class EndpointFileNotFoundError(ConventionError, FileNotFoundError):
    """There is no endpoint definition where one is looked for."""


def hint(word: object, known: Iterable[str]) -> str:
    """Return what ends a message on an unknown word: the known one that is most like it, or nothing."""
    found = difflib.get_close_matches(str(word).lower(), known, n=1)
    return f"; did you mean {found[0]}?" if found else ""
