"""Why a token is refused: words for the log. Callers are told 401 or 403, and nothing more."""

from __future__ import annotations

import enum
from typing import Final

CHALLENGE: Final = 'Bearer realm="api"'
"""The `WWW-Authenticate` of an answer to which no token has led. At least one parameter has to follow the scheme (RFC
6750, 3): httplib2, on which Google's client stands, raises an exception otherwise."""


class Reason(enum.Enum):
    """What the log says of a refused token; the documentation has one line on each."""

    HEADER = "authorization-header"
    """The Authorization header is not one scheme `Bearer` or `OAuth` and one token, or was sent twice."""
    SEVERAL = "several-tokens"
    """A query parameter for tokens was sent twice."""
    TOO_LONG = "too-long"
    """More than 16 KiB; more than 4 KiB of what is sent on in an address."""
    MALFORMED = "malformed"
    """Neither a signed token (RFC 7515, 7.1) nor something that could be looked up."""
    TYPE = "token-type"
    """`typ` or `cty` say that the token is made for something else (RFC 8725, 3.11)."""
    CRITICAL = "critical-header"
    """The header demands the understanding of an extension (RFC 7515, 4.1.11)."""
    ALGORITHM = "algorithm"
    """`alg` is not among the issuer's algorithms, or the key is not made for it."""
    ISSUER = "issuer"
    """`iss` is no issuer of the API."""
    CLAIMS = "claims"
    """A claim is missing or of another type than it must be."""
    EXPIRED = "expired"
    """`exp` has passed."""
    NOT_YET = "not-yet-valid"
    """`nbf` or `iat` are in the future."""
    LIFETIME = "lifetime"
    """`exp` is too far in the future."""
    AUDIENCE = "audience"
    """`aud` holds none of the issuer's audiences."""
    KEYS = "keys-unavailable"
    """The issuer's keys could not be fetched, or are too old by now."""
    UNKNOWN_KEY = "unknown-key"
    """The issuer has no key of that `kid`."""
    SIGNATURE = "signature"
    """No key of the issuer has made the signature."""
    EMAIL = "email"
    """The e-mail address is missing where it must not be, or not verified."""
    SUBJECT = "subject"
    """The token speaks of nobody: it holds neither `sub` nor an e-mail address."""
    NO_LOOKUP = "no-lookup"
    """An access token, and none of the issuers has an address to look it up."""
    LOOKUP = "lookup-unavailable"
    """The address to look access tokens up did not answer."""
    INACTIVE = "inactive"
    """The address to look access tokens up does not know the token, or not any more."""
    EVENT_LOOP = "event-loop"
    """Asked for on an event loop, where nothing may be waited for, by a method that declares nothing about callers."""
    CLIENT = "client"
    """Valid, but for a client that may not call."""
    SCOPE = "scope"
    """Valid, but without any of the scopes."""


class TokenRefused(Exception):  # noqa: N818 - no error, but a verdict
    """A token does not count.

    Args:
        reason: for the log.
        detail: more of it, never secret; may be the caller's words, so that it is shown quoted and cut.

    Attributes:
        issuer: whom the token says it is of, where it got so far.
        key_id: of the key that it says it was signed with.
    """

    def __init__(self, reason: Reason, detail: object = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail
        self.issuer: str | None = None
        self.key_id: str | None = None

    @property
    def valid(self) -> bool:
        """Whether the token is genuine, but not enough."""
        return self.reason in (Reason.CLIENT, Reason.SCOPE)
