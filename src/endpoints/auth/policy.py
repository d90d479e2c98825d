"""Whether a token counts: one policy for all operations that declare the same about their callers.

In this order: form; issuer; algorithm; times; audience; key and signature; e-mail address and subject; client; scope.
What is cheap comes first, so that garbage costs next to nothing and makes nobody fetch keys; what is answered 403 comes
last, and only after the signature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from endpoints.auth import claims as read
from endpoints.auth.access_tokens import Lookup
from endpoints.auth.flights import Steps
from endpoints.auth.jws import Signed, claims_of, is_encrypted, is_signed, split
from endpoints.auth.keys import Keys, KeySource
from endpoints.auth.refusals import Reason, TokenRefused
from endpoints.auth.remembered import Remembered
from endpoints.auth.tokens import check_form
from endpoints.definitions import EMAIL_SCOPE
from endpoints.issuers import Terms
from endpoints.users import User

if TYPE_CHECKING:
    from endpoints.auth.jwt import VerificationKey

_GOOGLES_PREFIX: Final = "ya29."  # of its access tokens
_JSON: Final = "eyJ"  # what is signed or encrypted begins so: `{"` in base64url
_EMAIL: Final = frozenset([EMAIL_SCOPE])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trusted:
    """An issuer, as one policy trusts it."""

    names: tuple[str, ...]
    """Its `iss` claims."""
    terms: Terms
    is_google: bool
    audiences: frozenset[str] | None
    """None where the declaration names none: no token counts."""
    keys: KeySource | None
    """None where signed tokens are looked up as well."""
    lookup: Lookup | None


class Known(NamedTuple):
    """A verified token, as it is remembered."""

    user: User
    since: float
    """Before that, the clock was set back."""
    until: float
    keys: Keys | None
    """What it was verified with; None for one that was looked up."""


Memory = Remembered[tuple[int, bytes], Known]


class Policy:
    """What the declarations say about callers, made for checking.

    Args:
        number: tells policies apart in the memory.
        issuers: whose tokens count, by `iss`.
        client_ids: of the API or the method; None for any client.
        scopes: of which one set has to be there.
        clock: tells the time in seconds.
        memory: of verified tokens.
    """

    def __init__(
        self,
        *,
        number: int,
        issuers: Mapping[str, Trusted],
        client_ids: frozenset[str] | None,
        scopes: tuple[frozenset[str], ...],
        clock: Callable[[], float],
        memory: Memory,
    ) -> None:
        self._number = number
        self._issuers = issuers
        self._client_ids = client_ids
        self._scopes = scopes
        # The e-mail scope is what any verified token is good for; Google's only where nothing else is asked (recorded:
        # twoscopes/*), and of its access tokens none is.
        self._verified_is_enough = {False: _EMAIL in scopes, True: set(scopes) == {_EMAIL}}
        self._clock = clock
        self._memory = memory
        self._is_open = client_ids != frozenset() and bool(scopes)
        asked = dict.fromkeys(trusted for trusted in issuers.values() if trusted.lookup is not None)
        self._lookups = tuple(trusted for trusted in asked if not trusted.is_google)
        self._google = tuple(trusted for trusted in asked if trusted.is_google)[:1]

    def recall(self, digest: bytes) -> User | None:
        """The user of a token that was verified a short time ago. What is found is as good as verified anew."""
        known = self._memory.get((self._number, digest))
        if known is None or not known.since <= self._clock() < known.until:
            return None
        if known.keys is not None and not known.keys.current:
            return None
        return known.user

    def verify(self, token: str, digest: bytes) -> Steps[User]:
        """The user that a token stands for. Raises TokenRefused."""
        known = yield from (self._signed(token, digest) if is_signed(token) else self._looked_up(token, digest))
        self._memory.keep((self._number, digest), known)
        return known.user

    def _signed(self, token: str, digest: bytes) -> Steps[Known]:
        signed = split(token)
        claims = claims_of(signed)
        issuer = read.text(claims, "iss")
        trusted = self._issuers.get(issuer or "")
        if trusted is not None and trusted.keys is None:
            return (yield from self._asked(trusted, token, digest))
        try:
            return (yield from self._verified(signed, claims, issuer or "", trusted))
        except TokenRefused as refused:
            refused.issuer, refused.key_id = issuer, signed.key_id
            raise

    def _verified(self, signed: Signed, claims: read.Claims, issuer: str, trusted: Trusted | None) -> Steps[Known]:
        if trusted is None or trusted.keys is None:
            raise TokenRefused(Reason.ISSUER)
        until = check_terms(signed, claims, trusted, self._clock())
        keys = yield from check_signature(signed, trusted.keys)
        user = _user(trusted, issuer, claims, signed.payload)
        self._check_client(trusted, claims, is_signed=True)
        self._check_scopes(trusted, claims, is_signed=True)
        return Known(user, keys.asked_at, min(until, keys.renewed_at), keys)

    def _looked_up(self, token: str, digest: bytes) -> Steps[Known]:
        """What those say that can be asked. Google is not told tokens that are hardly its own."""
        check_form(token)
        asked = self._lookups
        if not asked or token.startswith(_GOOGLES_PREFIX):
            asked = () if is_encrypted(token) or token.startswith(_JSON) else self._google
        if not asked or not self._is_open:
            raise TokenRefused(Reason.NO_LOOKUP)
        asked = tuple(sorted(asked, key=_is_busy))
        for trusted in asked[:-1]:
            try:
                return (yield from self._asked(trusted, token, digest))
            except TokenRefused as refused:
                if refused.valid:
                    raise
        return (yield from self._asked(asked[-1], token, digest))

    def _asked(self, trusted: Trusted, token: str, digest: bytes) -> Steps[Known]:
        if trusted.lookup is None:
            raise TokenRefused(Reason.NO_LOOKUP)
        facts = yield from trusted.lookup.facts(token, digest)
        claims = facts.claims or {}
        issuer = trusted.names[-1] if trusted.is_google else read.text(claims, "iss") or trusted.names[0]
        if issuer not in trusted.names:
            raise TokenRefused(Reason.ISSUER, issuer)
        _check_introspected_audience(trusted, claims)
        user = _user(trusted, issuer, claims, msgspec.json.encode(claims))
        self._check_client(trusted, claims, is_signed=False)
        self._check_scopes(trusted, claims, is_signed=False)
        return Known(user, facts.since, facts.until, None)

    def _check_client(self, trusted: Trusted, claims: read.Claims, *, is_signed: bool) -> None:
        client, allowed = read.client(claims), trusted.terms.allowed_client_ids
        if self._client_ids == frozenset() or not (allowed is None or allowed == ("*",) or client in allowed):
            raise TokenRefused(Reason.CLIENT, client)
        if not trusted.is_google:
            return
        # That any client may call is never said of ID tokens: they are handed to many (recorded: anyclient/*).
        if client not in self._client_ids if self._client_ids is not None else is_signed:
            raise TokenRefused(Reason.CLIENT, client)

    def _check_scopes(self, trusted: Trusted, claims: read.Claims, *, is_signed: bool) -> None:
        if self._verified_is_enough[trusted.is_google] and (is_signed or not trusted.is_google):
            return
        granted = read.scopes(claims)
        if is_signed and not trusted.is_google:
            granted |= _EMAIL  # any verified ID token is good for that one
        if not any(scopes <= granted for scopes in self._scopes):
            raise TokenRefused(Reason.SCOPE, " ".join(sorted(granted)))


def _is_busy(trusted: Trusted) -> bool:
    return trusted.lookup is not None and not trusted.lookup.is_ready


def digest_of(token: str) -> bytes:
    """What a token is remembered by, so that no list of tokens lies about in memory."""
    return sha256(token.encode()).digest()


def check_terms(signed: Signed, claims: read.Claims, trusted: Trusted, now: float) -> float:
    """Check what can be checked without keys; return until when the token counts.

    Raises:
        TokenRefused: ALGORITHM, CLAIMS, EXPIRED, NOT_YET, LIFETIME, AUDIENCE.
    """
    if signed.algorithm not in trusted.terms.algorithms:
        raise TokenRefused(Reason.ALGORITHM, signed.algorithm)
    until = read.check_times(claims, trusted.terms, now)
    found = read.audiences(claims)
    # Browsers and iOS hold tokens of Google that were issued to and for themselves (recorded: google/google-ios).
    to_itself = trusted.is_google and found == (claims.get("azp"),)
    if trusted.audiences is None or not (to_itself or not trusted.audiences.isdisjoint(found)):
        raise TokenRefused(Reason.AUDIENCE, " ".join(found))
    return until


def check_signature(signed: Signed, source: KeySource) -> Steps[Keys]:
    """The keys among which the one is that a token was signed with.

    Raises:
        TokenRefused: KEYS, UNKNOWN_KEY, ALGORITHM, SIGNATURE.
    """
    keys = source.fresh(signed.key_id) or (yield from source.find(signed.key_id))
    candidates = keys.find(signed.key_id, signed.algorithm)
    if not candidates:
        raise TokenRefused(Reason.ALGORITHM, signed.algorithm)
    if _signed_by_any(signed, candidates):
        return keys
    if signed.key_id is None:  # of an unnamed key nobody can say that it is known
        newer = yield from source.renewed(keys)
        if newer is not None and _signed_by_any(signed, newer.find(None, signed.algorithm)):
            return newer
    raise TokenRefused(Reason.SIGNATURE, signed.key_id)


def _signed_by_any(signed: Signed, candidates: Iterable[VerificationKey]) -> bool:
    return any(key.has_signed(signed.algorithm, signed.signing_input, signed.signature) for key in candidates)


def _check_introspected_audience(trusted: Trusted, claims: read.Claims) -> None:
    """A token that was looked up is bound by audiences, or else by the clients of the issuer (RFC 7662, 4)."""
    if trusted.is_google or (trusted.audiences is None and trusted.terms.allowed_client_ids is not None):
        return
    if trusted.audiences is None or trusted.audiences.isdisjoint(read.audiences(claims)):
        raise TokenRefused(Reason.AUDIENCE, " ".join(read.audiences(claims)))


def _user(trusted: Trusted, issuer: str, claims: read.Claims, said: bytes) -> User:
    address = read.email(claims, trusted.terms, certain=trusted.is_google)
    subject = read.text(claims, "sub")
    if address is None and subject is None:
        raise TokenRefused(Reason.SUBJECT)
    return User(address, subject, issuer, said)
