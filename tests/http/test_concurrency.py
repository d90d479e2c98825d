"""Many requests at a time: each sees its own state, and none stops the others."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Exchange, Interface, Request, Response, Serve

ROOT = "/_ah/api/crowd/v1/"
Void = message_types.VoidMessage
PATIENCE = 20.0  # seconds after which a test has failed


class Text(messages.Message):
    text = messages.StringField(1)


ASK = endpoints.ResourceContainer(Void, text=messages.StringField(1))


class Crowd:
    """What the methods below share with a test."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.entered = threading.Semaphore(0)
        self.lock = threading.Lock()
        self.inside = 0
        self.most = 0

    def __enter__(self) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.entered.release()

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.inside -= 1


@endpoints.api("crowd", "v1")
class CrowdApi(remote.Service):
    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd

    def _told(self, request: Any) -> Text:
        state = self.request_state
        assert isinstance(state, remote.HttpRequestState)
        return Text(text=f"{request.text} {state.headers['x-id']}")

    @endpoints.method(ASK, Text, path="sync", http_method="GET")
    def sync(self, request: Any) -> Text:
        time.sleep(0.001)
        return self._told(request)

    @endpoints.method(ASK, Text, path="inline", http_method="GET", blocking=False)
    def inline(self, request: Any) -> Text:
        return self._told(request)

    @endpoints.method(ASK, Text, path="coroutine", http_method="GET")
    async def coroutine(self, request: Any) -> Text:
        await asyncio.sleep(0.001)
        first = self._told(request)
        await asyncio.sleep(0)
        assert self._told(request) == first
        return first

    @endpoints.method(ASK, Text, path="child", http_method="GET")
    async def child(self, request: Any) -> Text:
        async def ask() -> Text:
            await asyncio.sleep(0.001)
            return self._told(request)

        return await asyncio.create_task(ask())

    @endpoints.method(ASK, Text, path="failing", http_method="GET")
    async def failing(self, request: Any) -> Text:
        await asyncio.sleep(0.001)
        raise endpoints.ConflictException(self._told(request).text)

    @endpoints.method(Void, Text, path="wait", http_method="GET")
    def wait(self, request: Any) -> Text:
        with self.crowd:
            assert self.crowd.opened.wait(PATIENCE)
        return Text(text=threading.current_thread().name)

    @endpoints.method(Void, Text, path="open", http_method="GET")
    async def open(self, request: Any) -> Text:
        self.crowd.opened.set()
        return Text(text=threading.current_thread().name)

    @endpoints.method(Void, Text, path="thread", http_method="GET")
    def thread(self, request: Any) -> Text:
        return Text(text=threading.current_thread().name)

    @endpoints.method(Void, Text, path="inline_thread", http_method="GET", blocking=False)
    def inline_thread(self, request: Any) -> Text:
        return Text(text=threading.current_thread().name)


STATEFUL = ["sync", "inline", "coroutine", "child", "failing"]


def _told(response: Response) -> str:
    body = response.json()
    return str(body["text"] if response.status == 200 else body["error"]["message"])


def test_eight_threads(serve: Serve) -> None:
    client = serve(CrowdApi.new_factory(Crowd()))

    def call(number: int) -> tuple[str, str]:
        name = STATEFUL[number % len(STATEFUL)]
        return f"{number} id{number}", _told(client.get(f"{ROOT}{name}?text={number}", headers={"X-Id": f"id{number}"}))

    with ThreadPoolExecutor(8) as pool:
        for expected, told in pool.map(call, range(400)):
            assert told == expected


def _request(path: str, **headers: str) -> Request:
    path, _, query = path.partition("?")
    pairs = tuple(headers.items())
    return Request("GET", ROOT + path, query, pairs, (b"",), False, "http", "localhost:8080", "", {})


@pytest.mark.parametrize("name", STATEFUL)
def test_two_hundred_tasks(name: str) -> None:
    app = endpoints.api_server([CrowdApi.new_factory(Crowd())]).asgi

    async def call(number: int) -> None:
        response = await Exchange(_request(f"{name}?text={number}", **{"x-id": f"id{number}"})).run(app)
        assert _told(response) == f"{number} id{number}"

    async def all_at_once() -> None:
        await asyncio.gather(*map(call, range(200)))

    _run(all_at_once())


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    async def soon() -> Any:
        return await asyncio.wait_for(work, PATIENCE)

    return asyncio.run(soon())


def test_a_method_that_waits_does_not_stop_the_loop() -> None:
    app = endpoints.api_server([CrowdApi.new_factory(Crowd())]).asgi

    async def wait_and_open() -> tuple[Response, Response]:
        waiting = asyncio.create_task(Exchange(_request("wait")).run(app))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        return await Exchange(_request("open")).run(app), await waiting

    opened, waited = _run(wait_and_open())
    assert (opened.status, waited.status) == (200, 200)
    assert opened.json() != waited.json()


@pytest.mark.parametrize("threads", [1, 3])
def test_no_more_threads_than_allowed(threads: int) -> None:
    crowd = Crowd()
    app = endpoints.api_server([CrowdApi.new_factory(crowd)], threads=threads).asgi

    async def crowded() -> set[str]:
        waiting = [asyncio.create_task(Exchange(_request("wait")).run(app)) for _ in range(10)]
        for _ in range(threads):
            assert await asyncio.to_thread(crowd.entered.acquire, timeout=PATIENCE)
        await asyncio.sleep(0.02)  # for those that should not come
        await Exchange(_request("open")).run(app)
        return {_told(response) for response in await asyncio.gather(*waiting)}

    assert len(_run(crowded())) <= threads
    assert crowd.most == threads


def test_where_methods_run(serve: Serve, interface: Interface) -> None:
    client = serve(CrowdApi.new_factory(Crowd()))
    own = "asgi-client" if interface == "asgi" else threading.current_thread().name
    assert _told(client.get(ROOT + "inline_thread")) == own
    assert _told(client.get(ROOT + "open")) == own
    assert (_told(client.get(ROOT + "thread")) == own) == (interface == "wsgi")


def test_interleaved_calls_on_one_loop_have_nothing_in_common() -> None:
    # Two coroutines that pass each other at every await: nothing of a request may live in a module.
    app = endpoints.api_server([CrowdApi.new_factory(Crowd())]).asgi
    seen: list[str] = []

    async def call(number: int) -> None:
        exchange = Exchange(_request(f"child?text=t{number}", **{"x-id": str(number), "origin": f"https://o{number}"}))
        response = await exchange.run(app)
        seen.append(_told(response))
        assert response.headers["access-control-allow-origin"] == f"https://o{number}"

    async def both() -> None:
        await asyncio.gather(call(1), call(2))

    _run(both())
    assert sorted(seen) == ["t1 1", "t2 2"]


def test_a_call_that_is_cancelled_leaves_the_server_alive() -> None:
    crowd = Crowd()
    app = endpoints.api_server([CrowdApi.new_factory(crowd)], threads=1).asgi

    async def cancelled() -> Response:
        waiting = asyncio.create_task(Exchange(_request("wait")).run(app))
        assert await asyncio.to_thread(crowd.entered.acquire, timeout=PATIENCE)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        crowd.opened.set()
        return await Exchange(_request("thread")).run(app)

    assert _run(cancelled()).status == 200


def test_a_server_is_used_by_one_loop_after_another() -> None:
    app = endpoints.api_server([CrowdApi.new_factory(Crowd())]).asgi
    for _ in range(3):
        assert _run(Exchange(_request("thread")).run(app)).status == 200


def test_coroutines_on_wsgi_from_threads_that_end() -> None:
    app = endpoints.api_server([CrowdApi.new_factory(Crowd())])
    from_threads: list[str] = []

    def call(number: int) -> None:
        response = Client(app, "wsgi").get(f"{ROOT}child?text=t", headers={"X-Id": str(number)})
        from_threads.append(_told(response))

    for number in range(3):
        thread = threading.Thread(target=call, args=(number,))
        thread.start()
        thread.join(PATIENCE)
    assert from_threads == ["t 0", "t 1", "t 2"]
