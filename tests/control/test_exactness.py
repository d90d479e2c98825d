"""Exactly the limit is let through, however many processes and threads call at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.control.hammer import LIMIT
from tests.control.shop import new_key, wait_for_room_in_the_minute
from tests.docs.test_programs import ROOT
from tests.e2e.processes import ENDPOINTS, end, start

pytestmark = [pytest.mark.slow, pytest.mark.e2e]

_MOMENT = 4.0  # seconds in which all processes are up
_ENOUGH = 15.0  # seconds in which all calls are made, on a busy machine as well


@pytest.mark.parametrize(
    ("location", "processes", "threads"),
    [("redis", 8, 8), ("file", 4, 8), ("memory", 1, 8)],
    indirect=["location"],
    ids=["redis", "file", "memory"],
)
def test_processes(location: str, processes: int, threads: int) -> None:
    key, _ = new_key(location)
    calls = max(1, 2 * LIMIT // (processes * threads))
    wait_for_room_in_the_minute(_MOMENT + _ENOUGH)
    words = [sys.executable, "-m", "tests.control.hammer", key, str(threads), str(calls), str(time.time() + _MOMENT)]
    environment = {**os.environ, "ENDPOINTS_CONTROL": location}
    started = [
        subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
        for _ in range(processes)
    ]
    found = Counter[bytes]()
    for process in started:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        found.update(output.split())
    assert found == {b"204": LIMIT, b"429": processes * threads * calls - LIMIT}


SERVE = (*ENDPOINTS, "serve", "{app}", "--port", "{port}", "--workers", "4")
PYTHON = (sys.executable, "-m")
SERVERS = {
    "endpoints-asgi": SERVE,
    "endpoints-wsgi": (*SERVE, "--interface", "wsgi"),
    "gunicorn": (*PYTHON, "gunicorn", "{app}", "--bind", "127.0.0.1:{port}", "--workers", "4"),
    "uvicorn": (*PYTHON, "uvicorn", "{app}.asgi", "--port", "{port}", "--workers", "4"),
    "granian": (*PYTHON, "granian", "{app}", "--port", "{port}", "--interface", "wsgi", "--workers", "4"),
}


@pytest.mark.parametrize("command", SERVERS.values(), ids=SERVERS.keys())
def test_workers_of_one_server(tmp_path: Path, command: Sequence[str]) -> None:
    """Four workers on the default store, with nothing else said: they count together."""
    location = f"sqlite:///{tmp_path / 'control.db'}"
    key, _ = new_key(location)
    server = start(
        command,
        tmp_path / "log",
        app="tests.control.hammer:app",
        cwd=ROOT,
        environment={"ENDPOINTS_CONTROL": location},
    )
    found = Counter[int]()
    try:
        wait_for_room_in_the_minute(_ENOUGH)

        def hammer() -> None:
            for _ in range(LIMIT // 8 + 10):
                found[server.request(f"/_ah/api/hammered/v1/blow?key={key}").status] += 1

        threads = [threading.Thread(target=hammer) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        end(server)
    assert found == {204: LIMIT, 429: 8 * (LIMIT // 8 + 10) - LIMIT}
