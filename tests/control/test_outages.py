"""Redis stopped, hanging, slow and back again: nobody waits long, metering opens, keys stay closed.

And files that others hold, replace or delete.
"""

from __future__ import annotations

import fcntl
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Self

import pytest
import redis

from endpoints.control.contract import BUDGET, Outcome
from endpoints.control.locations import stored_control
from tests.client import Response, Serve
from tests.control.redis_server import MISSING, PROGRAM, RedisServer
from tests.control.shop import LIMIT, ROOT, Shop, new_key, wait_for_room_in_the_minute
from tests.http.error_object import error_of

_REDIS = pytest.mark.skipif(PROGRAM is None, reason=MISSING)

MOST = 0.3
"""Seconds that a request may wait for Redis."""


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that the test may harm."""
    server = RedisServer.started(tmp_path)
    yield server
    server.stop()


class Recorder:
    def __init__(self) -> None:
        self.failures: list[str | None] = []

    def finished(self, outcome: Outcome) -> None:
        self.failures.append(outcome.failure)


def timed(call: Callable[[], Response]) -> tuple[Response, float]:
    begun = time.perf_counter()
    return call(), time.perf_counter() - begun


def back_in_service(call: Callable[[], Response], status: int) -> float:
    """Seconds until calls are answered with this status."""
    begun = time.monotonic()
    while call().status != status:
        assert time.monotonic() - begun < 10, "Redis is back, but nobody has noticed"
        time.sleep(0.05)
    return time.monotonic() - begun


def stop(server: RedisServer) -> Callable[[], None]:
    server.stop()
    return server.start_again


def freeze(server: RedisServer) -> Callable[[], None]:
    server.freeze()
    return server.thaw


@pytest.mark.slow
@_REDIS
@pytest.mark.parametrize("how", [stop, freeze])
@pytest.mark.parametrize("kind", ["", "_inline", "_coroutine"])
def test_away_and_back(
    serve: Serve, own_redis: RedisServer, how: Callable[[RedisServer], Callable[[], None]], kind: str
) -> None:
    key, _ = new_key(own_redis.url)
    recorder = Recorder()
    client = serve(Shop, control=own_redis.url, observers=[recorder])
    assert client.get(ROOT + "keyed_read" + kind, {"key": key}).status == 200
    assert recorder.failures == [None]
    back = how(own_redis)
    try:
        for _ in range(2 * LIMIT):
            open_, took = timed(lambda: client.get(ROOT + "read" + kind))
            assert (open_.status, took < MOST) == (200, True), took
            closed, took = timed(lambda: client.get(ROOT + "keyed_read" + kind, {"key": key}))
            error_of(closed, 503, "backendError")
            assert took < MOST
    finally:
        back()
    assert recorder.failures[1:] == ["quota", "key"] * 2 * LIMIT
    back_in_service(lambda: client.get(ROOT + "keyed" + kind, {"key": key}), 200)
    back_in_service(lambda: client.get(ROOT + "read" + kind), 429)
    assert client.get(ROOT + "keyed" + kind, {"key": "invented"}).status == 400


@pytest.mark.slow
@_REDIS
@pytest.mark.parametrize("kind", ["", "_coroutine"])
def test_many_callers_while_it_hangs(serve: Serve, own_redis: RedisServer, kind: str) -> None:
    client = serve(Shop, control=own_redis.url, threads=100)
    client.get(ROOT + "read" + kind)
    own_redis.freeze()
    found: list[tuple[int, float]] = []

    def call() -> None:
        response, took = timed(lambda: client.get(ROOT + "read" + kind))
        found.append((response.status, took))

    threads = [threading.Thread(target=call) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own_redis.thaw()
    assert {status for status, _ in found} == {200}
    # Sixty clients, the server and the test share a few cores; what is left out of account is not Redis.
    assert max(took for _, took in found) < 2 * MOST


@pytest.mark.slow
@_REDIS
def test_down_from_the_beginning(serve: Serve, own_redis: RedisServer) -> None:
    own_redis.stop()
    client = serve(Shop, control=own_redis.url)
    assert client.get(ROOT + "read").status == 200
    assert client.get(ROOT + "free").status == 200
    error_of(client.get(ROOT + "keyed", {"key": "any"}), 503, "backendError")
    assert client.get(ROOT + "keyed").status == 401
    own_redis.start_again()


@pytest.mark.slow
@_REDIS
def test_fail_closed(serve: Serve, own_redis: RedisServer) -> None:
    client = serve(Shop, control=own_redis.url + "?fail_closed=true")
    assert client.get(ROOT + "read").status == 200
    own_redis.stop()
    error_of(client.get(ROOT + "read"), 503, "backendError")
    assert client.get(ROOT + "free").status == 200
    own_redis.start_again()


@pytest.mark.slow
@_REDIS
def test_slow(serve: Serve, own_redis: RedisServer) -> None:
    key, _ = new_key(own_redis.url)
    with Delay(own_redis.port, 0.15) as delay:
        client = serve(Shop, control=f"redis://127.0.0.1:{delay.port}/0")
        for path in ("keyed_read", "read", "keyed", "keyed_read_coroutine"):
            response, took = timed(partial(client.get, ROOT + path, {"key": key}))
            assert response.status in (200, 503)
            assert took < MOST, path


@pytest.mark.slow
@_REDIS
def test_somebody_forgets_the_scripts(serve: Serve, own_redis: RedisServer) -> None:
    client = serve(Shop, control=own_redis.url)
    assert client.get(ROOT + "read").headers["ratelimit-remaining"] == "4"
    own_redis.stop()
    own_redis.start_again()
    assert client.get(ROOT + "read").headers["ratelimit-remaining"] == "3"


@pytest.mark.slow
@_REDIS
def test_a_minute_ends(serve: Serve, own_redis: RedisServer) -> None:
    wait_for_room_in_the_minute()
    client = serve(Shop, control=own_redis.url)
    assert [client.get(ROOT + "read").status for _ in range(LIMIT + 1)] == [200] * LIMIT + [429]
    with redis.Redis(port=own_redis.port, decode_responses=True) as connection:
        (counter,) = connection.keys("endpoints:quota:*")
        assert 60 <= connection.ttl(counter) <= 120
        connection.hincrby(counter, "\nminute", -1)  # as if that had been a minute ago
    assert [client.get(ROOT + "read").status for _ in range(LIMIT + 1)] == [200] * LIMIT + [429]


class Delay:
    """A connection to a port that passes every answer on late."""

    def __init__(self, port: int, seconds: float) -> None:
        self._target, self._seconds = port, seconds
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets = [self._listener]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [near, far]
                threading.Thread(target=self._pass_on, args=(near, far, 0.0), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(far, near, self._seconds), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, seconds: float) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                time.sleep(seconds)
                target.sendall(data)


def hold(path: Path) -> IO[str]:
    """Keep the turn of who writes to a file, as a process that hangs does; until it is closed."""
    line = path.with_name(f"{path.name}-lock").open("a")
    fcntl.flock(line, fcntl.LOCK_EX)
    return line


@pytest.mark.parametrize("counters", ["memory", "file"])
@pytest.mark.parametrize("kind", ["", "_inline", "_coroutine"])
def test_somebody_hangs_in_writing(serve: Serve, tmp_path: Path, counters: str, kind: str) -> None:
    location = f"sqlite:///{tmp_path}/x.db?counters={counters}"
    key, _ = new_key(location)
    client = serve(Shop, control=location)
    with hold(tmp_path / "x.db"):
        assert client.get(ROOT + "keyed_read" + kind, {"key": key}).status == 200
        time.sleep(0.3)  # the copy of the counters is due
        answer, seconds = timed(lambda: client.get(ROOT + "keyed" + kind, {"key": key}))
        assert answer.status == 200 and seconds < BUDGET / 2
        answer, seconds = timed(lambda: client.get(ROOT + "keyed_read" + kind, {"key": key}))
        assert answer.status == 200 and seconds < MOST
    time.sleep(0.3)


def test_a_file_that_is_replaced(tmp_path: Path) -> None:
    location = f"sqlite:///{tmp_path}/x.db"
    keys = stored_control(location, "a test").keys
    _, record = new_key(location)
    assert keys.find(record.digest) == record
    for each in tmp_path.iterdir():
        each.unlink()
    time.sleep(0.002)
    assert keys.find(record.digest) is None
    _, other = new_key(location)
    assert (keys.find(record.digest), keys.find(other.digest)) == (None, other)


def test_a_file_that_is_deleted_before_it_is_written_to(tmp_path: Path) -> None:
    location = f"sqlite:///{tmp_path}/x.db"
    keys = stored_control(location, "a test").keys
    _, record = new_key(location)
    keys.add(replace(record, id="one", digest="1"))
    (tmp_path / "x.db").unlink()
    keys.add(replace(record, id="two", digest="2"))
    assert [each.id for each in stored_control(location, "a test").keys.all()] == ["two"]
