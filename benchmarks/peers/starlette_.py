"""Starlette, with msgspec called by hand."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from peers import handwritten as w
from workloads import PREFIX


def _json(value: Any) -> Response:
    return Response(w.encode(value), media_type="application/json")


async def _echo(request: Any) -> Response:
    return _json(w.echo(w.decode_echo(await request.body()), int(request.query_params.get("n", 1))))


async def _greeting(request: Any) -> Response:
    return _json(w.greeting(request.path_params["id"]))


async def _listing(request: Any) -> Response:
    return _json(w.listing())


async def _create(request: Any) -> Response:
    return _json(w.create(w.decode_items(await request.body())))


def asgi(routes: int) -> Any:
    return Starlette(
        routes=[
            Route(f"{PREFIX}/echo", _echo, methods=["POST"]),
            Route(f"{PREFIX}/greetings/{{id:int}}", _greeting),
            Route(f"{PREFIX}/items", _listing),
            Route(f"{PREFIX}/items", _create, methods=["POST"]),
            *(Route(f"{PREFIX}/m{i}/{{id:int}}/echo", _echo, methods=["POST"]) for i in range(routes)),
        ]
    )
