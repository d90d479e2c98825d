"""A key server on this machine, with switches: up, failing, slow, silent, garbage, somewhere else."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[[BaseHTTPRequestHandler], None]


class KeyServer:
    """Serves what `behaviour` says, and counts how often it was asked for what."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.paths: list[str] = []
        self.behaviour: Behaviour = status(404)
        self.over = threading.Event()

    @property
    def hits(self) -> int:
        return len(self.paths)


@contextmanager
def key_server() -> Iterator[KeyServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.paths.append(self.path)
            server.behaviour(self)

        do_CONNECT = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with Quiet(("127.0.0.1", 0), Handler) as http:
        server = KeyServer(f"http://127.0.0.1:{http.server_port}")
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            http.shutdown()
            thread.join()


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are part of the tests."""


def answer(document: Any, headers: dict[str, str] | None = None, code: int = 200, delay: float = 0.0) -> Behaviour:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()

    def behave(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(delay)
        handler.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def status(code: int, headers: dict[str, str] | None = None) -> Behaviour:
    return answer(b"", headers, code)


def silent(server: KeyServer) -> Behaviour:
    """Takes the request and says nothing."""

    def behave(_: BaseHTTPRequestHandler) -> None:
        server.over.wait(30)

    return behave


def dripping(server: KeyServer, beginning: bytes = b"HTTP/1.0 200 OK\r\n\r\n", drop: bytes = b" ") -> Behaviour:
    """Says a little every now and then, and never comes to an end."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(beginning)
        while not server.over.wait(0.05):
            handler.wfile.write(drop)

    return behave


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Says more than anybody wants to hear."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" " * 65536)
