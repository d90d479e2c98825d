"""How methods are called: a new service for each request, ordinary and `async def` functions alike."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Serve

ROOT = "/_ah/api/methods/v1/"
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


ASK = endpoints.ResourceContainer(Void, text=messages.StringField(1))


def shouting(function: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator as people write them, put around the decorated method."""

    @functools.wraps(function)
    def wrapper(self: Any, request: Any) -> Any:
        answer = function(self, request)
        answer.text = answer.text.upper()
        return answer

    return wrapper


def bracketed(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for an `async def` method."""

    @functools.wraps(function)
    async def wrapper(self: Any, request: Any) -> Any:
        answer = await function(self, request)
        answer.text = f"[{answer.text}]"
        return answer

    return wrapper


@endpoints.api("methods", "v1")
class MethodsApi(remote.Service):
    def __init__(self, greeting: str = "default") -> None:
        self.greeting = greeting
        self.calls = 0

    def _answer(self, request: Any) -> Text:
        self.calls += 1
        return Text(text=f"{self.greeting} {self.calls} {request.text}")

    @endpoints.method(ASK, Text, path="sync", http_method="GET")
    def sync(self, request: Any) -> Text:
        return self._answer(request)

    @endpoints.method(ASK, Text, path="inline", http_method="GET", blocking=False)
    def inline(self, request: Any) -> Text:
        return self._answer(request)

    @endpoints.method(ASK, Text, path="coroutine", http_method="GET")
    async def coroutine(self, request: Any) -> Text:
        await asyncio.sleep(0)
        return self._answer(request)

    @shouting
    @endpoints.method(ASK, Text, path="stacked", http_method="GET")
    def stacked(self, request: Any) -> Text:
        return self._answer(request)

    @endpoints.method(ASK, Text, path="inside", http_method="GET")
    @shouting
    def inside(self, request: Any) -> Text:
        return self._answer(request)

    @bracketed
    @endpoints.method(ASK, Text, path="stacked_coroutine", http_method="GET")
    async def stacked_coroutine(self, request: Any) -> Text:
        return self._answer(request)

    @endpoints.method(ASK, Text, path="inside_coroutine", http_method="GET")
    @bracketed
    async def inside_coroutine(self, request: Any) -> Text:
        return self._answer(request)

    @endpoints.method(ASK, Text, path="calls_another", http_method="GET")
    def calls_another(self, request: Any) -> Text:
        return Text(text=f"<{self.sync(request).text}>")


METHODS = {
    "sync": "default 1 x",
    "inline": "default 1 x",
    "coroutine": "default 1 x",
    "stacked": "DEFAULT 1 X",
    "inside": "DEFAULT 1 X",
    "stacked_coroutine": "[default 1 x]",
    "inside_coroutine": "[default 1 x]",
    "calls_another": "<default 1 x>",
}


@pytest.mark.parametrize("name", METHODS)
def test_each_request_has_a_service_of_its_own(serve: Serve, name: str) -> None:
    client = serve(MethodsApi)
    for _ in range(3):
        assert client.get(f"{ROOT}{name}?text=x").json() == {"text": METHODS[name]}


@pytest.mark.parametrize("name", METHODS)
def test_a_factory_of_services(serve: Serve, name: str) -> None:
    client = serve(MethodsApi.new_factory("made"))
    for _ in range(3):
        answer = client.get(f"{ROOT}{name}?text=x").json()["text"]
        assert answer.lower() == METHODS[name].lower().replace("default", "made")


def test_a_method_can_be_called_without_a_server() -> None:
    assert MethodsApi().sync(ASK.combined_message_class(text="x")).text == "default 1 x"
    assert asyncio.run(MethodsApi().coroutine(ASK.combined_message_class(text="x"))).text == "default 1 x"


@endpoints.api("methods", "v1")
class StateApi(remote.Service):
    @endpoints.method(Void, Text, path="sync", http_method="GET")
    def sync(self, request: Any) -> Text:
        return self._told()

    @endpoints.method(Void, Text, path="inline", http_method="GET", blocking=False)
    def inline(self, request: Any) -> Text:
        return self._told()

    @endpoints.method(Void, Text, path="coroutine", http_method="GET")
    async def coroutine(self, request: Any) -> Text:
        return self._told()

    def _told(self) -> Text:
        state = self.request_state
        assert isinstance(state, remote.HttpRequestState)
        assert state is self.request_state
        parts = [state.http_method, state.service_path, state.headers["x-a"], state.headers["X-NONE"]]
        where = [state.remote_address, state.remote_host, state.server_host, state.server_port]
        return Text(text=" ".join(map(str, parts + where)))


@pytest.mark.parametrize("name", ["sync", "inline", "coroutine"])
def test_request_state(serve: Serve, name: str) -> None:
    client = serve(StateApi)
    for value in ("1", "2"):
        told = client.get(ROOT + name, headers={"X-A": value}, root_path="/m").json()["text"]
        assert told == f"GET /m{ROOT}{name} {value} None 192.0.2.7 192.0.2.7 localhost 8080"


def test_no_request_state_outside_of_any_request() -> None:
    assert StateApi().request_state is None


class EarlyState(StateApi):
    """Not decorated: the API is declared by what it is derived from."""

    seen: str | None = None

    def initialize_request_state(self, request_state: remote.RequestState) -> None:
        super().initialize_request_state(request_state)
        assert isinstance(request_state, remote.HttpRequestState)
        self.seen = request_state.headers["x-a"]

    def _told(self) -> Text:
        return Text(text=f"early {self.seen}")


@pytest.mark.parametrize("name", ["sync", "inline", "coroutine"])
def test_initialize_request_state_is_called_before_the_method(serve: Serve, name: str) -> None:
    client = serve(EarlyState)
    for value in ("1", "2"):
        assert client.get(ROOT + name, headers={"X-A": value}).json() == {"text": f"early {value}"}


class RefusingState(StateApi):
    def initialize_request_state(self, request_state: remote.RequestState) -> None:
        raise endpoints.ForbiddenException("not you")


@pytest.mark.parametrize("name", ["sync", "inline", "coroutine"])
def test_initialize_request_state_may_refuse(serve: Serve, name: str) -> None:
    response = serve(RefusingState).get(ROOT + name)
    assert (response.status, response.json()["error"]["message"]) == (403, "not you")


class BrokenConstructor(StateApi):
    def __init__(self) -> None:
        raise endpoints.GoneException("closed")


def test_a_constructor_may_refuse(serve: Serve) -> None:
    client = serve(BrokenConstructor)
    for name in ("sync", "inline", "coroutine"):
        assert client.get(ROOT + name).status == 410
