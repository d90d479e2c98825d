"""The WSGI side (PEP 3333): environ to request, response to start_response. Nothing else is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from endpoints.error_table import phrase
from endpoints.serving.call import Call
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request, Response
from endpoints.serving.limits import check_encoding
from endpoints.serving.loops import run_until_complete
from endpoints.serving.pipeline import Pipeline
from protorpc._request_state import current_request

StartResponse = Callable[..., Any]
_CHUNK = 64 * 1024
_STATUS_LINES = {200: "200 OK", 204: "204 No Content", 302: "302 Found"}


class WsgiRequest(Request):
    """A request that came as a WSGI environ."""

    def header(self, name: str) -> str | None:
        """The value of a header, given in lower case; None when it was not sent."""
        key = name.upper().replace("-", "_")
        value: str | None = self.raw.get(key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key)
        return value

    def headers(self) -> list[tuple[str, str]]:
        """All headers as pairs."""
        names = ((key[5:] if key.startswith("HTTP_") else key, key) for key in self.raw)
        return [
            (name.replace("_", "-").title(), self.raw[key])
            for name, key in names
            if key.startswith("HTTP_") or (key in ("CONTENT_TYPE", "CONTENT_LENGTH") and self.raw[key])
        ]

    @property
    def raw_path(self) -> str | None:
        """The path below the mount point as it was sent; None when the server keeps no REQUEST_URI or RAW_URI."""
        sent: str | None = self.raw.get("REQUEST_URI") or self.raw.get("RAW_URI")
        return None if sent is None else sent.removeprefix(quote(self.mount))

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return str(self.raw["wsgi.url_scheme"])

    @property
    def server(self) -> tuple[str, str]:
        """Name and port of the server as the server knows them."""
        return self.raw.get("SERVER_NAME", ""), str(self.raw.get("SERVER_PORT", ""))

    @property
    def mount(self) -> str:
        """The path that the application is mounted at."""
        return _utf8(self.raw.get("SCRIPT_NAME", "")).rstrip("/")

    @property
    def client_address(self) -> str | None:
        """The address at the other end of the connection."""
        address: str | None = self.raw.get("REMOTE_ADDR")
        return address


class WsgiApplication:
    """A pipeline as a WSGI application."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        pipeline = self._pipeline
        path = environ.get("PATH_INFO", "")
        request = WsgiRequest(environ["REQUEST_METHOD"], path, environ.get("QUERY_STRING", ""), environ)
        current = current_request.set(request)
        try:
            if not path.isascii():
                request.path = _utf8(path)
            found = pipeline.find(request)
            target = found.target
            body = _body(environ, pipeline)
            if target.__class__ is Call:
                message = pipeline.prepare(target, request, found.values, body)
                answer = target.function(message)
                if target.asynchronous:
                    answer = run_until_complete(answer, pipeline.limits.deadline)
                response = pipeline.finish(target, request, answer)
            else:
                response = target(request, found.values, body)
        except Exception as error:
            response = pipeline.fail(error, request)
        finally:
            current_request.reset(current)
        return _send(pipeline, request, response, start_response)


def _send(pipeline: Pipeline, request: Request, response: Response, start_response: StartResponse) -> Iterable[bytes]:
    status, headers, body, _ = response
    origin = request.raw.get("HTTP_ORIGIN")
    if origin:
        headers = pipeline.headers(request, response, origin)
    line = _STATUS_LINES.get(status) or f"{status} {phrase(status)}"
    if status != 204:
        headers = [*headers, ("Content-Length", str(len(body)))]
    start_response(line, headers)
    return (body,)


def _utf8(text: str) -> str:
    """What the bytes say that WSGI hands over as latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        raise Refusal(400, "The path is not valid UTF-8") from None


def _body(environ: dict[str, Any], pipeline: Pipeline) -> bytes:
    length = environ.get("CONTENT_LENGTH")
    if length:
        size = pipeline.limits.declared_size(length)
        if not size:
            return b""
        check_encoding(environ.get("HTTP_CONTENT_ENCODING"))
        return _read(environ["wsgi.input"], size)
    if "HTTP_TRANSFER_ENCODING" not in environ or not environ.get("wsgi.input_terminated"):
        return b""
    check_encoding(environ.get("HTTP_CONTENT_ENCODING"))
    # One byte more than is allowed shows that there is too much, without reading the rest.
    body = _read(environ["wsgi.input"], pipeline.limits.body_size + 1)
    pipeline.limits.check_size(len(body))
    return body


def _read(stream: Any, size: int) -> bytes:
    first: bytes = stream.read(min(size, _CHUNK))
    if len(first) == size:
        return first
    parts, left = [first], size - len(first)
    while parts[-1] and left:
        parts.append(stream.read(min(left, _CHUNK)))
        left -= len(parts[-1])
    return b"".join(parts)
