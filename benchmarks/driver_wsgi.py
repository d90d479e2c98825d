"""Calls a WSGI application in process, with the environ that a server would give it."""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Callable
from typing import Any

from workloads import Work


def drive(app: Any, work: Work) -> tuple[Callable[[int], None], Callable[[], tuple[int, bytes]]]:
    """Return `repeat(n)`, which sends n requests, and `once()`, which sends one and returns its status and body."""
    paths, status = itertools.cycle(work.paths), [""]
    base = {
        "REQUEST_METHOD": work.method,
        "SCRIPT_NAME": "",
        "QUERY_STRING": work.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in work.headers:
        key = name.upper().replace("-", "_")
        base[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value

    def start_response(line: str, _headers: Any, _exc_info: Any = None) -> None:
        status[0] = line

    def send() -> bytes:
        environ = dict(base)
        environ["PATH_INFO"] = next(paths)
        environ["wsgi.input"] = io.BytesIO(work.body)
        pieces = app(environ, start_response)
        body = b"".join(pieces)
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
        return body

    def repeat(n: int) -> None:
        for _ in range(n):
            send()

    def once() -> tuple[int, bytes]:
        body = send()
        return int(status[0][:3]), body

    return repeat, once
