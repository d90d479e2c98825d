"""The original's module of values."""

from endpoints.definitions import Issuer, LimitDefinition, Namespace, OAuth2Scope

__all__ = ["Issuer", "LimitDefinition", "Namespace", "OAuth2Scope"]
