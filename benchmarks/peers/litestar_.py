"""Litestar, with msgspec shapes: its fastest typed way."""

from typing import Any

from litestar import Litestar, get, post

from peers import handwritten as w
from workloads import PREFIX


@post(f"{PREFIX}/echo", status_code=200)
async def _echo(data: w.Echo, n: int = 1) -> w.Echo:
    return w.echo(data, n)


@get(f"{PREFIX}/greetings/{{id:int}}")
async def _greeting(id: int) -> w.Greeting:  # noqa: A002
    return w.greeting(id)


@get(f"{PREFIX}/items")
async def _listing() -> w.Items:
    return w.listing()


@post(f"{PREFIX}/items", status_code=200)
async def _create(data: w.Items) -> w.Created:
    return w.create(data)


async def _numbered(id: int, data: w.Echo, n: int = 1) -> w.Echo:  # noqa: A002
    return w.echo(data, n)


def asgi(routes: int) -> Any:
    more = [post(f"{PREFIX}/m{i}/{{id:int}}/echo", status_code=200, name=f"m{i}")(_numbered) for i in range(routes)]
    return Litestar([_echo, _greeting, _listing, _create, *more], openapi_config=None)
