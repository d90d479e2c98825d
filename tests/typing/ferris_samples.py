# pyright: reportUnnecessaryTypeIgnoreComment=true
"""What mypy and pyright make of annotated services of ferris3. Every line holds at run time too."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, assert_type

import endpoints
import ferris3
from protorpc import messages


class Size(messages.Enum):
    SMALL = 1
    LARGE = 2


class People(messages.Message):
    people = messages.StringField(1, repeated=True)


class Greeting(messages.Message):
    greeting = messages.StringField(1)


SAMPLES = ferris3.endpoints.add({"name": "ferrissamples", "version": "v1"}, default=True)
SHORT = messages.IntegerField(1, variant=messages.Variant.INT32)


@ferris3.auto_service
class HelloService(ferris3.Service):
    @ferris3.auto_method
    def hello(self, request: People, name: str = "you", times: int | None = None) -> Greeting:
        return Greeting(greeting=name * (times or 1) + ", ".join(request.people))

    @ferris3.auto_method
    def body(self, request: People) -> Greeting:
        return Greeting(greeting=", ".join(request.people))

    @ferris3.auto_method(returns=Greeting, http_method="GET", path="all/{name}", auth_level="none", scopes=["a"])
    async def everything(
        self,
        request: messages.Message,
        name: str,
        size: Size = Size.SMALL,
        at: datetime.datetime | None = None,
        *,
        tags: list[str],
        short: Annotated[int, SHORT, "how many"] = 3,
    ) -> Greeting:
        return Greeting(greeting=f"{name}{size}{at}{tags}{short}")

    @ferris3.auto_method()
    def nothing(self, request: messages.Message) -> None: ...


@ferris3.auto_service(name="photos", endpoint="ferrissamples", auth_level="optional", audiences=["a"])
class ImagesApi(ferris3.Service):
    @ferris3.auto_method(name="list", returns=Greeting, auth_level=endpoints.AUTH_LEVEL.NONE)
    def list_all(self, request: Any) -> Greeting:
        return Greeting()


def test_decorated_classes_are_still_these_classes() -> None:
    assert_type(HelloService, type[HelloService])
    assert_type(ImagesApi(), ImagesApi)


def test_decorated_functions_are_still_these_functions() -> None:
    service = HelloService()
    assert_type(service.body(People(people=["a"])), Greeting)
    body: Callable[[HelloService, People], Greeting] = HelloService.body
    assert body(service, People(people=["a"])).greeting == "a"
    listing: Callable[[Any], Greeting] = ImagesApi().list_all
    assert listing(ferris3.VoidMessage()) == Greeting()
    later: Callable[..., Coroutine[Any, Any, Greeting]] = service.everything
    assert callable(later)


def test_endpoints_are_api_collections() -> None:
    assert_type(SAMPLES, endpoints.ApiCollection)
    assert_type(ferris3.endpoints.add({"name": "more", "version": "v1"}), endpoints.ApiCollection)
    assert_type(ferris3.endpoints.get("more"), endpoints.ApiCollection)
    assert_type(ferris3.endpoints.get_all(), list[endpoints.ApiCollection])


def test_wrong_arguments_are_refused() -> None:
    def probe(self: Any, request: Any) -> None: ...

    wrong: list[Callable[[], object]] = [
        lambda: ferris3.auto_method(retuns=Greeting)(probe),  # type: ignore[call-overload]
        lambda: ferris3.auto_method(returns=int)(probe),  # type: ignore[arg-type]
        lambda: ferris3.auto_service(nam="photos")(HelloService),  # type: ignore[call-overload]
        lambda: ferris3.auto_service(int),  # type: ignore[type-var]
        lambda: ferris3.endpoints.add(7),  # type: ignore[arg-type]
    ]
    for each in wrong:
        try:
            each()
        except TypeError:
            continue
        raise AssertionError(each)
