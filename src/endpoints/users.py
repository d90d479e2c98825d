"""Who is calling, as methods ask."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from protorpc._request_state import current_request


class InvalidGetUserCall(Exception):  # noqa: N818 - a public name of the original
    """`get_current_user` was called where no request is being answered."""


class User:
    """A caller whose identity is verified.

    Two users are equal when the same issuer knows them by the same id and e-mail address.

    Args:
        email: verified e-mail address; None for issuers that send none. Tell users apart by `user_id()`.
        user_id: what the issuer calls the user for good (`sub`); unique together with `issuer`.
        issuer: who says so (`iss`).
        claims: everything the token says; a dict, or the JSON of one.
    """

    __slots__ = ("_claims", "_email", "_issuer", "_user_id")

    def __init__(
        self,
        email: str | None = None,
        user_id: str | None = None,
        issuer: str = "",
        claims: Mapping[str, Any] | bytes = b"{}",
    ) -> None:
        self._email = email
        self._user_id = user_id
        self._issuer = issuer
        self._claims = claims if isinstance(claims, bytes) else msgspec.json.encode(dict(claims))

    def email(self) -> str | None:
        """The verified e-mail address, or None."""
        return self._email

    def user_id(self) -> str | None:
        """What the issuer calls the user for good (`sub`); None where it does not say."""
        return self._user_id

    def nickname(self) -> str:
        """A name to show: what comes before the @ for users of `auth_domain()`, else the address, else the id."""
        name, _, domain = (self._email or "").rpartition("@")
        return name if name and domain == self.auth_domain() else self._email or self._user_id or ""

    def auth_domain(self) -> str:
        """The domain whose users go by the first half of their address: AUTH_DOMAIN, or gmail.com (App Engine)."""
        return os.environ.get("AUTH_DOMAIN") or "gmail.com"

    @property
    def issuer(self) -> str:
        """Who says who it is: the `iss` claim."""
        return self._issuer

    @property
    def claims(self) -> dict[str, Any]:
        """Everything the token says; of an access token, what is said about it. The dict is the caller's own."""
        # Decoded for each caller: tokens are remembered, and one request must not change what the next one sees.
        claims: dict[str, Any] = msgspec.json.decode(self._claims)
        return claims

    def _identity(self) -> tuple[str, str | None, str | None]:
        return self._issuer, self._user_id, self._email

    def __eq__(self, other: object) -> bool:
        return self._identity() == other._identity() if isinstance(other, User) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        return f"User(email={self._email!r}, user_id={self._user_id!r}, issuer={self._issuer!r})"


def get_current_user() -> User | None:
    """The caller of the method that is running; None for a caller whose identity is not verified.

    A token is looked at when a method asks for the first time, or before the method is called where the auth level says
    so. On ASGI it is looked at before the call as well, if the method, its class or its API declares anything about
    callers: neither the event loop nor one of its threads is to wait for the keys of an issuer.

    Raises:
        InvalidGetUserCall: no request is being answered here.
    """
    request = _request()
    if request.user is msgspec.UNSET:
        request.user = request.access.identify(request)
    user: User | None = request.user
    return user


def get_verified_jwt(  # noqa: PLR0917 - positional in the original
    providers: Iterable[Mapping[str, str]],
    audiences: Iterable[str],
    check_authorization_header: bool = True,
    check_query_arg: bool = True,
    request: object = None,
    cache: object = None,  # noqa: ARG001 - accepted for old code
) -> dict[str, Any] | None:
    """The claims of the caller's token, verified against the issuers given here, whatever the method declares.

    Args:
        providers: dicts with `issuer`, the `iss` claim, and `cert_uri`, the address of the keys.
        audiences: accepted values of the `aud` claim.
        check_authorization_header: whether to look for `Authorization: Bearer`.
        check_query_arg: whether to look for `access_token` in the query, if there is no such header.
        request: the request message; has to be given to look in the query.
        cache: accepted for old code; keys are kept by the server.

    Returns:
        None when there is no token, or it is not valid.

    Raises:
        ValueError: nothing is to be looked at, `request` is missing, or an address is not https.
        InvalidGetUserCall: no request is being answered here.
    """
    if not (check_authorization_header or check_query_arg):
        raise ValueError("get_verified_jwt: check_authorization_header or check_query_arg must be True")
    if check_query_arg and request is None:
        raise ValueError("get_verified_jwt: check_query_arg needs the request message, as request=")
    answered = _request()
    found: dict[str, Any] | None = answered.access.callers.verified_claims(
        answered,
        [(provider["issuer"], provider["cert_uri"]) for provider in providers],
        (audiences,) if isinstance(audiences, str) else tuple(audiences),
        check_authorization_header,
        check_query_arg,
    )
    return found


def _request() -> Any:
    request = current_request.get()
    if getattr(request, "access", None) is None:
        raise InvalidGetUserCall("No valid endpoints user in environment.")  # recorded: config/get-current-user-outside
    return request


_X509 = "https://www.googleapis.com/robot/v1/metadata/x509/"
_RAW_KEYS = "https://www.googleapis.com/service_accounts/v1/metadata/raw/"


def convert_jwks_uri(jwks_uri: str) -> str:
    """Where the keys are that an address of Google's X.509 certificates stands for; other addresses stay as they are.

    Documents written for Google's gateway name the certificates, this framework reads the keys (recorded:
    messages/behaviour.json, convert-jwks-uri).
    """
    return _RAW_KEYS + jwks_uri.removeprefix(_X509) if jwks_uri.startswith(_X509) else jwks_uri
