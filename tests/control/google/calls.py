"""What the tests of Service Control have in common: a method, its calls, a clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from endpoints.control.contract import Consumer, ControlUnavailable, Cost, Method, Outcome
from endpoints.control.google.service_control import ServiceControl
from tests.control.google.server import GOOD

SERVICE = "bookstore.endpoints.my-project.cloud.goog"

SELECTOR = "1.bookstore_endpoints_my_project_cloud_goog.BookstoreApi_listShelves"

MOST = 0.3
"""Seconds that no request may wait for longer."""

TRANSIENT = [
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.UNAVAILABLE,
]

OTHERS = [grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.INVALID_ARGUMENT]

every_status = pytest.mark.parametrize("status", [*TRANSIENT, *OTHERS], ids=lambda each: each.name)


def method(*costs: Cost, key_required: bool = True) -> Method:
    return Method(
        api="bookstore",
        version="v1",
        id="bookstore.shelves.list",
        name="BookstoreApi.list_shelves",
        key_required=key_required,
        costs=costs or (Cost("reads", 2, 1000), Cost("writes", 1, 10)),
    )


def outcome(status: int = 200, consumer: Consumer | None = None, latency: float = 0.0015, **changes: Any) -> Outcome:
    told: dict[str, Any] = {
        "method": method(),
        "consumer": consumer,
        "status": status,
        "begun": 1_700_000_000.25,
        "latency": latency,
        "refusal": None,
        "failure": None,
        **changes,
    }
    return Outcome(**told)


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def answers(control: ServiceControl) -> bool:
    try:
        return bool(control.check(GOOD, method()).name)
    except ControlUnavailable:
        return False


def until(what: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not what():
        assert time.monotonic() < give_up
        time.sleep(0.02)
