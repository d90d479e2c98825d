"""What only ASGI has: other kinds of connections, and servers that do not know their own address."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote

ROOT = "/_ah/api/asgi/v1/"
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


@endpoints.api("asgi", "v1")
class AsgiApi(remote.Service):
    @endpoints.method(Void, Text, path="state", http_method="GET", blocking=False)
    def state(self, request: Any) -> Text:
        state = self.request_state
        assert isinstance(state, remote.HttpRequestState)
        return Text(text=f"{state.remote_address} {state.server_host!r} {state.server_port}")


def _send(scope: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{scope['type']}.connect"}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    asyncio.run(endpoints.api_server([AsgiApi]).asgi(scope, receive, send))  # type: ignore[arg-type]
    return sent


def _get(path: str, **scope: Any) -> tuple[int, Any]:
    whole = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], **scope}
    start, body = _send(whole)
    return start["status"], json.loads(body["body"])


def test_a_websocket_is_refused() -> None:
    assert _send({"type": "websocket", "path": ROOT + "state"}) == [{"type": "websocket.close", "code": 1000}]


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ({}, "None '' None"),
        ({"server": None, "client": None}, "None '' None"),
        ({"server": ("/run/app.sock", None)}, "None '/run/app.sock' None"),
        ({"server": ("::1", 80), "client": ("::1", 5)}, "::1 '::1' 80"),
    ],
)
def test_what_a_server_does_not_tell(scope: dict[str, Any], told: str) -> None:
    assert _get(ROOT + "state", **scope) == (200, {"text": told})


def test_a_document_of_a_server_without_an_address() -> None:
    status, document = _get("/_ah/api/discovery/v1/apis/asgi/v1/rest", headers=[(b"host", b"public.example")])
    assert (status, document["rootUrl"]) == (200, "http://public.example/_ah/api/")


@pytest.mark.parametrize("root_path", ["/m", "/m/"])
def test_a_path_with_and_without_the_mount_point(root_path: str) -> None:
    # The specification has it in the path since 2.4; older servers leave it out.
    for path in ("/m" + ROOT + "state", ROOT + "state"):
        assert _get(path, root_path=root_path)[0] == 200
