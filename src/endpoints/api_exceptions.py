"""The original's module of exceptions."""

from endpoints.exceptions import (
    ApiConfigurationError,
    BadRequestException,
    ConflictException,
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
    UnauthorizedException,
)

__all__ = [
    "ApiConfigurationError",
    "BadRequestException",
    "ConflictException",
    "ForbiddenException",
    "GoneException",
    "InternalServerErrorException",
    "InvalidApiNameException",
    "InvalidLimitDefinitionException",
    "InvalidNamespaceException",
    "NotFoundException",
    "PreconditionFailedException",
    "RequestEntityTooLargeException",
    "ServiceException",
    "ToolError",
    "UnauthorizedException",
]
