"""The client of all behaviour tests: plain WSGI and ASGI calls in process, no network, no third party.

It is as strict as a server may be: `wsgiref.validate` watches the WSGI side, the ASGI side checks the order and the
types of the messages, and reading beyond the declared length of a body, which blocks on a real server, fails.
"""

from __future__ import annotations

import asyncio
import io
import json as jsonlib
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from http.client import responses as phrases
from typing import Any, Literal, Protocol, Self, TypeVar
from urllib.parse import unquote_to_bytes, urlencode
from wsgiref.validate import validator

Interface = Literal["wsgi", "asgi"]
Headers = Mapping[str, str] | Iterable[tuple[str, str]]
Query = str | Mapping[str, object] | Iterable[tuple[str, object]]
Event = MutableMapping[str, Any]

PEER = ("192.0.2.7", 50000)
TIMEOUT = 30.0
T = TypeVar("T")
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Request:
    """One request in the terms of both interfaces; `body` holds one piece per chunk on the wire."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: tuple[bytes, ...]
    chunked: bool
    scheme: str
    host: str
    root_path: str
    extra: Mapping[str, Any]

    @property
    def server(self) -> tuple[str, int]:
        name, _, port = self.host.partition(":")
        return name, int(port or {"http": 80, "https": 443}[self.scheme])


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: `pairs` are the headers as sent, `headers` the same by lower-case name, repeated ones joined."""

    status: int
    reason: str
    pairs: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in self.pairs:
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return found

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        assert self.headers.get("content-type", "").startswith("application/json"), self
        return jsonlib.loads(self.body)


class Transport(Protocol):
    def send(self, request: Request) -> Response: ...
    def close(self) -> None: ...


class Client:
    """Sends requests to one application over one interface; may be used from several threads.

    Args:
        app: a WSGI or an ASGI 3 application; on ASGI its lifespan starts here and ends with `close()`.
        interface: which of the two `app` is.
    """

    def __init__(self, app: Any, interface: Interface) -> None:
        self.interface = interface
        self._transport: Transport = WsgiTransport(app) if interface == "wsgi" else AsgiTransport(app)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def get(self, path: str, query: Query = "", **options: Any) -> Response:
        return self.request("GET", path, query, **options)

    def post(self, path: str, query: Query = "", **options: Any) -> Response:
        return self.request("POST", path, query, **options)

    def request(
        self,
        method: str,
        path: str,
        query: Query = "",
        *,
        json: object = _ABSENT,
        body: bytes | Iterable[bytes] = b"",
        headers: Headers = (),
        scheme: str = "http",
        host: str = "localhost:8080",
        root_path: str = "",
        extra: Mapping[str, Any] | None = None,
    ) -> Response:
        """Send one request and return its complete answer.

        Args:
            method: the verb.
            path: as on the wire, percent-encoded, below `root_path`; a query may follow a question mark.
            query: a query string, or what `urlencode` takes (lists repeat the name).
            json: a value to send as an application/json body.
            body: bytes, sent with Content-Length; or pieces of bytes, sent chunked without it.
            headers: a mapping or pairs; these win over the ones made here.
            scheme: http or https.
            host: the server's name and port, also the Host header.
            root_path: where the application is mounted (SCRIPT_NAME on WSGI).
            extra: further entries of the WSGI environ or of the ASGI scope.
        """
        path, _, asked = path.partition("?")
        given = tuple(headers.items() if isinstance(headers, Mapping) else headers)
        made = {"host": host}
        if json is not _ABSENT:
            body = jsonlib.dumps(json).encode()
            made["content-type"] = "application/json"
        pieces = (body,) if isinstance(body, bytes) else tuple(body)
        if not isinstance(body, bytes):
            made["transfer-encoding"] = "chunked"
        elif body or method in ("POST", "PUT", "PATCH"):
            made["content-length"] = str(len(body))
        names = {name.lower() for name, _ in given}
        return self._transport.send(
            Request(
                method=method,
                path=path,
                query=asked or (query if isinstance(query, str) else urlencode(_pairs(query), doseq=True)),
                headers=tuple((name, value) for name, value in made.items() if name not in names) + given,
                body=pieces,
                chunked=not isinstance(body, bytes),
                scheme=scheme,
                host=host,
                root_path=root_path,
                extra=extra or {},
            )
        )


def _pairs(query: Mapping[str, object] | Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    return list(query.items() if isinstance(query, Mapping) else query)


class Connect(Protocol):
    def __call__(self, server: Any) -> Client: ...


class Serve(Protocol):
    def __call__(self, *api_classes: Any, **options: Any) -> Client: ...


class WsgiTransport:
    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def close(self) -> None:
        pass

    def send(self, request: Request) -> Response:
        environ = _environ(request)
        length = environ.get("CONTENT_LENGTH", "")
        # The validator itself trips over a malformed length, which an application must survive.
        app = self._app if length.strip("0123456789") else validator(self._app)
        seen: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> Any:
            seen[:] = [(status, headers)]
            return lambda _data: None

        pieces = app(environ, start_response)
        try:
            body = b"".join(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        ((status, headers),) = seen
        code, _, reason = status.partition(" ")
        return Response(int(code), reason, tuple(headers), body)


def _environ(request: Request) -> dict[str, Any]:
    name, port = request.server
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": request.root_path,
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": name,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": PEER[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for header, value in request.headers:
        key = header.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    length = environ.get("CONTENT_LENGTH", "0")
    if request.chunked:
        environ["wsgi.input"] = ChunkedInput(request.body)
        environ["wsgi.input_terminated"] = True
    else:
        environ["wsgi.input"] = BoundedInput(request.body[0], int(length) if length.isdigit() else 0)
    environ.update(request.extra)
    return environ


class BoundedInput(io.BytesIO):
    """A body of declared length: to ask for more is to wait for ever on a real server."""

    def __init__(self, body: bytes, declared: int) -> None:
        super().__init__(body)
        self._left = declared

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None and 0 <= size <= self._left, f"read({size}) would block: {self._left} bytes are to come"
        piece = super().read(size)
        self._left -= len(piece)
        return piece


class ChunkedInput(io.BytesIO):
    """A body that the server unchunks: it ends by itself, and no read crosses the border of a chunk."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces = [piece for piece in pieces if piece]

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None and size >= 0, "granian refuses read(-1)"
        if not self._pieces or not size:
            return b""
        piece = self._pieces.pop(0)
        if len(piece) > size:
            self._pieces.insert(0, piece[size:])
        return piece[:size]


class AsgiTransport:
    """Runs the application on a loop of its own thread, so that any thread may send."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="asgi-client", daemon=True)
        self._thread.start()
        self._lifespan = Lifespan(app)
        self._run(self._lifespan.start())

    def close(self) -> None:
        self._run(self._lifespan.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT)
        self._loop.close()

    def send(self, request: Request) -> Response:
        return self._run(Exchange(request).run(self._app))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(TIMEOUT)


class Lifespan:
    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app
        self._to_app: asyncio.Queue[Event] = asyncio.Queue()
        self._from_app: asyncio.Queue[Event] = asyncio.Queue()

    async def start(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
        self._task = asyncio.ensure_future(self._app(scope, self._to_app.get, self._from_app.put))
        await self._exchange("startup")

    async def stop(self) -> None:
        await self._exchange("shutdown")
        await self._task

    async def _exchange(self, phase: str) -> None:
        await self._to_app.put({"type": f"lifespan.{phase}"})
        answer = asyncio.ensure_future(self._from_app.get())
        await asyncio.wait((answer, self._task), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            self._task.result()
        assert answer.done() and answer.result() == {"type": f"lifespan.{phase}.complete"}, (phase, answer)


class Exchange:
    """One http scope and the events of its request and its answer."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._events = self._request_events()
        self._complete = asyncio.Event()
        self._start: Event | None = None
        self._body = b""

    async def run(self, app: Callable[..., Awaitable[None]]) -> Response:
        await app(_scope(self._request), self._receive, self._send)
        assert self._start is not None and self._complete.is_set(), "the application returned without a complete answer"
        status, headers = self._start["status"], self._start.get("headers", ())
        return Response(
            status,
            phrases.get(status, ""),
            tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers),
            self._body,
        )

    def _request_events(self) -> Iterator[Event]:
        last = len(self._request.body) - 1
        for index, piece in enumerate(self._request.body):
            yield {"type": "http.request", "body": piece, "more_body": index < last}
        if last < 0:
            yield {"type": "http.request", "body": b"", "more_body": False}

    async def _receive(self) -> Event:
        for event in self._events:
            return event
        await self._complete.wait()
        return {"type": "http.disconnect"}

    async def _send(self, event: Event) -> None:
        assert not self._complete.is_set(), f"{event['type']} after the end of the answer"
        if event["type"] == "http.response.start":
            assert self._start is None, "a second http.response.start"
            assert isinstance(event["status"], int)
            for name, value in event.get("headers", ()):
                assert isinstance(name, bytes) and isinstance(value, bytes) and name == name.lower(), (name, value)
            self._start = event
        else:
            assert event["type"] == "http.response.body" and self._start is not None, event["type"]
            self._body += event.get("body", b"")
            if not event.get("more_body", False):
                self._complete.set()


def _scope(request: Request) -> dict[str, Any]:
    # Servers and mounting frameworks leave the mount point in `path` (ASGI HTTP specification 2.4, root_path).
    raw_path = (request.root_path + request.path).encode("ascii")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "server": request.server,
        "client": PEER,
        "scheme": request.scheme,
        "method": request.method,
        "root_path": request.root_path,
        "path": unquote_to_bytes(raw_path).decode("utf-8", "replace"),
        "raw_path": raw_path,
        "query_string": request.query.encode("latin-1"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
        "state": {},
    }
    scope.update(request.extra)
    return scope
