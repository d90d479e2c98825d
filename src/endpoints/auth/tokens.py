"""The token in a request (RFC 6750, 2): in the Authorization header, or as recorded in the query; never in the body."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import unquote_plus

from endpoints.auth.jws import MAX_LENGTH
from endpoints.auth.refusals import Reason, TokenRefused

QUERY_PARAMETERS: Final = ("bearer_token", "access_token")
"""Where a query may hold a token; the first that is there counts (recorded: via/query-both-*)."""
SCHEMES: Final = frozenset(["bearer", "oauth"])

_LONGEST_SCHEME: Final = 12
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, 2.1


def token_of(
    request: Any, parameters: Collection[str] = QUERY_PARAMETERS, schemes: Collection[str] = SCHEMES
) -> str | None:
    """The token that a request carries, of any form, or None. A header, even a bad one, ends the search.

    Args:
        request: as the server interfaces make it.
        parameters: of the query, in which to look when there is no header.
        schemes: of the header, in lower case.

    Raises:
        TokenRefused: HEADER, SEVERAL, TOO_LONG.
    """
    headers = request.header_values("authorization")
    if headers:
        token = _of_header(headers[0], schemes, len(headers) > 1)
    else:
        query: str = request.query if parameters else ""
        # PERF: all names hold this, and next to no query does.
        found = _of_query(query, parameters) if "token" in query else None
        if found is None:
            return None
        token = found
    if len(token) > MAX_LENGTH:
        raise TokenRefused(Reason.TOO_LONG, len(token))
    return token


def check_form(token: str) -> None:
    """Raises TokenRefused (MALFORMED) for a token with a character that no token has."""
    if not _TOKEN.fullmatch(token):
        raise TokenRefused(Reason.MALFORMED, "it holds a character that tokens do not")


def _of_header(header: str, schemes: Collection[str], repeated: bool) -> str:
    scheme, _, token = header.strip(" \t").partition(" ")
    token = token.lstrip(" ")
    if repeated or scheme.lower() not in schemes or not token or " " in token:
        # What is no scheme may be the secret itself.
        shown = scheme if token and scheme.isalpha() and len(scheme) <= _LONGEST_SCHEME else "no scheme"
        raise TokenRefused(Reason.HEADER, "sent twice" if repeated else shown)
    return token


def _of_query(query: str, parameters: Collection[str]) -> str | None:
    found: dict[str, str] = {}
    # A semicolon separates too, as everywhere (recorded: alltypes/query-semicolon).
    for part in query.replace(";", "&").split("&"):
        name, _, value = part.partition("=")
        if "token" not in name:
            continue
        name = unquote_plus(name)
        if name in found and name in parameters:
            raise TokenRefused(Reason.SEVERAL, name)
        found[name] = unquote_plus(value)
    return next((found[name] for name in parameters if found.get(name)), None)
