"""What a token says, typed before it is compared (RFC 7519, 4.1; RFC 9068; OpenID Connect Core 1.0)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from endpoints.auth.refusals import Reason, TokenRefused
from endpoints.issuers import Terms

Claims = Mapping[str, Any]
_LARGEST: Final = 2**63


def text(claims: Claims, name: str) -> str | None:
    """A claim that is a string and not empty; None when it is not there.

    Raises:
        TokenRefused: CLAIMS, it is anything else.
    """
    value = claims.get(name)
    if (isinstance(value, str) and value) or name not in claims:
        return value
    raise TokenRefused(Reason.CLAIMS, f"{name} is no string, or empty")


def time(claims: Claims, name: str) -> float | None:
    """A claim that is a finite number of seconds; None when it is not there.

    Raises:
        TokenRefused: CLAIMS, it is anything else: a string, a boolean, null, more than a clock can show.
    """
    value = claims.get(name)
    # A boolean is an int, but not its type; a larger int cannot be added to a float.
    if (type(value) is int and -_LARGEST < value < _LARGEST) or (type(value) is float and math.isfinite(value)):
        return value
    if name not in claims:
        return None
    raise TokenRefused(Reason.CLAIMS, f"{name} is no number")


def check_times(claims: Claims, terms: Terms, now: float) -> float:
    """Until when a signed token counts, if it does at all.

    Raises:
        TokenRefused: CLAIMS, `exp` or `iat` is missing or no number; EXPIRED, NOT_YET, LIFETIME.
    """
    expires, issued, begins = time(claims, "exp"), time(claims, "iat"), time(claims, "nbf")
    if expires is None or issued is None:
        raise TokenRefused(Reason.CLAIMS, "exp and iat must be there")
    skew = terms.clock_skew
    if now > expires + skew:
        raise TokenRefused(Reason.EXPIRED, f"{now - expires:.0f} seconds ago")
    if now < issued - skew or (begins is not None and now < begins - skew):
        raise TokenRefused(Reason.NOT_YET)
    if terms.max_lifetime is not None and expires >= now + terms.max_lifetime:
        raise TokenRefused(Reason.LIFETIME, f"expires in {expires - now:.0f} seconds")
    return expires + skew


def audiences(claims: Claims) -> tuple[str, ...]:
    """Whom a token is for: `aud`, a string or a list of them (RFC 7519, 4.1.3); none when it is not there.

    Raises:
        TokenRefused: CLAIMS, it is anything else.
    """
    value = claims.get("aud")
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(each for each in value if each)
    if "aud" not in claims:
        return ()
    raise TokenRefused(Reason.CLAIMS, "aud is neither a string nor a list of strings")


def client(claims: Claims) -> str | None:
    """The client that a token was issued to: `azp`, or else `client_id` (RFC 9068, 2.2).

    Raises:
        TokenRefused: CLAIMS, one of them is no string.
    """
    authorized, identified = text(claims, "azp"), text(claims, "client_id")
    return identified if authorized is None else authorized


def scopes(claims: Claims) -> set[str]:
    """The scopes that a token was given: the words of `scope` (RFC 8693, 4.2) and `scp`.

    Raises:
        TokenRefused: CLAIMS, one of them is neither a string nor a list of strings.
    """
    found: set[str] = set()
    for name in ("scope", "scp"):
        value = claims.get(name, "")
        words = value.split(" ") if isinstance(value, str) else value
        if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
            raise TokenRefused(Reason.CLAIMS, f"{name} is neither a string nor a list of strings")
        found.update(words)
    return found - {""}


def email(claims: Claims, terms: Terms, *, certain: bool) -> str | None:
    """The verified e-mail address; None where there is none and none is needed.

    Args:
        claims: of the token.
        terms: whether an unverified address is passed over.
        certain: whether there must be one, and `email_verified` with it.

    Raises:
        TokenRefused: CLAIMS, EMAIL.
    """
    address = text(claims, "email")
    verified = claims.get("email_verified", not certain)
    if address is None and not certain:
        return None
    if address is not None and verified is True:
        return address
    if terms.allow_unverified_email and verified is False and not certain:
        return None
    raise TokenRefused(Reason.EMAIL, "none" if address is None else "not verified")
