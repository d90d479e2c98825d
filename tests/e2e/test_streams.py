"""Streams on real servers: each message is sent when it is made, and who goes away ends the stream."""

from __future__ import annotations

import http.client
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.e2e.processes import PATIENCE, SERVERS, Server

pytestmark = pytest.mark.e2e

ROOT = "/_ah/api/ticks/v1/"


def served(launch: Start, kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("STREAM_FOLDER", str(folder))
    return launch(kind, app="stream_kit:app")


def opened(server: Server, path: str, accept: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    connection.request("GET", ROOT + path, headers={"Accept": accept})
    return connection, connection.getresponse()


@pytest.mark.parametrize("method", ["once_told", "once_told_async"])
@pytest.mark.parametrize("kind", SERVERS)
def test_a_message_is_sent_before_the_next_is_made(
    launch: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, method: str
) -> None:
    server = served(launch, kind, tmp_path, monkeypatch)
    connection, answer = opened(server, method, "text/event-stream")
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.readline() == b'data: {"n":1}\n'
    assert not (tmp_path / "go").exists()
    (tmp_path / "go").touch()
    assert answer.read() == b'\ndata: {"n":2}\n\n'
    connection.close()


@pytest.mark.parametrize(("kind", "method"), [
    ("uvicorn", "endless"),
    ("uvicorn", "endless_async"),
    ("granian", "endless"),
    ("gunicorn", "endless"),
])  # fmt: skip
def test_who_goes_away_ends_the_stream(
    launch: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, method: str
) -> None:
    server = served(launch, kind, tmp_path, monkeypatch)
    connection, answer = opened(server, method, "application/x-ndjson")
    assert answer.readline() in (b'{"n":0}\n', b'{"n":1}\n')
    assert not (tmp_path / "closed").exists()
    answer.close()
    connection.close()
    give_up = time.monotonic() + PATIENCE
    while not (tmp_path / "closed").exists():
        assert time.monotonic() < give_up, server.output()
        time.sleep(0.02)
    assert server.stop() == 0
