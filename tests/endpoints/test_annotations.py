# mypy: disable-error-code="empty-body"
from __future__ import annotations

import asyncio
import datetime
import enum
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Optional

import pytest

import endpoints
from protorpc import message_types, messages, remote

NOON = datetime.datetime(2024, 2, 8, 12, 0)  # noqa: DTZ001 - as ProtoRPC keeps a date without an offset


class Size(messages.Enum):
    SMALL = 1
    LARGE = 2


class Place(messages.Message):
    city = messages.StringField(1)
    zips = messages.IntegerField(2, repeated=True)


class Seen(messages.Message):
    text = messages.StringField(1)


class Service(remote.Service):
    seen: tuple[Any, ...]

    @endpoints.method(http_method="GET")
    def everything(  # noqa: PLR0917 - a method with one parameter of each kind
        self,
        request: messages.Message,
        name: str,
        n: int,
        yes: bool = True,
        ratio: float = 1,
        raw: bytes = b"x",
        when: datetime.datetime = NOON,
        size: Size = Size.LARGE,
        maybe: int | None = None,
        old_style: Optional[str] = None,  # noqa: UP045
        *,
        tags: list[str],
        sizes: Sequence[Size] = (),
        short: Annotated[int, messages.IntegerField(1, variant=messages.Variant.INT32), "how many"] = 3,
        places: Annotated[list[Place], messages.MessageField(Place, 14, repeated=True)] = [],  # noqa: B006
    ) -> Seen:
        """Say what was sent."""
        self.seen = (name, n, yes, ratio, raw, when, size, maybe, old_style, tags, sizes, short, places)
        return Seen()

    @endpoints.method()
    def body_only(self, request: Place) -> Seen:
        return Seen(text=request.city)

    @endpoints.method()
    def body_and_parameters(self, request: Place, n: int, loud: bool = False) -> Seen:
        assert type(request) is Place
        unknown = [request.get_unrecognized_field_info(each)[0] for each in request.all_unrecognized_fields()]
        return Seen(text=f"{request.city} {list(request.zips)} {n} {loud} {unknown}")

    @endpoints.method()
    def combined(self, request: Any, n: int) -> Seen:
        return Seen(text=f"{request.n} {n}")

    @endpoints.method()
    async def waiting(self, request: Place, n: int = 2) -> Seen:
        await asyncio.sleep(0)
        return Seen(text=f"{request.city} {n}")

    @endpoints.method()
    def nothing(self, request: object) -> None:
        """Answer nothing."""

    @endpoints.method()
    async def nothing_later(self, request: object, n: int = 1) -> None:
        await asyncio.sleep(0)

    @endpoints.method()
    def late(self, request: Later) -> Later:
        return request

    @endpoints.method()
    def quoted(self, request: "Later", /) -> "Later":  # noqa: UP037
        return request

    @endpoints.method(Place)
    def answer_only(self, request: Any) -> Seen:
        return Seen(text=request.city)

    @endpoints.method(Place)
    def answer_nothing(self, request: Any) -> None:
        pass

    @endpoints.method(response_message=Seen)
    def request_only(self, request, n: int):  # type: ignore[no-untyped-def]
        return Seen(text=str(n))

    @endpoints.method(Place, Seen)
    def decorator_says_all(self, request: Any, spell: Any = str) -> object:
        return Seen(text=spell(request.city))


class Later(messages.Message):
    x = messages.StringField(1)


def remote_of(name: str) -> Any:
    return getattr(Service, name).remote


def call(method: str, **values: Any) -> Any:
    return getattr(Service(), method)(remote_of(method).request_type(**values))


def seen(**values: Any) -> tuple[Any, ...]:
    service: Any = Service()
    service.everything(remote_of("everything").request_type(**values))
    found: tuple[Any, ...] = service.seen
    return found


def test_parameters_become_fields_in_the_order_of_the_signature() -> None:
    fields = sorted(Service.everything.method_info.request_params_class.all_fields(), key=lambda each: each.number)  # type: ignore[attr-defined]
    assert [
        (each.number, each.name, type(each).__name__, each.required, each.repeated, each.default) for each in fields
    ] == [
        (1, "short", "IntegerField", False, False, 3),
        (2, "name", "StringField", True, False, None),
        (3, "n", "IntegerField", True, False, None),
        (4, "yes", "BooleanField", False, False, True),
        (5, "ratio", "FloatField", False, False, 1.0),
        (6, "raw", "BytesField", False, False, b"x"),
        (7, "when", "DateTimeField", False, False, None),
        (8, "size", "EnumField", False, False, Size.LARGE),
        (9, "maybe", "IntegerField", False, False, None),
        (10, "old_style", "StringField", False, False, None),
        (11, "tags", "StringField", False, True, None),
        (12, "sizes", "EnumField", False, True, None),
        (14, "places", "MessageField", False, True, None),
    ]
    assert fields[0].variant is messages.Variant.INT32
    assert fields[2].variant is messages.Variant.INT64
    assert Service.everything.method_info.request_body_class is message_types.VoidMessage  # type: ignore[attr-defined]
    assert Service.everything.method_info.parameter_descriptions == {"short": "how many"}  # type: ignore[attr-defined]
    assert remote_of("everything").response_type is Seen


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement is of Python 3.12")
def test_types_that_have_a_name() -> None:
    scope: dict[str, Any] = {"Annotated": Annotated, "Place": Place, "Seen": Seen}
    exec(  # noqa: S102 - Python 3.11 cannot read it
        "type Name = str\n"
        "type Many[T] = list[T]\n"
        "type Perhaps[T] = T | None\n"
        "type Count = Annotated[int, 'how many']\n"
        "type Body = Place\n"
        "type Answer = Seen\n"
        "def named(self, request: Body, n: Name, l: Many[Name], c: Count = 3, p: Perhaps[Name] = None) -> Answer: ...",
        scope,
    )
    method = endpoints.method()(scope["named"])
    assert method.remote.response_type is Seen and method.method_info.request_body_class is Place
    fields = method.method_info.request_params_class.all_fields()
    assert {each.name: (type(each).__name__, each.required, each.repeated) for each in fields} == {
        "n": ("StringField", True, False),
        "l": ("StringField", False, True),
        "c": ("IntegerField", False, False),
        "p": ("StringField", False, False),
    }


def test_defaults_reach_the_function() -> None:
    assert seen(name="a", n=1) == ("a", 1, True, 1.0, b"x", NOON, Size.LARGE, None, None, [], [], 3, [])


def test_values_reach_the_function_and_falsy_ones_are_values() -> None:
    sent = {
        "name": "",
        "n": 0,
        "yes": False,
        "ratio": 0.0,
        "raw": b"",
        "when": NOON.replace(year=2025),
        "size": Size.SMALL,
        "maybe": 0,
        "old_style": "",
        "tags": ["t"],
        "sizes": [Size.SMALL],
        "short": 0,
        "places": [Place(city="Ulm")],
    }
    assert seen(**sent) == tuple(sent.values())


@pytest.mark.parametrize(
    ("name", "request_type", "response_type"),
    [
        ("body_only", Place, Seen),
        ("nothing", message_types.VoidMessage, message_types.VoidMessage),
        ("late", Later, Later),
        ("quoted", Later, Later),
        ("answer_only", Place, Seen),
        ("answer_nothing", Place, message_types.VoidMessage),
        ("decorator_says_all", Place, Seen),
    ],
)
def test_messages_of_a_method_without_parameters(name: str, request_type: Any, response_type: Any) -> None:
    info = remote_of(name)
    assert (info.request_type, info.response_type) == (request_type, response_type)
    assert getattr(Service, name).method_info.request_params_class is None


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        ("body_only", {"city": "Ulm"}, "Ulm"),
        ("body_and_parameters", {"city": "Ulm", "zips": [1, 2], "n": 3}, "Ulm [1, 2] 3 False []"),
        ("body_and_parameters", {"n": 3, "loud": True}, "None [] 3 True []"),
        ("combined", {"n": 3}, "3 3"),
        ("answer_only", {"city": "Ulm"}, "Ulm"),
        ("request_only", {"n": 5}, "5"),
        ("decorator_says_all", {"city": "Ulm"}, "Ulm"),
    ],
)
def test_what_the_function_gets(name: str, values: dict[str, Any], text: str) -> None:
    assert call(name, **values).text == text


def test_the_body_keeps_what_it_does_not_know() -> None:
    request = remote_of("body_and_parameters").request_type(city="Ulm", n=1)
    request.set_unrecognized_field("key", "secret", messages.Variant.STRING)
    assert Service().body_and_parameters(request).text == "Ulm [] 1 False ['secret']"  # type: ignore[call-arg]


def test_async_functions_stay_async() -> None:
    assert inspect.iscoroutinefunction(Service.waiting)
    assert asyncio.run(call("waiting", city="Ulm")).text == "Ulm 2"
    assert asyncio.run(call("nothing_later")) == message_types.VoidMessage()


@pytest.mark.parametrize("name", ["nothing", "answer_nothing"])
def test_a_function_that_returns_none(name: str) -> None:
    assert call(name) == message_types.VoidMessage()


def test_what_it_says_about_itself() -> None:
    decorated: Any = Service.everything
    assert decorated.__doc__ == "Say what was sent."
    assert decorated.__name__ == "everything"
    assert "tags" in inspect.signature(decorated).parameters


def message_body(self: Any, request: Place) -> Seen: ...


def unannotated(self: Any, request, name) -> Seen: ...  # type: ignore[no-untyped-def]


def tuple_type(self: Any, request: Any, name: tuple[str, int]) -> Seen: ...


def two_types(self: Any, request: Any, name: str | int) -> Seen: ...


def nested_list(self: Any, request: Any, name: list[list[str]]) -> Seen: ...


def bare_list(self: Any, request: Any, name: list) -> Seen: ...  # type: ignore[type-arg]


def python_enum(self: Any, request: Any, name: enum.Enum) -> Seen: ...


def message_parameter(self: Any, request: Any, place: Place) -> Seen: ...


def unknown_name(self: Any, request: Any, name: Unheard) -> Seen: ...  # type: ignore[name-defined] # noqa: F821


def unknown_attribute(self: Any, request: Any, name: messages.Unheard) -> Seen: ...  # type: ignore[name-defined]


def wrong_default(self: Any, request: Any, name: int = "x") -> Seen: ...  # type: ignore[assignment]


def list_default(self: Any, request: Any, name: list[str] = ["a"]) -> Seen: ...  # noqa: B006


def other_field(self: Any, request: Any, name: Annotated[int, messages.StringField(1)]) -> Seen: ...


def single_field(self: Any, request: Any, name: Annotated[list[int], messages.IntegerField(1)]) -> Seen: ...


def same_number(
    self: Any,
    request: Any,
    name: Annotated[int, messages.IntegerField(2)],
    size: Annotated[Size, messages.EnumField(Size, 2)],
) -> Seen: ...


def parameter_first(self: Any, name: str) -> Seen: ...


def only_self(self: Any) -> Seen: ...


def keyword_request(self: Any, *, request: Any) -> Seen: ...


def any_parameters(self: Any, request: Any, **name: str) -> Seen: ...


def positional(self: Any, request: Any, name: str, /) -> Seen: ...


def returns_text(self: Any, request: Any, name: str) -> str: ...


def reserved(self: Any, request: Any, quotaUser: str) -> Seen: ...  # noqa: N803


def in_body_too(self: Any, request: Place, city: str) -> Seen: ...


def late_body(self: Any, request: Unheard, name: str) -> Seen: ...  # type: ignore[name-defined] # noqa: F821


@pytest.mark.parametrize(
    ("function", "kind", "text"),
    [
        (unannotated, TypeError, "name must be annotated"),
        (tuple_type, TypeError, "name: tuple[str, int] cannot be a parameter"),
        (two_types, TypeError, "name: str | int is more than one type"),
        (nested_list, TypeError, "name: list[str] cannot be a parameter"),
        (bare_list, TypeError, "name: list cannot be a parameter"),
        (python_enum, TypeError, "name: Enum cannot be a parameter"),
        (message_parameter, TypeError, "place: Place is a message; the body is the annotation of the request"),
        (unknown_name, TypeError, "name: the annotation 'Unheard' means nothing in"),
        (unknown_attribute, TypeError, "name: the annotation 'messages.Unheard' means nothing in"),
        (wrong_default, TypeError, "name: Invalid default value"),
        (same_number, TypeError, "size: the field of name has the number 2 too"),
        (list_default, TypeError, "name: a list has no default but the empty one"),
        (other_field, TypeError, "name: the StringField holds str"),
        (single_field, TypeError, "name: the IntegerField holds int"),
        (parameter_first, TypeError, "name holds the request and must be annotated with a message class"),
        (only_self, TypeError, "must take self and the request"),
        (keyword_request, TypeError, "must take self and the request"),
        (any_parameters, TypeError, "**name"),
        (positional, TypeError, "name is passed by keyword"),
        (returns_text, TypeError, "the return annotation must be a message class or None, not str"),
        (reserved, endpoints.ApiConfigurationError, "quotaUser is reserved"),
        (in_body_too, endpoints.ApiConfigurationError, "city is also a field of the body"),
        (late_body, TypeError, "Unheard must be defined before"),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_what_cannot_be_declared(function: Callable[..., Any], kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as raised:
        endpoints.method()(function)
    assert str(raised.value).startswith(f"{function.__name__}: ")
    assert text in str(raised.value)


@pytest.mark.parametrize("verb", ["GET", "delete", "HEAD"])
def test_a_body_needs_a_verb_that_has_one(verb: str) -> None:
    with pytest.raises(endpoints.ApiConfigurationError, match=f"request: {verb.upper()} has no body"):
        endpoints.method(http_method=verb)(message_body)


def test_nothing_is_no_body() -> None:
    def get(self: Any, request: message_types.VoidMessage, n: int = 1) -> Seen: ...

    decorated: Any = endpoints.method(http_method="GET")(get)
    assert decorated.method_info.request_body_class is message_types.VoidMessage


def test_an_explicit_field_may_bring_its_own_default() -> None:
    def get(_self: Any, _request: Any, n: Annotated[int, messages.IntegerField(7, default=9)]) -> Seen:
        return Seen(text=str(n))

    decorated: Any = endpoints.method()(get)
    field = decorated.method_info.request_params_class.field_by_name("n")
    assert (field.number, field.required, field.default) == (7, False, 9)
    assert decorated(None, decorated.remote.request_type()).text == "9"
