"""Methods declared by their annotations: no message classes in the decorator, parameters in the signature.

```python
@endpoints.method(path="greet/{name}", http_method="GET")
def greet(self, request, name: str, count: int = 1) -> Greeting: ...
```

A parameter after the request becomes a field of the path or the query: `str`, `int`, `bool`, `float`, `bytes`,
`datetime.datetime` or a `messages.Enum`, a `list` of one of them for a repeated field. It is required when it has no
default and may not be None. `Annotated[int, messages.IntegerField(1, variant=...)]` chooses the field and its number,
by which documents order parameters; all others get the numbers that are left, in the order of the signature.
`Annotated[str, "who to greet"]` describes it. `request: SomeMessage` is the body; a request without annotation, or
with `messages.Message`, is the message that holds the parameters.

ferris3 has signatures of another form; it hands them over in this one.
"""

from __future__ import annotations

import datetime
import functools
import inspect
import itertools
import operator
import types
import typing
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from endpoints.binding import Declaration, Parameter, bind
from endpoints.definitions import BODILESS
from endpoints.events import Event
from endpoints.exceptions import ApiConfigurationError
from endpoints.fields import copied, is_message_class
from endpoints.media import MediaContent
from protorpc.message_types import DateTimeField, VoidMessage
from protorpc.messages import (
    BooleanField,
    BytesField,
    Enum,
    EnumField,
    Field,
    FloatField,
    IntegerField,
    Message,
    StringField,
)

_FIELDS: Final[dict[Any, Any]] = {
    str: StringField,
    int: IntegerField,
    bool: BooleanField,
    float: FloatField,
    bytes: BytesField,
    datetime.datetime: DateTimeField,
}
_NOTHING: Final = inspect.Parameter.empty
_STREAMS: Final = (AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Iterator)
_UNSPECIFIC: Final = (_NOTHING, Any, object, Message)


def is_annotated(function: Callable[..., Any]) -> bool:
    """Whether a function says anything about what it takes or returns."""
    return bool(getattr(function, "__annotations__", None))


def declared(
    function: Callable[..., Any],
    where: str,
    http_method: str,
    response: type[Message] | str | None = None,
    *,
    signature: inspect.Signature | None = None,
    combined: bool = False,
) -> Declaration:
    """Read the declaration of a method from its signature.

    Args:
        function: the function as it was written.
        where: names the method in messages.
        http_method: the verb; a body needs one that has a body.
        response: message class of the answer or its name, where the signature is not to say it.
        signature: what to read in place of the function's own.
        combined: whether the function gets the message that holds body and parameters, in place of the body alone.

    Raises:
        TypeError: an annotation or a default cannot be a field, or two fields have the same number.
        ApiConfigurationError: a name is reserved or also a field of the body, or the verb has no body.
    """
    signature = signature or inspect.signature(function)
    request, rest = _split(signature, where)
    body = _body(function, where, request)
    if body is not VoidMessage and http_method.upper() in BODILESS:
        raise ApiConfigurationError(
            f"{where}: {request.name}: {http_method.upper()} has no body to hold a message; take parameters instead"
        )
    annotations = {each.name: _annotation(function, where, each) for each in rest}
    numbers = _numbers(where, annotations)
    parameters = [_parameter(where, numbers[each.name], each, annotations[each.name]) for each in rest]
    response = returned(function, where, signature) if response is None else response
    return bind(function, where, body=body, parameters=parameters, response=response, combined=combined)


def returned(
    function: Callable[..., Any], where: str, signature: inspect.Signature | None = None
) -> type[Message] | str | None:
    """Return the message class that a function says it returns, or its name if it cannot be looked up yet.

    Returns:
        None for a function that says it returns None, or nothing. Of a stream the class of its messages.

    Raises:
        TypeError: the annotation is something else.
    """
    annotation = _without_media(_resolved(function, (signature or inspect.signature(function)).return_annotation))
    if typing.get_origin(annotation) in _STREAMS:
        annotation = _resolved(function, _streamed(annotation))
        if annotation in (*_UNSPECIFIC, None, type(None)):
            raise TypeError(f"{where}: the return annotation must say of which messages the stream is")
    if annotation in (*_UNSPECIFIC, None, type(None)):
        return None
    if _is_message_or_name(annotation):
        return annotation
    raise TypeError(f"{where}: the return annotation must be a message class or None, not {_shown(annotation)}")


def is_stream(function: Callable[..., Any]) -> bool:
    """Whether a function is a generator function, async or not, or says that it returns an iterator."""
    written = inspect.unwrap(function)
    if inspect.isgeneratorfunction(written) or inspect.isasyncgenfunction(written):
        return True
    annotation = _resolved(function, getattr(function, "__annotations__", {}).get("return"))
    return typing.get_origin(annotation) in _STREAMS


def _without_media(annotation: Any) -> Any:
    """What a method returns that may also answer with media; None for one that answers with nothing else."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        others = [each for each in typing.get_args(annotation) if each is not MediaContent]
        return functools.reduce(operator.or_, others)
    return None if annotation is MediaContent else annotation


def _streamed(annotation: Any) -> Any:
    """What an annotated stream holds: of an event its message."""
    item = typing.get_args(annotation)[0]
    return typing.get_args(item)[0] if typing.get_origin(item) is Event else item


def _split(signature: inspect.Signature, where: str) -> tuple[inspect.Parameter, list[inspect.Parameter]]:
    """Return the parameter that holds the request, and those after it."""
    found = list(signature.parameters.values())
    for each in found:
        if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
            raise TypeError(f"{where}: {each} cannot be declared; name each parameter")
    if len(found) < 2 or found[1].kind is inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{where}: the function must take self and the request before other parameters")
    for each in found[2:]:
        if each.kind is each.POSITIONAL_ONLY:
            raise TypeError(f"{where}: {each.name} is passed by keyword and so must not be positional-only")
    return found[1], found[2:]


def _body(function: Callable[..., Any], where: str, request: inspect.Parameter) -> type[Message] | str:
    annotation = _resolved(function, request.annotation)
    if annotation in _UNSPECIFIC:
        return VoidMessage
    if _is_message_or_name(annotation):
        return annotation
    raise TypeError(
        f"{where}: {request.name} holds the request and must be annotated with a message class or not at all, "
        f"not with {_shown(annotation)}; parameters come after it"
    )


def _resolved(function: Callable[..., Any], annotation: Any) -> Any:
    """Return what an annotation written as text means; the text itself when it is a name not defined yet."""
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    for _ in range(2):  # a quoted name in a module whose annotations are all text
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, scope)  # noqa: S307 - code of that very module, as `typing` does it
            except (AttributeError, NameError, SyntaxError):
                break
    return _unnamed(annotation)


def _unnamed(annotation: Any) -> Any:
    """Return what a `type` statement (PEP 695) gave a name to."""
    while True:
        arguments, named = typing.get_args(annotation), typing.get_origin(annotation) or annotation
        if not hasattr(type(named), "__value__"):
            return annotation
        annotation = named.__value__[arguments] if arguments else named.__value__


def _is_message_or_name(value: object) -> TypeGuard[type[Message] | str]:
    return isinstance(value, str) or is_message_class(value)


def _annotation(function: Callable[..., Any], where: str, given: inspect.Parameter) -> _Annotation:
    where = f"{where}: {given.name}"
    annotation = _resolved(function, given.annotation)
    if annotation is _NOTHING:
        raise TypeError(f"{where} must be annotated: it is a parameter of the path or the query")
    if isinstance(annotation, str):
        raise TypeError(f"{where}: the annotation {annotation!r} means nothing in {function.__module__}")
    return _Annotation.of(where, annotation)


def _numbers(where: str, annotations: Mapping[str, _Annotation]) -> dict[str, int]:
    """Return the number of each field: its own, or the lowest that is left."""
    owners: dict[int, str] = {}
    for name, what in annotations.items():
        if what.explicit is not None and owners.setdefault(what.explicit.number, name) != name:
            number = what.explicit.number
            raise TypeError(f"{where}: {name}: the field of {owners[number]} has the number {number} too")
    left = (number for number in itertools.count(1) if number not in owners)
    return {name: what.explicit.number if what.explicit else next(left) for name, what in annotations.items()}


def _parameter(where: str, number: int, given: inspect.Parameter, what: _Annotation) -> Parameter:
    where = f"{where}: {given.name}"
    default = None if given.default is _NOTHING else given.default
    if what.repeated:
        if default is not None and len(default):
            raise TypeError(f"{where}: a list has no default but the empty one, not {default!r}")
        return Parameter(given.name, what.field(where, number, required=False), description=what.description)
    required = given.default is _NOTHING and not what.optional
    if what.python_type is datetime.datetime:
        # A date has no default on the wire, so the function's own stands in.
        return Parameter(given.name, what.field(where, number, required=required), default, what.description)
    if what.python_type is float and isinstance(default, int):
        default = float(default)
    field = what.field(where, number, required=required, default=default)
    return Parameter(given.name, field, description=what.description)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Annotation:
    """An annotation taken apart."""

    python_type: Any
    repeated: bool
    optional: bool
    explicit: Field[Any] | None
    description: str | None

    @classmethod
    def of(cls, where: str, annotation: Any) -> _Annotation:
        repeated = optional = False
        extras: list[Any] = []
        while True:
            annotation = _unnamed(annotation)
            origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
            if origin is typing.Annotated:
                annotation = arguments[0]
                extras += arguments[1:]
            elif origin in (typing.Union, types.UnionType):
                others = [each for each in arguments if each is not type(None)]
                if len(others) != 1:
                    raise TypeError(f"{where}: {_shown(annotation)} is more than one type")
                annotation, optional = others[0], True
            elif origin in (list, Sequence) and not repeated:
                annotation, repeated = arguments[0], True
            else:
                break
        return cls(
            python_type=annotation,
            repeated=repeated,
            optional=optional,
            explicit=next((each for each in extras if isinstance(each, Field)), None),
            description=next((each for each in extras if isinstance(each, str)), None),
        )

    def field(self, where: str, number: int, *, required: bool, default: Any = None) -> Field[Any]:
        options = {"required": required} | ({} if default is None else {"default": default})
        try:
            if self.explicit is not None:
                return self._copy(self.explicit, where, number, options)
            return self._made(where, number, options | {"repeated": self.repeated})
        except TypeError:
            raise
        except Exception as error:
            raise TypeError(f"{where}: {error}") from error

    def _made(self, where: str, number: int, options: dict[str, Any]) -> Field[Any]:
        python_type = self.python_type
        if isinstance(python_type, type) and issubclass(python_type, Enum) and python_type is not Enum:
            make: Any = functools.partial(EnumField, python_type)
        elif python_type in _FIELDS:
            make = _FIELDS[python_type]
        else:
            raise TypeError(f"{where}: {_unsupported(python_type)}")
        field: Field[Any] = make(number, **options)
        return field

    def _copy(self, example: Field[Any], where: str, number: int, options: dict[str, Any]) -> Field[Any]:
        values = example.type if isinstance(example.type, tuple) else (example.type,)
        if example.repeated != self.repeated or self.python_type not in values:
            shown = " or ".join(map(_shown, values))
            held = f"list[{shown}]" if example.repeated else shown
            raise TypeError(f"{where}: the {type(example).__name__} holds {held}, not what the annotation says")
        required = example.required or (options["required"] and example.default is None)
        return copied(example, number, **options | {"required": required})


def _unsupported(python_type: Any) -> str:
    if is_message_class(python_type):
        name = python_type.__name__
        return (
            f"{name} is a message; the body is the annotation of the request, and a message in the query is "
            f"Annotated[{name}, messages.MessageField({name}, 1)]"
        )
    known = ", ".join(each.__name__ for each in _FIELDS)
    return f"{_shown(python_type)} cannot be a parameter; take {known}, a messages.Enum, or a list of one of them"


def _shown(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
