"""The classes by which code written for the original asks for documents; their old module paths re-export them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from endpoints.describe import api_config_document, openapi2
from endpoints.describe.directory import item, listing
from endpoints.describe.discovery import Discovery
from endpoints.describe.origin import Origin
from endpoints.describe.schema import MessageType, Schema, message_types, schema_name, schemas
from endpoints.exceptions import ApiConfigurationError
from endpoints.operations import Api, collect


class Request(Protocol):
    """What the generators ask of the request that they answer."""

    url_scheme: str

    def reconstruct_hostname(self) -> str:
        """Return host and port as the caller named them."""

    def reconstruct_full_url(self, port_override: int | None = None) -> str:
        """Return the address that was asked for, on another port when one is given."""


class DiscoveryGenerator:
    """Writes discovery documents.

    One generator that writes for several APIs includes the schemas of the earlier ones: so do the recorded documents
    that the tool wrote for several APIs at once.

    Args:
        request: The request that asks for the documents; their addresses are where it was received. Without one they
            are made from host names.
    """

    def __init__(self, request: Request | None = None) -> None:
        self._request = request
        self._described: list[MessageType] = []

    def get_discovery_doc(self, services: Any, hostname: str | None = None) -> dict[str, Any]:
        """Return the document of the one API that a service class, or a list of them, implements.

        Args:
            services: Classes decorated by `endpoints.api`.
            hostname: Host name for the addresses, with the port if it is not the usual one; by default the API's own.

        Raises:
            ApiConfigurationError: The classes do not make one API.
            KeyError: Two messages have the same schema name.
        """
        api = _one_api(services)
        origin = Origin.declared(hostname or api.info.hostname)
        if self._request:
            origin = Origin(self._request.url_scheme, self._request.reconstruct_hostname())
        discovery = Discovery(api, also=self._described)
        self._described += message_types(api)
        return discovery.at(origin)

    def pretty_print_config_to_json(self, services: Any, hostname: str | None = None) -> str:
        """Return the same as JSON text, indented and sorted by key."""
        return _pretty(self.get_discovery_doc(services, hostname))


class OpenApiGenerator:
    """Writes OpenAPI 2.0 documents as recorded, but valid (V8); each stands alone, whatever was written before."""

    def get_openapi_dict(
        self, services: Any, hostname: str | None = None, x_google_api_name: bool = False
    ) -> dict[str, Any]:
        """Return the document of the one API that a service class, or a list of them, implements.

        Args:
            services: Classes decorated by `endpoints.api`.
            hostname: Host name, with the port if it is not the usual one; by default the API's own.
            x_google_api_name: Whether to add the name of the API for Google's gateway.

        Raises:
            ApiConfigurationError: The classes do not make one API, or what they declare cannot be said in OpenAPI 2.0.
            KeyError: Two messages have the same schema name.
            TypeError: `audiences` names an issuer that is not declared.
        """
        return openapi2.document(
            [_one_api(services)], hostname=hostname, x_google_api_name=x_google_api_name, as_recorded=True
        )

    def pretty_print_config_to_json(
        self, services: Any, hostname: str | None = None, x_google_api_name: bool = False
    ) -> str:
        """Return the same as JSON text, indented and sorted by key."""
        return _pretty(self.get_openapi_dict(services, hostname, x_google_api_name))


class ApiConfigGenerator:
    """Writes the configuration of an API for Google's former front end."""

    def get_config_dict(self, services: Any, hostname: str | None = None) -> dict[str, Any]:
        """Return the configuration of the one API that a service class, or a list of them, implements.

        Args:
            services: Classes decorated by `endpoints.api`.
            hostname: Host name for the addresses, with the port if it is not the usual one; by default the API's own.

        Raises:
            ApiConfigurationError: The classes do not make one API.
            KeyError: Two messages have the same schema name.
        """
        return api_config_document.document(_one_api(services), hostname)

    def pretty_print_config_to_json(self, services: Any, hostname: str | None = None) -> str:
        """Return the same as JSON text, indented and sorted by key."""
        return _pretty(self.get_config_dict(services, hostname))


class DirectoryListGenerator:
    """Writes the directory of APIs for the request that asks for it."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def get_directory_list_doc(self, configs: Any) -> dict[str, Any]:
        """Return the directory of the APIs that a configuration, or a list of them, stands for.

        Args:
            configs: Mappings with `name` and `api_version`, and optionally `description` and `root`, the address of the
                API, whose port wins over that of the request.

        Raises:
            TypeError: A configuration is not a mapping.
        """
        return listing(map(self._item, configs if isinstance(configs, (list, tuple)) else [configs]))

    def pretty_print_config_to_json(self, configs: Any) -> str:
        """Return the same as JSON text, indented and sorted by key."""
        return _pretty(self.get_directory_list_doc(configs))

    def _item(self, config: Any) -> dict[str, Any]:
        if not isinstance(config, Mapping):
            raise TypeError(f"configs: the configuration of an API is a mapping, not {config!r}")
        address = self._request.reconstruct_full_url(port_override=urlsplit(config.get("root", "")).port)
        return item(config["name"], config["api_version"], config.get("description"), address)


class MessageTypeToJsonSchema:
    """Collects message classes and describes them, together with all that their fields refer to."""

    def __init__(self) -> None:
        self._added: list[MessageType] = []
        self._schemas: dict[str, Schema] = {}

    def add_message(self, message_type: MessageType) -> str:
        """Add a message class and return the name of its schema.

        Raises:
            KeyError: Another definition has the same schema name.
        """
        self._schemas = schemas([*self._added, message_type])
        self._added.append(message_type)
        return schema_name(message_type)

    def ref_for_message_type(self, message_type: MessageType) -> str:
        """Return the name of the schema of a class that was added, or that one of those refers to.

        Raises:
            KeyError: It was not.
        """
        if (name := schema_name(message_type)) not in self._schemas:
            raise KeyError(f"the message was not added: {name}")
        return name

    def schemas(self) -> dict[str, dict[str, Any]]:
        """Return all schemas by name; here `default` is the Python value and `required` is a part of a property."""
        return api_config_document.schemas_json(self._schemas)


def _one_api(services: Any) -> Api:
    apis = collect(services if isinstance(services, (list, tuple)) else [services])
    if len(apis) != 1:
        raise ApiConfigurationError(f"expected the classes of one API, got {[(api.name, api.version) for api in apis]}")
    return apis[0]


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, indent=2, separators=(",", ": "))
