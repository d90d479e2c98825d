"""The WSGI side (PEP 3333): environ to request, response to start_response. Nothing else is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import copy_context
from time import perf_counter
from typing import Any

from endpoints.error_table import phrase
from endpoints.serving.call import Call
from endpoints.serving.choice import Choice
from endpoints.serving.etags import entity_tag
from endpoints.serving.exchange import CHUNK, Body, Exchange, announced_size, ended_early
from endpoints.serving.failures import Refusal
from endpoints.serving.http import JSON, NO_SNIFFING, Request, Response
from endpoints.serving.packed_bodies import coding_of
from endpoints.serving.pipeline import Pipeline
from endpoints.serving.presentation import is_bare
from endpoints.serving.wsgi_request import WsgiRequest
from protorpc._request_state import current_request

StartResponse = Callable[..., Any]
_STATUS_LINES: dict[int, str] = {
    200: "200 OK",
    204: "204 No Content",
    206: "206 Partial Content",
    302: "302 Found",
    304: "304 Not Modified",
    308: "308 Permanent Redirect",
}


class WsgiApplication:
    """A pipeline as a WSGI application."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._static = pipeline.static
        self._search = pipeline.search
        self._observe = pipeline.observe
        self._present = pipeline.presentation.presented
        self._packs_from = pipeline.presentation.threshold
        self._size = pipeline.limits.declared_size
        self._safe_digits = pipeline.limits.safe_digits

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        request = WsgiRequest(environ)
        observe, found = self._observe, None
        target: Any = None
        begun = perf_counter() if observe is not None else 0.0
        token = current_request.set(request)
        try:
            method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
            found = self._static.get(method + path)
            if found is None and path.isascii() and not path.endswith("/"):
                found = self._search(method, path)
            if found is None or "HTTP_X_HTTP_METHOD_OVERRIDE" in environ:
                found = self._pipeline.find(request)
            target, values = found
            query = environ.get("QUERY_STRING", "")
            is_call = target.__class__ is Call
            if not is_call and target.__class__ is Choice:
                target = target.chosen(query)
                is_call = target.__class__ is Call
            length = environ.get("CONTENT_LENGTH")
            if not is_call and isinstance(target, Exchange):
                body = b""
            elif length and "HTTP_CONTENT_ENCODING" not in environ:
                size = int(length) if length.isdecimal() and len(length) <= self._safe_digits else self._size(length)
                body = environ["wsgi.input"].read(size)
                if len(body) != size:
                    body = _whole(body, environ["wsgi.input"], size)
            else:
                body = self._unusual_body(environ) if length or "HTTP_TRANSFER_ENCODING" in environ else b""
            if not is_call:
                if isinstance(target, Exchange):
                    response = self._exchanged(target, request, values)
                else:
                    response = target(request, values, body)
            elif target.asynchronous:
                # PERF: asyncio takes 30 ms to import, which is paid where a method asks for it only.
                from endpoints.serving.loops import run_until_complete

                limit = self._pipeline.limits.deadline
                content = run_until_complete(target.answer_async(request, values, query, body), limit)
                response = self._pipeline.succeed(request, target, query, content)
            else:
                content = target.answer(request, values, query, body)
                size, is_get = len(content), target.is_get
                if (
                    size
                    and "prettyPrint" not in query
                    and (size < self._packs_from or "HTTP_ACCEPT_ENCODING" not in environ)
                    and "HTTP_ORIGIN" not in environ
                    and observe is None
                    and not (
                        is_get and (method != "GET" or "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MATCH" in environ)
                    )
                ):  # what most requests are
                    headers = [JSON, NO_SNIFFING, ("Content-Length", str(size))]
                    if is_get:
                        headers.append(("ETag", entity_tag(content)))
                        if target.caching:
                            headers += target.caching
                    if request.inquiry is not None:
                        headers += request.inquiry.headers
                    start_response("200 OK", headers)
                    return (content,)
                response = self._pipeline.succeed(request, target, query, content)
        except Exception as error:
            response = self._pipeline.fail(error, request)
        finally:
            current_request.reset(token)
        response = self._present(request, response, target)
        if observe is not None:
            observe(request, found, response.status, begun)
        return self._send(request, response, start_response, target)

    def _exchanged(self, target: Exchange, request: Request, values: tuple[str, ...]) -> Response:
        body = self._body(request.raw)
        try:
            return _kept_in_context(target.answer(request, values, body))
        finally:
            body.skip()

    def _body(self, environ: dict[str, Any]) -> Body:
        """The body, to be read bit by bit."""
        size = announced_size(environ.get("CONTENT_LENGTH") or None)
        coding = coding_of(environ.get("HTTP_CONTENT_ENCODING"))
        if size is None and "HTTP_TRANSFER_ENCODING" not in environ:
            size = 0
        elif size is None and not environ.get("wsgi.input_terminated"):
            raise _no_length()
        return Body(environ["wsgi.input"], size, self._pipeline.limits, coding)

    def _unusual_body(self, environ: dict[str, Any]) -> bytes:
        """A body that is packed, or whose size nobody has said."""
        length = environ.get("CONTENT_LENGTH")
        if length == "0":
            return b""
        if environ.get("HTTP_CONTENT_ENCODING"):
            return self._body(environ).whole()
        if length:
            return _whole(b"", environ["wsgi.input"], self._size(length))
        if not environ.get("wsgi.input_terminated"):  # to read it would be to wait for ever
            raise _no_length()
        # One byte more than is allowed shows that there is too much, without reading the rest.
        limits = self._pipeline.limits
        body = _rest(b"", environ["wsgi.input"], limits.body_size + 1)
        limits.check_size(len(body))
        return body

    def _send(
        self, request: Request, response: Response, start_response: StartResponse, target: Any
    ) -> Iterable[bytes]:
        status, headers, body, _, stream = response
        origin = request.header("origin")
        if origin:
            headers = self._pipeline.headers(request, response, origin)
        if request.inquiry is not None:
            headers = [*headers, *request.inquiry.headers]
        if stream is not None and is_bare(request.sent_method, target):
            stream.close()
            stream = None
        start_response(_STATUS_LINES.get(status) or f"{status} {phrase(status)}", headers)
        if stream is not None:
            return stream  # type: ignore[no-any-return]  # the server closes it (PEP 3333)
        return [body]  # granian sends lists in one piece, what else iterates bit by bit


class _InContext:
    """An iterator of bytes whose steps run in the context of the request, which is over when the server takes them."""

    def __init__(self, stream: Any) -> None:
        self._run = copy_context().run
        self._stream = stream
        self._next = iter(stream).__next__

    def __iter__(self) -> _InContext:
        return self

    def __next__(self) -> bytes:
        return self._run(self._next)  # type: ignore[no-any-return]

    def close(self) -> None:
        """End it, whether or not all was taken."""
        close = getattr(self._stream, "close", None)
        if close is not None:
            self._run(close)


def _kept_in_context(response: Response) -> Response:
    return response if response.stream is None else response._replace(stream=_InContext(response.stream))


def _no_length() -> Refusal:
    return Refusal(411, "This server passes on no body without a Content-Length")


def _whole(body: bytes, stream: Any, size: int) -> bytes:
    """`body` and what follows it, `size` bytes in all. Raises Refusal (400) when the caller sends less."""
    body = _rest(body, stream, size)
    if len(body) != size:
        raise ended_early(size, size - len(body))
    return body


def _rest(body: bytes, stream: Any, size: int) -> bytes:
    """`body` and what follows it up to `size` bytes in all; less when the caller sends less."""
    # Always by length: granian's read(-1) raises OverflowError.
    parts, left = [body], size - len(body)
    while left:
        part = stream.read(min(left, CHUNK))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
