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

_PATIENCE: Final = 6.5  # seconds that a request waits for an answer
_SIZE: Final = 1000  # answers that are kept for certain; see `Remembered`
_log = logging.getLogger("endpoints.auth")


class Facts(NamedTuple):
    """What an issuer has said about a token, and until when it counts; no claims for a token that it does not know."""

    claims: Mapping[str, Any] | None
    until: float


class Lookup:
    """One address where access tokens are looked up.

    Args:
        terms: of the issuer; they hold the address, or Google's counts.
        fetch: asks an address.
        clock: tells the time in seconds.
        flights: the threads that ask.
    """

    def __init__(self, terms: Terms, fetch: Fetch, clock: Callable[[], float], flights: Flights) -> None:
        self.address = terms.introspection_uri or terms.tokeninfo_uri or GOOGLE_TOKENINFO
        self._terms = terms
        self._ask = self._introspect if terms.introspection_uri else self._tokeninfo
        self._fetch = fetch
        self._clock = clock
        self._flights = flights
        self._backoff = Backoff()
        self._answers: Remembered[bytes, Facts] = Remembered(_SIZE)

    def facts(self, token: str, digest: bytes) -> Steps[Facts]:
        """What is known about a token, which its issuer is asked for if need be.

        Raises:
            TokenRefused: INACTIVE, LOOKUP.
        """
        found = self._remembered(digest)
        if found is None:
            flight = self._flights.under_way((self, digest))
            if flight is None and self._backoff.is_over(self._clock()):
                flight, _ = self._flights.begin(
                    (self, digest), lambda: self._look_up(token, digest), lambda: self._remembered(digest) is None
                )
            if flight is not None:
                yield Wait(flight, _PATIENCE)
            found = self._remembered(digest)
        if found is None:
            raise TokenRefused(Reason.LOOKUP, self.address)
        if found.claims is None:
            raise TokenRefused(Reason.INACTIVE, self.address)
        return found

    def _remembered(self, digest: bytes) -> Facts | None:
        found = self._answers.get(digest)
        return found if found is not None and self._clock() < found.until else None

    def _look_up(self, token: str, digest: bytes) -> None:
        """Ask, in a thread of its own."""
        try:
            facts = self._dated(self._ask(token))
        except Exception as error:  # noqa: BLE001 - whatever is wrong, others are to be served
            now = self._clock()
            # What was asked holds the token, and an error may hold what was asked.
            text = str(error).replace(quote(token, safe=""), "...").replace(token, "...")
            _log.error("%s did not tell about an access token: %s: %s", self.address, type(error).__name__, text)
            if not isinstance(error, Senseless):
                self._backoff.failed(now)
                return
            facts = Facts(
                None, now + PUZZLING
            )  # this token's fault, for all we know, and not to be held against others
        self._backoff.succeeded()
        self._answers.keep(digest, facts)

    def _dated(self, claims: Mapping[str, Any] | None) -> Facts:
        now = self._clock()
        if claims is None:
            return Facts(None, now + UNKNOWN)
        try:
            expires, begins = read.time(claims, "exp"), read.time(claims, "nbf")
        except TokenRefused:
            return Facts(None, now + UNKNOWN)
        if (expires is not None and expires <= now) or (begins is not None and begins > now + self._terms.clock_skew):
            return Facts(None, now + UNKNOWN)
        return Facts(claims, now + KNOWN if expires is None else min(now + KNOWN, expires))

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
        if self._terms.client_id is not None and self._terms.client_secret is not None:
            pair = f"{quote_plus(self._terms.client_id)}:{quote_plus(self._terms.client_secret)}"
            headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
        form = urlencode({"token": token, "token_type_hint": "access_token"}).encode()
        claims = ask(self._fetch, self.address, form, headers).json()
        return claims if claims.get("active") is True else None


def _seconds(value: object) -> float:
    """A number that may be written as a string; one in the past for anything else."""
    text = str(value)
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1.0
