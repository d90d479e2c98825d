"""The original's module of constants."""

from endpoints.definitions import API_EXPLORER_CLIENT_ID

__all__ = ["API_EXPLORER_CLIENT_ID"]
