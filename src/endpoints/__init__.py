"""Declare a typed HTTP API once; serve it, describe it, and call it with Google's own clients."""

from endpoints import (
    api_config,
    api_exceptions,
    apiserving,
    constants,
    errors,
    message_parser,
    protojson,
    resource_container,
    types,
    users_id_token,
    util,
)
from endpoints._version import __version__
from endpoints.consumers import get_current_consumer
from endpoints.decorators import ApiCollection, api, method
from endpoints.definitions import (
    API_EXPLORER_CLIENT_ID,
    AUTH_LEVEL,
    EMAIL_SCOPE,
    SKIP_CLIENT_ID_CHECK,
    LimitDefinition,
    Namespace,
)
from endpoints.error_message import EndpointsErrorMessage, package
from endpoints.events import Event
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
from endpoints.explorer.clients import Explorer, ExplorerClient
from endpoints.issuers import Issuer
from endpoints.media import MediaContent, MediaUpload, UploadedMedia, uploaded_media, wants_media
from endpoints.resource_container import ResourceContainer
from endpoints.server import ApiServer, api_server
from endpoints.serving.compression import Compression
from endpoints.serving.cors import Cors
from endpoints.serving.etags import check_if_match
from endpoints.serving.limits import Limits
from endpoints.upload_folder import UploadFolder
from endpoints.users import InvalidGetUserCall, User, convert_jwks_uri, get_current_user, get_verified_jwt
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
    "Compression",
    "ConfigurationWarning",
    "ConflictException",
    "Cors",
    "DeploymentWarning",
    "EndpointsErrorMessage",
    "Event",
    "Explorer",
    "ExplorerClient",
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
    "MediaContent",
    "MediaUpload",
    "Namespace",
    "NotFoundException",
    "PreconditionFailedException",
    "RequestEntityTooLargeException",
    "ResourceContainer",
    "ServiceException",
    "TooManyRequestsException",
    "ToolError",
    "UnauthorizedException",
    "UploadFolder",
    "UploadedMedia",
    "User",
    "__version__",
    "api",
    "api_config",
    "api_exceptions",
    "api_server",
    "apiserving",
    "check_if_match",
    "constants",
    "convert_jwks_uri",
    "errors",
    "get_current_consumer",
    "get_current_user",
    "get_verified_jwt",
    "message_parser",
    "message_types",
    "messages",
    "method",
    "package",
    "protojson",
    "remote",
    "resource_container",
    "types",
    "uploaded_media",
    "users_id_token",
    "util",
    "wants_media",
]
