"""Keys and quotas in batches: every call pays for itself, the batch for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import endpoints
from tests.client import Client, Connect
from tests.control.shop import LIMIT, ROOT, Clock, Shop, new_key, opened, wait_for_room_in_the_minute
from tests.http.batches import calls, request

Shopping = Callable[..., Client]


@pytest.fixture
def shop(client: Connect, location: str) -> Shopping:
    """The shop, on a clock that stands still; Redis has its own, of which a minute must last for the test."""
    if location.startswith("redis"):
        wait_for_room_in_the_minute()

    def open_shop(**options: Any) -> Client:
        return client(endpoints.api_server([Shop], control=opened(location, Clock()), **options))

    return open_shop


def get(path: str, *lines: str) -> bytes:
    return request("\r\n".join([f"GET {ROOT}{path} HTTP/1.1", *lines]))


@pytest.mark.parametrize("path", ["read", "read_inline", "read_coroutine"])
def test_every_call_is_charged(shop: Shopping, path: str) -> None:
    client = shop()
    found = Counter(each.status for each in calls(client, *[get(path)] * (LIMIT + 7)))
    assert found == {200: LIMIT, 429: 7}
    assert client.get(ROOT + "read").status == 429


def test_a_batch_is_not(shop: Shopping) -> None:
    client = shop()
    for _ in range(LIMIT + 1):
        assert [each.status for each in calls(client, get("free"))] == [200]
    assert client.get(ROOT + "read").headers["ratelimit-remaining"] == str(LIMIT - 1)


def test_calls_tell_what_is_left(shop: Shopping) -> None:
    found = calls(shop(), *[get("read_coroutine")] * (LIMIT + 1))
    left = sorted(each.headers["ratelimit-remaining"] for each in found if each.status == 200)
    assert left == [str(number) for number in range(LIMIT)]
    (refused,) = (each for each in found if each.status == 429)
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]


@pytest.mark.parametrize("path", ["keyed", "keyed_inline", "keyed_coroutine"])
def test_keys(shop: Shopping, location: str, path: str) -> None:
    """A call's own key in any place, or else the batch's."""
    client = shop()
    batch, own = new_key(location, "batch")[0], new_key(location, "own")[0]
    sent = [get(path), get(f"{path}?key={own}"), get(path, f"X-API-Key: {own}"), get(f"{path}?key={own}x")]
    for where in ({"headers": {"X-API-Key": batch}}, {"query": f"key={batch}"}, {"query": f"a=b&api_key={batch}"}):
        found = calls(client, *sent, **where)
        assert [each.status for each in found] == [200, 200, 200, 400]
        assert [each.json()["text"] for each in found[:3]] == ["batch", "own", "own"]
    assert [each.status for each in calls(client, *sent)] == [401, 200, 200, 400]


def test_who_is_charged(shop: Shopping, location: str) -> None:
    """A call cannot say that it comes from another address than its batch."""
    client = shop(trust_forwarded=True)
    own = new_key(location, "own")[0]
    forged = [get("read", f"X-Forwarded-For: 198.51.100.{number}") for number in range(LIMIT + 1)]
    keyed = get(f"keyed_read?key={own}")
    found = calls(client, *forged, keyed, headers={"X-Forwarded-For": "203.0.113.9"})
    assert Counter(each.status for each in found) == {200: LIMIT + 1, 429: 1}
    other = client.get(ROOT + "read", headers={"X-Forwarded-For": "203.0.113.10"})
    assert other.headers["ratelimit-remaining"] == str(LIMIT - 1)
