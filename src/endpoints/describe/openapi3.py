"""OpenAPI 3.1 documents: what is sent and answered, exactly.

The format is that of https://spec.openapis.org/oas/v3.1.0; its schemas are JSON Schema 2020-12.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from endpoints.describe.discovery import description, given
from endpoints.describe.media import ANY_TYPE, openapi_body, openapi_parameters
from endpoints.describe.openapi import (
    STREAM_TYPES,
    Entry,
    Json,
    base_path,
    default_json,
    entries,
    error_schemas,
    summary,
    tag,
    tags,
)
from endpoints.describe.openapi_security import Security
from endpoints.describe.origin import Origin
from endpoints.describe.parameters import Parameter, parameters
from endpoints.describe.schema import (
    Default,
    Property,
    Schema,
    Shape,
    answer_type,
    body_type,
    message_types,
    schema_name,
    schemas,
)
from endpoints.exceptions import ApiConfigurationError
from endpoints.operations import Api, Operation
from protorpc.messages import Message

VERBS: Final = frozenset(["delete", "get", "head", "options", "patch", "post", "put", "trace"])

# What JSON types with these formats hold on the wire; the formats alone bind nobody.
_FORMS: Final[dict[str | None, Json]] = {
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "uint32": {"minimum": 0, "maximum": 2**32 - 1},
    "int64": {"pattern": "^-?[0-9]{1,19}$"},
    "uint64": {"pattern": "^[0-9]{1,20}$"},
}
_STREAM: Final = "A stream of messages: the schema is that of one line, or of the data of one event."
_ERROR: Final = "Error"  # name of the response among the components
_NAIVE_DATE_TIME: Final[Json] = {
    "type": "string",
    "description": "Date and time as in RFC 3339; one that has no time zone is written without an offset.",
}


class OpenApi:
    """The OpenAPI 3.1 document of some APIs, worked out once; only its server's address hangs on who asks.

    Args:
        apis: One API as a rule; several make one document, named after the first.
        naive_datetimes: The setting of `api_server`: with `utc` every date answered carries an offset, without it those
            without a time zone do not, and documents promise no `date-time`.

    Raises:
        ApiConfigurationError: No API at all.
        KeyError: Two messages have the same schema name.
    """

    def __init__(self, apis: Sequence[Api], naive_datetimes: str | None = None) -> None:
        if not apis:
            raise ApiConfigurationError("an OpenAPI document describes at least one API")
        self._base = base_path(apis).rstrip("/")
        self._static = _Writer(apis, naive_datetimes).document()
        self._encoded = msgspec.json.encode(self._static)

    def at(self, origin: Origin) -> Json:
        """Return the document for callers who reach the server at `origin`; its values are not to be changed."""
        head = ("openapi", "info", "externalDocs")
        first = {key: self._static[key] for key in head if key in self._static}
        return {**first, "servers": self._servers(origin), **self._static}

    def encode(self, origin: Origin) -> bytes:
        """Return the same document as compact JSON, at the price of copying it."""
        return b'{"servers":' + msgspec.json.encode(self._servers(origin)) + b"," + self._encoded[1:]

    def _servers(self, origin: Origin) -> list[Json]:
        root = origin.root if origin.server else origin.mount
        return [{"url": root + self._base or "/"}]


def document(apis: Sequence[Api], origin: Origin, *, naive_datetimes: str | None = None) -> Json:
    """Return the OpenAPI 3.1 document of some APIs; see `OpenApi`.

    Args:
        apis: One API as a rule; several make one document, named after the first.
        origin: Where the server is reached; without a host name addresses are relative to that of the document.
        naive_datetimes: The setting of `api_server`.
    """
    return OpenApi(apis, naive_datetimes).at(origin)


class _Writer:
    """Writes one document down."""

    def __init__(self, apis: Sequence[Api], naive_datetimes: str | None) -> None:
        self._apis = apis
        self._date_time: Json = {"type": "string", "format": "date-time"} if naive_datetimes else _NAIVE_DATE_TIME
        self._security = Security(apis)
        self._schemas = schemas(each for api in apis for each in message_types(api))
        self._errors = error_schemas(self._schemas)

    def document(self) -> Json:
        paths: Json = {}
        for entry in entries(self._apis, VERBS, dotted=False):
            paths.setdefault(entry.path, {})[entry.verb] = self._operation(entry)
        described = [*self._schemas.values(), *(self._errors if paths else ())]
        components: Json = {"schemas": {each.name: self._schema(each) for each in described}}
        if self._security.schemes:
            components["securitySchemes"] = self._security.schemes
        if paths:
            components["responses"] = {_ERROR: self._error()}
        return {
            "openapi": "3.1.0",
            "info": _info(self._apis[0]),
            **_documentation(self._apis[0]),
            "tags": tags(self._apis),
            "paths": paths,
            "security": [],  # operations that need credentials say so themselves
            "components": components,
        }

    def _error(self) -> Json:
        return {"description": "An error.", **_content(self._errors[0].name)}

    def _operation(self, entry: Entry) -> Json:
        operation = entry.operation
        made: Json = {
            "operationId": entry.operation_id,
            "x-method-id": operation.id,  # by resource, as in the discovery document: what client libraries call it
            "summary": summary(operation),
            **given(description=operation.doc),
            "tags": [tag(operation)],
        }
        if taken := [self._parameter(entry, each) for each in parameters(operation, whole_dates=True).listed]:
            made["parameters"] = taken
        if described := openapi_parameters(operation):
            made["parameters"] = [*taken, *described]
        if body := body_type(operation):
            made["requestBody"] = {"required": _has_required(body), **_content(schema_name(body))}
        if operation.method_info.media_upload is not None:
            made["requestBody"] = openapi_body(operation.method_info.media_upload, made.get("requestBody"))
        error = {"$ref": f"#/components/responses/{_ERROR}"}
        made["responses"] = {**_success(operation), "4XX": error, "5XX": error}
        if alternatives := self._security.requirements(operation):
            made["security"] = alternatives
        return made

    def _parameter(self, entry: Entry, parameter: Parameter) -> Json:
        in_path = parameter.location == "path"
        schema = self._value(parameter.shape, parameter.default)
        return {
            "name": entry.path_names[parameter.name] if in_path else parameter.name,
            "in": parameter.location,
            **given(description=parameter.description, required=parameter.required or in_path),
            "schema": {"type": "array", "items": schema} if parameter.repeated and not in_path else schema,
        }

    def _schema(self, schema: Schema) -> Json:
        properties = {each.name: self._property(each) for each in schema.properties}
        required = [each.name for each in schema.properties if each.required]
        described = inspect.cleandoc(schema.description) if schema.description else None
        made: Json = {"type": "object", **given(description=described), "properties": properties}
        return {**made, "required": required} if required else made

    def _property(self, property_: Property) -> Json:
        written = self._value(property_.shape, property_.default)
        if property_.repeated:
            written = {"type": "array", "items": written}
        # What a message is for is said by its own schema.
        described = None if property_.shape.reference else property_.description
        return {**written, **given(description=described)}

    def _value(self, shape: Shape, default: Default | None) -> Json:
        stated = {} if default is None else {"default": default_json(shape, default)}
        return {**self._shape(shape), **stated}

    def _shape(self, shape: Shape) -> Json:
        if shape.reference:
            return {"$ref": f"#/components/schemas/{shape.reference}"}
        if shape.format == "date-time":
            return self._date_time
        if shape.format == "byte":
            return {"type": "string", "contentEncoding": "base64"}
        words = {"enum": list(shape.enum)} if shape.enum else {}
        return {"type": shape.type, **given(format=shape.format), **_FORMS.get(shape.format, {}), **words}


def _info(api: Api) -> Json:
    said = description(api)
    return {
        "title": api.info.title or api.name,
        "version": api.version,
        **given(description=inspect.cleandoc(said) if said else None),
    }


def _documentation(api: Api) -> Json:
    return {"externalDocs": {"url": api.info.documentation}} if api.info.documentation else {}


def _success(operation: Operation) -> Json:
    answer = answer_type(operation)
    if operation.method_info.media_download:
        known = {} if answer is None else _content(schema_name(answer))["content"]
        return {"200": {"description": "The answer, or the media.", "content": {**known, ANY_TYPE: {}}}}
    if answer is None:
        return {"204": {"description": "Done; the answer is empty."}}
    if operation.streams:
        item = {"schema": {"$ref": f"#/components/schemas/{schema_name(answer)}"}}
        return {"200": {"description": _STREAM, "content": dict.fromkeys(STREAM_TYPES, item)}}
    return {"200": {"description": "The answer.", **_content(schema_name(answer))}}


def _content(schema: str) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _has_required(message_type: type[Message]) -> bool:
    fields: Iterable[Any] = message_type.all_fields()
    return any(field.required for field in fields)
