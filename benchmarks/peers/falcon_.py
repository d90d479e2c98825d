"""Falcon, WSGI and ASGI, with msgspec called by hand."""

from __future__ import annotations

from typing import Any

import falcon
import falcon.asgi

from peers import handwritten as w
from workloads import PREFIX


class Echo:
    def on_post(self, req: Any, resp: Any, id: int | None = None) -> None:  # noqa: A002
        resp.data = w.encode(w.echo(w.decode_echo(req.bounded_stream.read()), req.get_param_as_int("n", default=1)))


class Greeting:
    def on_get(self, req: Any, resp: Any, id: int) -> None:  # noqa: A002
        resp.data = w.encode(w.greeting(id))


class Items:
    def on_get(self, req: Any, resp: Any) -> None:
        resp.data = w.encode(w.listing())

    def on_post(self, req: Any, resp: Any) -> None:
        resp.data = w.encode(w.create(w.decode_items(req.bounded_stream.read())))


class AsyncEcho:
    async def on_post(self, req: Any, resp: Any, id: int | None = None) -> None:  # noqa: A002
        resp.data = w.encode(w.echo(w.decode_echo(await req.stream.read()), req.get_param_as_int("n", default=1)))


class AsyncGreeting:
    async def on_get(self, req: Any, resp: Any, id: int) -> None:  # noqa: A002
        resp.data = w.encode(w.greeting(id))


class AsyncItems:
    async def on_get(self, req: Any, resp: Any) -> None:
        resp.data = w.encode(w.listing())

    async def on_post(self, req: Any, resp: Any) -> None:
        resp.data = w.encode(w.create(w.decode_items(await req.stream.read())))


def wsgi(routes: int) -> Any:
    return _routed(falcon.App(), routes, Echo(), Greeting(), Items())


def asgi(routes: int) -> Any:
    return _routed(falcon.asgi.App(), routes, AsyncEcho(), AsyncGreeting(), AsyncItems())


def _routed(app: Any, routes: int, echo: Any, greeting: Any, items: Any) -> Any:
    app.add_route(f"{PREFIX}/echo", echo)
    app.add_route(f"{PREFIX}/greetings/{{id:int}}", greeting)
    app.add_route(f"{PREFIX}/items", items)
    for i in range(routes):
        app.add_route(f"{PREFIX}/m{i}/{{id:int}}/echo", echo)
    return app
