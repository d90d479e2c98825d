"""A control that fails in a way that nobody has thought of: keys stay closed, metering goes by its setting."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

import endpoints
from endpoints.control.contract import Balance, Consumer, Method
from protorpc import message_types, remote
from tests.client import Interface, Serve
from tests.control.shop import wait_for_room_in_the_minute

Void = message_types.VoidMessage
LIMITS = [endpoints.LimitDefinition("reads", "Reads", 50)]


class Failing:
    """A control that raises whatever is asked."""

    observer = None

    def __init__(self, waits: bool, fail_closed: bool) -> None:
        self.waits = waits
        self.fail_closed = fail_closed

    def check(self, api_key: str, method: Method) -> Consumer:
        raise ConnectionError("no route to the store")

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        raise ConnectionError("no route to the store")


@endpoints.api("guarded", "v1", limit_definitions=LIMITS)
class Guarded(remote.Service):
    @endpoints.method(Void, Void, path="keyed", http_method="GET", api_key_required=True)
    def keyed(self, request: Void) -> Void:
        return request

    @endpoints.method(Void, Void, path="keyed_async", http_method="GET", api_key_required=True)
    async def keyed_async(self, request: Void) -> Void:
        return request

    @endpoints.method(Void, Void, path="metered", http_method="GET", metric_costs={"reads": 1})
    def metered(self, request: Void) -> Void:
        return request

    @endpoints.method(Void, Void, path="metered_async", http_method="GET", metric_costs={"reads": 1})
    async def metered_async(self, request: Void) -> Void:
        return request


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "waits"])
@pytest.mark.parametrize("fail_closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("suffix", ["", "_async"], ids=["sync", "async"])
def test_whatever_a_control_raises(serve: Serve, waits: bool, fail_closed: bool, suffix: str) -> None:
    client = serve(Guarded, control=Failing(waits, fail_closed))
    assert client.get(f"/_ah/api/guarded/v1/keyed{suffix}?key=invented").status == 503
    assert client.get(f"/_ah/api/guarded/v1/metered{suffix}").status == (503 if fail_closed else 204)


async def _call(app: Any, path: str) -> int:
    statuses = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(event: Any) -> None:
        if event["type"] == "http.response.start":
            statuses.append(event["status"])

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": ("192.0.2.1", 1),
        "server": ("localhost", 80),
    }
    await app(scope, receive, send)
    (status,) = statuses
    return int(status)


@pytest.mark.slow
def test_a_burst_of_calls_passes_no_limit(interface: Interface, location: str) -> None:
    if interface == "wsgi":
        pytest.skip("a WSGI server has no more calls at a time than threads")
    app = endpoints.api_server([Guarded], control=location).asgi
    wait_for_room_in_the_minute(20)

    async def burst() -> list[int]:
        return await asyncio.gather(*[_call(app, "/_ah/api/guarded/v1/metered_async") for _ in range(1000)])

    counted = Counter(asyncio.run(burst()))
    assert counted[204] == 50 and set(counted) == {204, 429}


def test_a_query_that_is_too_long_is_not_charged(serve: Serve) -> None:
    client = serve(Guarded)
    path = "/_ah/api/guarded/v1/metered"
    wait_for_room_in_the_minute()
    before = int(client.get(path).headers["ratelimit-remaining"])
    assert client.get(path, "a&" * 1001).status == 414
    assert int(client.get(path).headers["ratelimit-remaining"]) == before - 1
