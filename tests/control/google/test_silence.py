"""Service Control that fails, hangs, is down, or not reached yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from endpoints.control.contract import BUDGET, ControlUnavailable
from endpoints.control.google.service_control import ServiceControl
from tests.control.google.calls import MOST, SERVICE, Clock, answers, every_status, method, until
from tests.control.google.server import GOOD, OTHER, GoogleServer


@every_status
def test_keys_fail_closed(
    google: GoogleServer,
    control: ServiceControl,
    admit: Callable[..., float],
    status: grpc.StatusCode,
    caplog: pytest.LogCaptureFixture,
) -> None:
    google.status = status
    for _ in range(5):
        assert admit(GOOD, expect=503) < MOST
    assert status.name in caplog.text and GOOD not in caplog.text
    with pytest.raises(ControlUnavailable):
        control.check(GOOD, method())


@every_status
def test_metering_fails_open(
    google: GoogleServer, control: ServiceControl, admit: Callable[..., float], status: grpc.StatusCode
) -> None:
    control.check(GOOD, method())
    google.status = status
    for _ in range(6):
        assert admit(GOOD) < MOST
    assert google.allocations == []
    control.fail_closed = True
    assert admit(GOOD, expect=503) < MOST


def test_a_good_key_goes_on_for_ten_minutes_of_silence(
    google: GoogleServer, control: ServiceControl, clock: Clock
) -> None:
    control.check(GOOD, method())
    google.status = grpc.StatusCode.UNAVAILABLE
    clock.now += 599
    assert control.check(GOOD, method()).name == "1234567890"
    with pytest.raises(ControlUnavailable):
        control.check(OTHER, method())
    clock.now += 2
    with pytest.raises(ControlUnavailable):
        control.check(GOOD, method())


@pytest.mark.slow
def test_a_server_that_hangs_holds_nobody_up(
    google: GoogleServer, control: ServiceControl, admit: Callable[..., float]
) -> None:
    control.check(GOOD, method())
    google.released.clear()
    assert max(admit(GOOD) for _ in range(6)) < MOST
    assert max(admit(OTHER, expect=503) for _ in range(6)) < MOST
    assert admit(OTHER, expect=503) < BUDGET / 5  # left alone for a while


@pytest.mark.slow
def test_a_server_that_hangs_while_many_call(
    google: GoogleServer, control: ServiceControl, admit: Callable[..., float]
) -> None:
    control.check(GOOD, method())
    google.released.clear()
    with ThreadPoolExecutor(32) as threads:
        took = [each.result() for each in [threads.submit(admit, GOOD) for _ in range(64)]]
    assert max(took) < MOST + 0.2  # thirty-two threads of a busy machine


@pytest.mark.slow
def test_down_and_back_again(clock: Clock) -> None:
    google = GoogleServer()
    control = ServiceControl(SERVICE, connect=google.connect, clock=clock)
    with google.serving():
        assert answers(control)
    clock.now += 700
    assert not any(answers(control) for _ in range(4))
    with google.serving():
        until(lambda: answers(control))
        control.close()


def test_no_credentials(clock: Clock) -> None:
    def connect() -> grpc.Channel:
        raise OSError("no credentials anywhere")

    control = ServiceControl(SERVICE, connect=connect, clock=clock)
    with pytest.raises(ControlUnavailable, match="no credentials anywhere"):
        control.check(GOOD, method())
    control.close()


def test_a_connection_that_takes_long_holds_nobody_up(google: GoogleServer, clock: Clock) -> None:
    def connect() -> grpc.Channel:
        google.released.wait(10)
        return google.connect()

    google.released.clear()
    control = ServiceControl(SERVICE, connect=connect, clock=clock)
    begun = time.perf_counter()
    with pytest.raises(ControlUnavailable, match="not connected yet"):
        control.check(GOOD, method())
    assert time.perf_counter() - begun < MOST
    google.released.set()
    until(lambda: answers(control))
    control.close()
