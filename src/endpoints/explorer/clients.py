"""What the explorer has to know to sign people in: which client it is to each issuer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Final, Literal

from endpoints import checks
from endpoints.auth import addresses
from endpoints.exceptions import ApiConfigurationError
from endpoints.issuers import GOOGLE, GOOGLE_ISSUERS, Issuer
from endpoints.operations import Api

TokenKind = Literal["access_token", "id_token"]

_KINDS: Final = ("access_token", "id_token")
_GOOGLE: Final = Issuer(GOOGLE_ISSUERS[1], None)
_GOOGLES_TOKENS: Final = "https://oauth2.googleapis.com/token"  # another origin than its issuer's


@dataclass(frozen=True, slots=True)
class ExplorerClient:
    """The explorer as an issuer knows it: a client of OAuth 2.0, which proves itself by PKCE (RFC 7636).

    Args:
        client_id: under which the explorer is registered with the issuer. Everyone who opens the page can read it.
        scopes: what is asked for; with `openid` there is an ID token as well.
        token: which token the page sends to the APIs; people can choose the other one.
        audience: whom access tokens are for, where the issuer has to be told (Auth0's `audience`).
        authorization_endpoint: where people sign in. None asks the issuer (OpenID Connect Discovery 1.0, section 4).
        token_endpoint: where tokens come from. None asks the issuer.
        client_secret: for issuers that hand out no tokens without one, such as Google. It stays on this server, which
            then fetches the tokens for the page, and has to know the `token_endpoint` (Google's it knows).

    Raises:
        TypeError, ValueError: an argument makes no sense.
    """

    client_id: str
    scopes: Sequence[str] = ("openid", "email", "profile")
    _: KW_ONLY
    token: TokenKind = "access_token"  # noqa: S105 - a kind
    audience: str | None = None
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    client_secret: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        where = f"endpoints.ExplorerClient({self.client_id!r})"
        checks.required_text(where, "client_id", self.client_id)
        if not self.client_id:
            raise ValueError(f"{where}: client_id must not be empty")
        object.__setattr__(self, "scopes", tuple(checks.texts(where, "scopes", self.scopes) or ()))
        checks.text(where, "audience", self.audience)
        checks.text(where, "client_secret", self.client_secret)
        if self.token not in _KINDS:
            raise ValueError(f"{where}: token must be one of {', '.join(_KINDS)}, not {self.token!r}")
        for argument in ("authorization_endpoint", "token_endpoint"):
            if (address := checks.text(where, argument, getattr(self, argument))) is not None:
                try:
                    _check_address(address)
                except ValueError as error:
                    raise ValueError(f"{where}: {argument} {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explorer:
    """The settings of the API Explorer.

    ```python
    endpoints.api_server([MyApi], explorer=endpoints.Explorer(clients={"auth0": "my-client-id"}))
    ```

    Args:
        clients: who the explorer is to each issuer, by the name that the `issuers` of an API give it
            (`google_id_token` is Google); a string is a client id. Without one people can paste a token.

    Raises:
        TypeError: a client is neither a string nor an `ExplorerClient`.
    """

    clients: Mapping[str, str | ExplorerClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, client in (checks.mapping("endpoints.Explorer", "clients", self.clients) or {}).items():
            checks.required_text("endpoints.Explorer", f"the issuer name {name!r}", name)
            if not isinstance(client, (str, ExplorerClient)):
                raise TypeError(
                    f"endpoints.Explorer: clients[{name!r}] must be a client id or an endpoints.ExplorerClient, "
                    f"not {client!r}"
                )


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way to sign in, ready for the page."""

    name: str
    """What the APIs call the issuer."""
    issuer: str
    """Its address."""
    client: ExplorerClient

    @property
    def origins(self) -> Iterator[str]:
        """Yield the origins that the page has to reach for it."""
        yield origin(self.issuer)
        if self.token_endpoint and not self.client.client_secret:
            yield origin(self.token_endpoint)

    @property
    def token_endpoint(self) -> str:
        """Where tokens come from; empty where only the issuer knows."""
        return self.client.token_endpoint or (_GOOGLES_TOKENS if self.issuer in GOOGLE_ISSUERS else "")

    def document(self) -> dict[str, Any]:
        """Return what the page is told."""
        return {
            "name": self.name,
            "issuer": self.issuer,
            "clientId": self.client.client_id,
            "scopes": list(self.client.scopes),
            "token": self.client.token,
            "audience": self.client.audience,
            "authorizationEndpoint": self.client.authorization_endpoint,
            "tokenEndpoint": self.client.token_endpoint,
            "isRelayed": self.client.client_secret is not None,
        }


def sign_ins(explorer: Explorer, apis: Sequence[Api]) -> tuple[SignIn, ...]:
    """Join the clients of the explorer and the issuers of the APIs.

    Raises:
        ApiConfigurationError: a client of an issuer that no API trusts, that has no address, or that is not the same
            for all APIs.
    """
    return tuple(_sign_in(name, client, apis) for name, client in explorer.clients.items())


def _sign_in(name: str, client: str | ExplorerClient, apis: Sequence[Api]) -> SignIn:
    where = f"endpoints.Explorer: clients[{name!r}]"
    known: dict[str, set[str]] = {GOOGLE: set()}
    for api in apis:
        for each, issuer in (api.info.issuers or {}).items():
            known.setdefault(each, set()).update(_addresses(issuer))
    if name not in known:
        raise ApiConfigurationError(f"{where}: no API has an issuer of this name; there are {', '.join(sorted(known))}")
    found = known[name] or (set(_addresses(_GOOGLE)) if name == GOOGLE else set())
    if len(found) != 1:
        told = ", ".join(sorted(found)) or "none"
        raise ApiConfigurationError(f"{where}: to sign in, the issuer must be one address for all APIs, not {told}")
    (address,) = found
    try:
        _check_address(address)
    except ValueError as error:
        raise ApiConfigurationError(f"{where}: the issuer {error}") from None
    sign_in = SignIn(name, address, ExplorerClient(client) if isinstance(client, str) else client)
    if sign_in.client.client_secret is not None and not sign_in.token_endpoint:
        raise ApiConfigurationError(f"{where}: with a client_secret the token_endpoint must be given as well")
    return sign_in


def _addresses(issuer: Issuer) -> Iterator[str]:
    names: Any = issuer.issuer
    for each in [names] if isinstance(names, str) else names:
        if each in GOOGLE_ISSUERS:
            yield GOOGLE_ISSUERS[1]
        elif each.startswith(("https:", "http:")):
            yield each


def origin(address: str) -> str:
    """Return scheme, host and port of an address, as a Content-Security-Policy names them (CSP level 3, 2.3.1)."""
    parts = addresses.split(address)
    if parts is None:
        raise ValueError(f"{address!r} is no http or https address")
    return f"{parts.scheme}://{parts.netloc}"


def _check_address(address: str) -> None:
    addresses.check(address)
    if any(mark in origin(address) for mark in ";,'\""):  # would end the directive of the policy
        raise ValueError(f"must name a host, which {address!r} does not")
