"""OpenAPI 3.1 documents, made by hand or of service classes."""

from __future__ import annotations

from typing import Any

import endpoints
from endpoints.describe import openapi3
from endpoints.describe.origin import Origin

Json = dict[str, Any]


def of(*services: Any, host: str | None = "api.example.com", naive_datetimes: str | None = None) -> Json:
    """The document of some services."""
    apis = endpoints.api_server(list(services)).apis
    return openapi3.document(apis, Origin.declared(host), naive_datetimes=naive_datetimes)


def made(operation: Json | None = None, *, path: str = "/shop/v1/cups", verb: str = "get", **parts: Any) -> Json:
    """A document of one operation, `shop.cups.list`.

    Args:
        operation: what differs from the plainest one.
        path: of the operation.
        verb: its HTTP method.
        parts: further parts of the document, such as `components`.
    """
    plain = {"x-method-id": "shop.cups.list", "tags": ["ShopApi"], "responses": {"204": {"description": "Done."}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "v1"},
        "servers": [{"url": "https://api.example.com/_ah/api"}],
        "paths": {path: {verb: {**plain, **(operation or {})}}},
        **parts,
    }


def answering(schema: Json) -> Json:
    """What an operation says that answers such a value."""
    content = {"application/json": {"schema": schema}}
    return {"responses": {"200": {"description": "The answer.", "content": content}}}


def taking(schema: Json, *, required: bool = False) -> Json:
    """What an operation says that takes such a body."""
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def parameter(name: str, place: str = "query", *, required: bool = False, **schema: Any) -> Json:
    """A parameter; a string, unless its schema says otherwise."""
    return {"name": name, "in": place, "required": required, "schema": {"type": "string", **schema}}
