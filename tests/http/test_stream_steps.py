"""How the steps of a stream are made, and what becomes of them when it ends in the middle."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import io
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Interface, Serve

PATH = "/_ah/api/steps/v1/"
COUNT: contextvars.ContextVar[int] = contextvars.ContextVar("COUNT", default=0)


class Number(messages.Message):
    n = messages.IntegerField(1, variant=messages.Variant.INT32)


def _noting_thread(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def noting(self: Steps, request: Any) -> Any:
        self.heard.append(threading.current_thread().name)
        return function(self, request)

    return noting


@endpoints.api(name="steps", version="v1")
class Steps(remote.Service):
    heard: list[str] = []  # noqa: RUF012 - what the methods tell the tests
    goes_on = threading.Event()

    @endpoints.method(http_method="GET")
    async def cancelled(self, request, after: int) -> AsyncIterator[Number]:  # type: ignore[no-untyped-def]
        for n in range(after):
            yield Number(n=n)
        task = asyncio.ensure_future(asyncio.sleep(60))
        task.cancel()
        await task

    @endpoints.method(message_types.VoidMessage, Number, http_method="GET", stream=True)
    async def cancelled_before(self, request: Any) -> Any:
        task = asyncio.ensure_future(asyncio.sleep(60))
        task.cancel()
        await task

    @endpoints.method(http_method="GET")
    async def left(self, request: Any) -> AsyncIterator[Number]:
        yield Number(n=0)
        raise GeneratorExit

    @endpoints.method(http_method="GET")
    async def in_time(self, request: Any) -> AsyncIterator[Number]:
        async with asyncio.timeout(0.01):
            yield Number(n=0)
            yield Number(n=1)
            await asyncio.sleep(60)
            yield Number(n=2)

    @endpoints.method(http_method="GET")
    async def in_group(self, request: Any) -> AsyncIterator[Number]:
        async def fail() -> None:
            raise endpoints.NotFoundException("no more")

        try:
            async with asyncio.TaskGroup() as group:
                yield Number(n=0)
                yield Number(n=1)
                group.create_task(fail())
                await asyncio.sleep(60)
        except* endpoints.NotFoundException:
            yield Number(n=2)

    @endpoints.method(http_method="GET")
    def counts(self, request: Any) -> Iterator[Number]:
        for _ in range(3):
            yield Number(n=COUNT.get())
            COUNT.set(COUNT.get() + 1)

    @endpoints.method(http_method="GET")
    async def counts_async(self, request: Any) -> AsyncIterator[Number]:
        for _ in range(3):
            yield Number(n=COUNT.get())
            COUNT.set(COUNT.get() + 1)

    @endpoints.method(http_method="GET")
    async def leaves_a_task(self, request: Any) -> AsyncIterator[Number]:
        async def wait() -> None:
            try:
                await asyncio.sleep(60)
            finally:
                self.heard.append("task ended")

        self.task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        yield Number(n=0)

    @endpoints.method(message_types.VoidMessage, Number, http_method="GET", stream=True)
    @_noting_thread
    def decorated(self, request: Any) -> Any:
        yield Number(n=0)

    @endpoints.method(http_method="GET")
    def late(self, request: Any) -> Iterator[Number]:
        self.goes_on.wait(60)
        yield Number(n=0)

    @endpoints.method(http_method="GET")
    def closes(self, request: Any) -> Iterator[Number]:
        try:
            yield Number(n=0)
            yield Number(n=1)
        finally:
            self.heard.append("closed")

    @endpoints.method(http_method="GET")
    async def closes_async(self, request: Any) -> AsyncIterator[Number]:
        try:
            yield Number(n=0)
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            self.heard.append("closed")

    @endpoints.method(http_method="GET")
    async def fails_in_the_end(self, request: Any) -> AsyncIterator[Number]:
        try:
            yield Number(n=0)
            await asyncio.sleep(60)
        finally:
            raise RuntimeError("in the end")

    @endpoints.method(http_method="GET")
    async def never(self, request: Any) -> AsyncIterator[Number]:
        try:
            await asyncio.sleep(60)
            yield Number(n=0)
        finally:
            self.heard.append("closed")


@pytest.fixture(autouse=True)
def heard() -> list[str]:
    Steps.goes_on.clear()
    Steps.heard = []
    return Steps.heard


@pytest.fixture(params=["lines", "sse", "json"])
def read(request: pytest.FixtureRequest, serve: Serve) -> Callable[[str], list[Any]]:
    """Reads a stream in one of its forms: the numbers, and for an error its code."""

    def read_numbers(method: str) -> list[Any]:
        response = serve(Steps).get(PATH + method, headers={"accept": _ACCEPTED[request.param]})
        assert response.status == 200
        text = response.text.removeprefix("[").removesuffix("]\n")
        lines = [line.removeprefix("data: ").removesuffix(",") for line in text.splitlines() if "{" in line]
        found = [json.loads(line) for line in lines]
        return [each["n"] if "n" in each else each["error"]["code"] for each in found]

    return read_numbers


_ACCEPTED = {"lines": "application/x-ndjson", "sse": "text/event-stream", "json": "application/json"}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        pytest.param("cancelled?after=2", [0, 1, 503], id="a task was cancelled that is waited for"),
        pytest.param("left", [0, 503], id="GeneratorExit"),
        pytest.param("in_time", [0, 1, 503], id="a time limit over several steps"),
        pytest.param("in_group", [0, 1, 2], id="a group of tasks over several steps"),
        pytest.param("counts", [0, 1, 2], id="a context variable"),
        pytest.param("counts_async", [0, 1, 2], id="a context variable, async"),
    ],
)
def test_steps_belong_together(read: Callable[[str], list[Any]], method: str, expected: list[Any]) -> None:
    assert read(method) == expected


@pytest.mark.parametrize("method", ["cancelled?after=0", "cancelled_before"])
def test_a_cancelled_task_before_the_first_message_is_an_ordinary_error(serve: Serve, method: str) -> None:
    assert serve(Steps).get(PATH + method).status == 503


def test_tasks_that_a_stream_leaves_behind_on_wsgi_are_ended(
    serve: Serve, interface: Interface, heard: list[str]
) -> None:
    serve(Steps).get(PATH + "leaves_a_task")
    assert heard == (["task ended"] if interface == "wsgi" else [])


def test_what_is_around_a_generator_function_never_runs_on_the_event_loop(serve: Serve, heard: list[str]) -> None:
    serve(Steps).get(PATH + "decorated")
    assert heard != ["asgi-client"]


def test_the_deadline_does_not_wait_for_a_thread() -> None:
    server = endpoints.api_server([Steps], limits=endpoints.Limits(deadline=0.01))
    sent = asyncio.run(_events(server.asgi, "late"))
    assert (sent[0]["status"], Steps.goes_on.is_set()) == (504, False)
    Steps.goes_on.set()


@pytest.mark.parametrize("method", ["closes", "closes_async"])
def test_an_answer_that_is_never_taken_is_closed_on_wsgi(heard: list[str], method: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": PATH + method,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    pieces: Any = endpoints.api_server([Steps])(environ, lambda *_: None)
    assert heard == []
    pieces.close()
    assert heard == ["closed"]


@pytest.mark.parametrize("method", ["closes", "closes_async"])
def test_a_caller_who_is_gone_before_the_first_byte_closes_the_stream(heard: list[str], method: str) -> None:
    sent = asyncio.run(_events(endpoints.api_server([Steps]).asgi, method, gone=True))
    assert [each["type"] for each in sent][:1] == ["http.response.start"]
    assert heard == ["closed"]


def test_what_fails_when_a_stream_is_closed_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RuntimeError, match="in the end"):
        asyncio.run(_events(endpoints.api_server([Steps]).asgi, "fails_in_the_end", gone=True))
    assert "an answer that was being streamed failed" in caplog.text


def test_a_caller_who_is_gone_before_the_first_message_ends_the_method(heard: list[str]) -> None:
    sent = asyncio.run(_events(endpoints.api_server([Steps]).asgi, "never", gone=True))
    assert (sent, heard) == ([], ["closed"])


@pytest.mark.parametrize("method", ["closes", "closes_async"])
def test_an_answer_that_cannot_be_begun_closes_the_stream(heard: list[str], method: str) -> None:
    async def answer() -> None:
        with pytest.raises(OSError, match="nobody is there"):
            await _events(endpoints.api_server([Steps]).asgi, method, failure=OSError("nobody is there"))
        assert heard == ["closed"]

    asyncio.run(answer())


async def _events(
    application: Any, method: str, *, gone: bool = False, failure: Exception | None = None
) -> list[dict[str, Any]]:
    """What a server is told to send to a caller, who may be gone as soon as the request is read; or why it cannot."""
    sent: list[dict[str, Any]] = []
    coming = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if coming:
            return coming.pop()
        if not gone:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(event: dict[str, Any]) -> None:
        if failure is not None:
            raise failure
        sent.append(event)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": PATH + method,
        "query_string": b"",
        "headers": [],
    }
    await application(scope, receive, send)
    return sent
