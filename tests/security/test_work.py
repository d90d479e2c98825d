"""Twice the request is no more than about twice the work, whatever is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client
from tests.security.work import work

ROOT = "/_ah/api/worked/v1/"
Void = message_types.VoidMessage


class Item(messages.Message):
    number = messages.IntegerField(1)
    items = messages.MessageField("Item", 2, repeated=True)
    texts = messages.StringField(3, repeated=True)
    dates = message_types.DateTimeField(4, repeated=True)
    data = messages.BytesField(5, repeated=True)


QUERY = endpoints.ResourceContainer(
    Void, a=messages.StringField(1), numbers=messages.IntegerField(2, repeated=True), b=messages.StringField(3)
)


@endpoints.api("worked", "v1")
class WorkedApi(remote.Service):
    @endpoints.method(Item, Item, path="echo", blocking=False)
    def echo(self, request: Any) -> Item:
        return request  # type: ignore[no-any-return]

    @endpoints.method(QUERY, Void, path="query", http_method="GET", blocking=False)
    def query(self, request: Any) -> Void:
        return Void()

    @endpoints.method(QUERY, Void, path="{a}/{b}", http_method="GET", blocking=False, name="two")
    def two(self, request: Any) -> Void:
        return Void()

    @endpoints.method(QUERY, Void, path="{a}/x/{b}:verb", http_method="GET", blocking=False, name="verb")
    def verb(self, request: Any) -> Void:
        return Void()


REQUESTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "segments": lambda n: {"method": "GET", "path": ROOT + "a/" * n},
    "empty segments": lambda n: {"method": "GET", "path": ROOT + "/" * n},
    "segments elsewhere": lambda n: {"method": "GET", "path": "/a" * n},
    "a long segment": lambda n: {"method": "GET", "path": ROOT + "a" * n + "/b"},
    "encoded characters": lambda n: {"method": "GET", "path": ROOT + "%C3%A9" * n + "/b"},
    "verbs": lambda n: {"method": "GET", "path": ROOT + "a/x/" + ":verb" * n},
    "parameters": lambda n: {"method": "GET", "path": ROOT + "query", "query": "&".join(["numbers=1"] * n)},
    "unknown parameters": lambda n: {
        "method": "GET",
        "path": ROOT + "query",
        "query": "&".join(f"z{number}=1" for number in range(n)),
    },
    "the same unknown parameter": lambda n: {"method": "GET", "path": ROOT + "query", "query": "&".join(["z=1"] * n)},
    "separators": lambda n: {"method": "GET", "path": ROOT + "query", "query": "&;" * n},
    "encoded query": lambda n: {"method": "GET", "path": ROOT + "query", "query": "a=" + "%C3%A9" * n},
    "dots": lambda n: {"method": "GET", "path": ROOT + "query", "query": "a" + ".a" * n + "=1"},
    "many dotted names": lambda n: {
        "method": "GET",
        "path": ROOT + "query",
        "query": "&".join(f"z.y{number}=1" for number in range(n)),
    },
    "items": lambda n: {"body": b'{"items": [' + b",".join([b"{}"] * n) + b"]}"},
    "numbers as text": lambda n: {"body": b'{"items": [' + b",".join([b'{"number": "1"}'] * n) + b"]}"},
    "unknown members": lambda n: {"body": b"{" + b",".join(b'"z%d": 1' % number for number in range(n)) + b"}"},
    "unknown lists": lambda n: {"body": b'{"z": [' + b",".join([b"1"] * n) + b"]}"},
    "texts and an unknown member": lambda n: {"body": b'{"z": 1, "texts": [' + b",".join([b'"x"'] * n) + b"]}"},
    "dates": lambda n: {"body": b'{"dates": [' + b",".join([b'"2024-01-01T00:00:00Z"'] * n) + b"]}"},
    "data": lambda n: {"body": b'{"data": [' + b",".join([b'"-_8="'] * n) + b"]}"},
    "a wrong item at the end": lambda n: {"body": b'{"items": [' + b"{}," * n + b'{"number": "x"}]}'},
    "chunks": lambda n: {"body": [b" "] * n},
    "nested": lambda n: {"body": b'{"items": [' * (n // 10) + b"{}" + b"]}" * (n // 10)},
}


@pytest.mark.parametrize("name", REQUESTS)
def test_work_is_linear(name: str) -> None:
    client = Client(endpoints.api_server([WorkedApi]), "wsgi")

    def send(size: int) -> Callable[[], Any]:
        request = {"method": "POST", "path": ROOT + "echo", **REQUESTS[name](size)}
        return lambda: client.request(**request)

    send(10)()  # what is generated at first use is not counted
    once, twice = work(send(400)), work(send(800))
    assert twice <= 2.2 * once + 50


def test_work_does_not_grow_with_the_number_of_routes() -> None:
    def served(number: int) -> Client:
        methods = {f"m{index}": _route(index) for index in range(number)}
        api = endpoints.api("routes", "v1")(type("RoutesApi", (remote.Service,), methods))
        return Client(endpoints.api_server([api]), "wsgi")

    few, many = served(10), served(500)
    for path in ("/_ah/api/routes/v1/r5/x", "/_ah/api/routes/v1/r5/x/s", "/_ah/api/routes/v1/nowhere/x", "/"):
        few.get(path), many.get(path)
        assert work(lambda: many.get(path)) <= work(lambda: few.get(path)) + 5  # noqa: B023 - called at once


def _route(index: int) -> Any:
    path = f"r{index}/{{a}}" if index % 2 else f"r{index}/{{a}}/s"

    @endpoints.method(QUERY, Void, path=path, http_method="GET", name=f"m{index}", blocking=False)
    def method(_self: Any, _request: Any) -> Void:
        return Void()

    return method
