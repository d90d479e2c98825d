"""The discovery document of an API: what Google's clients build themselves from.

The format is that of https://developers.google.com/discovery/v1/reference/apis, filled in as recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from endpoints.definitions import EMAIL_SCOPE
from endpoints.describe.media import discovery_media
from endpoints.describe.origin import Origin
from endpoints.describe.parameters import Parameter, parameters
from endpoints.describe.schema import (
    Default,
    MessageType,
    Property,
    Schema,
    Shape,
    answer_type,
    body_type,
    message_types,
    schema_name,
    schemas,
)
from endpoints.describe.standard_parameters import STANDARD_PARAMETERS
from endpoints.operations import Api, Operation

Json = dict[str, Any]

ICONS = {
    "x16": "https://www.gstatic.com/images/branding/product/1x/googleg_16dp.png",
    "x32": "https://www.gstatic.com/images/branding/product/1x/googleg_32dp.png",
}


class Discovery:
    """The discovery document of one API, worked out once; only its addresses hang on who asks.

    Args:
        api: The API to describe.
        also: Message classes whose schemas to include though no operation of the API needs them.

    Raises:
        KeyError: Two messages have the same schema name.
    """

    def __init__(self, api: Api, also: Iterable[MessageType] = ()) -> None:
        self._api = api
        self._static = {**_head(api), **_resources(api.operations)}
        self._takes_media = any(operation.method_info.media_upload for operation in api.operations)
        if described := schemas([*message_types(api), *also]):
            self._static["schemas"] = {name: schema_json(schema) for name, schema in described.items()}
        self._encoded = msgspec.json.encode(self._static, order="sorted")

    def at(self, origin: Origin) -> Json:
        """Return the document for callers who reach the server at `origin`; its values are not to be changed."""
        return {**self._static, **self._mounted(origin), **_addresses(self._api, origin)}

    def encode(self, origin: Origin) -> bytes:
        """Return the same document as compact JSON, at the price of copying it."""
        encoded = self._encoded
        if mounted := self._mounted(origin):
            encoded = msgspec.json.encode({**self._static, **mounted}, order="sorted")
        return msgspec.json.encode(_addresses(self._api, origin))[:-1] + b"," + encoded[1:]

    def _mounted(self, origin: Origin) -> Json:
        """What says where media goes, if that is elsewhere than usual."""
        return _resources(self._api.operations, origin.mount) if self._takes_media and origin.mount else {}


def document(api: Api, origin: Origin) -> Json:
    """Return the discovery document of an API for callers who reach its server at `origin`."""
    return Discovery(api).at(origin)


def description(api: Api) -> str | None:
    """Return what an API says of itself: its description, else the docstring of its only class."""
    return api.info.description or (api.classes[0].__doc__ if len(api.classes) == 1 else None)


def schema_json(schema: Schema) -> Json:
    """Write down the schema of one message as discovery documents have it."""
    properties = {each.name: _property_json(each) for each in schema.properties}
    return {"id": schema.name, "type": "object", **given(description=schema.description), "properties": properties}


def shape_json(shape: Shape) -> Json:
    """Write down the type of one value as discovery documents have it."""
    if shape.reference:
        return {"$ref": shape.reference}
    written: Json = {"type": shape.type}
    if shape.format:
        written["format"] = shape.format
    if shape.enum:
        written["enum"] = list(shape.enum)
    return written


def _head(api: Api) -> Json:
    info = api.info
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": f"{api.name}:{api.path_version}",
        "name": api.name,
        "version": api.version,
        "icons": ICONS,
        "protocol": "rest",
        "servicePath": f"{api.name}/{api.path_version}/",
        "batchPath": "batch",
        "description": description(api) or "This is an API",
        "parameters": STANDARD_PARAMETERS,
        **given(title=info.title, documentationLink=info.documentation, canonicalName=info.canonical_name),
        **_owner(api),
        **_auth(api),
    }


def given(**values: Any) -> Json:
    """Return the members of a JSON object that say something: without None, False, empty texts and objects."""
    return {key: value for key, value in values.items() if value}


def _owner(api: Api) -> Json:
    info = api.info
    if info.namespace:
        owner, name, path = info.namespace
        return {"ownerDomain": owner, "ownerName": name, "packagePath": path or ""}
    stated = {"ownerDomain": info.owner_domain, "ownerName": info.owner_name, "packagePath": info.package_path}
    return {key: value for key, value in stated.items() if value is not None}


def _auth(api: Api) -> Json:
    # Of the classes whose methods ask (V1 of the differences); a method's own scopes are not shown, as recorded.
    asking = {operation.service: operation.api_info for operation in api.operations if operation.asks_for_auth}
    if not asking:
        return {}
    scopes = {each.scope: {"description": each.description} for info in asking.values() for each in info.scope_objs}
    return {"auth": {"oauth2": {"scopes": scopes}}}


def _addresses(api: Api, origin: Origin) -> Json:
    return {
        "rootUrl": origin.root + api.base_path,
        "baseUrl": origin.root + api.root_path,
        "basePath": origin.mount + api.root_path,
    }


def _resources(operations: Iterable[Operation], mount: str = "") -> Json:
    """The tree that the dots of the method names spell, for an application mounted at a path."""
    root: Json = {}
    for operation in operations:
        _, *resources, name = operation.id.split(".")
        node = root
        for resource in resources:
            node = node.setdefault("resources", {}).setdefault(resource, {})
        node.setdefault("methods", {})[name] = _method_json(operation, mount)
    return root


def _method_json(operation: Operation, mount: str) -> Json:
    taken = parameters(operation)
    body, answer = body_type(operation), answer_type(operation)
    method: Json = {"id": operation.id, "path": operation.path, "httpMethod": operation.http_method}
    if operation.function.__doc__:
        method["description"] = operation.function.__doc__
    if taken.listed:
        method["parameters"] = {each.name: _parameter_json(each) for each in taken.listed}
    if taken.order:
        method["parameterOrder"] = list(taken.order)
    if body:
        method["request"] = {"$ref": schema_name(body), "parameterName": "resource"}
    if answer:
        method["response"] = {"$ref": schema_name(answer)}
    method |= discovery_media(operation, mount)
    if operation.asks_for_auth:
        method["scopes"] = [EMAIL_SCOPE]  # whatever scopes are accepted, as recorded
    return method


def _parameter_json(parameter: Parameter) -> Json:
    return {
        **_value_json(parameter.shape, parameter.default),
        "location": parameter.location,
        **given(description=parameter.description, required=parameter.required, repeated=parameter.repeated),
    }


def _property_json(property_: Property) -> Json:
    described = given(description=property_.description)
    if property_.repeated:
        return {**described, "type": "array", "items": shape_json(property_.shape)}
    return {**described, **_value_json(property_.shape, property_.default)}


def _value_json(shape: Shape, default: Default | None) -> Json:
    # Clients count on a description per word of an enum; there is nowhere to say one.
    words: Json = {"enumDescriptions": [""] * len(shape.enum)} if shape.enum else {}
    stated = {"default": _default_text(default)} if default else {}
    return {**shape_json(shape), **words, **stated}


def _default_text(default: Default) -> str:
    if isinstance(default, bool):
        return "true"
    return default.decode(errors="replace") if isinstance(default, bytes) else str(default)
