"""Who is measured: each peer is a function `build(routes)` in a module of this folder.

The floor is no framework at all, with msgspec as codec: what the interface and the work itself cost.
"""

from __future__ import annotations

import importlib
from typing import Any


class Peer:
    """`rival` names the one of ours that does the same kind of work."""

    def __init__(self, title: str, interface: str, builder: str, rival: str = "") -> None:
        self.title = title
        self.interface = interface
        self.builder = builder
        self.rival = rival

    @property
    def floor(self) -> str:
        return f"floor-{self.interface}"

    def build(self, routes: int) -> Any:
        module, _, function = self.builder.partition(":")
        return getattr(importlib.import_module(f"peers.{module}"), function)(routes)


PEERS = {
    "floor-wsgi": Peer("floor, WSGI", "wsgi", "floor:wsgi"),
    "ours-wsgi": Peer("**ours, WSGI**, INT32", "wsgi", "ours:wsgi"),
    "ours-wsgi-int64": Peer("**ours, WSGI**, INT64 as strings", "wsgi", "ours:wsgi_int64"),
    "falcon-wsgi": Peer("Falcon, WSGI", "wsgi", "falcon_:wsgi", "ours-wsgi"),
    "floor-asgi": Peer("floor, ASGI", "asgi", "floor:asgi"),
    "ours-asgi": Peer("**ours, ASGI**, INT32", "asgi", "ours:asgi"),
    "ours-asgi-int64": Peer("**ours, ASGI**, INT64 as strings", "asgi", "ours:asgi_int64"),
    "ours-asgi-sync": Peer("**ours, ASGI**, sync methods", "asgi", "ours:asgi_sync"),
    "falcon-asgi": Peer("Falcon, ASGI", "asgi", "falcon_:asgi", "ours-asgi"),
    "starlette": Peer("Starlette", "asgi", "starlette_:asgi", "ours-asgi"),
    "litestar": Peer("Litestar", "asgi", "litestar_:asgi", "ours-asgi"),
    "fastapi": Peer("FastAPI", "asgi", "fastapi_:asgi", "ours-asgi"),
    "fastapi-sync": Peer("FastAPI, sync methods", "asgi", "fastapi_:asgi_sync", "ours-asgi-sync"),
}
