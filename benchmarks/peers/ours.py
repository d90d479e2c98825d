"""This project under the same work."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import endpoints
from protorpc import message_types, messages, remote
from workloads import CREATED

# API keys and quotas cost only the methods that ask for them; none does here.
os.environ.setdefault("ENDPOINTS_CONTROL", "off")


def wsgi(routes: int) -> Any:
    return _server(routes, messages.Variant.INT32, _as_is)


def wsgi_int64(routes: int) -> Any:
    return _server(routes, messages.Variant.INT64, _as_is)


def asgi(routes: int) -> Any:
    return _server(routes, messages.Variant.INT32, _coroutine).asgi


def asgi_int64(routes: int) -> Any:
    return _server(routes, messages.Variant.INT64, _coroutine).asgi


def asgi_sync(routes: int) -> Any:
    return _server(routes, messages.Variant.INT32, _as_is).asgi


def _as_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def _coroutine(function: Callable[..., Any]) -> Callable[..., Any]:
    async def method(self: Any, request: Any) -> Any:
        return function(self, request)

    method.__name__ = function.__name__
    return method


def _server(routes: int, variant: messages.Variant, kind: Callable[..., Any]) -> Any:
    class Echo(messages.Message):
        content = messages.StringField(1, required=True)

    class Greeting(messages.Message):
        message = messages.StringField(1)
        id = messages.IntegerField(2, variant=variant)

    class Author(messages.Message):
        name = messages.StringField(1, required=True)
        email = messages.StringField(2, required=True)

    class Item(messages.Message):
        id = messages.IntegerField(1, variant=variant)
        title = messages.StringField(2)
        tags = messages.StringField(3, repeated=True)
        price = messages.FloatField(4)
        created = message_types.DateTimeField(5)
        author = messages.MessageField(Author, 6)

    class Items(messages.Message):
        items = messages.MessageField(Item, 1, repeated=True)

    class Created(messages.Message):
        count = messages.IntegerField(1, variant=variant)
        items = messages.MessageField(Item, 2, repeated=True)

    number = endpoints.ResourceContainer(
        message_types.VoidMessage, id=messages.IntegerField(2, required=True, variant=variant)
    )
    repeat = endpoints.ResourceContainer(Echo, n=messages.IntegerField(2, default=1, variant=variant))
    numbered = endpoints.ResourceContainer(
        Echo,
        id=messages.IntegerField(2, required=True, variant=variant),
        n=messages.IntegerField(3, default=1, variant=variant),
    )

    def numbered_method(name: str) -> Any:
        def method(self: Any, request: Any) -> Any:
            return Echo(content=" ".join([request.content] * request.n))

        method.__name__ = name
        return endpoints.method(numbered, Echo, path=f"{name}/{{id}}/echo", http_method="POST", name=name)(kind(method))

    class Bench(remote.Service):
        @endpoints.method(repeat, Echo, path="echo", http_method="POST", name="echo")
        @kind
        def echo(self, request: Any) -> Any:
            return Echo(content=" ".join([request.content] * request.n))

        @endpoints.method(number, Greeting, path="greetings/{id}", http_method="GET", name="greeting")
        @kind
        def greeting(self, request: Any) -> Any:
            return Greeting(message=f"hello {request.id}", id=request.id)

        @endpoints.method(message_types.VoidMessage, Items, path="items", http_method="GET", name="listing")
        @kind
        def listing(self, request: Any) -> Any:
            return Items(
                items=[
                    Item(
                        id=i,
                        title=f"item number {i}",
                        tags=["red", "green", "blue"],
                        price=i * 1.25 + 0.5,
                        created=CREATED,
                        author=Author(name="Ada Lovelace", email="ada@example.com"),
                    )
                    for i in range(100)
                ]
            )

        @endpoints.method(Items, Created, path="items", http_method="POST", name="create")
        @kind
        def create(self, request: Any) -> Any:
            return Created(count=len(request.items), items=request.items)

        vars().update({f"m{i}": numbered_method(f"m{i}") for i in range(routes)})

    return endpoints.api_server([endpoints.api(name="bench", version="v1")(Bench)])
