"""Who may call an operation, in terms of OpenAPI 3.1: security schemes and what operations require of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from endpoints.definitions import AUTH_LEVEL
from endpoints.describe.openapi import API_KEY_PARAMETER, API_KEY_SCHEME, GOOGLE_AUTHORIZATION_URL, Json, issuer_values
from endpoints.issuers import GOOGLE, GOOGLE_ISSUERS, Issuer
from endpoints.operations import Api, Operation

GOOGLE_OAUTH_SCHEME: Final = "google_oauth2"
GOOGLE_TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address

_NOT_IN_NAMES: Final = re.compile(r"[^a-zA-Z0-9._-]")


class Security:
    """Collects the schemes that operations name.

    Attributes:
        schemes: By name, ready for the document.
    """

    def __init__(self, apis: Sequence[Api]) -> None:
        self.schemes: dict[str, Json] = {}
        self._scopes: dict[str, str] = {
            scope: scope if each.description == each.scope else each.description
            for api in apis
            for operation in api.operations
            for each in operation.scope_objs
            for scope in each.scope.split()
        }
        self._names: dict[tuple[str, ...], str] = {}

    def requirements(self, operation: Operation) -> list[Json]:
        """Return the alternatives of one operation, of which a call needs one; nothing when it needs none at all.

        A method without the level REQUIRED can be called without a token, too: it decides by `get_current_user()`.
        """
        key: Json = {}
        if operation.api_key_required:
            self.schemes[API_KEY_SCHEME] = {
                "type": "apiKey",
                "in": "query",
                "name": API_KEY_PARAMETER,
                "description": "API key, which tells who is to be charged for the call.",
            }
            key = {API_KEY_SCHEME: []}
        tokens = list(self._tokens(operation)) if operation.asks_for_auth else []
        if not tokens:
            return [key] if key else []
        optional = [] if operation.auth_level is AUTH_LEVEL.REQUIRED else [key]
        return [*({**token, **key} for token in tokens), *optional]

    def _tokens(self, operation: Operation) -> Iterator[Json]:
        for name in self._id_tokens(operation):
            yield {name: []}
        for each in operation.scope_objs:
            yield {self._oauth(): each.scope.split()}

    def _id_tokens(self, operation: Operation) -> Iterator[str]:
        """Yield the issuers whose tokens can count: those with audiences; a list of audiences is Google's."""
        audiences = operation.audiences
        issuers: Mapping[str, Issuer] = {GOOGLE: Issuer(GOOGLE_ISSUERS[1], None), **(operation.issuers or {})}
        for name, issuer in issuers.items():
            introspected = issuer.terms.introspection_uri and issuer.terms.allowed_client_ids is not None
            if name in audiences if isinstance(audiences, Mapping) else name == GOOGLE or introspected:
                yield self._issuer(name, issuer)

    def _issuer(self, name: str, issuer: Issuer) -> str:
        values = issuer_values(issuer)
        known = self._names.get((name, *values))
        if known is None:
            known = _NOT_IN_NAMES.sub("_", name)
            while known in self.schemes:
                known += "_"
            self._names[name, *values] = known
            self.schemes[known] = _id_token(values)
        return known

    def _oauth(self) -> str:
        if GOOGLE_OAUTH_SCHEME not in self.schemes:
            self.schemes[GOOGLE_OAUTH_SCHEME] = {
                "type": "oauth2",
                "description": "OAuth 2.0 access token of Google.",
                "flows": {
                    "authorizationCode": {
                        "authorizationUrl": GOOGLE_AUTHORIZATION_URL,
                        "tokenUrl": GOOGLE_TOKEN_URL,
                        "scopes": self._scopes,
                    }
                },
            }
        return GOOGLE_OAUTH_SCHEME


def _id_token(issuers: Sequence[str]) -> Json:
    described = f"ID token of {' or '.join(issuers)}, as a bearer token."
    if len(issuers) == 1 and urlsplit(issuers[0]).scheme in ("http", "https"):
        address = f"{issuers[0].rstrip('/')}/.well-known/openid-configuration"
        return {"type": "openIdConnect", "openIdConnectUrl": address, "description": described}
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": described}
