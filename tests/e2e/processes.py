"""Real servers in processes of their own, each wait bounded, each ended by its process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tests.docs.test_programs import ROOT

HERE = Path(__file__).parent
GUESTBOOK = ROOT / "examples" / "guestbook"
ENDPOINTS = (sys.executable, "-m", "endpoints")
PATIENCE = 30.0
"""Seconds that anything may take here; a busy machine is slow, a broken server never ends."""

SERVERS = {
    "uvicorn": (*ENDPOINTS, "serve", "{app}", "--port", "{port}"),
    "granian": (*ENDPOINTS, "serve", "{app}", "--port", "{port}", "--interface", "wsgi"),
    "gunicorn": (
        *(sys.executable, "-m", "gunicorn", "{app}", "--bind", "127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--threads", "8", "--log-level", "warning"),
    ),
}
"""The command line of each server."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def discovery_url(self, api: str, version: str) -> str:
        return f"{self.url}/_ah/api/discovery/v1/apis/{api}/{version}/rest"

    def output(self) -> str:
        """Everything that it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def request(
        self,
        path: str,
        *,
        method: str | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request on a connection of its own."""
        data = None if json is None else msgspec.json.encode(json)
        request = urllib.request.Request(self.url + path, data, dict(headers or {}), method=method)  # noqa: S310 - http
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as found:  # noqa: S310
                return _answer(found.status, found)
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; returns its exit status."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def start(
    command: Sequence[str],
    log: Path,
    *,
    app: str,
    cwd: Path = HERE,
    environment: Mapping[str, str] | None = None,
    port: int | None = None,
) -> Server:
    """Start a server and wait until it answers.

    Args:
        command: one of `SERVERS`, or such a one; `{app}` and `{port}` stand for what they say.
        log: file for what it writes.
        app: what is served, as `module:attribute`.
        cwd: the folder that it is started in.
        environment: additions to that of this process.
        port: where; by default one that is free.
    """
    port = port or free_port()
    words = [word.format(app=app, port=port) for word in command]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            words, cwd=cwd, env={**os.environ, **(environment or {})}, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(process, port, log)
    try:
        _wait_for(server)
    except BaseException:
        end(server)
        raise
    return server


def end(server: Server) -> None:
    """Be sure that it is gone: asked first, so that it can end its workers, then made to."""
    if server.process.poll() is None:
        try:
            server.stop()
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _answer(status: int, message: Any) -> Answer:
    return Answer(status, {name.lower(): value for name, value in message.headers.items()}, message.read())


def _wait_for(server: Server) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if server.process.poll() is not None:
            break
        try:
            server.request("/_ah/api/discovery/v1/apis")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server does not answer:\n{server.output()}")
