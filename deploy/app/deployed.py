"""The guestbook as it is deployed: with API keys, quotas, metrics and a page for health checks.

`endpoints serve deployed:application`, or any ASGI server.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine
from typing import Any

import prometheus_client
from echo import EchoApi
from guestbook import GuestbookApi
from prometheus_client import multiprocess
from whoami import WhoAmIApi

import endpoints
from endpoints.metrics.prometheus import Prometheus

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]

# The balancer, which alone can reach the server, says how and by whom it was called.
server = endpoints.api_server([EchoApi, GuestbookApi, WhoAmIApi], trust_forwarded=True, observers=[Prometheus()])


def _collected() -> prometheus_client.CollectorRegistry:
    """The series of all worker processes, which keep them in files."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return prometheus_client.REGISTRY
    registry = prometheus_client.CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


_pages = {"/metrics": prometheus_client.make_asgi_app(_collected())}


async def _healthy(_scope: dict[str, Any], _receive: Any, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"ok\n"})


_pages["/healthz"] = _healthy


async def application(scope: dict[str, Any], receive: Any, send: Send) -> None:
    """The server, and beside it two pages that the balancer does not pass on."""
    page = _pages.get(scope["path"]) if scope["type"] == "http" else None
    await (page or server.asgi)(scope, receive, send)
