"""What a method asks of its caller before it is called.

A method whose auth level is REQUIRED is closed to everyone whose identity has not been verified (D9, V11); the others
are called, and decide by `get_current_user()`.
"""

from __future__ import annotations

from collections.abc import Callable

from endpoints.definitions import AUTH_LEVEL
from endpoints.exceptions import UnauthorizedException
from endpoints.operations import Operation
from endpoints.users import get_current_user


def guard(operation: Operation) -> Callable[[], None] | None:
    """What is to run before an operation's request is read, or None where anyone may call.

    The guard raises UnauthorizedException (401, with `WWW-Authenticate: Bearer`, RFC 6750 section 3).
    """
    return _require_user if operation.auth_level == AUTH_LEVEL.REQUIRED else None


def _require_user() -> None:
    if get_current_user() is None:
        raise UnauthorizedException("Login Required", headers={"WWW-Authenticate": "Bearer"})
