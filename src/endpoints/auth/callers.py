"""The callers of one operation: their tokens found, verified, and spoken of in the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from msgspec import UNSET, UnsetType

from endpoints.auth import addresses
from endpoints.auth import claims as read
from endpoints.auth.flights import Steps, complete, complete_async
from endpoints.auth.jws import claims_of, is_signed, split
from endpoints.auth.policy import Trusted, check_signature, check_terms, digest_of
from endpoints.auth.refusals import CHALLENGE, Reason, TokenRefused
from endpoints.auth.tokens import QUERY_PARAMETERS, token_of
from endpoints.auth.trust import Trust
from endpoints.exceptions import ForbiddenException, ServiceException, UnauthorizedException
from endpoints.issuers import Terms
from endpoints.operations import Operation
from endpoints.users import User

_HEADER: Final = "WWW-Authenticate"  # RFC 6750, 3
_LONGEST: Final = 100  # characters of the caller's words in the log
_log = logging.getLogger("endpoints.auth")


class Callers:
    """The policy of one operation, applied to requests.

    Args:
        operation: what is called.
        trust: of the server.

    Raises:
        ApiConfigurationError: what is declared about callers makes no sense.
    """

    def __init__(self, operation: Operation, trust: Trust) -> None:
        self._is_declared = operation.asks_for_auth
        self._name = operation.rpc_name
        # A parameter that the method itself declares is the method's.
        fields = operation.request_type.__fields__
        self._parameters = tuple(name for name in QUERY_PARAMETERS if name not in fields)
        self._policy = trust.policy(operation)
        self._trust = trust

    def identify(self, request: Any) -> User | None:
        """The caller; None where there is no token, or it is refused."""
        try:
            token = token_of(request, self._parameters)
            return None if token is None else self._user(token, request)
        except TokenRefused as refused:
            self._tell(refused)
            return None

    def admit(self, request: Any) -> User | None:
        """The caller; None where there is no token.

        Raises:
            UnauthorizedException, ForbiddenException: the token is refused.
        """
        try:
            token = token_of(request, self._parameters)
            return None if token is None else self._user(token, request)
        except TokenRefused as refused:
            raise self._answer(refused) from None

    async def identify_async(self, request: Any) -> User | UnsetType | None:
        """As `identify`, on an event loop, which goes on.

        Access tokens are not looked up for methods that declare nothing about their callers: those may be secrets
        between the method and its callers, which are nobody else's business. Who is calling stays open then.
        """
        try:
            token = token_of(request, self._parameters)
            if token is not None and not (self._is_declared or is_signed(token)):
                return UNSET
            return None if token is None else await self._user_async(token)
        except TokenRefused as refused:
            self._tell(refused)
            return None

    async def admit_async(self, request: Any) -> User | None:
        """As `admit`, on an event loop, which goes on."""
        try:
            token = token_of(request, self._parameters)
            return None if token is None else await self._user_async(token)
        except TokenRefused as refused:
            raise self._answer(refused) from None

    def _user(self, token: str, request: Any) -> User:
        digest = digest_of(token)
        known = self._policy.recall(digest)
        if known is None and not request.may_wait and not is_signed(token):
            raise TokenRefused(Reason.EVENT_LOOP)  # before anybody is told the token
        return known if known is not None else _run(self._policy.verify(token, digest), request)

    async def _user_async(self, token: str) -> User:
        digest = digest_of(token)
        known = self._policy.recall(digest)
        return known if known is not None else await complete_async(self._policy.verify(token, digest))

    def _answer(self, refused: TokenRefused) -> ServiceException:
        """What a caller is told: that the token is not valid, or not enough."""
        self._tell(refused)
        if refused.valid:
            text = "The credentials do not allow this call"
            return ForbiddenException(text, headers={_HEADER: 'Bearer error="insufficient_scope"'})
        challenge = CHALLENGE if refused.reason is Reason.HEADER else 'Bearer error="invalid_token"'
        return UnauthorizedException("The credentials are not valid", headers={_HEADER: challenge})

    def verified_claims(
        self,
        request: Any,
        providers: Sequence[tuple[str, str | None]],
        audiences: Sequence[str],
        in_header: bool,
        in_query: bool,
    ) -> dict[str, Any] | None:
        """What `endpoints.get_verified_jwt` returns: the claims of a token that is valid on the terms given here.

        Raises:
            ValueError: an address of keys is not https.
        """
        terms, issuers = Terms(), {}
        for issuer, address in providers:
            if address is not None:
                _check_address(address)
            issuers[issuer] = Trusted(
                names=(issuer,),
                terms=terms,
                is_google=False,
                audiences=frozenset(audiences),
                keys=self._trust.source(issuer, address),
                lookup=None,
            )
        try:
            token = token_of(request, ("access_token",) if in_query else (), ("bearer",) if in_header else ())
            return None if token is None else _run(self._claims(token, issuers), request)
        except TokenRefused as refused:
            self._tell(refused)
            return None

    def _claims(self, token: str, issuers: dict[str, Trusted]) -> Steps[dict[str, Any]]:
        if not is_signed(token):
            raise TokenRefused(Reason.MALFORMED)
        signed = split(token)
        claims = claims_of(signed)
        trusted = issuers.get(read.text(claims, "iss") or "")
        if trusted is None or trusted.keys is None:
            raise TokenRefused(Reason.ISSUER, claims.get("iss"))
        check_terms(signed, claims, trusted, self._trust.clock())
        yield from check_signature(signed, trusted.keys)
        return claims

    def _tell(self, refused: TokenRefused) -> None:
        _log.warning(
            "%s: token refused: %s %r (issuer %r, key %r)",
            self._name,
            refused.reason.value,
            *(each and str(each)[:_LONGEST] for each in (refused.detail, refused.issuer, refused.key_id)),
        )


def _run(steps: Steps[Any], request: Any) -> Any:
    """Run a verification to its end, if it may wait; on an event loop, as far as it goes without."""
    if request.may_wait:
        return complete(steps)
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    steps.close()
    raise TokenRefused(Reason.EVENT_LOOP)


def _check_address(address: str) -> None:
    try:
        addresses.check(address)
    except ValueError as error:
        raise ValueError(f"get_verified_jwt: cert_uri {error}") from None
