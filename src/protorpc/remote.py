"""Services, and the methods of theirs that can be called from outside.

class Guestbook(remote.Service):

    @remote.method(Greeting, Greeting)
    def insert(self, request):
        ...
"""

from protorpc import protojson as protojson  # noqa: PLC0414 - applications import it from here
from protorpc._protocols import ProtocolConfig, Protocols
from protorpc._remote_method import RemoteMethodInfo, get_remote_method_info, method
from protorpc._request_state import HttpRequestState, RequestState
from protorpc._rpc_errors import (
    ApplicationError,
    MethodNotFoundError,
    NetworkError,
    RequestError,
    RpcError,
    RpcState,
    RpcStatus,
    ServerError,
    ServiceConfigurationError,
    ServiceDefinitionError,
    check_rpc_status,
    is_error_status,
)
from protorpc._service import Service

__all__ = [
    "ApplicationError",
    "HttpRequestState",
    "MethodNotFoundError",
    "NetworkError",
    "ProtocolConfig",
    "Protocols",
    "RemoteMethodInfo",
    "RequestError",
    "RequestState",
    "RpcError",
    "RpcState",
    "RpcStatus",
    "ServerError",
    "Service",
    "ServiceConfigurationError",
    "ServiceDefinitionError",
    "check_rpc_status",
    "get_remote_method_info",
    "is_error_status",
    "method",
    "remote",
]

remote = method
"""The decorator's first name, kept for the oldest code."""
