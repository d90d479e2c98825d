"""The original's module of declarations."""

from endpoints.decorators import api, method
from endpoints.definitions import API_EXPLORER_CLIENT_ID, AUTH_LEVEL, EMAIL_SCOPE, LimitDefinition, Namespace
from endpoints.describe.generators import ApiConfigGenerator
from endpoints.error_message import package
from endpoints.frontend import ApiAuth, ApiFrontEndLimitRule, ApiFrontEndLimits
from endpoints.issuers import Issuer
from endpoints.resource_container import ResourceContainer

__all__ = [
    "API_EXPLORER_CLIENT_ID",
    "AUTH_LEVEL",
    "EMAIL_SCOPE",
    "ApiAuth",
    "ApiConfigGenerator",
    "ApiFrontEndLimitRule",
    "ApiFrontEndLimits",
    "Issuer",
    "LimitDefinition",
    "Namespace",
    "ResourceContainer",
    "api",
    "method",
    "package",
]
