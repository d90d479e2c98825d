"""Discovery documents, read: https://developers.google.com/discovery/v1/reference/apis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from endpoints.diff import addresses
from endpoints.diff.json_schema import value, words
from endpoints.diff.model import Access, Api, Content, Credential, Format, Operation, Parameter, Value
from endpoints.diff.nodes import Node

_PACKAGE: Final = ("canonicalName", "ownerDomain", "ownerName", "packagePath")
_JSON: Final = "application/json"


def read(document: Node) -> Api:
    """Read a discovery document.

    Raises:
        DocumentError: Something in it is not what the format says.
    """
    name = document["name"].string()
    root = addresses.split(document["rootUrl"], document["rootUrl"].string() or document["basePath"].string())
    base = addresses.base_path(root)
    prefix = f"/{document['servicePath'].string()}".replace("//", "/")
    return Api(
        source=document.source,
        format=Format.DISCOVERY,
        name=name,
        version=document["version"].string(),
        servers=addresses.origins([root], base),
        base=base,
        operations=tuple(_operation(each, name, prefix) for each in _methods(document)),
        schemas={schema: value(each) for schema, each in document["schemas"].members()},
        parameters=tuple(_parameters(document)),
        package={key: document[key].string() for key in _PACKAGE if document[key]},
        text="\n".join(filter(None, (words(document), document["documentationLink"].string()))),
    )


def _methods(node: Node) -> Iterator[Node]:
    for _, method in node["methods"].members():
        yield method
    for _, resource in node["resources"].members():
        yield from _methods(resource)


def _operation(node: Node, api: str, prefix: str) -> Operation:
    return Operation(
        verb=node["httpMethod"].string().upper() or "GET",
        path=_path(prefix, node["path"].string()),
        id=node["id"].string().removeprefix(f"{api}.") or None,
        parameters=tuple(_parameters(node)),
        order=node["parameterOrder"].strings(),
        # Whether it may be left out is not said; generated methods ask for it.
        body=replace(_content(node["request"]), required=True) if node["request"] else None,
        answers={"200": _content(node["response"])},
        access=_access(node["scopes"]),
        deprecated=node["deprecated"].flag(),
        text=words(node),
    )


def _path(prefix: str, path: str) -> str:
    return (prefix + path.removeprefix("/")).replace("{+", "{")


def _content(node: Node) -> Content:
    return Content(media={_JSON: value(node)} if node else {})


def _parameters(node: Node) -> Iterator[Parameter]:
    for name, each in node["parameters"].members():
        location = each["location"].string() or "query"
        found = value(each)
        repeated = each["repeated"].flag() and location != "path"  # where there is room for one value
        if repeated:
            found = Value(type="array", items=replace(found, text=""), text=found.text)
        yield Parameter(
            name=name,
            location=location,
            required=each["required"].flag() or location == "path",
            value=found,
            style="multi" if repeated else "",
        )


def _access(scopes: Node) -> tuple[Access, ...]:
    """Any one of the scopes will do."""
    alternatives = (frozenset([Credential("an OAuth 2 token", frozenset([each]))]) for each in scopes.strings())
    return tuple(alternatives) or (frozenset(),)
