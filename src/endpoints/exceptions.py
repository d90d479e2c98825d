"""Every exception and warning of the framework, as one tree.

protorpc.remote.ApplicationError
+-- ServiceException                    a method answers with an error status
    +-- BadRequestException             400
    |   +-- InvalidParameterError       400, naming the parameter
    |       +-- BasicTypeParameterError
    |       +-- EnumRejectionError
    +-- UnauthorizedException           401
    +-- ForbiddenException              403
    +-- NotFoundException               404
    +-- ConflictException               409
    +-- GoneException                   410
    +-- PreconditionFailedException     412
    +-- RequestEntityTooLargeException  413
    +-- TooManyRequestsException        429
    +-- InternalServerErrorException    500, which clients see as 503

Exception
+-- ApiConfigurationError               a declaration cannot be served
|   +-- InvalidApiNameException
|   +-- InvalidLimitDefinitionException
|   +-- InvalidNamespaceException
+-- ToolError                           the command line tool cannot do what it is asked

UserWarning
+-- ConfigurationWarning                a declaration is served, but hardly as it is meant
    +-- DeploymentWarning               Google's own service would refuse it
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from endpoints.error_table import phrase
from protorpc import remote

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.1
_FRAMEWORKS_HEADERS = ("content-type", "content-length", "transfer-encoding", "connection")


class ServiceException(remote.ApplicationError):
    """Raised by a method to answer with an error; subclasses say the status.

    ```python
    class PaymentRequiredException(endpoints.ServiceException):
        http_status = 402
    ```

    Args:
        message: text for the caller.
        reason: machine-readable word of the error object; by default the one that Google uses for the status.
        domain: where the reason comes from; `global` by default.
        details: objects for the `details` list of the error object, anything that JSON can hold.
        headers: further headers of the answer.

    Raises:
        ValueError: a header would break out of its line.
    """

    http_status: ClassVar[int] = 500
    """Status of the answer. 405, 408 and 500 travel as 501, 503 and 503, as recorded of the original."""

    # On the class too: subclasses may have a constructor of their own that never calls this one.
    error_name: str | None = ""
    reason: str | None = None
    domain: str | None = None
    details: Sequence[Mapping[str, Any]] = ()
    headers: Mapping[str, str] = {}

    def __init__(
        self,
        message: str | None = None,
        *,
        reason: str | None = None,
        domain: str | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, phrase(self.http_status))
        self.reason = reason or self.reason
        self.domain = domain or self.domain
        self.details = tuple(details)
        self.headers = dict(headers or {})
        for name, value in self.headers.items():
            if not _HEADER_NAME.fullmatch(str(name)) or name.lower() in _FRAMEWORKS_HEADERS:
                raise ValueError(f"{type(self).__name__}: a header cannot be called {name!r}")
            if any(mark in str(value) for mark in "\r\n\0"):
                raise ValueError(f"{type(self).__name__}: the header {name!r} holds a line break or a NUL")


class BadRequestException(ServiceException):
    """The request cannot be understood: 400 `badRequest`."""

    http_status = 400


class UnauthorizedException(ServiceException):
    """The caller is unknown: 401 `required`."""

    http_status = 401


class ForbiddenException(ServiceException):
    """The caller is known and may not do this: 403 `forbidden`."""

    http_status = 403


class NotFoundException(ServiceException):
    """There is no such thing: 404 `notFound`."""

    http_status = 404


class ConflictException(ServiceException):
    """The request collides with the present state: 409 `conflict`."""

    http_status = 409


class GoneException(ServiceException):
    """There was such a thing once: 410 `deleted`."""

    http_status = 410


class PreconditionFailedException(ServiceException):
    """A condition of the request does not hold: 412 `conditionNotMet`."""

    http_status = 412


class RequestEntityTooLargeException(ServiceException):
    """The body is too large: 413 `uploadTooLarge`."""

    http_status = 413


class TooManyRequestsException(ServiceException):
    """The caller has used up an allowance: 429 `rateLimitExceeded`.

    Args:
        message: text for the caller.
        retry_after: when to come back, in seconds or as a timedelta; sent as `Retry-After` in whole seconds (RFC 9110,
            10.2.3).
        **options: as for ServiceException.
    """

    http_status = 429

    def __init__(
        self, message: str | None = None, *, retry_after: float | timedelta | None = None, **options: Any
    ) -> None:
        super().__init__(message, **options)
        if retry_after is not None:
            seconds = retry_after.total_seconds() if isinstance(retry_after, timedelta) else retry_after
            self.headers = {**self.headers, "Retry-After": str(max(0, math.ceil(seconds)))}


class InternalServerErrorException(ServiceException):
    """The server failed: 503 `backendError` on the wire, as recorded of the original."""

    http_status = 500


class InvalidParameterError(BadRequestException):
    """A parameter of the path or the query has a value it cannot have: 400 `invalidParameter`.

    Args:
        parameter_name: the parameter, dotted for a field of a nested message.
        value: what was sent.
        message: text for the caller.
    """

    reason = "invalidParameter"
    location_type: ClassVar[str] = "parameter"

    def __init__(self, parameter_name: str, value: object, message: str | None = None) -> None:
        super().__init__(message if message is not None else f"Invalid value for {parameter_name}: {value!r}.")
        self.parameter_name = parameter_name
        self.value = value

    @property
    def location(self) -> str:
        """Name of the parameter, for the error object."""
        return self.parameter_name


class BasicTypeParameterError(InvalidParameterError):
    """A parameter that is a number or a boolean is sent as something else.

    Args:
        parameter_name: the parameter.
        value: what was sent.
        type_name: what it should be, `integer`, `float` or `boolean`.
    """

    def __init__(self, parameter_name: str, value: object, type_name: str) -> None:
        super().__init__(parameter_name, value, f"Invalid {type_name} value: {value!r}.")
        self.type_name = type_name


class EnumRejectionError(InvalidParameterError):
    """A parameter that is an enum is sent as none of its names.

    Args:
        parameter_name: the parameter.
        value: what was sent.
        allowed_values: the names.
    """

    def __init__(self, parameter_name: str, value: object, allowed_values: Iterable[str]) -> None:
        self.allowed_values = list(allowed_values)
        text = f"Invalid string value: {value!r}. Allowed values: {self.allowed_values!r}"
        super().__init__(parameter_name, value, text)


class ApiConfigurationError(Exception):
    """A declaration cannot be served. Raised at import or when the server is built, never later."""


class InvalidApiNameException(ApiConfigurationError):  # noqa: N818 - a public name of the original
    """An API has a name that a document cannot carry."""


class InvalidLimitDefinitionException(ApiConfigurationError):  # noqa: N818
    """A LimitDefinition lacks a name, or its limit makes no sense."""


class InvalidNamespaceException(ApiConfigurationError):  # noqa: N818
    """A Namespace lacks the domain or the name of its owner."""


class ToolError(Exception):
    """The command line tool cannot do what it is asked to."""


class ConfigurationWarning(UserWarning):
    """A declaration is served, but hardly as it is meant."""


class DeploymentWarning(ConfigurationWarning):
    """A declaration works here, but Google's own service would refuse to deploy it."""
