"""The guestbook as a newcomer meets it: served as its README says, called by the client that stands beside it."""

from __future__ import annotations

import ast
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.e2e.processes import GUESTBOOK, PATIENCE, SERVERS, Server

pytestmark = pytest.mark.e2e

ROOT = "/_ah/api/guestbook/v0.2/greetings"
SERVER_LINE = "api_root = 'http://localhost:8080/_ah/api'"


def insert(server: Server, message: str) -> int:
    return int(server.request(ROOT, json={"message": message}).json()["id"])


@pytest.mark.parametrize("kind", SERVERS)
def test_its_client_prints_what_the_documentation_asks_for(launch: Start, tmp_path: Path, kind: str) -> None:
    server = launch(kind, app="main:app", cwd=GUESTBOOK)
    source = (GUESTBOOK / "client.py").read_text()
    assert source.count(SERVER_LINE) == 1
    here = tmp_path / "client.py"
    here.write_text(source.replace(SERVER_LINE, f"api_root = '{server.url}/_ah/api'"))
    command = (sys.executable, str(here))
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)  # noqa: S603
    first = {"id": "9001", "message": "Hello, world!"}
    assert [ast.literal_eval(line) for line in done.stdout.splitlines()] == [{"items": [first]}, first]


def test_a_restart_loses_nothing(launch: Start) -> None:
    server = launch("uvicorn", app="main:app", cwd=GUESTBOOK)
    written = [insert(server, f"number {index}") for index in range(3)]
    assert server.stop() == 0
    again = launch("granian", app="main:app", cwd=GUESTBOOK)
    assert [again.request(f"{ROOT}/{each}").json()["message"] for each in written] == [
        "number 0",
        "number 1",
        "number 2",
    ]
    assert insert(again, "number 3") > max(written)
    assert [item["id"] for item in again.request(ROOT).json()["items"]] == [
        "9001",
        *map(str, [*written, written[-1] + 1]),
    ]


def test_a_killed_server_keeps_what_it_has_answered(launch: Start) -> None:
    server = launch("uvicorn", app="main:app", cwd=GUESTBOOK)
    written = insert(server, "kept")
    server.process.kill()
    server.process.wait(PATIENCE)
    assert launch("uvicorn", app="main:app", cwd=GUESTBOOK).request(f"{ROOT}/{written}").json()["message"] == "kept"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("uvicorn", ["--workers", "2"], id="uvicorn"),
        pytest.param("granian", ["--workers", "2"], id="granian"),
        pytest.param("gunicorn", ["--workers", "2"], id="gunicorn"),
        pytest.param("gunicorn", ["--workers", "2", "--preload"], id="gunicorn, forked"),
    ],
)
def test_several_workers_and_threads_write_into_one_book(launch: Start, kind: str, options: list[str]) -> None:
    server = launch(kind, *options, app="main:app", cwd=GUESTBOOK)
    texts = [f"number {index}" for index in range(120)]
    with ThreadPoolExecutor(12) as threads:
        ids = list(threads.map(lambda text: insert(server, text), texts))
    assert len(set(ids)) == len(texts)
    found: dict[int, str] = {}
    after = "9001"
    while after:
        page = server.request(f"{ROOT}?limit=50&pageToken={after}").json()
        found.update((int(item["id"]), item["message"]) for item in page["items"])
        after = page.get("nextPageToken", "")
    assert found == dict(zip(ids, texts, strict=True))
    assert server.stop() == 0


def test_multiply_and_echo(launch: Start) -> None:
    server = launch("uvicorn", app="main:app", cwd=GUESTBOOK)
    assert server.request(f"{ROOT}/multiply/3", json={"message": "ho"}).json() == {"message": "hohoho"}
    assert server.request("/_ah/api/echo/v1/echo?n=2", json={"content": "hello"}).json() == {"content": "hello hello"}
    assert server.request("/_ah/api/echo/v1/echo", json={"content": "hello"}).json() == {"content": "hello"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        pytest.param(f"{ROOT}/1", None, 404, id="no such greeting"),
        pytest.param(f"{ROOT}/x", None, 400, id="no number"),
        pytest.param(f"{ROOT}/99999999999999999999", None, 400, id="too large a number"),
        pytest.param(f"{ROOT}?limit=0", None, 400, id="limit 0"),
        pytest.param(f"{ROOT}?limit=101", None, 400, id="limit 101"),
        pytest.param(f"{ROOT}?pageToken=x", None, 400, id="page token"),
        pytest.param(f"{ROOT}?pageToken=99999999999999999999", None, 400, id="large page token"),
        pytest.param(ROOT, {}, 400, id="no message"),
        pytest.param(f"{ROOT}/multiply/3", {}, 400, id="nothing to multiply"),
        pytest.param(f"{ROOT}/multiply/2000000000", {"message": "x"}, 400, id="too much to multiply"),
        pytest.param("/_ah/api/echo/v1/echo?n=9000000000000000000", {"content": ""}, 400, id="too much to echo"),
    ],
)
def test_what_it_refuses(kit: Server, path: str, body: object, status: int) -> None:
    assert kit.request(path, json=body).status == status
