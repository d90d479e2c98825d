"""Old module path of identity; `endpoints` exports the same."""

from endpoints.definitions import SKIP_CLIENT_ID_CHECK
from endpoints.users import InvalidGetUserCall, convert_jwks_uri, get_current_user, get_verified_jwt

__all__ = ["SKIP_CLIENT_ID_CHECK", "InvalidGetUserCall", "convert_jwks_uri", "get_current_user", "get_verified_jwt"]
