# pyright: reportUnnecessaryTypeIgnoreComment=true
"""What mypy and pyright make of declared methods and of servers. Every line holds at run time too."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, assert_type

import endpoints
from protorpc import message_types, messages, remote


class Greeting(messages.Message):
    message = messages.StringField(1)


MULTIPLY = endpoints.ResourceContainer(Greeting, times=messages.IntegerField(2, required=True))


LIMITS = [endpoints.LimitDefinition("reads", "Read requests", 100)]


@endpoints.api(name="greeting", version="v1", audiences=["a"], limit_definitions=LIMITS)
class GreetingApi(remote.Service):
    @endpoints.method(Greeting, Greeting, path="echo")
    def echo(self, request: Greeting) -> Greeting:
        assert_type(self.request_state, remote.RequestState | None)
        return request

    # A container makes its message class at run time, so that only `Any` describes it.
    @endpoints.method(MULTIPLY, Greeting, path="multiply/{times}")
    def multiply(self, request: Any) -> Greeting:
        return Greeting(message=request.message * request.times)

    @endpoints.method(path="annotated", http_method="GET")
    def annotated(
        self, request: messages.Message, name: str = "world", times: Annotated[int, "how often"] = 1
    ) -> Greeting:
        return Greeting(message=name * times)

    @endpoints.method(message_types.VoidMessage, Greeting, http_method="GET", metric_costs={"reads": 1})
    async def later(self, request: message_types.VoidMessage) -> Greeting:
        return Greeting()


LIBRARY = endpoints.api(name="library", version="v1")


@LIBRARY.api_class(resource_name="shelves")
class Shelves(remote.Service):
    @endpoints.method(http_method="GET")
    def shelves(self, request: messages.Message) -> None: ...


class Busy(endpoints.ServiceException):
    http_status = 503


def test_a_decorated_class_is_still_that_class() -> None:
    assert_type(GreetingApi, type[GreetingApi])
    assert_type(Shelves(), Shelves)


def test_a_decorated_method_keeps_its_signature() -> None:
    service = GreetingApi()
    assert_type(service.echo(Greeting(message="hi")), Greeting)
    declared: Any = GreetingApi.annotated  # what the decorator adds, `remote` and `method_info`, has no type
    assert_type(service.annotated(declared.remote.request_type(name="you")), Greeting)
    call: Callable[[message_types.VoidMessage], Coroutine[Any, Any, Greeting]] = service.later
    assert call is not None


def test_wrong_arguments_are_refused() -> None:
    try:
        endpoints.api(name=1, version="v1")  # type: ignore[arg-type]
        endpoints.method(Greeting, Greeting, path=1)  # type: ignore[arg-type]
        endpoints.method(Greeting, Greeting, pat="x")  # type: ignore[call-arg]
    except (TypeError, endpoints.ApiConfigurationError):
        pass


def test_containers() -> None:
    assert_type(MULTIPLY, endpoints.ResourceContainer)
    assert_type(MULTIPLY.body_message_class, type[messages.Message])
    assert_type(MULTIPLY.combined_message_class, type[messages.Message])


def test_exceptions() -> None:
    assert_type(endpoints.NotFoundException("no", reason="gone", headers={"X-A": "b"}).headers, Mapping[str, str])
    assert issubclass(Busy, remote.ApplicationError)


def test_server() -> None:
    server = endpoints.api_server([GreetingApi, LIBRARY], cors=endpoints.Cors(origins=["https://a.example"]))
    assert_type(server, endpoints.ApiServer)
    assert callable(server.asgi)
