"""Work that takes long on ASGI: it is given up, put off or done elsewhere, and the event loop goes on."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Exchange, Request

ROOT = "/_ah/api/long/v1/"


class Item(messages.Message):
    number = messages.IntegerField(1)


class Items(messages.Message):
    items = messages.MessageField(Item, 1, repeated=True)


class Work:
    """What the methods below share with a test."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.charged = 0
        self.ended = threading.Event()


@endpoints.api(name="long", version="v1")
class LongApi(remote.Service):
    def __init__(self, work: Work) -> None:
        self.work = work

    @endpoints.method(message_types.VoidMessage, message_types.VoidMessage, path="block")
    def block(self, request: Any) -> message_types.VoidMessage:
        assert self.work.opened.wait(20)
        return message_types.VoidMessage()

    @endpoints.method(message_types.VoidMessage, message_types.VoidMessage, path="charge")
    def charge(self, request: Any) -> message_types.VoidMessage:
        self.work.charged += 1
        return message_types.VoidMessage()

    @endpoints.method(message_types.VoidMessage, message_types.VoidMessage, path="end")
    def end(self, request: Any) -> message_types.VoidMessage:
        self.work.ended.set()
        return message_types.VoidMessage()

    @endpoints.method(Items, Item, path="count")
    async def count(self, request: Items) -> Item:
        return Item(number=len(request.items))


def _post(name: str, body: bytes = b"{}") -> Request:
    headers = (("Content-Type", "application/json"), ("Content-Length", str(len(body))))
    return Request("POST", ROOT + name, "", headers, (body,), False, "http", "localhost:8080", "", {})


def test_a_call_that_was_given_up_is_not_begun() -> None:
    work = Work()
    limits = endpoints.Limits(deadline=0.05)
    app = endpoints.api_server([LongApi.new_factory(work)], threads=1, limits=limits).asgi

    async def exchanges() -> list[int]:
        answers = [await Exchange(_post(name)).run(app) for name in ("block", "charge")]
        work.opened.set()
        while not work.ended.is_set():  # calls run in their order, so that what is to be charged has had its turn
            await Exchange(_post("end")).run(app)
        return [answer.status for answer in answers]

    assert asyncio.run(asyncio.wait_for(exchanges(), 20)) == [504, 504]
    assert work.charged == 0


def test_a_large_body_is_read_elsewhere() -> None:
    app = endpoints.api_server([LongApi.new_factory(Work())]).asgi
    # The unknown field is what asks for care.
    body = b'{"unknown": 1, "items": [' + b",".join([b'{"number": "1"}'] * 30_000) + b"]}"

    async def turns_of_the_loop() -> tuple[int, Any]:
        waiting = asyncio.create_task(Exchange(_post("count", body)).run(app))
        turns = 0
        while not waiting.done():
            turns += 1
            await asyncio.sleep(0)
        return turns, (await waiting).json()

    turns, answer = asyncio.run(turns_of_the_loop())
    assert answer == {"number": "30000"}
    assert turns > 50  # on the loop itself it is one
