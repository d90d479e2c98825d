"""`endpoints quota show`: limits, and what has been used of them."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

import endpoints
from tests.cli.conftest import run
from tests.client import Client
from tests.control.conftest import location, redis_server, session_redis
from tests.control.shop import ROOT, Shop, new_key, wait_for_room_in_the_minute

__all__ = ["location", "redis_server", "session_redis"]  # fixtures

Captured = pytest.CaptureFixture[str]


def shown(capsys: Captured, *arguments: str) -> list[dict[str, Any]]:
    assert run("quota", "show", "--json", *arguments) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_use_by_consumer(capsys: Captured, location: str) -> None:
    wait_for_room_in_the_minute()
    key, _ = new_key(location)
    client = Client(endpoints.api_server([Shop], control=location), "wsgi")
    for _ in range(3):
        client.get(ROOT + "keyed_read", {"key": key})
    client.get(ROOT + "both")
    give_up = time.monotonic() + 5  # counters in memory are copied into the file a moment later
    while len(shown(capsys, "--control", location)) < 3 and time.monotonic() < give_up:
        time.sleep(0.02)
    used = {"api": "shop", "limit": None}
    assert shown(capsys, "--control", location) == [
        {"metric": "reads", "consumer": "address:192.0.2.7", "used": 1} | used,
        {"metric": "reads", "consumer": "project:acme", "used": 3} | used,
        {"metric": "writes", "consumer": "address:192.0.2.7", "used": 2} | used,
    ]
    assert run("quota", "show", "tests.control.shop:Shop", "--control", location) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["API", "METRIC", "LIMIT", "CONSUMER", "USED", "LEFT"],
        ["shop", "reads", "5", "address:192.0.2.7", "1", "4"],
        ["shop", "reads", "5", "project:acme", "3", "2"],
        ["shop", "writes", "2", "address:192.0.2.7", "2", "0"],
    ]


def test_limits_that_nobody_has_used(capsys: Captured, location: str) -> None:
    assert shown(capsys, "--control", location) == []
    unused = {"api": "shop", "consumer": None, "used": 0}
    assert shown(capsys, "tests.control.shop:Shop", "--control", location) == [
        {"metric": "reads", "limit": 5} | unused,
        {"metric": "writes", "limit": 2} | unused,
    ]


@pytest.mark.usefixtures("write")
def test_mistakes(capsys: Captured) -> None:
    assert run("quota", "show", "nowhere:app") == 2
    assert "nowhere" in capsys.readouterr().err
    assert run("quota", "show", "--control", "off") == 2
    assert "control is off" in capsys.readouterr().err
    assert run("quota") == 2
