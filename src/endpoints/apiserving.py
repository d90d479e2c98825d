"""Old module path of the server; `endpoints.api_server` is its public name."""

from endpoints.error_message import EndpointsErrorMessage
from endpoints.server import ApiServer, api_server

__all__ = ["ApiServer", "EndpointsErrorMessage", "api_server"]
