"""Calls of a batch in one thread: those of `async def` methods at the same time, the others one after another."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from io import BytesIO
from typing import Any

from endpoints.serving import enclosed
from endpoints.serving.batched_calls import BatchedCall, Caller, check_size
from endpoints.serving.enclosed import EnclosedRequest
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request, Response
from endpoints.serving.wsgi import WsgiApplication
from endpoints.serving.wsgi_request import WsgiRequest


def make(caller: Caller, batch: Request, calls: list[BatchedCall]) -> None:
    """Make all calls of a batch that came on WSGI."""
    together, in_turn = [], []
    for call in calls:
        try:
            sent = caller.checked(batch, call)
            environ = _environ(batch, sent)
            target = caller.target(call, WsgiRequest(environ))
        except Refusal as refusal:
            call.answer = enclosed.written(caller.pipeline.fail(refusal, batch))
            continue
        if getattr(target, "asynchronous", False):
            together.append((call, sent, target))
        else:
            in_turn.append((call, environ))
    size = _together(caller, batch, together) if together else 0
    for call, environ in in_turn:
        answer = copy_context().run(_answer, caller, batch, environ, size)
        call.answer = enclosed.written(answer)
        size += len(call.answer)


def _together(caller: Caller, batch: Request, calls: list[tuple[BatchedCall, EnclosedRequest, Any]]) -> int:
    # PERF: asyncio takes 30 ms to import, which is paid where a method asks for it only.
    from endpoints.serving.concurrent_calls import make_together  # noqa: PLC0415
    from endpoints.serving.loops import run_until_complete  # noqa: PLC0415

    size: int = run_until_complete(make_together(caller, batch, calls), None)
    return size


def _answer(caller: Caller, batch: Request, environ: dict[str, Any], size: int) -> Response:
    try:
        check_size(size)
        return _answered(caller.wsgi, environ)
    except Exception as error:
        return caller.pipeline.fail(error, batch)


def _environ(batch: Request, sent: EnclosedRequest) -> dict[str, Any]:
    """A call for WSGI: what the batch says of server and connection, with the call's own request."""
    outer = batch.raw.items()
    environ = {name: value for name, value in outer if not name.startswith(("HTTP_", "CONTENT_", "REQUEST_"))}
    environ.pop("wsgi.input_terminated", None)
    for name, value in sent.fields:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["REQUEST_METHOD"] = sent.method.upper()
    environ["PATH_INFO"] = sent.path_bytes.removeprefix(batch.mount.encode()).decode("latin-1")
    environ["QUERY_STRING"] = sent.query
    environ["RAW_URI"] = f"{sent.path}?{sent.query}"
    environ["wsgi.input"] = BytesIO(sent.body)
    return environ


def _answered(application: WsgiApplication, environ: dict[str, Any]) -> Response:
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], None]:
        begun[:] = [(status, headers)]
        return lambda _piece: None

    body = b"".join(application(environ, start_response))
    ((status, headers),) = begun
    return Response(int(status[:3]), headers, body)
