"""The configuration of an API as Google's former front end read it: the `.api` files of `gen_api_config`.

Nothing reads them any more but tools of that time. The format: one method of the API by its id, with its parameters and
where its body goes, and by class and method the schemas of both bodies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from endpoints.definitions import ApiInfo
from endpoints.describe.discovery import Json, description, given, schema_json, shape_json
from endpoints.describe.origin import Origin
from endpoints.describe.parameters import parameters
from endpoints.describe.schema import (
    Default,
    MessageType,
    Property,
    Schema,
    Shape,
    answer_type,
    body_type,
    default_of,
    schema_name,
    schemas,
)
from endpoints.frontend import ApiFrontEndLimits
from endpoints.operations import Api, Operation
from protorpc.messages import EnumField, Field, Message, Variant

# What parameters call their types; all other variants are called by their own names in lower case.
_PARAMETER_TYPES = {
    Variant.SINT32: "int32",
    Variant.SINT64: "int64",
    Variant.BOOL: "boolean",
    Variant.ENUM: "string",
}


def document(api: Api, hostname: str | None = None) -> Json:
    """Return the configuration of an API.

    Args:
        api: The API to describe.
        hostname: Host name for the addresses, with the port if it is not the usual one; by default the API's own.

    Raises:
        KeyError: Two messages have the same schema name.
    """
    info = api.info
    root = Origin.declared(hostname or info.hostname).root + "/" + api.base_path.strip("/")
    return {
        "extends": "thirdParty.api",
        "root": root,
        "name": api.name,
        "version": api.version,
        "api_version": api.version,
        "path_version": api.path_version,
        "defaultVersion": True,
        "abstract": False,
        "adapter": {"bns": root, "type": "lily", "deadline": 10.0},
        **given(
            description=description(api),
            canonicalName=info.canonical_name,
            ownerDomain=info.owner_domain,
            ownerName=info.owner_name,
            packagePath=info.package_path,
            title=info.title,
            documentation=info.documentation,
            auth=_auth(info),
            frontendLimits=_limits(info.frontend_limits),
        ),
        **_methods(api),
    }


def schemas_json(described: Mapping[str, Schema]) -> dict[str, Json]:
    """Write schemas down as this format has them: `required` is a part of a property, `default` the Python value."""
    return {
        name: {**schema_json(schema), "properties": {each.name: _property_json(each) for each in schema.properties}}
        for name, schema in described.items()
    }


def _said(**values: Any) -> Json:
    return {key: value for key, value in values.items() if value is not None}


def _auth(info: ApiInfo) -> Json:
    if info.auth is None:
        return {}
    regions = list(info.auth.blocked_regions or ())
    return {**_said(allowCookieAuth=info.auth.allow_cookie_auth), **given(blockedRegions=regions)}


def _limits(limits: ApiFrontEndLimits | None) -> Json:
    if limits is None:
        return {}
    rules = [
        _said(
            match=rule.match,
            qps=rule.qps,
            userQps=rule.user_qps,
            daily=rule.daily,
            analyticsId=rule.analytics_id,
        )
        for rule in limits.rules or ()
    ]
    return {
        **_said(
            unregisteredUserQps=limits.unregistered_user_qps,
            unregisteredQps=limits.unregistered_qps,
            unregisteredDaily=limits.unregistered_daily,
        ),
        **given(rules=[rule for rule in rules if rule]),
    }


def _methods(api: Api) -> Json:
    if not api.operations:
        return {}
    described = schemas(message_type for each in api.operations for message_type in _message_types(each))
    return {
        "methods": {each.id: _method_json(each) for each in api.operations},
        "descriptor": {
            "methods": {each.rpc_name: _bodies_json(each) for each in api.operations},
            "schemas": {name: _json_values(schema) for name, schema in schemas_json(described).items()},
        },
    }


def _message_types(operation: Operation) -> Iterator[MessageType]:
    if body := body_type(operation):
        yield body
    yield operation.response_type  # the empty message too


def _bodies_json(operation: Operation) -> Json:
    body, answer = body_type(operation), answer_type(operation)
    return given(
        request={"$ref": schema_name(body)} if body else None,
        response={"$ref": schema_name(answer)} if answer else None,
    )


def _method_json(operation: Operation) -> Json:
    return {
        "path": operation.path,
        "httpMethod": operation.http_method,
        "rosyMethod": operation.rpc_name,
        "request": {**_body_json(body_type(operation), "backendRequest"), **_parameters_json(operation)},
        "response": _body_json(answer_type(operation), "backendResponse"),
        **given(
            scopes=operation.scopes,
            audiences=operation.audiences,
            clientIds=list(operation.allowed_client_ids),
            description=operation.function.__doc__,
        ),
        "authLevel": operation.auth_level.name,
        "useRequestUri": operation.use_request_uri,
    }


def _body_json(message_type: MessageType | None, template: str) -> Json:
    return {"body": f"autoTemplate({template})", "bodyName": "resource"} if message_type else {"body": "empty"}


def _parameters_json(operation: Operation) -> Json:
    source = operation.parameters_type or operation.request_type
    listed = {
        each.name: _parameter_json(_fields(source, each.name), in_path=each.location == "path")
        for each in parameters(operation).listed
    }
    return given(parameters=listed, parameterOrder=[name for name, each in listed.items() if "required" in each])


def _fields(message_type: type[Message], name: str) -> list[Field[Any]]:
    """Return the fields on the way to a value: that of the message itself first, that of the value last."""
    field, _, rest = name.partition(".")
    found: Any = message_type.field_by_name(field)
    return [found, *_fields(found.message_type, rest)] if rest else [found]


def _parameter_json(fields: list[Field[Any]], *, in_path: bool) -> Json:
    value = fields[-1]
    words = {each.name: {"backendValue": each.name} for each in value.type} if isinstance(value, EnumField) else {}
    return {
        "type": _PARAMETER_TYPES.get(value.variant, value.variant.name.lower()),
        **given(
            required=in_path or all(field.required for field in fields),
            repeated=any(field.repeated for field in fields),
            default=_json_value(default_of(value)),
            enum=words,
        ),
    }


def _property_json(property_: Property) -> Json:
    said = given(description=property_.description, required=property_.required, default=property_.default)
    return {**said, **_form_json(property_.shape, property_.repeated)}


def _form_json(shape: Shape, repeated: bool) -> Json:
    return {"type": "array", "items": shape_json(shape)} if repeated else shape_json(shape)


def _json_values(schema: Json) -> Json:
    """Replace defaults by what JSON can hold."""
    properties = {
        name: {**each, **given(default=_json_value(each.get("default")))} for name, each in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _json_value(default: Default | None) -> Any:
    return default.decode(errors="replace") if isinstance(default, bytes) else default
