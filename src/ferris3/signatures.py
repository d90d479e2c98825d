"""Signatures with tuples for defaults, `name=(str, "x")`, put into the form that `endpoints.annotations` reads."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Annotated, Any, Final

from endpoints.annotations import returned
from ferris3.exceptions import ConventionError
from protorpc.message_types import VoidMessage
from protorpc.messages import Field, Message

_NOTHING: Final = inspect.Parameter.empty
_NAMED: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)

UNSAID: Final[Any] = object()
"""In the place of `returns`, where the decorator does not say it."""


def annotated(function: Callable[..., Any], where: str) -> tuple[inspect.Signature, bool]:
    """Return the signature with annotations in the place of tuples, and whether its request was such a tuple.

    Raises:
        ConventionError: a default is no tuple of a type, or of a type and a default, where there is no annotation.
    """
    signature = inspect.signature(function)
    given = list(signature.parameters.values())
    if len(given) < 2 or any(each.kind not in _NAMED for each in given[2:]):
        return signature, False  # refused by whoever reads it
    request = _request(where, given[1])
    rest = [_parameter(where, each) for each in given[2:]]
    # All are passed by name, so that the order of those with a default and those without does not matter.
    named = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in rest]
    in_default = given[1].default is not _NOTHING and given[1].annotation is _NOTHING
    return signature.replace(parameters=[given[0].replace(default=_NOTHING), request, *named]), in_default


def response(
    function: Callable[..., Any], where: str, signature: inspect.Signature, returns: Any
) -> type[Message] | str | None:
    """Return what the decorator or the annotation says is returned; None for an empty answer.

    Raises:
        ConventionError: the two disagree, or one is no message class.
        TypeError: the annotation is something else than a message class or None.
    """
    said = returned(function, where, signature)
    nothing = said is VoidMessage or signature.return_annotation in (None, "None")
    said = None if nothing else said
    if returns is UNSAID:
        return said
    answer: Any = None if returns is VoidMessage else returns
    if not (answer is None or isinstance(answer, str) or (isinstance(answer, type) and issubclass(answer, Message))):
        raise ConventionError(f"{where}: returns must be a message class, not {returns!r}")
    if (said is not None or nothing) and _name(said) != _name(answer):
        raise ConventionError(f"{where}: returns={_name(answer)}, but the annotation says {_name(said)}; give one")
    return answer


def _request(where: str, given: inspect.Parameter) -> inspect.Parameter:
    if given.default is _NOTHING:
        return given
    expected = f"{where}: {given.name}: expected {given.name}=(SomeMessage,) or {given.name}: SomeMessage"
    if not isinstance(given.default, tuple) or len(given.default) != 1:
        raise ConventionError(f"{expected}, not {given.default!r}")
    (kind,) = given.default
    if not isinstance(kind, (str, type)):
        raise ConventionError(f"{expected}, not {given.default!r}")
    return _replaced(where, given, kind, _NOTHING)


def _parameter(where: str, given: inspect.Parameter) -> inspect.Parameter:
    expected = f"{where}: {given.name}: expected {given.name}=(type,) or {given.name}=(type, default), or an annotation"
    if not isinstance(given.default, tuple) or given.default == ():
        if given.annotation is not _NOTHING:  # which may be of a list, and () its default
            return given
        found = "a bare name" if given.default is _NOTHING else repr(given.default)
        raise ConventionError(f"{expected}, not {found}")
    if len(given.default) not in (1, 2) or isinstance(given.default[0], str):
        raise ConventionError(f"{expected}, not {given.default!r}")
    kind, *default = given.default
    return _replaced(where, given, _spelled(kind), *(default or [_NOTHING]))


def _replaced(where: str, given: inspect.Parameter, kind: Any, default: Any) -> inspect.Parameter:
    if given.annotation is not _NOTHING and _name(given.annotation) != _name(kind):
        text = f"the annotation says {_name(given.annotation)}, the default says {_name(kind)}; give one"
        raise ConventionError(f"{where}: {given.name}: {text}")
    return given.replace(annotation=kind, default=default)


def _spelled(kind: Any) -> Any:
    """Return the annotation for a type, which may be a field."""
    if not isinstance(kind, Field):
        return kind
    held: Any = kind.type[0] if isinstance(kind.type, tuple) else kind.type
    return Annotated[types.GenericAlias(list, (held,)) if kind.repeated else held, kind]


def _name(annotation: Any) -> str:
    """Return how messages spell an annotation, which may be text itself; the same for the same class."""
    name = annotation.__qualname__ if isinstance(annotation, type) else str(annotation)
    return name.rpartition(".")[2].strip("'\"")
