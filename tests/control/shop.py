"""An API with keys and quotas, in all the ways that methods are run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import endpoints
from endpoints.control.contract import Control
from endpoints.control.keys import KeyRecord, made
from endpoints.control.locations import stored_control
from protorpc import message_types, messages, remote

ROOT = "/_ah/api/shop/v1/"
LIMIT = 5
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


class Clock:
    """A clock that stands still; noon, ten seconds into a minute."""

    def __init__(self) -> None:
        self.now = 1_800_000_010.0 // 60 * 60 + 10

    def __call__(self) -> float:
        return self.now


def _method(path: str, *, http_method: str = "GET", blocking: bool = True, **options: Any) -> Callable[..., Any]:
    @endpoints.method(
        Void,
        Text,
        path=path,
        name=f"{http_method.lower()}_{path}",
        http_method=http_method,
        blocking=blocking,
        **options,
    )
    def answer(_self: Any, _request: Any) -> Text:
        return Text(text=str(endpoints.get_current_consumer()))

    return answer


def _coroutine(path: str, **options: Any) -> Callable[..., Any]:
    @endpoints.method(Void, Text, path=path, name=path, http_method="GET", **options)
    async def answer(_self: Any, _request: Any) -> Text:
        return Text(text=str(endpoints.get_current_consumer()))

    return answer


_limits = [endpoints.LimitDefinition("reads", "Reads", LIMIT), endpoints.LimitDefinition("writes", "Writes", 2)]
_READ = {"reads": 1}


@endpoints.api("shop", "v1", limit_definitions=_limits)
class Shop(remote.Service):
    free = _method("free")
    keyed = _method("keyed", api_key_required=True)
    keyed_inline = _method("keyed_inline", api_key_required=True, blocking=False)
    keyed_coroutine = _coroutine("keyed_coroutine", api_key_required=True)
    read = _method("read", metric_costs=_READ)
    read_inline = _method("read_inline", blocking=False, metric_costs=_READ)
    read_coroutine = _coroutine("read_coroutine", metric_costs=_READ)
    keyed_read = _method("keyed_read", api_key_required=True, metric_costs=_READ)
    keyed_read_inline = _method("keyed_read_inline", api_key_required=True, blocking=False, metric_costs=_READ)
    keyed_read_coroutine = _coroutine("keyed_read_coroutine", api_key_required=True, metric_costs=_READ)
    both = _method("both", metric_costs={"reads": 1, "writes": 2})
    post = _method("post", http_method="POST", api_key_required=True, metric_costs=_READ)
    delete = _method("thing", http_method="DELETE", api_key_required=True, metric_costs=_READ)
    change = _method("thing", http_method="POST")

    @endpoints.method(Text, Text, path="echo", http_method="POST", metric_costs=_READ)
    def echo(self, request: Text) -> Text:
        return request

    @endpoints.method(Void, Text, path="told", http_method="GET", api_key_required=True)
    def told(self, request: Any) -> Text:
        return Text(text=request.get_unrecognized_field_info("key")[0])


@endpoints.api("annex", "v1", api_key_required=True)
class Annex(remote.Service):
    keyed = _method("keyed")
    free = _method("free", api_key_required=False)


def new_key(location: str, consumer: str = "acme", *apis: str, expires: int | None = None) -> tuple[str, KeyRecord]:
    """Make a key in a store, as `endpoints keys create` does."""
    key, record = made(consumer, apis, time.time(), expires)
    stored_control(location, "a test").keys.add(record)
    return key, record


def opened(location: str, clock: Callable[[], float]) -> Control:
    return stored_control(location, "a test", clock)


def wait_for_room_in_the_minute(seconds: float = 5.0) -> None:
    """Wait until the present minute lasts for so long: where the clock is that of Redis or of other processes."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left + 0.05)
