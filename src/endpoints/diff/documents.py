"""Documents of any of the formats, read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from endpoints.diff import discovery, openapi2, openapi3
from endpoints.diff.model import Api
from endpoints.diff.nodes import DocumentError, Node


def read(source: str, document: Mapping[str, Any]) -> Api:
    """Read a document in whatever format it says it is.

    Args:
        source: Name of the file or module, for messages.
        document: A discovery document, or one in OpenAPI 2.0, 3.0 or 3.1.

    Raises:
        DocumentError: It is none of these, or something in it is not what its format says.
    """
    node = Node.of(source, dict(document))
    if node["kind"].value == "discovery#restDescription" or node["discoveryVersion"]:
        return discovery.read(node)
    stated = node["swagger"] or node["openapi"]
    version = stated.string()
    if version == "2.0" and node["swagger"]:
        return openapi2.read(node)
    if version.startswith(("3.0", "3.1", "3.2")) and node["openapi"]:
        return openapi3.read(node)
    if version:
        raise stated.wrong("OpenAPI 2.0, 3.0 or 3.1")
    raise DocumentError(f"{source}: expected an OpenAPI or discovery document, found neither swagger, openapi nor kind")
