"""Services that are put together in unusual ways: overridden methods, wrapped methods, methods that end oddly."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/unusual/v1/"


class Said(messages.Message):
    text = messages.StringField(1)


class Base(remote.Service):
    @endpoints.method(message_types.VoidMessage, Said, path="who", http_method="GET")
    def who(self, request: Any) -> Said:
        return Said(text="base")


def test_a_method_that_is_overridden_without_a_decorator(serve: Serve) -> None:
    @endpoints.api(name="unusual", version="v1")
    class Derived(Base):
        def who(self, request: Any) -> Said:
            return Said(text=f"derived from {super().who(request).text}")

    assert serve(Derived).get(ROOT + "who").json() == {"text": "derived from base"}


def test_an_async_wrapper_around_a_method(serve: Serve) -> None:
    def polite(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        async def wrapper(self: Any, request: Any) -> Said:
            await asyncio.sleep(0)
            return Said(text=f"please, {function(self, request).text}")

        return wrapper

    @endpoints.api(name="unusual", version="v1")
    class Polite(remote.Service):
        @polite
        @endpoints.method(message_types.VoidMessage, Said, path="who", http_method="GET")
        def who(self, request: Any) -> Said:
            return Said(text="me")

    assert serve(Polite).get(ROOT + "who").json() == {"text": "please, me"}


def test_an_old_wrapper_below_the_decorator_of_an_async_method(serve: Serve) -> None:
    def logged(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        def wrapper(*arguments: Any) -> Any:
            return function(*arguments)

        return wrapper

    @endpoints.api(name="unusual", version="v1")
    class Logged(remote.Service):
        @endpoints.method(message_types.VoidMessage, Said, path="who", http_method="GET")
        @logged
        async def who(self, request: Any) -> Said:
            await asyncio.sleep(0)
            return Said(text="me")

    assert serve(Logged).get(ROOT + "who").json() == {"text": "me"}


def test_a_method_that_waits_for_a_cancelled_task(serve: Serve) -> None:
    @endpoints.api(name="unusual", version="v1")
    class Cancelled(remote.Service):
        @endpoints.method(message_types.VoidMessage, Said, path="who", http_method="GET")
        async def who(self, request: Any) -> Said:
            task = asyncio.ensure_future(asyncio.sleep(60))
            task.cancel()
            await task
            return Said()

    error_of(serve(Cancelled).get(ROOT + "who"), 503, "backendError")


@pytest.mark.parametrize("number", ["1" + "0" * 400, '"1' + "0" * 400 + '"', "-1" + "0" * 400])
def test_a_number_too_large_for_a_float(number: str, serve: Serve) -> None:
    class Measured(messages.Message):
        size = messages.FloatField(1)

    @endpoints.api(name="unusual", version="v1")
    class Measuring(remote.Service):
        @endpoints.method(Measured, Measured, path="measure")
        def measure(self, request: Measured) -> Measured:
            return request

    answer = serve(Measuring).post(ROOT + "measure", body=f'{{"size": {number}}}'.encode())
    assert "size" in error_of(answer, 400, "badRequest")["message"]


def test_a_service_whose_methods_were_forgotten(recwarn: pytest.WarningsRecorder) -> None:
    @endpoints.api(name="unusual", version="v1")
    class Forgotten(remote.Service):
        def who(self, request: Any) -> Said:
            return Said()

    endpoints.api_server([Forgotten])
    assert "class Forgotten declares no endpoints.method: who" in str(recwarn.pop(UserWarning).message)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"threads": 0}, "threads"),
        ({"threads": "4"}, "threads"),
        ({"cors": "*"}, "cors"),
        ({"limits": 5}, "limits"),
    ],
)
def test_arguments_of_the_server(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises((TypeError, ValueError), match=named):
        endpoints.api_server([], **arguments)


def test_a_class_instead_of_a_list() -> None:
    with pytest.raises(TypeError, match="list of classes"):
        endpoints.api_server(Base)  # type: ignore[arg-type]


def test_a_field_whose_enum_does_not_exist() -> None:
    class Lost(messages.Message):
        colour = messages.EnumField("NoSuchEnum", 1)

    @endpoints.api(name="unusual", version="v1")
    class Api(remote.Service):
        @endpoints.method(Lost, Said, path="lost")
        def lost(self, request: Lost) -> Said:
            return Said()

    with pytest.raises(messages.DefinitionNotFoundError, match=r"Lost\.colour"):
        endpoints.api_server([Api])
