"""What an HTTP error status is called on the wire: its phrase, and reason and domain in Google's error object."""

from __future__ import annotations

from typing import Final, NamedTuple

GLOBAL_DOMAIN: Final = "global"


class WireError(NamedTuple):
    """How an error travels."""

    status: int
    """HTTP status of the answer, 400 to 599."""
    reason: str
    """Machine-readable word in the entries of ``error.errors``."""
    domain: str
    """Where the reason comes from; `global` but for quotas."""


# Phrases are spelled out because `http.HTTPStatus` renamed some (413, 414, 416, 422) in Python 3.13. Reasons down to
# 503 are recorded from the original, which took them from Google's servers; the others follow Google's error reference.
_NAMES: Final[dict[int, tuple[str, str]]] = {
    400: ("Bad Request", "badRequest"),
    401: ("Unauthorized", "required"),
    403: ("Forbidden", "forbidden"),
    404: ("Not Found", "notFound"),
    409: ("Conflict", "conflict"),
    410: ("Gone", "deleted"),
    412: ("Precondition Failed", "conditionNotMet"),
    413: ("Request Entity Too Large", "uploadTooLarge"),
    503: ("Service Unavailable", "backendError"),
    # not recorded
    402: ("Payment Required", "paymentRequired"),
    405: ("Method Not Allowed", "httpMethodNotAllowed"),
    406: ("Not Acceptable", "notAcceptable"),
    407: ("Proxy Authentication Required", "proxyAuthenticationRequired"),
    408: ("Request Timeout", "requestTimeout"),
    411: ("Length Required", "lengthRequired"),
    414: ("Request-URI Too Long", "uriTooLong"),
    415: ("Unsupported Media Type", "unsupportedMediaType"),
    416: ("Requested Range Not Satisfiable", "requestedRangeNotSatisfiable"),
    417: ("Expectation Failed", "expectationFailed"),
    418: ("I'm a Teapot", "teapot"),
    421: ("Misdirected Request", "misdirectedRequest"),
    422: ("Unprocessable Entity", "unprocessableEntity"),
    423: ("Locked", "locked"),
    424: ("Failed Dependency", "failedDependency"),
    425: ("Too Early", "tooEarly"),
    426: ("Upgrade Required", "upgradeRequired"),
    428: ("Precondition Required", "preconditionRequired"),
    429: ("Too Many Requests", "rateLimitExceeded"),
    431: ("Request Header Fields Too Large", "requestHeaderFieldsTooLarge"),
    451: ("Unavailable For Legal Reasons", "unavailableForLegalReasons"),
    500: ("Internal Server Error", "internalError"),
    501: ("Not Implemented", "notImplemented"),
    502: ("Bad Gateway", "badGateway"),
    504: ("Gateway Timeout", "gatewayTimeout"),
    505: ("HTTP Version Not Supported", "httpVersionNotSupported"),
    507: ("Insufficient Storage", "insufficientStorage"),
    508: ("Loop Detected", "loopDetected"),
    511: ("Network Authentication Required", "networkAuthenticationRequired"),
}
_DOMAINS: Final = {429: "usageLimits"}

# Statuses that Google's servers answer with another one when a method raises them (recorded: errors/plain-405,
# plain-408, raise-internalservererror).
_REMAPPED: Final = {
    405: WireError(501, "unsupportedMethod", GLOBAL_DOMAIN),
    408: WireError(503, "backendError", GLOBAL_DOMAIN),
    500: WireError(503, "backendError", GLOBAL_DOMAIN),
}
# The error names by which an ApplicationError chooses its status; any other name is a bad request (recorded:
# errors/plain-application*).
_STATUS_BY_NAME: Final = {
    _NAMES[status][0]: status for status in (400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 500)
}


def phrase(status: int) -> str:
    """Return the text after the number in a status line; empty for a status that has none."""
    return _NAMES.get(status, ("", ""))[0]


def wire_error(status: int) -> WireError:
    """Name an error status that the framework itself answers with, unchanged.

    A status between 400 and 599 that has no name of its own goes by `badRequest` or `backendError`.
    """
    fallback = _NAMES[400 if status < 500 else 503][1]
    return WireError(status, _NAMES.get(status, ("", fallback))[1], _DOMAINS.get(status, GLOBAL_DOMAIN))


def wire_status(status: int) -> WireError:
    """Name the error that a client sees when a method raises an exception with this `http_status`.

    Every status keeps its number but 405 (501), 408 (503) and 500 (503); what is no error status becomes 400.
    """
    if not 400 <= status <= 599:
        return wire_error(400)
    return _REMAPPED.get(status) or wire_error(status)


def status_named(error_name: str | None) -> int:
    """Return the status that the `error_name` of a `remote.ApplicationError` asks for, 400 by default."""
    return _STATUS_BY_NAME.get(error_name or "", 400)
