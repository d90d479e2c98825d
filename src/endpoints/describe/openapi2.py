"""OpenAPI 2.0 documents, as Google's gateway reads them (`x-google-*`) and as recorded, but valid (V8).

The format is that of https://spec.openapis.org/oas/v2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal
from urllib.parse import urlsplit

from endpoints.definitions import Audiences, LimitDefinition
from endpoints.describe.discovery import description, given
from endpoints.describe.media import openapi2_types
from endpoints.describe.openapi import (
    API_KEY_PARAMETER,
    API_KEY_SCHEME,
    GOOGLE_AUTHORIZATION_URL,
    STREAM_TYPES,
    Entry,
    Json,
    base_path,
    default_json,
    entries,
    error_schemas,
    issuer_values,
    summary,
    tag,
    tags,
)
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
from endpoints.exceptions import ApiConfigurationError, InvalidApiNameException
from endpoints.issuers import GOOGLE, GOOGLE_ISSUERS, Issuer
from endpoints.operations import Api, Operation
from protorpc.message_types import VoidMessage

VERBS: Final = frozenset(["delete", "get", "head", "options", "patch", "post", "put"])

_GOOGLE: Final = Issuer(GOOGLE_ISSUERS[1], "https://www.googleapis.com/oauth2/v3/certs")
_API_NAME: Final = re.compile("[a-z][a-z0-9]{0,39}")


def document(
    apis: Sequence[Api],
    *,
    hostname: str | None = None,
    x_google_api_name: bool = False,
    x_google_allow: Literal["all", "configured"] | None = None,
    allow_cors: bool = False,
    as_recorded: bool = False,
) -> Json:
    """Describe APIs in OpenAPI 2.0.

    Args:
        apis: One API as a rule; several make one document, named after the first.
        hostname: Host name, with the port if it is not the usual one; by default the API's own. Without any the
            document names no host: clients then take the one that they have the document from.
        x_google_api_name: Whether to add the name of the API for Google's gateway.
        x_google_allow: Which paths Google's gateway lets through: `configured`, those of the document; `all`, any.
        allow_cors: Whether Google's gateway is to pass preflights on to the application (`x-google-endpoints`).
        as_recorded: Whether to leave out what the recorded documents do not say: what methods are for, their tags, and
            that methods without security need none.

    Raises:
        ApiConfigurationError: `audiences` is a list beside third-party issuers; the body of a ResourceContainer for a
            method without one; the gateway allows no API of such a name; `allow_cors` without a host name; no API at
            all.
        KeyError: Two messages have the same schema name.
        TypeError: `audiences` names an issuer that is not declared.
    """
    if not apis:
        raise ApiConfigurationError("an OpenAPI document describes at least one API")
    info = apis[0].info
    host = hostname or info.hostname
    shown = entries(apis, VERBS, dotted=True)
    described = schemas(each for api in apis for each in message_types(api))
    errors = error_schemas(described)
    security = _Security(apis)
    paths: Json = {}
    for entry in shown:
        words = {} if as_recorded else _words(entry.operation)
        paths.setdefault(entry.path, {})[entry.verb] = words | _operation(entry, security, errors[0].name)
    made: Json = {
        "swagger": "2.0",
        "info": {"title": info.name, "version": info.api_version, **given(description=description(apis[0]))},
        "basePath": base_path(apis).rstrip("/") or "/",
        "schemes": [Origin.declared(host).scheme],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": paths,
        "definitions": {each.name: _definition(each) for each in [*described.values(), *(errors if shown else ())]},
        "securityDefinitions": security.definitions,
    }
    if not as_recorded:
        made |= {"tags": tags(apis), "security": []}
    return made | _optional(apis, host, x_google_api_name, x_google_allow, allow_cors)


def _optional(
    apis: Sequence[Api], host: str | None, x_google_api_name: bool, x_google_allow: str | None, allow_cors: bool
) -> Json:
    made: Json = {"host": host} if host else {}
    if x_google_api_name:
        made["x-google-api-name"] = _checked_name(apis[0].name)
    if x_google_allow:
        made["x-google-allow"] = x_google_allow
    if allow_cors:
        if not host:
            raise ApiConfigurationError(
                "x-google-endpoints needs a host name: give one, or declare hostname= in the API"
            )
        made["x-google-endpoints"] = [{"name": host.partition(":")[0], "allowCors": True}]
    limits = {limit.metric_name: limit for api in apis for limit in api.info.limit_definitions or ()}
    if limits:
        made["x-google-management"] = _management(limits)
    return made


def _checked_name(name: str) -> str:
    if not _API_NAME.fullmatch(name):
        raise InvalidApiNameException(f"x-google-api-name: the API name {name!r} must match {_API_NAME.pattern}")
    return name


def _management(limits: Mapping[str, LimitDefinition]) -> Json:
    return {
        "metrics": [{"name": name, "valueType": "INT64", "metricKind": "GAUGE"} for name in limits],
        "quota": {
            "limits": [
                {
                    "name": limit.metric_name,
                    "metric": limit.metric_name,
                    "unit": "1/min/{project}",
                    "values": {"STANDARD": limit.default_limit},
                    "displayName": limit.display_name,
                }
                for limit in limits.values()
            ]
        },
    }


class _Security:
    """Collects the security definitions that operations ask for.

    Attributes:
        definitions: By name; those of issuers come again for each set of audiences, with a hash of it in the name.
    """

    def __init__(self, apis: Sequence[Api]) -> None:
        self.definitions: Json = {}
        for api in apis:
            for name, issuer in _issuers(api).items():
                self.definitions[name] = _issuer_definition(issuer)

    def requirements(self, entry: Entry) -> list[Json] | None:
        """Return the alternatives of one operation; None where it says nothing, as recorded."""
        operation = entry.operation
        audiences, key = operation.audiences, operation.api_key_required
        if audiences is None and not key:
            return None
        keys: Json = {}
        if key:
            self.definitions[API_KEY_SCHEME] = {"type": "apiKey", "name": API_KEY_PARAMETER, "in": "query"}
            keys = {API_KEY_SCHEME: []}
        named = _by_issuer(entry, audiences or {})
        if not named:
            return [keys] if keys else []
        return [{self._with_audiences(name, values): [], **keys} for name, values in named.items()]

    def _with_audiences(self, name: str, audiences: Sequence[str]) -> str:
        # PERF: OpenSSL comes with it, 4 MB that a server need not pay for.
        import hashlib  # noqa: PLC0415

        text = ",".join(sorted(audiences))
        hashed = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8]
        base = self.definitions.setdefault(name, _issuer_definition(_GOOGLE))  # Google's beside those declared
        self.definitions[f"{name}-{hashed}"] = {**base, "x-google-audiences": text}
        return f"{name}-{hashed}"


def _issuers(api: Api) -> Mapping[str, Issuer]:
    return api.info.issuers or {GOOGLE: _GOOGLE}


def _by_issuer(entry: Entry, audiences: Audiences) -> Mapping[str, Sequence[str]]:
    known, where = _issuers(entry.api), entry.operation.rpc_name
    if not isinstance(audiences, Mapping):
        if known.keys() != {GOOGLE}:
            raise ApiConfigurationError(
                f"{where}: audiences must be a dict from issuer to list when third-party issuers are in use, "
                f"not {audiences!r}"
            )
        return {GOOGLE: audiences} if audiences else {}
    for name in audiences:
        if name not in known and name != GOOGLE:
            raise TypeError(f"{where}: audiences names the issuer {name!r}, but issuers has only {', '.join(known)}")
    return audiences


def _issuer_definition(issuer: Issuer) -> Json:
    values = issuer_values(issuer)
    made: Json = {
        "type": "oauth2",
        "flow": "implicit",
        "authorizationUrl": _authorization_url(issuer, values[0]),
        "scopes": {},
        "x-google-issuer": ",".join(values),
    }
    if issuer.jwks_uri:  # without it the gateway asks the issuer, by OpenID discovery
        made["x-google-jwks_uri"] = issuer.jwks_uri
    return made


def _authorization_url(issuer: Issuer, value: str) -> str:
    """Return an address, which the format demands; nobody is told where such an issuer asks for consent."""
    if value in GOOGLE_ISSUERS:
        return GOOGLE_AUTHORIZATION_URL
    if urlsplit(value).scheme in ("http", "https"):
        return value
    return issuer.jwks_uri or GOOGLE_AUTHORIZATION_URL  # a service account: its name is an e-mail address


def _operation(entry: Entry, security: _Security, error: str) -> Json:
    operation = entry.operation
    made: Json = {
        "operationId": entry.operation_id,
        "parameters": list(_parameters(entry)),
        "responses": {
            **_success(operation),
            "default": {"description": "An error", "schema": _reference(error)},
        },
        **openapi2_types(operation),
        **given(produces=[*STREAM_TYPES, "application/json"] if operation.streams else None),
    }
    alternatives = security.requirements(entry)
    if alternatives is not None:
        made["security"] = alternatives
    if operation.metric_costs:
        made["x-google-quota"] = {"metricCosts": dict(operation.metric_costs)}
    return made


def _words(operation: Operation) -> Json:
    return {"summary": summary(operation), **given(description=operation.doc), "tags": [tag(operation)]}


def _success(operation: Operation) -> Json:
    answer = answer_type(operation)
    if answer is None and operation.method_info.media_download:
        return {"200": {"description": "A successful response", "schema": {"type": "string", "format": "binary"}}}
    if answer is None:
        return {"204": {"description": "A successful response"}}
    return {"200": {"description": "A successful response", "schema": _reference(schema_name(answer))}}


def _parameters(entry: Entry) -> Iterator[Json]:
    """Yield the body first for a ResourceContainer, else last, as recorded."""
    operation = entry.operation
    body = body_type(operation)
    if operation.parameters_type and body is None and operation.body_type is not VoidMessage:
        raise ApiConfigurationError(
            f"{operation.rpc_name}: its ResourceContainer has a body, {operation.body_type.__name__}, "
            f"but {operation.http_method} requests have none"
        )
    described = {"name": "body", "in": "body", "required": True}
    bodies = [{**described, "schema": _reference(schema_name(body))}] if body else []
    yield from bodies if operation.parameters_type else ()
    for each in parameters(operation).listed:
        if each.location == "path":
            yield _parameter(each, entry.path_names[each.name])
        elif "." not in each.name:  # fields of nested messages in the query are not recorded
            yield _parameter(each, each.name)
    yield from () if operation.parameters_type else bodies


def _parameter(parameter: Parameter, name: str) -> Json:
    required = {"required": True} if parameter.required or parameter.location == "path" else {}
    made = {"name": name, "in": parameter.location, **required, **given(description=parameter.description)}
    if parameter.repeated and parameter.location == "query":
        return {**made, "type": "array", "collectionFormat": "multi", "items": _shape(parameter.shape)}
    return {**made, **_value(parameter.shape, parameter.default)}


def _definition(schema: Schema) -> Json:
    required = sorted(each.name for each in schema.properties if each.required)
    return {
        "type": "object",
        "properties": {each.name: _property(each) for each in schema.properties},
        **({"required": required} if required else {}),
    }


def _property(property_: Property) -> Json:
    described = given(description=property_.description)
    if property_.repeated:
        return {**described, "type": "array", "items": _shape(property_.shape)}
    return {**described, **_value(property_.shape, property_.default)}


def _value(shape: Shape, default: Default | None) -> Json:
    # Without 0, "" and False, as recorded.
    return {**_shape(shape), **({"default": default_json(shape, default)} if default else {})}


def _shape(shape: Shape) -> Json:
    if shape.reference:
        return _reference(shape.reference)
    formatted = given(format=shape.format)
    return {"type": shape.type, **formatted, **({"enum": list(shape.enum)} if shape.enum else {})}


def _reference(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}
