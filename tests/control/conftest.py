from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.control.redis_server import MISSING, PROGRAM, RedisServer


@pytest.fixture(scope="session")
def session_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    if PROGRAM is None:
        pytest.skip(MISSING)
    server = RedisServer.started(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis_server(session_redis: RedisServer) -> RedisServer:
    """A running Redis that knows nothing."""
    session_redis.empty()
    return session_redis


@pytest.fixture(params=["memory", "file", "redis"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store of each kind, empty."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis_server")
        return server.url
    return f"sqlite:///{tmp_path / 'control.db'}?counters={request.param}"
