"""The original's module of values."""

from endpoints.definitions import LimitDefinition, Namespace, OAuth2Scope
from endpoints.issuers import Issuer

__all__ = ["Issuer", "LimitDefinition", "Namespace", "OAuth2Scope"]
