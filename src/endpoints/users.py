"""Who is calling, as methods ask."""

from __future__ import annotations

from typing import Any

from protorpc._request_state import current_request


class InvalidGetUserCall(Exception):  # noqa: N818 - a public name of the original
    """`get_current_user` was called where no request is being answered."""


def get_current_user() -> Any:
    """The caller of the method that is running; None for a caller whose identity is not verified.

    Raises:
        InvalidGetUserCall: no request is being answered here.
    """
    request = current_request.get()
    if request is None:
        raise InvalidGetUserCall("No valid endpoints user in environment.")
    return request.user


_X509 = "https://www.googleapis.com/robot/v1/metadata/x509/"
_RAW_KEYS = "https://www.googleapis.com/service_accounts/v1/metadata/raw/"


def convert_jwks_uri(jwks_uri: str) -> str:
    """Where the keys are that an address of Google's X.509 certificates stands for; other addresses stay as they are.

    Documents written for Google's gateway name the certificates, this framework reads the keys (recorded:
    messages/behaviour.json, convert-jwks-uri).
    """
    return _RAW_KEYS + jwks_uri.removeprefix(_X509) if jwks_uri.startswith(_X509) else jwks_uri
