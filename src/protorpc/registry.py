"""The service that tells which services a server has, and describes them."""

from protorpc._registry import GetFileSetRequest, GetFileSetResponse, RegistryService, ServiceMapping, ServicesResponse

__all__ = ["GetFileSetRequest", "GetFileSetResponse", "RegistryService", "ServiceMapping", "ServicesResponse"]
