"""Who is charged where no key is checked: the verified user, else the address."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, remote
from tests.auth import issuing
from tests.auth.issuing import Clock, claims_of, token
from tests.auth.services import THIRD, bearer
from tests.client import Client, Serve
from tests.control.shop import wait_for_room_in_the_minute

Void = message_types.VoidMessage
LIMITS = [endpoints.LimitDefinition("reads", "Reads", 2)]


def _served(serve: Serve, **declared: Any) -> Client:
    @endpoints.api("counted", "v1", limit_definitions=LIMITS, **declared)
    class Counted(remote.Service):
        @endpoints.method(Void, Void, path="sync", http_method="GET", metric_costs={"reads": 1})
        def sync(self, request: Void) -> Void:
            return request

        @endpoints.method(Void, Void, path="coroutine", http_method="GET", metric_costs={"reads": 1})
        async def coroutine(self, request: Void) -> Void:
            return request

    wait_for_room_in_the_minute(5)
    return serve(Counted, fetch=issuing.issuers(), clock=Clock())


def _statuses(client: Client, path: str, **sent: str) -> list[int]:
    return [client.get(f"/_ah/api/counted/v1/{path}", headers=sent).status for _ in range(3)]


@pytest.mark.parametrize("path", ["sync", "coroutine"])
@pytest.mark.parametrize("level", [None, endpoints.AUTH_LEVEL.REQUIRED], ids=["open", "required"])
def test_each_user_has_an_allowance(serve: Serve, path: str, level: endpoints.AUTH_LEVEL | None) -> None:
    client = _served(serve, auth_level=level, **THIRD)
    ada, ben = (token(claims_of(sub=name, email=...)) for name in ("ada", "ben"))
    again = token(claims_of(sub="ada", email=..., jti="another token of the same user"))
    assert _statuses(client, path, **bearer(ada)) == [204, 204, 429]
    assert _statuses(client, path, **bearer(again)) == [429, 429, 429]
    assert _statuses(client, path, **bearer(ben)) == [204, 204, 429]


@pytest.mark.parametrize("path", ["sync", "coroutine"])
def test_a_token_that_does_not_count_is_no_allowance(serve: Serve, path: str) -> None:
    client = _served(serve, **THIRD)
    bad = [token(claims_of(sub=name, iss="https://stranger.example")) for name in ("ada", "ben")]
    assert _statuses(client, path) == [204, 204, 429]
    for each in bad:
        assert _statuses(client, path, **bearer(each)) == [429, 429, 429]


@pytest.mark.parametrize("path", ["sync", "coroutine"])
def test_a_method_that_declares_no_callers_counts_by_address(serve: Serve, path: str) -> None:
    client = _served(serve)
    assert _statuses(client, path, **bearer(token(claims_of(sub="ada")))) == [204, 204, 429]
    assert _statuses(client, path) == [429, 429, 429]


def test_a_refused_caller_is_not_charged(serve: Serve) -> None:
    client = _served(serve, auth_level=endpoints.AUTH_LEVEL.REQUIRED, **THIRD)
    assert _statuses(client, "sync") == [401, 401, 401]
    assert _statuses(client, "sync", **bearer(token())) == [204, 204, 429]
