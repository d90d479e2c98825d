"""Whatever is sent as a token, the answer is 401: never a 5xx, never somebody."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import endpoints
from endpoints import AUTH_LEVEL
from tests.auth import issuing
from tests.auth.issuing import Clock, claims_of, google_claims, rsa_key, sealed, token
from tests.auth.services import THIRD, service, url
from tests.client import Client, Interface
from tests.http.error_object import error_of

SERVER = endpoints.api_server([service(AUTH_LEVEL.REQUIRED, **THIRD)], fetch=issuing.issuers(), clock=Clock())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KINDS = [token(), token(google_claims(), rsa_key("google"))]


def refused(header: str, query: str = "", interface: Interface = "wsgi") -> None:
    app: Any = SERVER if interface == "wsgi" else SERVER.asgi
    with Client(app, interface) as client:
        headers = {"Authorization": header} if header else {}
        error_of(client.get(url("plain"), query, headers=headers), 401, "required")


@given(st.binary(max_size=200))
def test_bytes(sent: bytes) -> None:
    refused("Bearer " + sent.decode("latin-1"))


@given(st.text('Bearer ABCabc019._~+/=-\t,"', max_size=60))
def test_headers(sent: str) -> None:
    refused(sent or "x")


@given(st.sampled_from(KINDS), st.data())
def test_good_tokens_with_a_character_changed(jwt: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(jwt) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=255).filter(lambda each: each != jwt[place]))
    refused("Bearer " + jwt[:place] + other + jwt[place + 1 :])


@given(st.sampled_from(KINDS), st.integers(0, 600))
def test_good_tokens_cut_short(jwt: str, size: int) -> None:
    refused("Bearer " + jwt[: min(size, len(jwt) - 1)])


NAMES = ["iss", "aud", "exp", "iat", "nbf", "sub", "email", "email_verified", "azp", "scope"]


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "cty", "b64", "enc", "x"]), JSON, min_size=1))
def test_any_header(changes: dict[str, Any]) -> None:
    header = json.dumps({"alg": "RS256", "kid": "rsa", **changes}).encode()
    refused("Bearer " + sealed(header, claims_of(), lambda _: b"no signature"))


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_claims(changes: dict[str, Any]) -> None:
    """Signed by the issuer, so that every claim is looked at; that of the audience is always wrong."""
    payload = json.dumps({**claims_of(), **changes, "aud": "other"}).encode()
    refused("Bearer " + sealed({"alg": "RS256", "kid": "rsa"}, payload, lambda data: rsa_key().sign("RS256", data)))


@given(st.sampled_from([name for name in NAMES if name not in ("iss", "scope", "azp")]), JSON)
def test_a_claim_of_another_type(name: str, value: Any) -> None:
    """A claim that is neither text nor a number is never taken for one."""
    if isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        value = [value]
    if (name, value) in (("email_verified", True), ("aud", [])):
        value = None
    payload = json.dumps({**claims_of(), name: value}).encode()
    refused("Bearer " + sealed({"alg": "RS256", "kid": "rsa"}, payload, lambda data: rsa_key().sign("RS256", data)))


@given(st.text(max_size=50), st.sampled_from(["access_token", "bearer_token"]))
def test_queries(value: str, name: str) -> None:
    escaped = "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "replace"))
    refused("", f"{name}={escaped}")
