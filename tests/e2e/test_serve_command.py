"""`endpoints serve` from start to stop, with real processes and sockets."""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.cli.conftest import HELLO
from tests.e2e.conftest import Start
from tests.e2e.processes import GUESTBOOK, PATIENCE, Answer, Server

pytestmark = pytest.mark.e2e

WATCH = "/_ah/api/watch/v1"
OURS = ("uvicorn", "granian")


@pytest.mark.parametrize("kind", OURS)
def test_it_says_what_is_served_where(launch: Start, kind: str) -> None:
    server = launch(kind, app="main:app", cwd=GUESTBOOK)
    assert server.output().splitlines() == [
        f"echo v1  {server.url}/_ah/api/echo/v1/  1 method",
        f"guestbook v0.2  {server.url}/_ah/api/guestbook/v0.2/  4 methods",
        f"API explorer  {server.url}/_ah/api/explorer",
    ]
    assert server.stop() == 0
    assert len(server.output().splitlines()) == 3, server.output()


def test_what_answers_is_where_it_says(launch: Start) -> None:
    server = launch("uvicorn", app="kit:WatchApi")
    (root, explorer) = re.findall(r"http://\S+", server.output())
    assert server.request(root.removeprefix(server.url) + "blocking").status == 200
    described = server.request("/_ah/api/discovery/v1/apis/watch/v1/rest").json()
    assert described["rootUrl"] + described["servicePath"] == root
    assert explorer == f"{server.url}/_ah/api/explorer"


@pytest.mark.parametrize("options", [[], ["--workers", "2"]], ids=["one worker", "two workers"])
@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("method", ["blocking", "waiting"])
def test_a_call_in_progress_finishes_when_it_is_told_to_stop(
    launch: Start, kind: str, options: list[str], method: str
) -> None:
    server = launch(kind, *options, app="kit:app")
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(server.request, f"{WATCH}/{method}?seconds=1.5", headers={"X-Caller": "me"})
        time.sleep(0.5)
        assert not slow.done()
        began = time.monotonic()
        assert server.stop() == 0
        assert 0.5 < time.monotonic() - began < 5
        answer = slow.result(PATIENCE)
    assert answer.status == 200 and answer.json()["later"] == "me"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1)


def test_no_new_work_while_it_stops(launch: Start) -> None:
    server = launch("uvicorn", app="kit:app")
    with ThreadPoolExecutor(1) as threads:
        slow: Future[Answer] = threads.submit(server.request, f"{WATCH}/blocking?seconds=2")
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", server.port), timeout=1)
        assert slow.result(PATIENCE).status == 200
    assert server.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("kind", OURS)
def test_the_grace_is_bounded(launch: Start, kind: str) -> None:
    server = launch(kind, "--grace", "1", app="kit:app")
    thread = threading.Thread(target=_ask_in_vain, args=(server, f"{WATCH}/blocking?seconds=20"), daemon=True)
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 8
    thread.join(PATIENCE)


def _ask_in_vain(server: Server, path: str) -> None:
    with suppress(OSError):
        server.request(path)


@pytest.mark.parametrize("kind", OURS)
def test_ctrl_c_is_no_failure(launch: Start, kind: str) -> None:
    server = launch(kind, app="kit:app")
    assert server.stop(signal.SIGINT) == 0
    assert "Traceback" not in server.output()


@pytest.mark.parametrize("kind", OURS)
def test_two_workers_share_the_work(launch: Start, kind: str) -> None:
    server = launch(kind, "--workers", "2", app="kit:app")
    processes: set[int] = set()
    give_up = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(8) as threads:
        while len(processes) < 2 and time.monotonic() < give_up:  # the second worker may come up later
            answers = threads.map(lambda _: server.request(f"{WATCH}/blocking?seconds=0.1"), range(16))
            processes |= {answer.json()["process"] for answer in answers}
    assert len(processes) == 2 and server.process.pid not in processes


@pytest.mark.parametrize("wait", ["blocking", "waiting"])
def test_slow_clients_hold_no_worker(launch: Start, wait: str) -> None:
    server = launch("uvicorn", app="kit:app")
    head = b"POST /_ah/api/echo/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    with ExitStack() as stack:
        for _ in range(100):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE))
            slow.sendall(head)
        began = time.monotonic()
        assert [server.request(f"{WATCH}/{wait}").status for _ in range(5)] == [200] * 5
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("method", ["blocking", "waiting"])
def test_callers_see_their_own_requests(kit: Server, method: str) -> None:
    _call_as_many(kit, f"{WATCH}/{method}?seconds=0.01", calls=200, at_a_time=16)


def test_200_tasks_at_a_time_see_their_own_requests(launch: Start) -> None:
    server = launch("uvicorn", app="kit:app")
    began = time.monotonic()
    _call_as_many(server, f"{WATCH}/waiting?seconds=1", calls=200, at_a_time=200)
    assert time.monotonic() - began < 10


def _call_as_many(server: Server, path: str, calls: int, at_a_time: int) -> None:
    def call(number: int) -> None:
        seen = server.request(path, headers={"X-Caller": f"caller {number}"}).json()
        assert (seen["caller"], seen["later"]) == (f"caller {number}", f"caller {number}")

    with ThreadPoolExecutor(at_a_time) as threads:
        list(threads.map(call, range(calls)))


def test_forwarded_headers_are_not_trusted_unasked(launch: Start) -> None:
    server = launch("uvicorn", app="kit:app")
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "203.0.113.9"}
    found = server.request("/_ah/api/discovery/v1/apis/watch/v1/rest", headers=headers).json()
    assert found["rootUrl"] == f"{server.url}/_ah/api/"


def test_the_access_log_is_off_unless_asked_for(launch: Start) -> None:
    quiet = launch("uvicorn", app="kit:app")
    quiet.request(f"{WATCH}/blocking?access_token=secret")
    quiet.stop()
    assert "secret" not in quiet.output()


@pytest.mark.parametrize("kind", OURS)
def test_the_access_log_has_a_line_for_each_request(launch: Start, kind: str) -> None:
    server = launch(kind, "--access-log", app="kit:app")
    server.request(f"{WATCH}/blocking?access_token=secret&shown=7&acc%65ss_tok%65n=secret&key=secret")
    give_up = time.monotonic() + PATIENCE
    while not (lines := server.output().count(f"GET {WATCH}/blocking")):  # it is written after the answer is sent
        assert time.monotonic() < give_up, server.output()
        time.sleep(0.05)
    assert lines == 1
    assert "secret" not in server.output()
    if kind == "uvicorn":  # granian logs no queries
        assert "?access_token=...&shown=7&acc%65ss_tok%65n=...&key=... " in server.output()


def test_it_starts_again_when_a_file_changes(launch: Start, tmp_path: Path) -> None:
    module = tmp_path / "hello.py"
    module.write_text(HELLO)
    server = launch("uvicorn", "--reload", app="hello:HelloApi", cwd=tmp_path)
    assert server.request("/_ah/api/hello/v1/greet").status == 204
    give_up = time.monotonic() + PATIENCE
    while not _answers(server, "/_ah/api/hello/v1/welcome"):
        assert time.monotonic() < give_up, server.output()
        module.write_text(HELLO.replace('path="greet"', 'path="welcome"'))  # once more, if nobody was watching yet
        time.sleep(1)
    assert server.stop() == 0


def _answers(server: Server, path: str) -> bool:
    try:
        return server.request(path).status == 204
    except OSError:
        return False


@pytest.mark.parametrize("app", ["plain:wsgi", "plain:asgi"])
def test_plain_applications_are_served_as_what_they_are(launch: Start, tmp_path: Path, app: str) -> None:
    source = f"""{HELLO}
server = endpoints.api_server([HelloApi])
def wsgi(environ, start_response):
    return server(environ, start_response)
async def asgi(scope, receive, send):
    await server.asgi(scope, receive, send)
"""
    (tmp_path / "plain.py").write_text(source)
    running = launch("uvicorn", app=app, cwd=tmp_path)
    assert running.request("/_ah/api/hello/v1/greet").status == 204
    assert running.output() == f"{app}  {running.url}/\n"
    assert running.stop() == 0
