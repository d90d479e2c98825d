"""The methods of a client as a tree of resources: `client.greetings.list`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from endpoints.clients.document import JSON, Parameter, Schema
from endpoints.clients.errors import ClientError
from endpoints.clients.methods import Method

BODY_KEY: Final = "requestBody"
"""What the body is called among the parameters, as Google's client for Node.js has it."""
_PLACES: Final = ("path", "query", "header")
# An object with a `then` is taken for a promise; the other two every object has.
_NO_NAMES: Final = frozenset(["then", "constructor", "__proto__"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A value in the path, the query or a header."""

    key: str
    """What it is called among the parameters: no two arguments have the same."""
    parameter: Parameter

    @property
    def required(self) -> bool:
        """Whether a call needs it."""
        return self.parameter.required or self.parameter.location == "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One method, in terms of TypeScript."""

    method: Method
    arguments: Sequence[Argument]
    body: Schema | None
    body_key: str
    body_required: bool

    @property
    def has_parameters(self) -> bool:
        """Whether there is anything to be sent."""
        return bool(self.arguments) or self.body is not None

    @property
    def needs_parameters(self) -> bool:
        """Whether it cannot be called without any."""
        return self.body_required or any(each.required for each in self.arguments)


Tree = dict[str, "Tree | Call"]


def tree(methods: Sequence[Method]) -> Tree:
    """Arrange methods by resource.

    Raises:
        ClientError: a parameter is in a place that is not supported, or a body is no JSON.
    """
    root: Tree = {}
    named = [replace(method, names=tuple(map(_safe, method.names))) for method in methods]
    resources = {method.names[:length] for method in named for length in range(1, len(method.names))}
    for method in named:
        branch = root
        *path, name = method.names
        for resource in path:
            branch = branch.setdefault(resource, {})  # type: ignore[assignment] # a method makes way for a resource
        # A resource and a method of one name: `echo` and `echo.list`.
        while method.names in resources or name in branch:
            name += "_"
            method = replace(method, names=(*path, name))  # noqa: PLW2901
        branch[name] = _call(method)
    return root


def _call(method: Method) -> Call:
    body = method.operation.request_body
    arguments: dict[str, Argument] = {}
    for each in method.parameters:
        if each.location not in _PLACES:
            raise ClientError(f"{method.verb.upper()} {method.path}: a parameter in {each.location} is not supported")
        # The same name in path and query is two parameters.
        key = _unused(each.name, f"_{each.location}", arguments)
        arguments[key] = Argument(key=key, parameter=each)
    sent = body.content.get(JSON) if body else None
    if body and body.required and sent is None:
        raise ClientError(f"{method.verb.upper()} {method.path}: only a body in {JSON} is supported")
    return Call(
        method=method,
        arguments=list(arguments.values()),
        body=sent.schema if sent else None,
        body_key=_unused(BODY_KEY, "_", arguments),
        body_required=bool(body and body.required),
    )


def _unused(name: str, suffix: str, taken: dict[str, Argument]) -> str:
    while name in taken:
        name += suffix
    return name


def _safe(name: str) -> str:
    return f"{name}_" if name in _NO_NAMES else name
