from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.e2e.processes import SERVERS, Server, end, start


class Start(Protocol):
    def __call__(self, kind: str, *options: str, app: str, **settings: Any) -> Server: ...


@pytest.fixture(scope="session", params=SERVERS)
def kit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application of `kit.py`, served by one server after the other, on a database of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    database = {"GUESTBOOK_DB": str(folder / "guestbook.db")}
    server = start(SERVERS[request.param], folder / "log", app="kit:app", environment=database)
    try:
        yield server
    finally:
        end(server)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Start]:
    """Start one of `SERVERS` with further options; it is ended after the test."""
    with ExitStack() as stack:

        def start_one(kind: str, *options: str, app: str, **settings: Any) -> Server:
            database = {"GUESTBOOK_DB": str(tmp_path / "guestbook.db")}
            server = start((*SERVERS[kind], *options), tmp_path / "log", app=app, environment=database, **settings)
            stack.callback(end, server)
            return server

        yield start_one
