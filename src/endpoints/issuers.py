"""Who signs tokens: `endpoints.Issuer`, and what is known of Google."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from endpoints import checks

GOOGLE: Final = "google_id_token"
"""The name by which `audiences` and `issuers` speak of Google."""
GOOGLE_ISSUERS: Final = ("accounts.google.com", "https://accounts.google.com")
"""What Google's ID tokens say in `iss`: either."""
ALGORITHMS: Final = frozenset(
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
)
"""The signatures that can be chosen for an issuer; none of them rests on a secret that both sides know."""

_DAY: Final = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms an issuer's tokens are trusted; the arguments of `Issuer` after the second say what each means."""

    allowed_client_ids: tuple[str, ...] | None = None
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    clock_skew: float = 300.0
    max_lifetime: float | None = _DAY
    allow_unverified_email: bool = False
    tokeninfo_uri: str | None = None
    introspection_uri: str | None = None
    client_id: str | None = None
    client_secret: str | None = None

    def differences(self) -> Iterator[tuple[str, Any]]:
        """Yield what is not as by default, without the secret."""
        for name in self.__slots__:
            value = getattr(self, name)
            if value != getattr(_USUAL, name):
                yield name, "..." if name == "client_secret" else value


_USUAL: Final = Terms()


class _Pair(NamedTuple):
    issuer: str
    """The `iss` claim; a list of strings where an issuer goes by several."""
    jwks_uri: str | None
    """Where the public keys are."""


class Issuer(_Pair):
    """Who signs tokens: its name and the address of its keys, a pair, and the terms on which its tokens are trusted.

    ```python
    endpoints.Issuer("https://test.auth0.com", None, allowed_client_ids=["my-web-app"])
    ```

    Args:
        issuer: the `iss` claim, compared exactly; a list of strings where an issuer goes by several.
        jwks_uri: where the public keys are: a JSON Web Key Set (RFC 7517) or one of Google's older forms. None asks the
            issuer itself (OpenID Connect Discovery 1.0, section 4).
        allowed_client_ids: clients whose tokens count, by `azp` or else `client_id`; any by default. Google's tokens
            are bound by the `allowed_client_ids` of the API or the method as well.
        algorithms: the signatures that count.
        clock_skew: seconds by which the clocks of the issuer and of this server may differ.
        max_lifetime: seconds from now on in which a token has to expire; None for any time.
        allow_unverified_email: whether a token counts that says `email_verified: false`. Its user has no e-mail then.
        tokeninfo_uri: where to look access tokens up in the way of Google's token-info address, Google's default.
        introspection_uri: where to look access tokens up by RFC 7662; without a `jwks_uri` signed ones as well.
        client_id: who this server is at the introspection address.
        client_secret: its password there (HTTP Basic authentication; RFC 6749, section 2.3.1).

    Raises:
        TypeError, ValueError: an argument after the second makes no sense.
    """

    terms: Terms = _USUAL

    def __new__(  # noqa: D102
        cls,
        issuer: str,
        jwks_uri: str | None,
        allowed_client_ids: Sequence[str] | None = None,
        *,
        algorithms: Sequence[str] = _USUAL.algorithms,
        clock_skew: float = _USUAL.clock_skew,
        max_lifetime: float | None = _USUAL.max_lifetime,
        allow_unverified_email: bool = _USUAL.allow_unverified_email,
        tokeninfo_uri: str | None = None,
        introspection_uri: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
    ) -> Self:
        where = f"endpoints.Issuer({issuer!r})"
        clients = checks.texts(where, "allowed_client_ids", allowed_client_ids)
        self = super().__new__(cls, issuer, jwks_uri)
        self.terms = Terms(
            allowed_client_ids=None if clients is None else tuple(clients),
            algorithms=_algorithms(where, algorithms),
            clock_skew=_seconds(where, "clock_skew", clock_skew),
            max_lifetime=None if max_lifetime is None else _seconds(where, "max_lifetime", max_lifetime),
            allow_unverified_email=bool(checks.flag(where, "allow_unverified_email", allow_unverified_email)),
            tokeninfo_uri=checks.text(where, "tokeninfo_uri", tokeninfo_uri),
            introspection_uri=checks.text(where, "introspection_uri", introspection_uri),
            client_id=checks.text(where, "client_id", client_id),
            client_secret=checks.text(where, "client_secret", client_secret),
        )
        if (client_id is None) != (client_secret is None):
            raise ValueError(f"{where}: client_id and client_secret belong together; give both or neither")
        return self

    def _replace(self, **pair: Any) -> Self:
        changed = super()._replace(**pair)
        changed.terms = self.terms
        return changed

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Issuer) and other.terms != self.terms:
            return False
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return super().__hash__()

    def __repr__(self) -> str:
        shown = [f"issuer={self.issuer!r}", f"jwks_uri={self.jwks_uri!r}"]
        return f"Issuer({', '.join([*shown, *(f'{name}={value!r}' for name, value in self.terms.differences())])})"


def _algorithms(where: str, value: Any) -> tuple[str, ...]:
    chosen = checks.texts(where, "algorithms", value)
    if not chosen:
        raise ValueError(f"{where}: algorithms must name at least one of {', '.join(sorted(ALGORITHMS))}")
    for name in chosen:
        if name not in ALGORITHMS:
            raise ValueError(f"{where}: algorithms must be among {', '.join(sorted(ALGORITHMS))}; {name!r} is not")
    return tuple(chosen)


def _seconds(where: str, argument: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{where}: {argument} must be a number of seconds, not {value!r}")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{where}: {argument} must be finite and not negative, as {value!r} is")
    return float(value)
