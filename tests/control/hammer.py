"""Calls a metered method from many threads, as one of several processes."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import endpoints
from protorpc import message_types, remote
from tests.client import Client

LIMIT = 500


@endpoints.api("hammered", "v1", limit_definitions=[endpoints.LimitDefinition("blows", "Blows", LIMIT)])
class Hammered(remote.Service):
    @endpoints.method(path="blow", http_method="GET", api_key_required=True, metric_costs={"blows": 1})
    def blow(self, request: message_types.VoidMessage) -> None: ...


app: Any = endpoints.api_server([Hammered])


def main(key: str, threads: int, calls: int, begin: float) -> None:
    """Call from so many threads, so many times each, from a moment on; prints each status."""
    client = Client(app, "wsgi")
    found: list[int] = []

    def hammer() -> None:
        time.sleep(max(0.0, begin - time.time()))
        found.extend(client.get("/_ah/api/hammered/v1/blow", {"key": key}).status for _ in range(calls))

    started = [threading.Thread(target=hammer) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    print(*found)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
