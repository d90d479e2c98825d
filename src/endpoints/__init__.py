"""Declare a typed HTTP API once; serve it, describe it, and call it with Google's own clients."""

from endpoints import api_config, api_exceptions, constants, errors, resource_container, types, util
from endpoints.decorators import ApiCollection, api, method
from endpoints.definitions import (
    API_EXPLORER_CLIENT_ID,
    AUTH_LEVEL,
    EMAIL_SCOPE,
    SKIP_CLIENT_ID_CHECK,
    Issuer,
    LimitDefinition,
    Namespace,
)
from endpoints.error_message import EndpointsErrorMessage, package
from endpoints.exceptions import (
    ApiConfigurationError,
    BadRequestException,
    ConfigurationWarning,
    ConflictException,
    DeploymentWarning,
    ForbiddenException,
    GoneException,
    InternalServerErrorException,
    InvalidApiNameException,
    InvalidLimitDefinitionException,
    InvalidNamespaceException,
    NotFoundException,
    PreconditionFailedException,
    RequestEntityTooLargeException,
    ServiceException,
    ToolError,
    TooManyRequestsException,
    UnauthorizedException,
)
from endpoints.resource_container import ResourceContainer
from endpoints.server import ApiServer, api_server
from endpoints.serving.cors import Cors
from endpoints.serving.limits import Limits
from endpoints.users import InvalidGetUserCall, convert_jwks_uri, get_current_user
from protorpc import message_types, messages, remote

__all__ = [
    "API_EXPLORER_CLIENT_ID",
    "AUTH_LEVEL",
    "EMAIL_SCOPE",
    "SKIP_CLIENT_ID_CHECK",
    "ApiCollection",
    "ApiConfigurationError",
    "ApiServer",
    "BadRequestException",
    "ConfigurationWarning",
    "ConflictException",
    "Cors",
    "DeploymentWarning",
    "EndpointsErrorMessage",
    "ForbiddenException",
    "GoneException",
    "InternalServerErrorException",
    "InvalidApiNameException",
    "InvalidGetUserCall",
    "InvalidLimitDefinitionException",
    "InvalidNamespaceException",
    "Issuer",
    "LimitDefinition",
    "Limits",
    "Namespace",
    "NotFoundException",
    "PreconditionFailedException",
    "RequestEntityTooLargeException",
    "ResourceContainer",
    "ServiceException",
    "TooManyRequestsException",
    "ToolError",
    "UnauthorizedException",
    "api",
    "api_config",
    "api_exceptions",
    "api_server",
    "constants",
    "convert_jwks_uri",
    "errors",
    "get_current_user",
    "message_types",
    "messages",
    "method",
    "package",
    "remote",
    "resource_container",
    "types",
    "util",
]
