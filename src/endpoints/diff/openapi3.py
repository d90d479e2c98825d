"""OpenAPI 3.0 and 3.1 documents, read: https://spec.openapis.org/oas/v3.1.0."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from endpoints.diff import addresses, openapi
from endpoints.diff.json_schema import value, words
from endpoints.diff.model import Api, Content, Credential, Format, Parameter, Value
from endpoints.diff.nodes import Node

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_DEFAULT_STYLES: Final = {"query": "form", "cookie": "form"}
_STYLES: Final = {"form": "csv", "simple": "csv", "spaceDelimited": "ssv", "pipeDelimited": "pipes"}


def read(document: Node) -> Api:
    """Read an OpenAPI 3.0 or 3.1 document.

    Raises:
        DocumentError: Something in it is not what the format says.
    """
    info = document["info"]
    urls = [addresses.split(each["url"], _url(each)) for each in document["servers"].elements()]
    base = addresses.base_path(urls[0]) if urls else ""
    dialect = openapi.Dialect(
        parameter=_parameter,
        body=lambda _, node: _content(node) if node["content"].mapping() else None,
        answer=lambda _, node: _content(node),
        schemes=document["components"]["securitySchemes"],
        credential=_credential,
    )
    return Api(
        source=document.source,
        format=Format.OPENAPI_3,
        name=document["x-google-api-name"].string() or info["title"].string(),
        version=info["version"].string(),
        servers=addresses.origins(urls, base),
        base=base,
        operations=tuple(openapi.operations(document, dialect)),
        schemas={name: value(each) for name, each in document["components"]["schemas"].members()},
        quota=openapi.quota(document),
        text="\n".join(filter(None, (words(info), document["externalDocs"]["url"].string()))),
    )


def _url(server: Node) -> str:
    variables = server["variables"]
    return _VARIABLE.sub(lambda found: variables[found[1]]["default"].string(), server["url"].string())


def _parameter(node: Node) -> Parameter:
    location = node["in"].string()
    contents = [each["schema"] for _, each in node["content"].members()]
    schema = contents[0] if contents else node["schema"]
    found = value(schema) if schema else Value()
    return Parameter(
        name=node["name"].string(),
        location=location,
        required=node["required"].flag() or location == "path",
        value=replace(found, text="\n".join(filter(None, (words(node), found.text)))),
        style=_style(node, location) if found.type == "array" else "",
    )


def _style(node: Node, location: str) -> str:
    style = node["style"].string() or _DEFAULT_STYLES.get(location, "simple")
    explode = node["explode"].flag() if node["explode"] else style == "form"
    return "multi" if explode and style == "form" else _STYLES.get(style, style)


def _content(node: Node) -> Content:
    media = {
        openapi.media_type(name): value(each["schema"]) if each["schema"] else Value()
        for name, each in node["content"].members()
    }
    return Content(media=media, required=node["required"].flag(), text=words(node))


def _credential(node: Node, scopes: frozenset[str]) -> Credential:
    kind = node["type"].string()
    if kind == "apiKey":
        return Credential(f"an API key ({node['name'].string()!r} in the {node['in'].string()})")
    if kind == "http":
        return Credential(f"HTTP authentication ({node['scheme'].string().lower()})", scopes)
    if kind == "openIdConnect":
        return Credential(f"a token by {node['openIdConnectUrl'].string()}", scopes)
    return Credential("an OAuth 2 token" if kind == "oauth2" else kind, scopes)
