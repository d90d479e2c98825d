"""What goes wrong, as answers: any exception becomes Google's error object here, and nowhere else.

{"error": {"code": 404, "message": "...", "errors": [{"domain": "global", "reason": "notFound", "message": "..."}]}}
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import Any

import msgspec

from endpoints.auth.refusals import CHALLENGE
from endpoints.error_table import WireError, status_named, wire_error, wire_status
from endpoints.exceptions import InvalidParameterError, ServiceException
from endpoints.serving.http import JSON, NO_SNIFFING, Request, Response
from protorpc import remote

_log = logging.getLogger("endpoints")


class Refusal(Exception):  # noqa: N818 - no error, but a turn
    """A request that the framework refuses before or instead of calling the method.

    Args:
      status: of the answer, unchanged on the wire.
      message: text for the caller: what was wrong, where, what was expected.
      headers: further headers of the answer.
      details: further members of the entry in `errors`, such as `location`.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: Sequence[tuple[str, str]] = (),
        reason: str | None = None,
        details: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.wire = wire_error(status) if reason is None else WireError(status, reason, "global")
        self.message = message
        self.headers = headers
        self.details = details or {}


class PathNotFound(Refusal):
    """No operation has this path."""

    def __init__(self, path: str) -> None:
        super().__init__(404, "Not Found")


class MethodNotAllowed(Refusal):
    """Operations have this path, for other methods."""

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        text = ", ".join(allowed)
        super().__init__(405, f"Method {method} is not allowed here; allowed: {text}", [("Allow", text)])


class Unreadable(Refusal):
    """A request body or parameter does not say what the operation needs to know."""

    def __init__(self, cause: object) -> None:
        super().__init__(400, f"Error parsing ProtoRPC request (Unable to parse request content: {cause})")


def response(error: BaseException, request: Request) -> Response:
    """The answer for an exception. What the caller need not know is logged, with the id that the answer carries."""
    try:
        meant = _meant(error)
    except Exception as unspeakable:  # details that JSON cannot hold, a header that HTTP cannot, a status that is none
        meant, error = None, unspeakable
    if meant is not None:
        return meant
    request_id = os.urandom(8).hex()
    # Quoted: a decoded path may hold line breaks, and so forge lines of the log.
    _log.error("request %s: %s %r failed", request_id, request.method, request.path, exc_info=error)
    return _object(wire_status(500), "Internal Server Error", [("X-Request-Id", request_id)])


def _meant(error: BaseException) -> Response | None:
    """The answer that an exception asks for; None for one that means no answer."""
    if isinstance(error, Refusal):
        return _object(error.wire, error.message, error.headers, error.details)
    if isinstance(error, ServiceException):
        return _service_exception(error)
    if isinstance(error, remote.ApplicationError):
        return _object(wire_status(status_named(error.error_name)), str(error))
    return None


def _service_exception(error: ServiceException) -> Response:
    wire = wire_status(error.http_status)
    wire = WireError(wire.status, error.reason or wire.reason, error.domain or wire.domain)
    details: dict[str, Any] = {}
    if isinstance(error, InvalidParameterError):
        details = {"location": error.parameter_name, "locationType": "parameter"}
    headers = [(str(name), str(value)) for name, value in error.headers.items()]
    if wire.status == 401 and "www-authenticate" not in {name.lower() for name, _ in headers}:
        headers.append(("WWW-Authenticate", CHALLENGE))  # without one a 401 must not be sent (RFC 9110, 15.5.2)
    for pair in headers:
        "".join(pair).encode("latin-1")  # raises what HTTP cannot carry (RFC 9110, 5.5)
    return _object(wire, _message(error), headers, details, error.details)


def _message(error: ServiceException) -> str:
    # An exception raised without a message says its status (recorded: errors/raise-nomessage-*).
    text = error.args[0] if error.args else None
    return str(error.error_name if text is None else text)


def _object(
    wire: WireError,
    message: str,
    headers: Sequence[tuple[str, str]] = (),
    entry: dict[str, Any] | None = None,
    details: Sequence[Any] = (),
) -> Response:
    errors = [{"domain": wire.domain, "reason": wire.reason, "message": message, **(entry or {})}]
    error: dict[str, Any] = {"code": wire.status, "message": message, "errors": errors}
    if details:
        error["details"] = list(details)
    return Response(wire.status, [JSON, NO_SNIFFING, *headers], _encoded({"error": error}))


def _encoded(body: Any) -> bytes:
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:  # a lone surrogate in the text
        return msgspec.json.encode(_printable(body))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_printable(key): _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list) else value
