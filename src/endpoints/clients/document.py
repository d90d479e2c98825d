"""The parts of an OpenAPI 3.1 document that client libraries are written from, with types.

The names are those of https://spec.openapis.org/oas/v3.1.0 and of JSON Schema 2020-12, in Python's spelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from endpoints.clients.errors import ClientError

VERBS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"


class Schema(msgspec.Struct, kw_only=True, rename="camel"):
    """What a JSON value may be."""

    ref: str | None = msgspec.field(name="$ref", default=None)
    type: str | list[str] | None = None
    format: str | None = None
    content_encoding: str | None = None
    enum: list[Any] | None = None
    const: Any = msgspec.UNSET
    default: Any = msgspec.UNSET
    description: str | None = None
    items: Schema | bool = True
    properties: dict[str, Schema | bool] = msgspec.field(default_factory=dict)
    required: list[str] = msgspec.field(default_factory=list)
    additional_properties: Schema | bool = True
    any_of: list[Schema | bool] = msgspec.field(default_factory=list)
    one_of: list[Schema | bool] = msgspec.field(default_factory=list)
    all_of: list[Schema | bool] = msgspec.field(default_factory=list)


class Parameter(msgspec.Struct, kw_only=True, rename="camel"):
    """A value in the path, the query or a header."""

    name: str
    location: str = msgspec.field(name="in")
    required: bool = False
    description: str | None = None
    schema: Schema = msgspec.field(default_factory=Schema)


class Content(msgspec.Struct, kw_only=True):
    """A body in one notation."""

    schema: Schema = msgspec.field(default_factory=Schema)


class RequestBody(msgspec.Struct, kw_only=True):
    """What a request carries."""

    content: dict[str, Content]
    required: bool = False


class Response(msgspec.Struct, kw_only=True):
    """What is answered; one that is only referred to holds nothing here."""

    content: dict[str, Content] = msgspec.field(default_factory=dict)


class Operation(msgspec.Struct, kw_only=True, rename="camel"):
    """One method."""

    operation_id: str | None = None
    method_id: str | None = msgspec.field(name="x-method-id", default=None)
    """As in the discovery document: `guestbook.greetings.list`."""
    summary: str | None = None
    description: str | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    parameters: list[Parameter] = msgspec.field(default_factory=list)
    request_body: RequestBody | None = None
    responses: dict[str, Response] = msgspec.field(default_factory=dict)
    security: list[dict[str, list[str]]] = msgspec.field(default_factory=list)
    deprecated: bool = False

    @property
    def answer(self) -> Schema | None:
        """What the first status of success answers, of a stream each message; None for an empty answer."""
        found = self._success.get(JSON) or self._success.get(LINES)
        return found.schema if found else None

    @property
    def streams(self) -> bool:
        """Whether the answer is a stream of messages."""
        return JSON not in self._success and LINES in self._success

    @property
    def _success(self) -> dict[str, Content]:
        return next((each.content for status, each in sorted(self.responses.items()) if status.startswith("2")), {})


class PathItem(msgspec.Struct, kw_only=True):
    """The methods of one path."""

    parameters: list[Parameter] = msgspec.field(default_factory=list)
    """Of all of them."""
    get: Operation | None = None
    put: Operation | None = None
    post: Operation | None = None
    delete: Operation | None = None
    options: Operation | None = None
    head: Operation | None = None
    patch: Operation | None = None
    trace: Operation | None = None

    def operations(self) -> Iterator[tuple[str, Operation]]:
        """Yield the methods with their HTTP methods in lower case."""
        for verb in VERBS:
            operation: Operation | None = getattr(self, verb)
            if operation:
                yield verb, operation


class SecurityScheme(msgspec.Struct, kw_only=True):
    """A way for callers to prove something."""

    type: str
    name: str = ""
    location: str = msgspec.field(name="in", default="")
    """Of an API key: `query`, `header` or `cookie`."""


_API_KEY: Final = SecurityScheme(type="apiKey", name="x-api-key", location="header")


class Components(msgspec.Struct, kw_only=True, rename="camel"):
    """What is referred to."""

    schemas: dict[str, Schema | bool] = msgspec.field(default_factory=dict)
    security_schemes: dict[str, SecurityScheme] = msgspec.field(default_factory=dict)


class Info(msgspec.Struct, kw_only=True):
    """What the document is about."""

    title: str
    version: str
    description: str | None = None


class Server(msgspec.Struct, kw_only=True):
    """An address that paths are relative to."""

    url: str


class Document(msgspec.Struct, kw_only=True):
    """The document."""

    info: Info
    servers: list[Server] = msgspec.field(default_factory=list)
    paths: dict[str, PathItem] = msgspec.field(default_factory=dict)
    components: Components = msgspec.field(default_factory=Components)

    @property
    def api_key(self) -> SecurityScheme:
        """Where an API key goes: as the document says, else into the header that Google's gateways read."""
        schemes = self.components.security_schemes.values()
        return next(
            (each for each in schemes if each.type == "apiKey" and each.location in ("query", "header")), _API_KEY
        )

    @property
    def base_url(self) -> str:
        """The address of the first server without a slash at its end; it may be relative or empty."""
        return self.servers[0].url.rstrip("/") if self.servers else ""


def parsed(document: dict[str, Any]) -> Document:
    """Give a document types.

    Raises:
        ClientError: it is no OpenAPI 3.1 document, or describes no method.
    """
    version = document.get("openapi")
    if not (isinstance(version, str) and version.startswith("3.1")):
        kinds = ("openapi", "swagger", "discoveryVersion")
        found = next((f"one of {kind} {document[kind]}" for kind in kinds if kind in document), "none of a known kind")
        raise ClientError(f"expected an OpenAPI 3.1 document, found {found}")
    try:
        made = msgspec.convert(document, Document)
    except msgspec.ValidationError as error:
        raise ClientError(f"the OpenAPI document cannot be understood: {error}") from None
    if not any(True for item in made.paths.values() for _ in item.operations()):
        raise ClientError("the document describes no method")
    return made
