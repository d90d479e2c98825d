"""Access tokens whose meaning only their issuer knows: looked up at Google's token-info address, or by RFC 7662."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, quote_plus, urlencode

from endpoints.auth import claims as read
from endpoints.auth.asking import Fetch, Senseless, ask
from endpoints.auth.flights import Backoff, Flights, Steps, Wait
from endpoints.auth.refusals import Reason, TokenRefused
from endpoints.auth.remembered import Remembered
from endpoints.issuers import Terms

GOOGLE_TOKENINFO: Final = "https://www.googleapis.com/oauth2/v3/tokeninfo"
"""Where Google tells about its access tokens (recorded: conformance/auth, tokeninfo/*)."""
KNOWN: Final = 60.0
"""Seconds that a token counts for after it was looked up, if it does not expire before."""
UNKNOWN: Final = 30.0
"""Seconds in which a token that was not known is not looked up again."""
PUZZLING: Final = 5.0
"""Seconds in which a token is not looked up again for which the answer made no sense."""
UNANSWERED: Final = 2.0
"""Seconds in which a token is not looked up again for which there was no answer."""
MAX_IN_ADDRESS: Final = 4096
"""Characters of a token that becomes part of an address, as written there. Servers have 8 KiB for that, or less."""

_AT_A_TIME: Final = 16  # lookups at one address
_SEVERAL: Final = 4  # tokens without an answer after which it is the address that does not answer
_PATIENCE: Final = 6.5  # seconds that a request waits for an answer
_SIZE: Final = 1000  # answers that are kept for certain; see `Remembered`
_log = logging.getLogger("endpoints.auth")


class Facts(NamedTuple):
    """What an issuer has said about a token."""

    claims: Mapping[str, Any]
    since: float
    until: float
    """When they stop to count; as before `since`, which only a clock that is set back comes to."""
    refused: Reason | None = None
    """Why the token does not count, if it does not."""

    def count(self, now: float) -> bool:
        """Whether this is still to be believed."""
        return self.since <= now < self.until


class Lookup:
    """One address where access tokens are looked up.

    Args:
        terms: of the issuer; they hold the address, or Google's counts.
        fetch: asks an address.
        clock: tells the time in seconds.
    """

    def __init__(self, terms: Terms, fetch: Fetch, clock: Callable[[], float]) -> None:
        self.address = terms.introspection_uri or terms.tokeninfo_uri or GOOGLE_TOKENINFO
        self._terms = terms
        self._ask = self._introspect if terms.introspection_uri else self._tokeninfo
        self._credentials = _credentials(terms)
        self._fetch = fetch
        self._clock = clock
        self._flights = Flights(_AT_A_TIME)  # its own: who hangs holds up no other
        self._backoff = Backoff()
        self._unanswered: set[bytes] = set()
        self._answers: Remembered[bytes, Facts] = Remembered(_SIZE)

    @property
    def is_ready(self) -> bool:
        """Whether an answer is to be expected soon."""
        return not self._flights.is_full and not self._backoff.is_outage(self._clock())

    def facts(self, token: str, digest: bytes) -> Steps[Facts]:
        """What is known about a token, which its issuer is asked for if need be.

        Raises:
            TokenRefused: INACTIVE, LOOKUP, TOO_LONG.
        """
        if not self._terms.introspection_uri and len(quote(token, safe="")) > MAX_IN_ADDRESS:
            raise TokenRefused(Reason.TOO_LONG, len(token))
        found = self._remembered(digest)
        if found is None:
            flight = self._flights.under_way((self, digest))
            if flight is None and self._backoff.is_over(self._clock()):
                flight = self._flights.begin(
                    (self, digest), lambda: self._look_up(token, digest), lambda: self._remembered(digest) is None
                )
            if flight is not None:
                yield Wait(flight, _PATIENCE)
            found = self._remembered(digest)
        if found is None:
            raise TokenRefused(Reason.LOOKUP, self.address)
        if found.refused is not None:
            raise TokenRefused(found.refused, self.address)
        return found

    def _remembered(self, digest: bytes) -> Facts | None:
        found = self._answers.get(digest)
        return found if found is not None and found.count(self._clock()) else None

    def _look_up(self, token: str, digest: bytes) -> None:
        """Ask, in a thread of its own."""
        try:
            facts = self._dated(self._ask(token))
        except BaseException as error:  # noqa: BLE001 - whatever is wrong, others are to be served
            _log.error("%s did not tell about an access token: %s", self.address, self._described(error, token))
            answered = isinstance(error, Senseless)
            # This token's fault, for all we know, and not to be held against others.
            facts = self._refused(Reason.LOOKUP, PUZZLING if answered else UNANSWERED)
        else:
            answered = True
        self._note(digest, answered=answered)
        self._answers.keep(digest, facts)

    def _note(self, digest: bytes, *, answered: bool) -> None:
        """Note whether the address has answered about a token."""
        if answered:
            self._unanswered.clear()
            self._backoff.succeeded()
            return
        if len(self._unanswered) < _SEVERAL:
            self._unanswered.add(digest)
        if len(self._unanswered) >= _SEVERAL:
            self._backoff.failed(self._clock())

    def _described(self, error: BaseException, token: str) -> str:
        """An error in words. What was asked holds secrets, and an error may hold what was asked."""
        text = f"{type(error).__name__}: {error}"
        for secret in (quote(token, safe=""), token, self._credentials):
            text = text.replace(secret, "...") if secret else text
        return text

    def _refused(self, reason: Reason, seconds: float) -> Facts:
        now = self._clock()
        return Facts({}, now, now + seconds, reason)

    def _dated(self, claims: Mapping[str, Any] | None) -> Facts:
        if claims is None:
            return self._refused(Reason.INACTIVE, UNKNOWN)
        now = self._clock()
        try:
            expires, begins = read.time(claims, "exp"), read.time(claims, "nbf")
        except TokenRefused:
            return self._refused(Reason.INACTIVE, UNKNOWN)
        if (expires is not None and expires <= now) or (begins is not None and begins > now + self._terms.clock_skew):
            return self._refused(Reason.INACTIVE, UNKNOWN)
        return Facts(claims, now, now + KNOWN if expires is None else min(now + KNOWN, expires))

    def _tokeninfo(self, token: str) -> Mapping[str, Any] | None:
        mark = "&" if "?" in self.address else "?"
        answer = ask(self._fetch, f"{self.address}{mark}{urlencode({'access_token': token})}")
        if answer.status in (400, 401, 403, 404):
            return None
        claims = answer.json()
        verified = claims.get("email_verified")
        if verified in ("true", "false"):  # Google writes all values as strings
            claims["email_verified"] = verified == "true"
        for name in ("exp", "nbf", "iat"):
            if name in claims:
                claims[name] = _seconds(claims[name])
        if "exp" not in claims and "expires_in" in claims:
            claims["exp"] = self._clock() + _seconds(claims["expires_in"])
        return claims

    def _introspect(self, token: str) -> Mapping[str, Any] | None:
        """RFC 7662, section 2."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._credentials:
            headers["Authorization"] = f"Basic {self._credentials}"
        form = urlencode({"token": token, "token_type_hint": "access_token"}).encode()
        claims = ask(self._fetch, self.address, form, headers).json()
        return claims if claims.get("active") is True else None


def _credentials(terms: Terms) -> str:
    """The name and the secret of this server at an issuer (RFC 6749, 2.3.1); empty where it has none."""
    if terms.client_id is None or terms.client_secret is None:
        return ""
    return b64encode(f"{quote_plus(terms.client_id)}:{quote_plus(terms.client_secret)}".encode()).decode()


def _seconds(value: object) -> float:
    """A number that may be written as a string; one in the past for anything else."""
    text = str(value)
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1.0
