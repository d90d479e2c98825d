"""How much callers may call: `limit_definitions` and `metric_costs`, on every store and both interfaces."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import endpoints
from endpoints.control.contract import Consumer, Cost, Method, Outcome
from endpoints.control.memory import MemoryCounters
from protorpc import remote
from tests.client import Client, Connect, Serve
from tests.control.shop import LIMIT, ROOT, Clock, Shop, Text, Void, new_key, opened, wait_for_room_in_the_minute
from tests.http.error_object import error_of

READS = ["read", "read_inline", "read_coroutine"]
Shopping = Callable[..., Client]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(client: Connect, location: str, clock: Clock) -> Shopping:
    """The shop, with a clock that the test sets; Redis has its own, of which a minute must last for the test."""
    if location.startswith("redis"):
        wait_for_room_in_the_minute()

    def open_shop(**options: Any) -> Client:
        return client(endpoints.api_server([Shop], control=opened(location, clock), **options))

    return open_shop


def statuses(client: Client, path: str, count: int, *, peer: str = "192.0.2.7", **options: Any) -> list[int]:
    extra = {"client": (peer, 5)} if client.interface == "asgi" else {"REMOTE_ADDR": peer}
    return [client.get(ROOT + path, extra=extra, **options).status for _ in range(count)]


@pytest.mark.parametrize("path", READS)
def test_the_limit_of_a_minute(shop: Shopping, path: str) -> None:
    client = shop()
    assert statuses(client, path, LIMIT + 2) == [200] * LIMIT + [429] * 2


def test_what_is_told(shop: Shopping, location: str) -> None:
    client = shop()
    seconds = "50" if not location.startswith("redis") else None
    told = client.get(ROOT + "read").headers
    assert (told["ratelimit-limit"], told["ratelimit-remaining"]) == ("5", "4")
    statuses(client, "read", 4)
    refused = client.get(ROOT + "read")
    error = error_of(refused, 429, "rateLimitExceeded", "usageLimits")
    assert error["message"] == "Quota exceeded for quota metric 'reads': the limit is 5 per minute."
    assert (refused.headers["ratelimit-limit"], refused.headers["ratelimit-remaining"]) == ("5", "0")
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
    assert seconds in (None, refused.headers["retry-after"])
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert "ratelimit-limit" not in client.get(ROOT + "free").headers


@pytest.mark.parametrize("kind", ["memory", "file"])  # Redis has its own clock; see test_outages
def test_the_next_minute(serve: Serve, tmp_path: Path, kind: str, clock: Clock) -> None:
    client = serve(Shop, control=opened(f"sqlite:///{tmp_path / 'control.db'}?counters={kind}", clock))
    assert statuses(client, "read", LIMIT + 1)[-1] == 429
    clock.now += 49.9
    assert client.get(ROOT + "read").headers["retry-after"] == "1"
    clock.now += 0.1
    assert statuses(client, "read", LIMIT + 1) == [200] * LIMIT + [429]


def test_all_metrics_or_none(shop: Shopping) -> None:
    client = shop()
    assert statuses(client, "both", 3) == [200, 429, 429]  # two writes are the limit
    refused = client.get(ROOT + "both")
    assert (refused.headers["ratelimit-limit"], refused.headers["ratelimit-remaining"]) == ("2", "0")
    assert statuses(client, "read", LIMIT) == [200] * 4 + [429]  # the refused calls took no read


def test_a_refused_call_takes_nothing(shop: Shopping) -> None:
    client = shop()
    statuses(client, "read", LIMIT - 1)
    client.get(ROOT + "both")
    assert statuses(client, "both", 5) == [429] * 5
    told = client.get(ROOT + "read")
    assert (told.status, told.headers.get("ratelimit-remaining")) == (429, "0")


@pytest.mark.parametrize("path", ["keyed_read", "keyed_read_inline", "keyed_read_coroutine"])
def test_a_consumer_has_one_counter(shop: Shopping, location: str, path: str) -> None:
    acme, other, umbrella = new_key(location)[0], new_key(location)[0], new_key(location, "umbrella")[0]
    client = shop()
    assert statuses(client, path, LIMIT, query={"key": acme}) == [200] * LIMIT
    assert statuses(client, path, 1, query={"key": other}) == [429]  # another key of the same consumer
    assert statuses(client, path, 1, query={"key": acme}, peer="192.0.2.8") == [429]
    assert statuses(client, path, 1, query={"key": umbrella}) == [200]
    assert statuses(client, "read", 1) == [200]  # nor is the address charged for calls with a key


def test_invented_keys_buy_nothing(shop: Shopping, location: str) -> None:
    key, _ = new_key(location)
    client = shop()
    for number in range(LIMIT + 1):
        assert client.get(ROOT + "keyed_read", {"key": f"invented-{number}"}).status == 400
    # Where no key is required, none makes a counter of its own.
    found = [client.get(ROOT + "read", {"key": each}).status for each in ("a", "b", "c", key, "e", "f", "")]
    assert found == [200] * LIMIT + [429] * 2


@pytest.mark.parametrize("name", ["quotaUser", "userIp", "quotauser", "user_ip", "consumer"])
def test_parameters_choose_no_counter(shop: Shopping, name: str) -> None:
    client = shop()
    assert [client.get(ROOT + "read", {name: str(n)}).status for n in range(LIMIT + 1)][-1] == 429


SAME = [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8:0:0:ffff::2")]
DIFFERENT = [("192.0.2.7", "192.0.2.8"), ("2001:db8::1", "2001:db8:0:1::1")]


@pytest.mark.parametrize(("one", "two"), SAME, ids=str)
def test_the_same_caller(shop: Shopping, one: str, two: str) -> None:
    client = shop()
    statuses(client, "read", LIMIT, peer=one)
    assert statuses(client, "read", 1, peer=two) == [429]


@pytest.mark.parametrize(("one", "two"), DIFFERENT, ids=str)
def test_different_callers(shop: Shopping, one: str, two: str) -> None:
    client = shop()
    statuses(client, "read", LIMIT, peer=one)
    assert statuses(client, "read", 1, peer=two) == [200]


def test_callers_without_an_address_share_a_counter(shop: Shopping) -> None:
    client = shop()
    assert statuses(client, "read", LIMIT + 1, peer="") == [200] * LIMIT + [429]


FORWARDED = ["198.51.100.{}", "198.51.100.{}, 203.0.113.1", "garbage {}"]


@pytest.mark.parametrize("value", FORWARDED)
def test_forwarded_headers_are_the_callers_own_word(shop: Shopping, value: str) -> None:
    client = shop()
    sent = [{"X-Forwarded-For": value.format(n), "Forwarded": f"for=198.51.100.{n}"} for n in range(LIMIT + 1)]
    assert [client.get(ROOT + "read", headers=headers).status for headers in sent][-1] == 429


def test_what_a_trusted_proxy_says(shop: Shopping) -> None:
    client = shop(trust_forwarded=True)
    sent = [f"198.51.100.{n}, 10.0.0.{n}, 203.0.113.1" for n in range(LIMIT)] + ["203.0.113.1:443", " 203.0.113.1 "]
    found = [client.get(ROOT + "read", headers={"X-Forwarded-For": value}).status for value in sent]
    assert found == [200] * LIMIT + [429] * 2
    assert client.get(ROOT + "read", headers={"X-Forwarded-For": "203.0.113.1, 203.0.113.2"}).status == 200
    assert client.get(ROOT + "read").status == 200


def test_a_call_is_paid_for_before_it_is_understood(shop: Shopping) -> None:
    client = shop()
    answers = [client.post(ROOT + "echo", body=b"{") for _ in range(LIMIT + 1)]
    assert [answer.status for answer in answers] == [400] * LIMIT + [429]
    assert answers[0].headers["ratelimit-remaining"] == "4"


def test_both_versions_of_an_api_share_a_counter(client: Connect, location: str, clock: Clock) -> None:
    limits = [endpoints.LimitDefinition("reads", "Reads", 2)]

    def version(number: str) -> type[remote.Service]:
        class Counted(remote.Service):
            @endpoints.method(Void, Text, path="read", http_method="GET", metric_costs={"reads": 1})
            def read(self, request: Any) -> Text:
                return Text()

        Counted.__name__ = f"Counted{number}"
        return endpoints.api("counted", number, limit_definitions=limits)(Counted)

    connected = client(endpoints.api_server([version("v1"), version("v2")], control=opened(location, clock)))
    found = [connected.get(f"/_ah/api/counted/{number}/read").status for number in ("v1", "v2", "v1", "v2")]
    assert found == [200, 200, 429, 429]


def test_threads_never_pass_the_limit(client: Connect, location: str, clock: Clock) -> None:
    if location.startswith("redis"):
        wait_for_room_in_the_minute(10)

    @endpoints.api("busy", "v1", limit_definitions=[endpoints.LimitDefinition("calls", "Calls", 100)])
    class Busy(remote.Service):
        @endpoints.method(Void, Text, path="call", http_method="GET", metric_costs={"calls": 1})
        def call(self, request: Any) -> Text:
            return Text()

    connected = client(endpoints.api_server([Busy], control=opened(location, clock)))
    found: list[int] = []

    def hammer() -> None:
        found.extend(connected.get("/_ah/api/busy/v1/call").status for _ in range(25))

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found.count(200), found.count(429)) == (100, 100)


def test_refusals_are_logged(shop: Shopping, caplog: pytest.LogCaptureFixture) -> None:
    client = shop()
    with caplog.at_level(logging.WARNING, "endpoints.control"):
        statuses(client, "read", LIMIT + 1)
    (told,) = (vars(each) for each in caplog.records)
    wanted = {
        "api": "shop",
        "method": "shop.get_read",
        "refusal": "quotaExceeded",
        "consumer": "address:192.0.2.7",
        "metric": "reads",
    }
    assert {name: told[name] for name in wanted} == wanted


class Recorder:
    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


def test_observers_are_told_of_every_request(shop: Shopping, location: str) -> None:
    key, _ = new_key(location)
    recorder = Recorder()
    client = shop(observers=[recorder])
    client.get(ROOT + "free")
    client.get(ROOT + "keyed_read", {"key": key})
    client.get(ROOT + "keyed", {"key": "invented"})
    statuses(client, "both", 2)
    client.get("/nowhere")
    told = [(each.method and each.method.id, each.status, each.refusal, each.consumer and each.consumer.counter)
            for each in recorder.outcomes]  # fmt: skip
    assert told == [
        ("shop.get_free", 200, None, None),
        ("shop.get_keyed_read", 200, None, "project:acme"),
        ("shop.get_keyed", 400, "keyInvalid", None),
        ("shop.get_both", 200, None, "address:192.0.2.7"),
        ("shop.get_both", 429, "quotaExceeded", "address:192.0.2.7"),
        (None, 404, None, None),
    ]
    assert all(0 < each.latency < 10 and abs(each.begun - time.time()) < 60 for each in recorder.outcomes)


def test_an_observer_that_fails_harms_nobody(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    class Failing:
        def finished(self, outcome: Outcome) -> None:
            raise RuntimeError("full")

    assert serve(Shop, observers=[Failing()]).get(ROOT + "free").status == 200
    assert "full" in caplog.text


def test_an_observer_that_is_none() -> None:
    observers: Any = [print]
    with pytest.raises(TypeError, match=r"observers must have a method finished"):
        endpoints.api_server([Shop], observers=observers)


def test_control_is_off(serve: Serve) -> None:
    assert statuses(serve(Shop, control="off"), "read", LIMIT + 1) == [200] * (LIMIT + 1)


def test_addresses_do_not_fill_the_memory() -> None:
    counters = MemoryCounters(Clock())
    method = Method(
        api="shop", version="v1", id="shop.read", name="Shop.read", key_required=False, costs=(Cost("reads", 1, 5),)
    )
    for number in range(100_010):
        counters.charge(Consumer(f"address:{number}"), method)
    assert len(counters.used()) == 100_001
    assert not counters.charge(Consumer("address:new"), method).granted
    assert counters.charge(Consumer("project:acme", "acme"), method).granted
