"""Who may call without proving who he is: nobody, where a method requires it. Tests of tokens are in tests/auth."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Exchange, Request, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/guarded/v1/"
Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


def _method(path: str, *, level: endpoints.AUTH_LEVEL | None = None, blocking: bool = True) -> Callable[..., Any]:
    @endpoints.method(Text, Text, path=path, name=path, auth_level=level, blocking=blocking)
    def answer(_self: Any, _request: Any) -> Text:
        return Text(text=repr(endpoints.get_current_user()))

    return answer


def _coroutine(path: str, *, level: endpoints.AUTH_LEVEL | None = None) -> Callable[..., Any]:
    @endpoints.method(Text, Text, path=path, name=path, auth_level=level)
    async def answer(_self: Any, _request: Any) -> Text:
        return Text(text=repr(endpoints.get_current_user()))

    return answer


@endpoints.api("guarded", "v1")
class GuardedApi(remote.Service):
    required = _method("required", level=endpoints.AUTH_LEVEL.REQUIRED)
    required_inline = _method("required_inline", level=endpoints.AUTH_LEVEL.REQUIRED, blocking=False)
    required_coroutine = _coroutine("required_coroutine", level=endpoints.AUTH_LEVEL.REQUIRED)
    optional = _method("optional", level=endpoints.AUTH_LEVEL.OPTIONAL)
    continues = _method("continues", level=endpoints.AUTH_LEVEL.OPTIONAL_CONTINUE)
    none = _method("none", level=endpoints.AUTH_LEVEL.NONE)
    unsaid = _method("unsaid")
    unsaid_inline = _method("unsaid_inline", blocking=False)
    unsaid_coroutine = _coroutine("unsaid_coroutine")


@endpoints.api("closed", "v1", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
class ClosedApi(remote.Service):
    unsaid = _method("unsaid")
    opened = _method("opened", level=endpoints.AUTH_LEVEL.NONE)


collection = endpoints.api("mixed", "v1")


@collection.api_class(resource_name="closed", path="closed", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
class MixedClosed(remote.Service):
    unsaid = _method("unsaid")


@collection.api_class(resource_name="open", path="open")
class MixedOpen(remote.Service):
    unsaid = _method("unsaid")


def no_network(*_: Any, **__: Any) -> Any:
    raise OSError("there is no network here")


IMPOSTURES: list[dict[str, str]] = [
    {},
    {"Authorization": "Bearer x"},
    {"Authorization": "Basic dTpw"},
    {"X-Endpoint-API-UserInfo": "eyJlbWFpbCI6ICJhQGIuYyJ9"},
    {"X-Forwarded-User": "a@b.c"},
    {"Remote-User": "a@b.c"},
    {"X-Appengine-User-Email": "a@b.c", "X-Appengine-User-Id": "1"},
    {"Cookie": "user=a@b.c"},
]


@pytest.mark.parametrize("headers", IMPOSTURES, ids=str)
@pytest.mark.parametrize("path", ["required", "required_inline", "required_coroutine"])
def test_required(serve: Serve, path: str, headers: dict[str, str]) -> None:
    response = serve(GuardedApi, fetch=no_network).post(ROOT + path, json={}, headers=headers)
    error_of(response, 401, "required")
    sent = headers.get("Authorization", "").startswith("Bearer")
    assert response.headers["www-authenticate"] == ('Bearer error="invalid_token"' if sent else 'Bearer realm="api"')


@pytest.mark.parametrize("headers", IMPOSTURES, ids=str)
@pytest.mark.parametrize("path", ["optional", "continues", "none", "unsaid", "unsaid_inline", "unsaid_coroutine"])
def test_the_method_decides(serve: Serve, path: str, headers: dict[str, str]) -> None:
    if path == "optional" and "Authorization" in headers:
        return  # a token that is sent has to be valid
    response = serve(GuardedApi, fetch=no_network).post(ROOT + path, json={}, headers=headers)
    assert (response.status, response.json()) == (200, {"text": "None"})


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("closed/v1/unsaid", 401),
        ("closed/v1/opened", 200),
        ("mixed/v1/closed/unsaid", 401),
        ("mixed/v1/open/unsaid", 200),
    ],
)
def test_api_and_class_may_require_it(serve: Serve, path: str, status: int) -> None:
    client = serve(ClosedApi, collection)
    assert client.post(f"/_ah/api/{path}", json={}).status == status


def test_the_caller_is_asked_before_the_request_is_understood(serve: Serve) -> None:
    client = serve(GuardedApi)
    for body in (b"{", b"\xff", b'{"text": 1}', b"[" * 100_000):
        assert client.post(ROOT + "required", body=body).status == 401
        assert client.post(ROOT + "unsaid", body=body).status == 400


def test_the_effective_method_is_the_one_that_is_guarded(serve: Serve) -> None:
    client = serve(OverriddenApi)
    headers = {"X-HTTP-Method-Override": "DELETE"}
    assert client.post("/_ah/api/overridden/v1/thing", headers=headers).status == 401
    assert client.request("DELETE", "/_ah/api/overridden/v1/thing").status == 401
    assert client.post("/_ah/api/overridden/v1/thing").status == 200


@endpoints.api("overridden", "v1")
class OverriddenApi(remote.Service):
    @endpoints.method(Void, Text, path="thing", http_method="POST")
    def change(self, request: Any) -> Text:
        return Text()

    @endpoints.method(Void, Text, path="thing", http_method="DELETE", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
    def delete(self, request: Any) -> Text:
        return Text()


def test_a_refusal_is_shared_with_other_origins(serve: Serve) -> None:
    response = serve(GuardedApi).post(ROOT + "required", json={}, headers={"Origin": "https://app.example"})
    assert response.status == 401
    assert response.headers["access-control-allow-origin"] == "https://app.example"


def test_outside_of_any_request() -> None:
    with pytest.raises(endpoints.InvalidGetUserCall):
        endpoints.get_current_user()


@pytest.mark.parametrize("path", ["unsaid", "unsaid_inline", "unsaid_coroutine", "required"])
def test_after_a_request(serve: Serve, path: str) -> None:
    serve(GuardedApi).post(ROOT + path, json={})
    with pytest.raises(endpoints.InvalidGetUserCall):
        endpoints.get_current_user()


@pytest.mark.parametrize("path", ["unsaid", "unsaid_inline", "unsaid_coroutine", "required", "nowhere"])
def test_after_a_request_in_the_same_task(path: str) -> None:
    app = endpoints.api_server([GuardedApi]).asgi

    async def call() -> None:
        pairs = (("content-length", "2"),)
        await Exchange(Request("POST", ROOT + path, "", pairs, (b"{}",), False, "http", "localhost", "", {})).run(app)
        with pytest.raises(endpoints.InvalidGetUserCall):
            endpoints.get_current_user()

    asyncio.run(call())


def test_in_a_thread_that_the_method_starts(serve: Serve) -> None:
    # A new thread has no context: what runs there is outside of any request.
    assert serve(ThreadingApi).post("/_ah/api/threading/v1/ask", json={}).json() == {"text": "InvalidGetUserCall"}


@endpoints.api("threading", "v1")
class ThreadingApi(remote.Service):
    @endpoints.method(Void, Text, path="ask")
    def ask(self, request: Any) -> Text:
        seen: list[str] = []

        def look() -> None:
            try:
                endpoints.get_current_user()
            except endpoints.InvalidGetUserCall as error:
                seen.append(type(error).__name__)

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        return Text(text=" ".join(seen))
