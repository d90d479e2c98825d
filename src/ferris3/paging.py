"""Pages of a list, and the tokens that lead from one to the next."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any, Final, NamedTuple

from endpoints import BadRequestException

LARGEST_PAGE: Final = 1000
_DIGEST_SIZE: Final = 6


class PaginationResults(NamedTuple):
    """A page of entities, and the token of the next one: None on the last page."""

    items: list[Any]
    next_page_token: str | None = None


def check_limit(where: str, limit: Any) -> int:
    """Return the size of a page.

    Raises:
        ValueError: it is no number from 1 to 1000.
    """
    if type(limit) is not int or not 1 <= limit <= LARGEST_PAGE:
        raise ValueError(f"{where}: limit must be from 1 to {LARGEST_PAGE}, not {limit!r}")
    return limit


def page_token(scope: str, position: Any) -> str:
    """Write a position in a list as a token.

    The digest tells a damaged token, and one of another list, from a good one. It is no secret: who makes a token up
    starts at another place of a list that is open to him anyway.

    Args:
        scope: names the list.
        position: anything that JSON can hold.
    """
    text = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_digest(scope, text) + text).decode().rstrip("=")


def position_of(scope: str, token: str) -> Any:
    """Read a token.

    Raises:
        endpoints.BadRequestException: it is not one that `page_token` wrote for this list.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise bad_token(token) from None
    digest, text = raw[:_DIGEST_SIZE], raw[_DIGEST_SIZE:]
    if digest != _digest(scope, text):
        raise bad_token(token)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # made up
        raise bad_token(token) from None


def bad_token(token: str) -> BadRequestException:
    """Return the answer to a token that cannot be used."""
    shown = token if len(token) <= 40 else f"{token[:40]}..."
    return BadRequestException(f"pageToken: {shown!r} was not given by this list; leave it out for the first page")


def _digest(scope: str, text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=_DIGEST_SIZE, key=scope.encode()[:64]).digest()
