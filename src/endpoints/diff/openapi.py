"""OpenAPI documents, read: what versions 2.0 and 3 have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from endpoints.diff.json_schema import words
from endpoints.diff.model import Access, Content, Credential, Operation, Parameter
from endpoints.diff.nodes import Node

_IN_BODY: Final = ("body", "formData")  # as version 2.0 has it
_VERBS: Final = frozenset(["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Where a version of OpenAPI has what."""

    parameter: Callable[[Node], Parameter]
    body: Callable[[Node, Node], Content | None]
    """Of an operation, given its parameters, which in version 2.0 include the body."""
    answer: Callable[[Node, Node], Content]
    """Of an operation and one of its responses."""
    schemes: Node
    credential: Callable[[Node, frozenset[str]], Credential]
    """Of a security scheme and scopes."""


def operations(document: Node, dialect: Dialect) -> Iterator[Operation]:
    """Read the operations of a document in its order.

    Raises:
        DocumentError: Something in it is not what the format says.
    """
    for path, referred in document["paths"].members():
        if path.startswith("x-"):
            continue
        if not path.startswith("/"):
            raise referred.wrong("a path that begins with a slash")
        item = referred.target()
        for verb, node in item.members():
            if verb in _VERBS:
                found = replace(_operation(document, item, node, dialect), verb=verb.upper(), path=path)
                yield replace(found, parameters=tuple(_named_by(found.variables, each) for each in found.parameters))


def media_type(name: str) -> str:
    """Return a media type without its parameters."""
    return name.partition(";")[0].strip().lower()


def quota(document: Node) -> Mapping[str, str]:
    """Read the limits that Google's gateway is told."""
    limits = document["x-google-management"]["quota"]["limits"].elements()
    return {each["metric"].string(): each["values"]["STANDARD"].words() or "" for each in limits}


def _operation(document: Node, item: Node, node: Node, dialect: Dialect) -> Operation:
    # What an operation says itself goes before what its path says.
    found = {(each["in"].string(), each["name"].string()): each for each in _described(item)}
    found |= {(each["in"].string(), each["name"].string()): each for each in _described(node)}
    read = tuple(dialect.parameter(each) for (location, _), each in found.items() if location not in _IN_BODY)
    bodies = [each for (location, _), each in found.items() if location == "body"]
    answers = {status.lower(): each.target() for status, each in node["responses"].members() if status[:2] != "x-"}
    return Operation(
        verb="",
        path="",
        id=node["operationId"].string() or None,
        groups=node["tags"].strings(),
        parameters=read,
        body=dialect.body(node, bodies[0] if bodies else node["requestBody"].target()),
        answers={status: dialect.answer(node, each) for status, each in answers.items()},
        access=_access(node["security"] or document["security"], dialect),
        deprecated=node["deprecated"].flag(),
        quota={name: each.words() or "" for name, each in node["x-google-quota"]["metricCosts"].members()},
        text=words(node),
    )


def _named_by(variables: Sequence[str], parameter: Parameter) -> Parameter:
    """Name a field of a nested message in the path as the path does; recorded documents have its last name only."""
    if parameter.location != "path" or parameter.name in variables:
        return parameter
    meant = [name for name in variables if name.endswith(f".{parameter.name}")]
    return replace(parameter, name=meant[0]) if len(meant) == 1 else parameter


def _described(node: Node) -> Iterator[Node]:
    for each in node["parameters"].elements():
        yield each.target()


def _access(security: Node, dialect: Dialect) -> tuple[Access, ...]:
    return tuple(_credentials(each, dialect) for each in security.elements()) or (frozenset(),)


def _credentials(requirement: Node, dialect: Dialect) -> Access:
    return frozenset(
        dialect.credential(dialect.schemes[name].target(), frozenset(scopes.strings()))
        if dialect.schemes[name]
        else Credential(f"the undefined {name}")
        for name, scopes in requirement.members()
    )
