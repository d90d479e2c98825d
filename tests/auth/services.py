"""APIs that tell who is calling, for any declaration about callers."""

from __future__ import annotations

from typing import Any

import endpoints
from endpoints import AUTH_LEVEL
from protorpc import message_types, messages, remote
from tests.auth.issuing import ISSUER, KEYS_AT

Void = message_types.VoidMessage


class Caller(messages.Message):
    """The caller, as a method sees it; nothing for nobody."""

    email = messages.StringField(1)
    id = messages.StringField(2)
    issuer = messages.StringField(3)
    known = messages.BooleanField(4)


def seen() -> Caller:
    user = endpoints.get_current_user()
    if user is None:
        return Caller(known=False)
    return Caller(email=user.email(), id=user.user_id(), issuer=user.issuer, known=True)


def service(level: AUTH_LEVEL | None = None, name: str = "who", **declared: Any) -> Any:
    """An API with one method for each way in which a method may run; each shows the caller."""
    method = declared.pop("method", {})

    @endpoints.api(name, "v1", auth_level=level, **declared)
    class Who(remote.Service):
        @endpoints.method(Void, Caller, path="plain", http_method="GET", **method)
        def plain(self, request: Any) -> Caller:
            return seen()

        @endpoints.method(Void, Caller, path="inline", http_method="GET", blocking=False, **method)
        def inline(self, request: Any) -> Caller:
            return seen()

        @endpoints.method(Void, Caller, path="coroutine", http_method="GET", **method)
        async def coroutine(self, request: Any) -> Caller:
            return seen()

        @endpoints.method(Caller, Caller, path="body", **method)
        def body(self, request: Any) -> Caller:
            return seen()

    return Who


PATHS = ("plain", "inline", "coroutine")
THIRD: dict[str, Any] = {
    "issuers": {"third": endpoints.Issuer(ISSUER, KEYS_AT)},
    "audiences": {"third": ["my-api", "my-other-api"], "google_id_token": ["my-api"]},
    "allowed_client_ids": ["web", "ios"],
}


def third_party(**terms: Any) -> dict[str, Any]:
    """The same, on other terms."""
    return {**THIRD, "issuers": {"third": endpoints.Issuer(ISSUER, KEYS_AT, **terms)}}


def url(path: str, name: str = "who") -> str:
    return f"/_ah/api/{name}/v1/{path}"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
