"""The keys of one issuer: fetched when first needed, kept, renewed in time, and served through an outage.

| after the last fetch | |
|---|---|
| three quarters of the lifetime | renewed while requests go on with what is there |
| the lifetime | all requests wait for the new ones, shortly; in an outage none does |
| 6 hours | not used any more, if nothing better has come since |

The lifetime is 5 minutes, or what Cache-Control says between 10 seconds and an hour. A token with an unknown key id
makes them be fetched at once, but not twice in 10 seconds. After failures, tries are 1, 2, 4 ... at most 30 seconds
apart. A clock that was set back to before they were fetched makes them expire.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Final

from endpoints.auth import addresses
from endpoints.auth.asking import Fetch, Senseless, ask
from endpoints.auth.flights import Backoff, Flight, Flights, Steps, Wait
from endpoints.auth.refusals import Reason, TokenRefused

if TYPE_CHECKING:
    from endpoints.auth.jwt import VerificationKey
    from endpoints.auth.key_sets import KeySet

LIFETIME: Final = 300.0
"""Seconds that keys are kept for when the issuer does not say."""
LIFETIMES: Final = (10.0, 3600.0)
"""The seconds within which an issuer may say."""
STALE: Final = 6 * 3600.0
"""Seconds after which keys do not count any more that could not be renewed."""
COOL_DOWN: Final = 10.0
"""Seconds in which unknown key ids cause one fetch at most."""

_FIRST_PATIENCE: Final = 6.5  # seconds that a request waits where there are no keys at all
_PATIENCE: Final = 2.0  # where there are some
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.ASCII | re.IGNORECASE)
_KEEP_NOT: Final = re.compile(r"(?:^|[\s,])no-(?:store|cache)\b", re.ASCII | re.IGNORECASE)
_log = logging.getLogger("endpoints.auth")


class Keys:
    """What an issuer has published at one time.

    Args:
        published: the keys.
        number: grows with each time that the issuer is asked.
        now: when it was asked.
        lifetime: of the keys, in seconds.

    Attributes:
        number: as given; clocks do not tell which of two came later.
        asked_at: when the issuer was asked for them.
        renewed_at: the time from which on newer ones are to be fetched.
        stale_at: the time from which on they must not.
        current: whether there are no newer ones.
    """

    __slots__ = (
        "_by_use",
        "_expired_at",
        "_ids",
        "_ids_count",
        "asked_at",
        "current",
        "number",
        "renewed_at",
        "stale_at",
    )

    def __init__(self, published: KeySet, number: int, now: float, lifetime: float) -> None:
        self._by_use: dict[tuple[str | None, str], tuple[VerificationKey, ...]] = {}
        self._ids = frozenset(key.key_id for key in published.keys)
        self._ids_count = published.ids_count
        for key in published.keys:
            for algorithm in key.algorithms:
                for key_id in {key.key_id, None}:
                    use = (key_id, algorithm)
                    self._by_use[use] = (*self._by_use.get(use, ()), key)
        self.current = True
        self.number = number
        self.asked_at = now
        self.renewed_at = now + lifetime * 0.75
        self._expired_at = now + lifetime
        self.stale_at = now + max(lifetime, STALE)

    def is_fresh(self, now: float) -> bool:
        """Whether newer ones need not be fetched yet."""
        return self.asked_at <= now < self.renewed_at

    def is_expired(self, now: float) -> bool:
        """Whether they should not be used any more."""
        return not self.asked_at <= now < self._expired_at

    def known(self, key_id: str | None) -> bool:
        """Whether there is a key of that id; of no id, whether there is any key."""
        return key_id in self._ids or (key_id is None and bool(self._ids))

    def find(self, key_id: str | None, algorithm: str) -> tuple[VerificationKey, ...]:
        """The keys of that id, or all where a token names none, that are made for an algorithm.

        Keys that share an id are alternatives (RFC 7517, 4.5).
        """
        return self._by_use.get((key_id if self._ids_count else None, algorithm), ())


class KeySource:
    """Where the keys of an issuer come from.

    Args:
        issuer: whom to ask where its keys are, if `jwks_uri` is None.
        jwks_uri: where they are.
        fetch: asks an address.
        clock: tells the time in seconds.
        flights: the threads that ask.
    """

    def __init__(
        self, issuer: str, jwks_uri: str | None, fetch: Fetch, clock: Callable[[], float], flights: Flights
    ) -> None:
        self._issuer = issuer
        self._jwks_uri = jwks_uri
        self._fetch = fetch
        self._clock = clock
        self._flights = flights
        self._keys: Keys | None = None
        self._numbers = count()
        self._tries = 0
        self._backoff = Backoff()
        self._unknown_at = -COOL_DOWN * 2

    def fresh(self, key_id: str | None) -> Keys | None:
        """The keys, if nothing is to be done before they may be used for a token with that key id; else see `find`."""
        keys = self._keys
        return keys if keys is not None and keys.known(key_id) and keys.is_fresh(self._clock()) else None

    def find(self, key_id: str | None) -> Steps[Keys]:
        """Keys, one of which has that id; any keys for a token that names none.

        Raises:
            TokenRefused: KEYS, UNKNOWN_KEY.
        """
        keys = yield from self._there()
        if not keys.known(key_id):
            keys = yield from self._newer(keys)
            if not keys.known(key_id):
                raise TokenRefused(Reason.UNKNOWN_KEY)
        return keys

    def renewed(self, keys: Keys) -> Steps[Keys | None]:
        """Newer keys than these, after none of them has made a signature that names no key; None if there are none."""
        newer = yield from self._newer(keys)
        return None if newer is keys else newer

    def _there(self) -> Steps[Keys]:
        """Keys that may be used, whether or not they hold what a token needs."""
        keys, now = self._keys, self._clock()
        if keys is not None and keys.is_fresh(now):
            return keys
        flight = self._begin() if self._backoff.is_over(now) else self._flights.under_way(self)
        if flight is not None:
            if keys is None or now >= keys.stale_at:
                yield Wait(flight, _FIRST_PATIENCE)
            elif keys.is_expired(now) and not self._backoff.is_outage(now):
                yield Wait(flight, _PATIENCE)
        keys = self._keys
        if keys is None or now >= keys.stale_at:
            raise TokenRefused(Reason.KEYS, self._issuer)
        return keys

    def _newer(self, keys: Keys) -> Steps[Keys]:
        """What an issuer has published since, if it may be asked; else the same."""
        now = self._clock()
        flight = self._flights.under_way(self)
        if flight is None and self._backoff.is_over(now) and not 0 <= now - self._unknown_at < COOL_DOWN:
            self._unknown_at = now
            flight = self._begin()
        if flight is not None:
            yield Wait(flight, _PATIENCE)
        return self._keys or keys

    def _begin(self) -> Flight | None:
        tries = self._tries
        return self._flights.begin(self, self._renew, lambda: self._tries == tries)

    def _renew(self) -> None:
        """Fetch the keys, in a thread of its own."""
        try:
            keys = self._fetched()
        except BaseException as error:  # noqa: BLE001 - whatever is wrong with an answer, it is an outage
            self._backoff.failed(self._clock())
            _log.error("the keys of %r were not fetched: %s: %s", self._issuer, type(error).__name__, error)
        else:
            self._backoff.succeeded()
            self._replace(keys)
        finally:
            self._tries += 1

    def _replace(self, keys: Keys) -> None:
        former = self._keys
        if former is not None:
            if keys.number < former.number:
                return  # an answer that was given up comes after all, when there is a better one
            former.current = False
        self._keys = keys

    def _fetched(self) -> Keys:
        # PERF: cryptography takes 60 ms to import, which only servers pay for that are sent tokens.
        from endpoints.auth.key_sets import read  # noqa: PLC0415

        number, now = next(self._numbers), self._clock()
        address = self._jwks_uri or self._discovered()
        answer = ask(self._fetch, address)
        return Keys(read(answer.json(), address), number, now, _lifetime(answer.headers))

    def _discovered(self) -> str:
        """Where the issuer says its keys are (OpenID Connect Discovery 1.0, 4)."""
        address = discovery_address(self._issuer)
        document = ask(self._fetch, address).json()
        if document.get("issuer") != self._issuer:  # 4.3: it must be the same, or keys could be put upon others
            raise Senseless(f"{address} speaks of another issuer")
        found = str(document.get("jwks_uri"))
        try:
            addresses.check(found)
        except ValueError as error:
            raise Senseless(f"{address}: jwks_uri {error}") from None
        if addresses.is_local(found) and not addresses.is_local(address):
            raise Senseless(f"{address}: jwks_uri leads to this machine")
        return found


def discovery_address(issuer: str) -> str:
    """Where an issuer describes itself."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def _lifetime(headers: Mapping[str, str]) -> float:
    """For how long an answer may be kept (RFC 9111, 4.2), within bounds."""
    control, (least, most) = headers.get("cache-control", ""), LIFETIMES
    if _KEEP_NOT.search(control):
        return least
    found = _MAX_AGE.search(control)
    if found is None:
        return LIFETIME
    age = headers.get("age", "")
    seconds = int(found[1]) - (int(age) if age.isdecimal() and len(age) < 10 else 0)
    return float(min(max(seconds, least), most))
