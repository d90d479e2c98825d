"""OpenAPI 2.0 documents, read: https://spec.openapis.org/oas/v2.0, with what Google's gateway adds (`x-google-*`)."""

from __future__ import annotations

from typing import Final

from endpoints.diff import addresses, openapi
from endpoints.diff.json_schema import value, words
from endpoints.diff.model import Api, Content, Credential, Format, Parameter, Property, Value
from endpoints.diff.nodes import Node

_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def read(document: Node) -> Api:
    """Read an OpenAPI 2.0 document.

    Raises:
        DocumentError: Something in it is not what the format says.
    """
    info, host = document["info"], document["host"]
    urls = [
        addresses.split(host, f"{scheme}://{host.string()}{document['basePath'].string()}")
        for scheme in document["schemes"].strings() or ("https",)
    ]
    base = addresses.base_path(urls[0])
    dialect = openapi.Dialect(
        parameter=_parameter,
        body=lambda operation, node: _body(document, operation, node),
        answer=lambda operation, node: _answer(document, operation, node),
        schemes=document["securityDefinitions"],
        credential=_credential,
    )
    return Api(
        source=document.source,
        format=Format.OPENAPI_2,
        name=document["x-google-api-name"].string() or info["title"].string(),
        version=info["version"].string(),
        servers=addresses.origins(urls, base),
        base=base,
        operations=tuple(openapi.operations(document, dialect)),
        schemas={name: value(each) for name, each in document["definitions"].members()},
        quota=openapi.quota(document),
        text=words(info),
    )


def _parameter(node: Node) -> Parameter:
    location = node["in"].string()
    found = value(node)
    return Parameter(
        name=node["name"].string(),
        location=location,
        required=node["required"].flag() or location == "path",
        value=found,
        style=(node["collectionFormat"].string() or "csv") if found.type == "array" else "",
    )


def _body(document: Node, operation: Node, node: Node) -> Content | None:
    if not node:
        return _form(document, operation)
    found = value(node["schema"])
    media = dict.fromkeys(_media(document, operation, "consumes"), found)
    return Content(media=media, required=node["required"].flag(), text=words(node))


def _form(document: Node, operation: Node) -> Content | None:
    """A form, whose fields are parameters here and a body in version 3."""
    targets = (each.target() for each in operation["parameters"].elements())
    fields = [each for each in targets if each["in"].string() == "formData"]
    if not fields:
        return None
    properties = {each["name"].string(): Property(value=value(each)) for each in fields}
    required = frozenset(each["name"].string() for each in fields if each["required"].flag())
    stated = [each for each in _media(document, operation, "consumes") if each in _FORMS]
    found = Value(type="object", properties=properties, required=required)
    return Content(media=dict.fromkeys(stated or _FORMS[:1], found), required=bool(required))


def _media(document: Node, operation: Node, key: str) -> list[str]:
    types = (operation[key] or document[key]).strings() or ("application/json",)
    return list(map(openapi.media_type, types))


def _answer(document: Node, operation: Node, node: Node) -> Content:
    if not node["schema"]:
        return Content(media={}, text=words(node))
    media = dict.fromkeys(_media(document, operation, "produces"), value(node["schema"]))
    return Content(media=media, text=words(node))


def _credential(node: Node, scopes: frozenset[str]) -> Credential:
    kind = node["type"].string()
    if kind == "apiKey":
        return Credential(f"an API key ({node['name'].string()!r} in the {node['in'].string()})")
    if kind != "oauth2":
        return Credential(f"HTTP authentication ({kind})")
    issuer = node["x-google-issuer"].string()
    audiences = frozenset(each.strip() for each in node["x-google-audiences"].string().split(",")) - {""}
    return Credential(f"a token of {issuer}" if issuer else "an OAuth 2 token", scopes, audiences)
