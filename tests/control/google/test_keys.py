"""Keys by Service Control, and a server with it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

from endpoints.control.contract import ControlUnavailable, KeyProblem, KeyRefused
from endpoints.control.google.service_control import ServiceControl
from tests.client import Serve
from tests.control import shop
from tests.control.google.calls import SELECTOR, SERVICE, Clock, method
from tests.control.google.server import GOOD, OTHER, CheckError, GoogleServer


def test_a_good_key_is_asked_for_once(google: GoogleServer, control: ServiceControl) -> None:
    consumers = [control.check(GOOD, method()) for _ in range(20)]
    assert {(each.counter, each.name, each.key_id) for each in consumers} == {
        ("project:1234567890", "1234567890", "apikey:uid-1234567890")
    }
    (asked,) = google.checks
    assert asked.service_name == SERVICE
    assert asked.operation.operation_name == SELECTOR
    assert asked.operation.consumer_id == f"api_key:{GOOD}"
    assert asked.operation.operation_id and asked.operation.start_time.year >= 2023
    assert GOOD not in repr(consumers[0])


def test_threads_that_want_to_know_the_same_share_one_answer(google: GoogleServer, control: ServiceControl) -> None:
    control.check(OTHER, method())  # connected
    google.released.clear()
    with ThreadPoolExecutor(16) as threads:
        found = [threads.submit(control.check, GOOD, method()) for _ in range(16)]
        time.sleep(0.05)
        google.released.set()
        assert {each.result().name for each in found} == {"1234567890"}
    assert len(google.checks) == 2


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (CheckError.API_KEY_INVALID, "keyInvalid"),
        (CheckError.API_KEY_NOT_FOUND, "keyInvalid"),
        (CheckError.API_KEY_EXPIRED, "keyExpired"),
        (CheckError.SERVICE_NOT_ACTIVATED, "keyNotForApi"),
        (CheckError.API_TARGET_BLOCKED, "keyNotForApi"),
        (CheckError.IP_ADDRESS_BLOCKED, "keyNotForApi"),
        (CheckError.PROJECT_DELETED, "keyNotForApi"),
        (CheckError.BILLING_DISABLED, "keyNotForApi"),
    ],
)
def test_a_key_that_does_not_count(
    google: GoogleServer, control: ServiceControl, code: Any, problem: KeyProblem
) -> None:
    google.errors[GOOD] = code
    for _ in range(3):
        with pytest.raises(KeyRefused) as refused:
            control.check(GOOD, method())
        assert refused.value.problem == problem
    assert len(google.checks) == 1


@pytest.mark.parametrize(
    "code",
    [CheckError.NAMESPACE_LOOKUP_UNAVAILABLE, CheckError.SERVICE_STATUS_UNAVAILABLE, CheckError.ERROR_CODE_UNSPECIFIED],
)
def test_a_key_stays_closed_where_google_cannot_tell(google: GoogleServer, control: ServiceControl, code: Any) -> None:
    google.errors[GOOD] = code
    with pytest.raises(ControlUnavailable):
        control.check(GOOD, method())


@pytest.mark.parametrize("key", ["ключ", "\udcff", "a b", "a\n", "x" * 257, "\x00"])
def test_what_google_never_made_is_not_asked_for(google: GoogleServer, control: ServiceControl, key: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        control.check(key, method())
    assert refused.value.problem == "keyInvalid"
    assert google.checks == []


def test_a_verdict_counts_for_a_minute(google: GoogleServer, control: ServiceControl, clock: Clock) -> None:
    control.check(GOOD, method())
    google.errors[GOOD] = CheckError.API_KEY_EXPIRED
    clock.now += 29
    assert control.check(GOOD, method()).name
    clock.now += 32
    with pytest.raises(KeyRefused):
        control.check(GOOD, method())
    del google.errors[GOOD]
    clock.now += 61
    assert control.check(GOOD, method()).name


def test_a_verdict_in_use_is_renewed_off_the_way_of_requests(
    google: GoogleServer, control: ServiceControl, clock: Clock
) -> None:
    control.check(GOOD, method())
    clock.now += 31
    control.check(GOOD, method())
    assert len(google.checks) == 1
    control.close()  # the thread in the background does it once a second, and at the end
    assert len(google.checks) == 2
    clock.now += 31
    control.check(GOOD, method())
    assert len(google.checks) == 2


def test_a_server_with_it(google: GoogleServer, control: ServiceControl, serve: Serve, clock: Clock) -> None:
    control.check(OTHER, method())  # connected
    google.quota = {"reads": 1}
    client = serve(shop.Shop, control=control)
    statuses = [
        client.get(shop.ROOT + path, query).status
        for path, query in [
            ("keyed", {}),
            ("keyed", {"key": "AIzaInvented"}),
            ("keyed", {"key": GOOD}),
            ("keyed_coroutine", {"key": GOOD}),
            ("keyed_read", {"key": GOOD}),
            ("keyed_read_inline", {"key": GOOD}),
            ("free", {}),
            ("nowhere", {}),
        ]
    ]
    assert statuses == [401, 400, 200, 200, 200, 429, 200, 404]
    limited = client.get(shop.ROOT + "keyed_read_inline", {"key": GOOD})
    assert limited.json()["error"]["errors"][0]["reason"] == "rateLimitExceeded" and "retry-after" in limited.headers
    assert client.get(shop.ROOT + "keyed", {"key": GOOD}).json() == {"text": "1234567890"}
    clock.now += 61
    google.status = grpc.StatusCode.UNAVAILABLE
    assert client.get(shop.ROOT + "keyed", {"key": GOOD}).status == 200
    assert client.get(shop.ROOT + "keyed", {"key": OTHER}).status == 503
    assert client.get(shop.ROOT + "keyed_read", {"key": GOOD}).status == 200
    google.status = None
    control.close()
    told = {(each.operation_name.rpartition(".")[2], each.labels["/response_code"]) for each in google.reported}
    assert {("Shop_keyed", "401"), ("Shop_keyed", "200"), ("Shop_keyedReadInline", "429"), ("Shop_free", "200")} <= told
    assert ("<Unknown Operation Name>", "404") in told
