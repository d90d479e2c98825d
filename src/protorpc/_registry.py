"""A service that tells which services a server has, and describes them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from protorpc import messages
from protorpc._describing import describe_file_set
from protorpc._descriptors import FileSet
from protorpc._remote_method import get_remote_method_info, method
from protorpc._rpc_errors import ApplicationError
from protorpc._service import Service

if TYPE_CHECKING:
    import types
    from collections.abc import Mapping

# The definitions in here are known by the name of the original's module.
package = "protorpc.registry"


class ServiceMapping(messages.Message):
    """A registered service: its path on the server and the full name of its class."""

    name = messages.StringField(1, required=True)
    definition = messages.StringField(2, required=True)


class ServicesResponse(messages.Message):
    """All registered services."""

    services = messages.MessageField(ServiceMapping, 1, repeated=True)


class GetFileSetRequest(messages.Message):
    """Paths of the services to describe."""

    names = messages.StringField(1, repeated=True)


class GetFileSetResponse(messages.Message):
    """The modules of the requested services and of all messages and enums that these use."""

    file_set = messages.MessageField(FileSet, 1, required=True)


class RegistryService(Service):
    """Lists and describes the services in `registry`, a mapping of path to service class that may change later."""

    def __init__(self, registry: Mapping[str, type[Service]]) -> None:
        self.registry = registry

    @method(response_type=ServicesResponse)
    def services(self, request: messages.Message) -> ServicesResponse:
        """All registered services."""
        return ServicesResponse(
            services=[
                ServiceMapping(name=path, definition=service.definition_name())
                for path, service in self.registry.items()
            ]
        )

    @method(GetFileSetRequest, GetFileSetResponse)
    def get_file_set(self, request: GetFileSetRequest) -> GetFileSetResponse:
        """What a client needs to know to call the requested services."""
        modules: dict[str, types.ModuleType] = {}
        for name in request.names:
            if name not in self.registry:
                raise ApplicationError(f"No service is registered as {name!r}")
            modules.update(_modules_of(self.registry[name]))
        return GetFileSetResponse(file_set=describe_file_set(modules.values()))


def _modules_of(service: type[Service]) -> dict[str, types.ModuleType]:
    definitions: dict[type, None] = {service: None}
    infos = [info for function in service.all_remote_methods().values() if (info := get_remote_method_info(function))]
    for info in infos:
        _add_definitions(info.request_type, definitions)
        _add_definitions(info.response_type, definitions)
    return {definition.__module__: sys.modules[definition.__module__] for definition in definitions}


def _add_definitions(message: type[messages.Message], definitions: dict[type, None]) -> None:
    if message in definitions:
        return
    definitions[message] = None
    for field in message.all_fields():
        if isinstance(field, messages.MessageField):
            _add_definitions(field.message_type, definitions)
        elif isinstance(field, messages.EnumField):
            definitions[field.type] = None
