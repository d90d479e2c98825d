"""No framework: msgspec, and paths compared by hand."""

from __future__ import annotations

import re
from typing import Any

from peers import handwritten as w
from workloads import PREFIX

_greeting = re.compile(re.escape(PREFIX) + r"/greetings/(\d+)\Z").match
_numbered = re.compile(re.escape(PREFIX) + r"/m(\d+)/(\d+)/echo\Z").match


def answer(method: str, path: str, query: str, body: bytes) -> bytes:
    if path == PREFIX + "/echo":
        return w.encode(w.echo(w.decode_echo(body), w.parameter_n(query)))
    if path == PREFIX + "/items":
        return w.encode(w.listing() if method == "GET" else w.create(w.decode_items(body)))
    if found := _greeting(path):
        return w.encode(w.greeting(int(found[1])))
    if found := _numbered(path):
        int(found[2])
        return w.encode(w.echo(w.decode_echo(body), w.parameter_n(query)))
    raise LookupError(path)


def wsgi(_routes: int) -> Any:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        method, body = environ["REQUEST_METHOD"], b""
        if method == "POST":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        out = answer(method, environ["PATH_INFO"], environ["QUERY_STRING"], body)
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(out)))])
        return [out]

    return app


def asgi(_routes: int) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        body = b""
        if scope["method"] == "POST":
            event = await receive()
            body = event["body"]
            while event.get("more_body"):
                event = await receive()
                body += event["body"]
        out = answer(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), body)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(out))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": out})

    return app


async def _lifespan(receive: Any, send: Any) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})
