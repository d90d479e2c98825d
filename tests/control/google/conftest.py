"""A local Service Control, and the control that asks it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from endpoints.control.admission import Admission, Inquiry
from endpoints.control.google.service_control import ServiceControl
from endpoints.control.waiting import WaitingRoom
from endpoints.exceptions import ServiceException
from tests.control.google.calls import SERVICE, Clock, method
from tests.control.google.server import GoogleServer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    server = GoogleServer()
    with server.serving():
        yield server


@pytest.fixture
def control(google: GoogleServer, clock: Clock) -> Iterator[ServiceControl]:
    made = ServiceControl(SERVICE, connect=google.connect, clock=clock)
    yield made
    google.released.set()
    made.close()


@pytest.fixture
def admit(control: ServiceControl) -> Callable[..., float]:
    """Let a call be admitted, or see it refused with a status; returns how many seconds that took."""
    admission = Admission(method(), control, WaitingRoom())

    def ask(key: str, expect: int | None = None) -> float:
        begun = time.perf_counter()
        status: int | None = None
        try:
            admission.admit(Inquiry(key, None))
        except ServiceException as error:
            status = error.http_status
        took = time.perf_counter() - begun
        assert status == expect
        return took

    return ask
