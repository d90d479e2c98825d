"""FastAPI with pydantic models; `async def` methods on the loop, sync ones in its thread pool."""

import datetime
import functools
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from workloads import CREATED, PREFIX


class Echo(BaseModel):
    content: str


class Greeting(BaseModel):
    message: str
    id: int


class Author(BaseModel):
    name: str
    email: str


class Item(BaseModel):
    id: int
    title: str
    tags: list[str]
    price: float
    created: datetime.datetime
    author: Author


class Items(BaseModel):
    items: list[Item]


class Created(BaseModel):
    count: int
    items: list[Item]


def _echo(body: Echo, n: int = 1) -> Echo:
    return Echo(content=" ".join([body.content] * n))


def _greeting(id: int) -> Greeting:  # noqa: A002
    return Greeting(message=f"hello {id}", id=id)


def _listing() -> Items:
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


def _create(body: Items) -> Created:
    return Created(count=len(body.items), items=body.items)


def _numbered(id: int, body: Echo, n: int = 1) -> Echo:  # noqa: A002
    return Echo(content=" ".join([body.content] * n))


def _as_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def _coroutine(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    async def method(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return method


def asgi(routes: int) -> Any:
    return _app(routes, _coroutine)


def asgi_sync(routes: int) -> Any:
    return _app(routes, _as_is)


def _app(routes: int, kind: Callable[..., Any]) -> Any:
    app = FastAPI()
    app.post(f"{PREFIX}/echo")(kind(_echo))
    app.get(f"{PREFIX}/greetings/{{id}}")(kind(_greeting))
    app.get(f"{PREFIX}/items")(kind(_listing))
    app.post(f"{PREFIX}/items")(kind(_create))
    numbered = kind(_numbered)
    for i in range(routes):
        app.post(f"{PREFIX}/m{i}/{{id}}/echo", name=f"m{i}")(numbered)
    return app
