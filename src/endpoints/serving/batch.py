"""Batches: many calls in one request (Google's `multipart/mixed` format, one `application/http` part for each call).

Every call is answered by the server's own application, as if it had come alone: with its own caller, key, quota,
deadline and failure. The batch itself needs nothing and costs nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from endpoints.operations import Api, Operation
from endpoints.serving import enclosed, multipart, successive_calls
from endpoints.serving.batched_calls import BatchedCall, Caller
from endpoints.serving.exchange import Body, Exchange
from endpoints.serving.failures import Refusal
from endpoints.serving.http import NO_SNIFFING, Request, Response
from endpoints.serving.inherited import Inherited

if TYPE_CHECKING:
    from endpoints.serving.async_body import AsyncBody
    from endpoints.serving.threads import ThreadPool

MAX_CALLS: Final = 1000
"""As Google has it."""

_MANY: Final = 8 * 1024  # bytes of calls that may take so long to read that an event loop must not wait for it
_TRANSPARENT: Final = ("7bit", "8bit", "binary")


class Batch(Exchange):
    """The address of batches: of calls to any API, or to the one that the path names.

    Args:
      apis: what is served.
      caller: makes the calls.
    """

    timed = False

    def __init__(self, apis: Sequence[Api], caller: Callable[[], Caller]) -> None:
        self._operations: dict[tuple[str, ...], set[Operation]] = {}
        for api in apis:
            for version in {api.version, api.path_version}:
                self._operations.setdefault((api.name, version), set()).update(api.operations)
        self._caller = caller

    def answer(self, request: Request, values: tuple[str, ...], body: Body) -> Response:
        """Answer on WSGI: `async def` methods together, on a loop of this thread, then others one after another."""
        calls = self._calls(request, values, body.whole())
        successive_calls.make(self._caller(), request, calls)
        return _response(calls)

    async def answer_async(
        self, request: Request, values: tuple[str, ...], body: AsyncBody, threads: ThreadPool
    ) -> Response:
        """Answer on ASGI: a bounded number of calls at a time."""
        from endpoints.serving.concurrent_calls import make  # noqa: PLC0415 - PERF: brings asyncio

        content = await body.whole()
        if len(content) > _MANY:
            calls = await threads.run(self._calls, request, values, content)
        else:
            calls = self._calls(request, values, content)
        await make(self._caller(), request, calls)
        return _response(calls)

    def _calls(self, request: Request, values: tuple[str, ...], content: bytes) -> list[BatchedCall]:
        """The calls, read.

        Raises:
          Refusal: 404, there is no such API; 400, this is no batch, or one of too many calls.
        """
        allowed = None
        if values:
            allowed = self._operations.get(values)
            if allowed is None:
                raise Refusal(404, f"There is no API {values[0]!r} of version {values[1]!r} here")
        boundary = multipart.boundary_of(request.header("content-type"), "multipart/mixed")
        inherited = Inherited(request)
        return [_call(part, inherited, allowed) for part in multipart.split(content, boundary, MAX_CALLS)]


def _call(part: bytes, inherited: Inherited, allowed: set[Operation] | None) -> BatchedCall:
    """One call; what is wrong with it is its answer, and nobody else's."""
    call = BatchedCall(allowed)
    try:
        fields, content = enclosed.fields_and_rest(part)
        headers = dict(fields)
        call.content_id = headers.get("content-id", "")
        _check_part(headers)
        call.sent = inherited.given_to(enclosed.request(content))
    except Refusal as refusal:
        call.sent = refusal
    return call


def _check_part(headers: dict[str, str]) -> None:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/http":
        raise Refusal(400, f"The Content-Type of a part must be application/http, not {media_type[:80]!r}")
    encoding = headers.get("content-transfer-encoding", "binary").lower()
    if encoding not in _TRANSPARENT:
        raise Refusal(400, f"Content-Transfer-Encoding {encoding[:40]!r} is not supported; send the part as binary")


def _response(calls: list[BatchedCall]) -> Response:
    boundary = b"batch_" + secrets.token_hex(16).encode("ascii")  # no answer can hold what nobody has known before
    body = multipart.joined([(_part_headers(call.content_id), call.answer) for call in calls], boundary)
    content_type = f"multipart/mixed; boundary={boundary.decode('ascii')}"
    return Response(200, [("Content-Type", content_type), NO_SNIFFING], body)


def _part_headers(content_id: str) -> bytes:
    headers = b"Content-Type: application/http\r\n"
    if not content_id:
        return headers
    opening = "<" if content_id.startswith("<") else ""
    answered = f"{opening}response-{content_id.removeprefix(opening)}"
    return headers + b"Content-ID: " + answered.encode("latin-1") + b"\r\n"
