"""Callers in batches: every call has its own, or else that of the batch."""

from __future__ import annotations

from typing import Any

import pytest

from endpoints import AUTH_LEVEL
from tests.auth import issuing
from tests.auth.issuing import NOW, Clock, claims_of, token
from tests.auth.services import PATHS, THIRD, service, url
from tests.client import Client, Serve
from tests.http.batches import calls, request

ADA = token(claims_of(sub="ada"))
BOB = token(claims_of(sub="bob"))
OLD = token(claims_of(exp=NOW - 4000))


@pytest.fixture
def who(serve: Serve) -> Client:
    return serve(service(AUTH_LEVEL.REQUIRED, **THIRD), fetch=issuing.issuers(), clock=Clock())


def get(path: str, *lines: str, query: str = "") -> bytes:
    return request("\r\n".join([f"GET {url(path)}{query} HTTP/1.1", *lines]))


def callers(client: Client, sent: list[bytes], **options: Any) -> list[int | str]:
    """Whom each call was seen to be made by, or its status."""
    found = calls(client, *sent, **options)
    return [each.json()["id"] if each.status == 200 else each.status for each in found]


@pytest.mark.parametrize("path", PATHS)
def test_the_call_s_token_counts_and_then_the_batch_s(who: Client, path: str) -> None:
    sent = [
        get(path),
        get(path, f"Authorization: Bearer {BOB}"),
        get(path, query=f"?access_token={BOB}"),
        get(path, "Authorization: Basic x"),
        get(path, f"Authorization: Bearer {OLD}"),
    ]
    assert callers(who, sent) == [401, "bob", "bob", 401, 401]
    with_ada = ["ada", "bob", "bob", 401, 401]
    assert callers(who, sent, headers={"Authorization": f"Bearer {ADA}"}) == with_ada
    assert callers(who, sent, query=f"access_token={ADA}") == with_ada


def test_callers_do_not_cross(who: Client) -> None:
    names = [f"user-{number}" for number in range(20)]
    tokens = {name: token(claims_of(sub=name)) for name in names}
    sent = [(name, path) for name in names for path in PATHS]
    found = callers(who, [get(path, f"Authorization: Bearer {tokens[name]}") for name, path in sent])
    assert found == [name for name, _ in sent]
    assert callers(who, [get("coroutine"), get("plain")]) == [401, 401]


def test_a_refusal_has_its_challenge(who: Client) -> None:
    (found,) = calls(who, get("plain"))
    assert found.headers["www-authenticate"] == 'Bearer realm="api"'
