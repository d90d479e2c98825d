"""Signatures that `auto_method` refuses where they are written."""
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

import endpoints
import ferris3
from ferris3.endpoints import ConventionError
from protorpc import messages


class People(messages.Message):
    people = messages.StringField(1, repeated=True)


class Greeting(messages.Message):
    greeting = messages.StringField(1)


class Cache(messages.Message):
    fields = messages.StringField(1)


def unsupported(self, request, x=(dict,)): ...


def message_parameter(self, request, x=(People,)): ...


def name_of_type(self, request, x=("str",)): ...


def text(self, request, x="str"): ...


def number(self, request, x=18): ...


def none(self, request, x=None): ...


def empty(self, request, x=()): ...


def three(self, request, x=(str, "a", "b")): ...


def bare(self, request, x): ...


def wrong_default(self, request, x=(int, "a")): ...


def two_types(self, request, x: int = (str, "a")): ...  # type: ignore[assignment]


def request_class(self, request=People): ...


def request_none(self, request=None): ...


def request_two(self, request=(People, None)): ...


def request_text_type(self, request=(str,)): ...


def request_number(self, request=(7,)): ...


def request_twice(self, request: Greeting = (People,)): ...  # type: ignore[assignment]


def reserved(self, request, quotaUser=(str,)): ...  # noqa: N803


def pretty(self, request, prettyPrint=(bool, False)): ...  # noqa: N803


def reserved_in_body(self, request=(Cache,)): ...


def reserved_in_body_beside(self, request=(Cache,), x=(str,)): ...


def clash(self, request=(People,), people=(str,)): ...


def only_self(self): ...


def any_parameters(self, request, **x): ...


def positional(self, request, x=(str,), /): ...


def generator(self, request):  # noqa: ARG001
    yield


@ferris3.auto_method
def decorated(self, request, x=(str,)): ...


async def async_generator(self, request):  # noqa: ARG001
    yield


def no_tags(self, request, tags: Sequence[str] = ()): ...


def no_sizes(self, request, sizes: list[int] = ()): ...  # type: ignore[assignment]


@pytest.mark.parametrize("function", [no_tags, no_sizes])
def test_the_default_of_a_list_may_be_an_empty_tuple(function: Callable[..., Any]) -> None:
    (field,) = ferris3.auto_method(function).remote.request_type.all_fields()  # type: ignore[attr-defined]
    assert field.repeated and not field.required


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (unsupported, "x: dict cannot be a parameter; take str, int, bool, float, bytes, datetime"),
        (message_parameter, "x: People is a message; the body is the annotation of the request"),
        (name_of_type, r"x: expected x=\(type,\) or x=\(type, default\), or an annotation, not \('str',\)"),
        (text, "x: expected .*, not 'str'"),
        (number, "x: expected .*, not 18"),
        (none, "x: expected .*, not None"),
        (empty, r"x: expected .*, not \(\)"),
        (three, r"x: expected .*, not \('?<class 'str'>, 'a', 'b'\)"),
        (bare, "x: expected .*, not a bare name"),
        (wrong_default, "x: Invalid default value"),
        (two_types, "x: the annotation says int, the default says str; give one"),
        (request_class, r"request: expected request=\(SomeMessage,\) or request: SomeMessage, not <class"),
        (request_none, "request: expected .*, not None"),
        (request_two, "request: expected .*, not .*None"),
        (request_text_type, "request holds the request and must be annotated with a message class"),
        (request_number, "request: expected .*, not .7"),
        (request_twice, "request: the annotation says Greeting, the default says People; give one"),
        (reserved, "quotaUser is reserved"),
        (pretty, "prettyPrint is reserved"),
        (reserved_in_body, "fields, a field of Cache, is reserved"),
        (reserved_in_body_beside, "fields, a field of Cache, is reserved"),
        (clash, "people is also a field of the body"),
        (only_self, "must take self and the request"),
        (any_parameters, r"\*\*x cannot be declared"),
        (positional, "x is passed by keyword"),
        (generator, "a stream needs the class of its messages"),
        (async_generator, "a stream needs the class of its messages"),
        (decorated, "it is a method already"),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_what_cannot_be_declared(function: Callable[..., Any], message: str) -> None:
    with pytest.raises(ConventionError, match=message) as raised:
        ferris3.auto_method(function)
    assert str(raised.value).startswith(f"{function.__name__}: ")
    assert {ValueError, endpoints.ApiConfigurationError} < set(type(raised.value).__mro__)


def body(self, request=(People,)): ...


def annotated_body(self, request: People): ...


@pytest.mark.parametrize("function", [body, annotated_body])
@pytest.mark.parametrize("verb", ["GET", "get", "DELETE"])
def test_a_message_needs_a_verb_that_has_a_body(function: Callable[..., Any], verb: str) -> None:
    with pytest.raises(ConventionError, match=f"request: {verb.upper()} has no body to hold a message"):
        ferris3.auto_method(http_method=verb)(function)


def says_greeting(self, request) -> Greeting: ...  # type: ignore[empty-body]


def says_quoted(self, request) -> "Greeting": ...  # type: ignore[empty-body]  # noqa: UP037


def says_late(self, request) -> Unheard: ...  # type: ignore[name-defined]  # noqa: F821


def says_none(self, request) -> None: ...


def says_void(self, request) -> ferris3.VoidMessage: ...  # type: ignore[empty-body]


def says_anything(self, request) -> Any: ...


def says_nothing(self, request): ...


@pytest.mark.parametrize(
    ("function", "returns", "expected"),
    [
        (says_greeting, Greeting, Greeting),
        (says_quoted, Greeting, Greeting),
        (says_greeting, "Greeting", Greeting),
        (says_anything, Greeting, Greeting),
        (says_nothing, Greeting, Greeting),
        (says_nothing, "Greeting", Greeting),
        (says_none, ferris3.VoidMessage, ferris3.VoidMessage),
        (says_void, ferris3.VoidMessage, ferris3.VoidMessage),
        (says_void, None, ferris3.VoidMessage),
        (says_nothing, None, ferris3.VoidMessage),
    ],
)
def test_returns_and_the_annotation_agree(function: Callable[..., Any], returns: Any, expected: object) -> None:
    decorated: Any = ferris3.auto_method(returns=returns)(function)
    assert decorated.remote.response_type is expected


@pytest.mark.parametrize("function", [says_none, says_void, says_nothing, says_anything])
def test_nothing_is_returned(function: Callable[..., Any]) -> None:
    decorated: Any = ferris3.auto_method(function)
    assert decorated(None, ferris3.VoidMessage()) == ferris3.VoidMessage()


@pytest.mark.parametrize(
    ("function", "returns", "message"),
    [
        (says_greeting, People, "returns=People, but the annotation says Greeting; give one"),
        (says_greeting, ferris3.VoidMessage, "returns=None, but the annotation says Greeting"),
        (says_none, Greeting, "returns=Greeting, but the annotation says None"),
        (says_void, Greeting, "returns=Greeting, but the annotation says None"),
        (says_late, Greeting, "returns=Greeting, but the annotation says Unheard"),
        (says_nothing, int, "returns must be a message class, not <class 'int'>"),
        (says_nothing, messages.Message, "must be a message class"),
        (says_nothing, Greeting(), "returns must be a message class, not <Greeting"),
    ],
)
def test_returns_and_the_annotation_disagree(function: Callable[..., Any], returns: Any, message: str) -> None:
    with pytest.raises(ConventionError, match=message):
        ferris3.auto_method(returns=returns)(function)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"retuns": Greeting}, r"says_nothing: auto_method has no argument 'retuns'; did you mean returns\?"),
        ({"request_message": Greeting}, "auto_method has no argument 'request_message'"),
        ({"http_method": None}, "http_method must be a string, not None"),
        ({"auth_level": "requird"}, "auth_level must be one of required"),
        ({"scopes": "a"}, "scopes must be a list"),
        ({"name": 7}, "name must be a string, not 7"),
        ({"path": 7}, "path must be a string, not 7"),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConventionError, match=message):
        ferris3.auto_method(**settings)(says_nothing)


@pytest.mark.parametrize("wrong", [Greeting, staticmethod(says_nothing), "hello"])
def test_what_is_no_function(wrong: Any) -> None:
    with pytest.raises(ConventionError, match="auto_method decorates functions, not"):
        ferris3.auto_method(wrong)
    with pytest.raises(ConventionError, match="auto_method decorates functions, not"):
        ferris3.auto_method()(wrong)
