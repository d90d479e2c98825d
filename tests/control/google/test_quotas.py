"""Quotas by Service Control."""

from __future__ import annotations

from collections.abc import Callable

import grpc
import pytest

from endpoints.control.contract import Balance, Consumer, Cost
from endpoints.control.google.service_control import ServiceControl
from tests.control.google.calls import MOST, SELECTOR, Clock, method, until
from tests.control.google.server import GOOD, GoogleServer


def test_the_first_call_is_allocated_and_the_rest_put_together(google: GoogleServer, control: ServiceControl) -> None:
    consumer = control.check(GOOD, method())
    balances = [control.charge(consumer, method()) for _ in range(9)]
    assert all(each.granted for each in balances)
    assert [each.remaining for each in balances] == list(range(9, 0, -1))
    assert balances[0][:3] == (True, "writes", 10) and 0 < balances[0].reset <= 60
    (first,) = google.allocations
    control.close()
    _, rest = google.allocations
    assert [each.allocate_operation.quota_mode.name for each in (first, rest)] == ["NORMAL", "BEST_EFFORT"]
    amounts = [
        {each.metric_name: each.metric_values[0].int64_value for each in asked.allocate_operation.quota_metrics}
        for asked in (first, rest)
    ]
    assert amounts == [{"reads": 2, "writes": 1}, {"reads": 16, "writes": 8}]
    assert {each.allocate_operation.consumer_id for each in (first, rest)} == {"project_number:1234567890"}
    assert {each.allocate_operation.method_name for each in (first, rest)} == {SELECTOR}


def test_an_exhausted_quota(google: GoogleServer, control: ServiceControl, clock: Clock) -> None:
    google.quota = {"reads": 100, "writes": 0}
    consumer = control.check(GOOD, method())
    refused = control.charge(consumer, method())
    assert refused == Balance(False, "writes", 10, 0, refused.reset)
    assert google.quota["reads"] == 100
    assert not control.charge(consumer, method()).granted
    assert len(google.allocations) == 1
    clock.now += 1.1
    google.quota["writes"] = 5
    assert control.charge(consumer, method()).granted
    assert len(google.allocations) == 2


def test_a_refusal_counts_for_a_second_of_silence(google: GoogleServer, admit: Callable[..., float]) -> None:
    google.quota = {"reads": 0}
    admit(GOOD, expect=429)
    google.status = grpc.StatusCode.UNAVAILABLE
    assert admit(GOOD, expect=429) < MOST


@pytest.mark.slow
def test_what_is_paid_later_may_exhaust_a_quota(google: GoogleServer, control: ServiceControl) -> None:
    google.quota = {"reads": 9}
    consumer = control.check(GOOD, method())
    assert [control.charge(consumer, method()).granted for _ in range(8)] == [True] * 8
    until(lambda: len(google.allocations) == 2)
    until(lambda: control.charge(consumer, method())[:2] == (False, "reads"))


def test_callers_without_a_checked_key_are_counted_here(google: GoogleServer, control: ServiceControl) -> None:
    caller = Consumer("address:192.0.2.7")
    granted = [control.charge(caller, method(Cost("reads", 3, 10), key_required=False)).granted for _ in range(5)]
    assert granted == [True, True, True, False, False]
    assert google.allocations == []
