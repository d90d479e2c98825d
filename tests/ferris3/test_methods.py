"""`auto_method` over HTTP: parameters in tuples and in annotations, bodies, answers, documents."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest

import endpoints
import ferris3
from protorpc import message_types, messages, remote
from tests.client import Client, Connect, Serve


class Size(messages.Enum):
    SMALL = 1
    LARGE = 2


class People(messages.Message):
    people = messages.StringField(1, repeated=True)


class Greeting(messages.Message):
    greeting = messages.StringField(1)


NOON = datetime.datetime(2024, 2, 8, 12, tzinfo=datetime.UTC)
WEIGHT = messages.FloatField(1, variant=messages.Variant.FLOAT)

ferris3.endpoints.add({"name": "methods", "version": "v1"}, default=True)


@ferris3.auto_service
class HelloService(ferris3.Service):
    @ferris3.auto_method
    def nothing(self, request):  # type: ignore[no-untyped-def]
        """Do nothing."""

    @ferris3.auto_method()
    async def nothing_later(self, request, n=(int, 1)):  # type: ignore[no-untyped-def]
        await asyncio.sleep(0)

    @ferris3.auto_method(returns=Greeting)
    def hello(self, request, name=(str,), age=(int, 18)):  # type: ignore[no-untyped-def]
        """Say hello.

        With the age.
        """
        return Greeting(greeting=f"{name} {age!r} {request.name} {request.age!r}")

    @ferris3.auto_method(returns=Greeting)
    def kinds(self, request, a=(str, None), b=(int, 7), c=(bool, True), d=(float, 1)):  # type: ignore[no-untyped-def]
        return Greeting(greeting=repr((a, b, c, d)))

    @ferris3.auto_method(returns=Greeting)
    def more_kinds(  # type: ignore[no-untyped-def]
        self, request, size=(Size, Size.LARGE), at=(datetime.datetime, NOON), tags=(list[str],), weight=(WEIGHT, 1.5)
    ):
        return Greeting(greeting=f"{size} {at:%H} {tags} {weight}")

    @ferris3.auto_method(returns=Greeting)
    def required_last(self, request, a=(str, "A"), b=(int,)):  # type: ignore[no-untyped-def]
        return Greeting(greeting=f"{a} {b}")

    @ferris3.auto_method(returns=Greeting)
    def body(self, request=(People,)):  # type: ignore[no-untyped-def]
        assert type(request) is People
        return Greeting(greeting=", ".join(request.people))

    @ferris3.auto_method(returns=Greeting)
    def body_and_parameters(self, request=(People,), greeting=(str, "Hello")):  # type: ignore[no-untyped-def]
        assert request.greeting == greeting
        return Greeting(greeting=f"{greeting} {', '.join(request.people)}")

    @ferris3.auto_method
    def annotated(self, request: People, name: str, size: Size = Size.SMALL, n: int | None = None) -> Greeting:
        assert type(request) is People
        return Greeting(greeting=f"{', '.join(request.people)} {name} {size} {n}")

    @ferris3.auto_method(http_method="GET", path="mixed/{name}")
    async def mixed(  # type: ignore[no-untyped-def]
        self,
        request: messages.Message,
        name: Annotated[str, "who"],
        loud: bool = (bool, False),  # type: ignore[assignment]
        *,
        n=(int,),
    ) -> Greeting:
        await asyncio.sleep(0)
        return Greeting(greeting=f"{name} {loud} {n} {request.n}")  # type: ignore[attr-defined]

    @ferris3.auto_method(name="renamed", http_method="GET", returns=Greeting, api_key_required=False)
    def original(self, request):  # type: ignore[no-untyped-def]
        return Greeting(greeting="here")

    @ferris3.auto_method(returns=Greeting, path="greet/{name}", http_method="get")
    def from_path(self, request, name=(str,)):  # type: ignore[no-untyped-def]
        return Greeting(greeting=name)

    @ferris3.auto_method(returns=Greeting)
    def forgets(self, request):  # type: ignore[no-untyped-def]
        return None

    @ferris3.auto_method
    def says_too_much(self, request):  # type: ignore[no-untyped-def]
        return Greeting()

    @ferris3.auto_method(returns="Late")
    def late(self, request: "Late") -> "Late":  # noqa: UP037
        return request

    @ferris3.auto_method(returns=message_types.VoidMessage)
    def void(self, request) -> None:  # type: ignore[no-untyped-def]
        return None


class Late(messages.Message):
    x = messages.StringField(1)


ROOT = "/_ah/api/methods/v1/hello"


@pytest.fixture
def hello(serve: Serve) -> Client:
    return serve(HelloService)


@pytest.mark.parametrize(
    ("address", "body", "greeting"),
    [
        pytest.param("hello?name=you", {}, "you 18 you 18", id="default"),
        pytest.param("hello?name=&age=0", {}, " 0  0", id="falsy-values-are-values"),
        pytest.param("kinds", {}, "(None, 7, True, 1.0)", id="all-defaults"),
        pytest.param("kinds?a=&b=0&c=false&d=0", {}, "('', 0, False, 0.0)", id="all-falsy"),
        pytest.param("more_kinds", {}, "LARGE 12 [] 1.5", id="more-defaults"),
        pytest.param(
            "more_kinds?size=SMALL&at=2024-02-08T13:00:00Z&tags=a&tags=b&weight=2",
            {},
            "SMALL 13 ['a', 'b'] 2.0",
            id="more",
        ),
        pytest.param("required_last?b=2", {}, "A 2", id="optional-before-required"),
        pytest.param("body", {"people": ["a", "b"]}, "a, b", id="body"),
        pytest.param("body_and_parameters", {"people": ["a"]}, "Hello a", id="body-and-default"),
        pytest.param("body_and_parameters?greeting=Hi", {"people": ["a"]}, "Hi a", id="body-and-parameter"),
        pytest.param("annotated?name=you", {"people": ["a"]}, "a you SMALL None", id="annotated"),
        pytest.param("annotated?name=you&size=LARGE&n=0", {}, " you LARGE 0", id="annotated-values"),
    ],
)
def test_what_the_function_gets(address: str, body: dict[str, Any], greeting: str, hello: Client) -> None:
    assert hello.post(f"{ROOT}/{address}", json=body).json() == {"greeting": greeting}


@pytest.mark.parametrize(
    ("address", "greeting"),
    [
        pytest.param("renamed", "here", id="name"),
        pytest.param("greet/you", "you", id="path"),
        pytest.param("mixed/you?n=3", "you False 3 3", id="mixed"),
        pytest.param("mixed/you?n=0&loud=true", "you True 0 0", id="mixed-values"),
    ],
)
def test_addresses(address: str, greeting: str, hello: Client) -> None:
    assert hello.get(f"{ROOT}/{address}").json() == {"greeting": greeting}


@pytest.mark.parametrize("name", ["nothing", "nothing_later", "void"])
def test_nothing_to_answer(name: str, hello: Client) -> None:
    answer = hello.post(f"{ROOT}/{name}")
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize("name", ["forgets", "says_too_much"])
def test_another_answer_than_declared(name: str, hello: Client) -> None:
    answer = hello.post(f"{ROOT}/{name}")
    assert answer.status == 503
    assert answer.json()["error"]["message"] == "Internal Server Error"


@pytest.mark.parametrize("address", ["hello", "required_last?a=x", "annotated"])
def test_missing_parameter(address: str, hello: Client) -> None:
    answer = hello.post(f"{ROOT}/{address}", json={})
    assert answer.status == 400
    assert "is missing required field" in answer.json()["error"]["message"]


def test_methods_in_the_discovery_document(hello: Client) -> None:
    document = hello.get("/_ah/api/discovery/v1/apis/methods/v1/rest").json()
    methods = document["resources"]["hello"]["methods"]
    assert {"nothing", "required_last", "body_and_parameters", "renamed"} < methods.keys()
    assert methods["hello"]["id"] == "methods.hello.hello"
    assert methods["hello"]["path"] == "hello/hello"
    assert methods["hello"]["httpMethod"] == "POST"
    assert methods["hello"]["description"].startswith("Say hello.\n\n")
    assert methods["hello"]["parameters"] == {
        "name": {"type": "string", "required": True, "location": "query"},
        "age": {"type": "string", "format": "int64", "default": "18", "location": "query"},
    }
    assert methods["required_last"]["parameterOrder"] == ["b"]
    assert methods["mixed"]["parameters"]["name"]["description"] == "who"
    assert methods["more_kinds"]["parameters"]["weight"]["format"] == "float"
    assert methods["more_kinds"]["parameters"]["tags"]["repeated"] is True
    assert "description" not in methods["body"]


def test_docstrings_in_the_openapi_document(hello: Client) -> None:
    paths = hello.get("/_ah/api/discovery/v1/apis/methods/v1/openapi.json").json()["paths"]
    assert paths["/methods/v1/hello/nothing"]["post"]["description"] == "Do nothing."


def test_the_marks_that_decorators_leave() -> None:
    service: Any = HelloService
    assert service.api_info.name == "methods"
    assert service.api_info.resource_name == "hello"
    assert (service.original.method_info.name, service.original.method_info.http_method) == ("renamed", "GET")
    assert service.hello.remote.response_type is Greeting
    assert service.nothing.remote.request_type is message_types.VoidMessage
    assert service.nothing.remote.response_type is message_types.VoidMessage
    assert service.body.remote.request_type is People
    assert service.late.remote.response_type is Late
    fields = {each.name: (each.number, each.required) for each in service.hello.remote.request_type.all_fields()}
    assert fields == {"name": (1, True), "age": (2, False)}
    assert service.hello.__doc__.startswith("Say hello.")


def test_decorated_functions_take_the_service_and_a_message() -> None:
    service: Any = HelloService()
    request = service.hello.remote.request_type(name="you")
    assert service.hello(request).greeting == "you 18 you 18"
    assert HelloService.hello(service, request).greeting == "you 18 you 18"  # type: ignore[no-untyped-call]
    assert service.body(People(people=["a"])).greeting == "a"
    assert service.nothing(message_types.VoidMessage()) == message_types.VoidMessage()
    with pytest.raises(remote.RequestError):
        service.body(Greeting())


def test_settings_reach_the_method() -> None:
    def probe(self: Any, request: Any) -> None: ...

    settings: dict[str, Any] = {
        "scopes": ["a"],
        "audiences": ["b"],
        "allowed_client_ids": ["c"],
        "api_key_required": True,
        "metric_costs": {"read": 1},
        "blocking": False,
    }
    decorated: Any = ferris3.auto_method(**settings, auth_level="required", use_request_uri=True)(probe)
    info = decorated.method_info
    assert {name: getattr(info, name) for name in settings} == settings
    assert (info.auth_level, info.from_request_uri) == (endpoints.AUTH_LEVEL.REQUIRED, True)


def test_an_api_collection_of_ferris_is_an_ordinary_one(client: Connect) -> None:
    endpoint = ferris3.endpoints.add({"name": "ordinary", "version": "v1"})

    @endpoint.api_class(resource_name="posts")
    class PostsApi(ferris3.Service):
        @ferris3.auto_method(returns=Greeting)
        def get(self, request: Any) -> Greeting:
            return Greeting(greeting="hi")

    served = client(endpoints.api_server([endpoint]))
    assert served.post("/_ah/api/ordinary/v1/get").json() == {"greeting": "hi"}


def test_methods_may_stream_and_take_media(client: Connect) -> None:
    endpoint = ferris3.endpoints.add({"name": "more", "version": "v1"}, default=True)

    @ferris3.auto_service
    class MoreService(ferris3.Service):
        @ferris3.auto_method(returns=Greeting)
        def count(self, request: Any, upto: int = 2) -> Any:
            for number in range(upto):
                yield Greeting(greeting=str(number))

        @ferris3.auto_method(http_method="GET")
        async def annotated(self, request: Any, upto: int = 1) -> AsyncIterator[Greeting]:
            for number in range(upto):
                yield Greeting(greeting=str(number))

        @ferris3.auto_method(media_upload=endpoints.MediaUpload(accept=["text/plain"]))
        def keep(self, request: Any, name: str) -> Greeting:
            media = endpoints.uploaded_media()
            return Greeting(greeting=f"{name} {media.read().decode() if media else ''}")

    served = client(endpoints.api_server([endpoint]))
    lines = served.post("/_ah/api/more/v1/more/count").text
    assert lines == '{"greeting":"0"}\n{"greeting":"1"}\n'
    assert served.get("/_ah/api/more/v1/more/annotated").text == '{"greeting":"0"}\n'
    address = "/_ah/api/upload/more/v1/more/keep?uploadType=media&name=a"
    kept = served.post(address, body=b"text", headers={"content-type": "text/plain"})
    assert kept.json() == {"greeting": "a text"}
