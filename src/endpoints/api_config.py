"""The original's module of declarations."""

from endpoints.decorators import api, method
from endpoints.definitions import AUTH_LEVEL, EMAIL_SCOPE, Issuer, LimitDefinition, Namespace
from endpoints.error_message import package
from endpoints.frontend import ApiAuth, ApiFrontEndLimitRule, ApiFrontEndLimits

__all__ = [
    "AUTH_LEVEL",
    "EMAIL_SCOPE",
    "ApiAuth",
    "ApiFrontEndLimitRule",
    "ApiFrontEndLimits",
    "Issuer",
    "LimitDefinition",
    "Namespace",
    "api",
    "method",
    "package",
]
