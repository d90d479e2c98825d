from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest

import endpoints
from endpoints import error_table, errors
from endpoints.exceptions import BasicTypeParameterError, EnumRejectionError, InvalidParameterError
from protorpc import remote

STATUSES = [
    (endpoints.BadRequestException, 400, "Bad Request"),
    (endpoints.UnauthorizedException, 401, "Unauthorized"),
    (endpoints.ForbiddenException, 403, "Forbidden"),
    (endpoints.NotFoundException, 404, "Not Found"),
    (endpoints.ConflictException, 409, "Conflict"),
    (endpoints.GoneException, 410, "Gone"),
    (endpoints.PreconditionFailedException, 412, "Precondition Failed"),
    (endpoints.RequestEntityTooLargeException, 413, "Request Entity Too Large"),
    (endpoints.TooManyRequestsException, 429, "Too Many Requests"),
    (endpoints.InternalServerErrorException, 500, "Internal Server Error"),
]


@pytest.mark.parametrize(("kind", "status", "name"), STATUSES, ids=[name for _, _, name in STATUSES])
def test_status_and_name(kind: type[endpoints.ServiceException], status: int, name: str) -> None:
    error = kind("text")
    assert (error.http_status, error.error_name, str(error)) == (status, name, "text")
    assert isinstance(error, remote.ApplicationError)


def test_plain_exceptions_say_nothing_more() -> None:
    error = endpoints.NotFoundException()
    assert (str(error), error.reason, error.domain, error.details, error.headers) == ("", None, None, (), {})


def test_further_arguments() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.Help", "links": []}]
    error = endpoints.ConflictException(
        "taken", reason="duplicate", domain="books", details=details, headers={"X-Shelf": "7"}
    )
    assert (error.reason, error.domain, error.details, error.headers) == (
        "duplicate",
        "books",
        tuple(details),
        {"X-Shelf": "7"},
    )


@pytest.mark.parametrize(
    "headers",
    [{"X-A": "b\r\nSet-Cookie: c"}, {"X-A\n": "b"}, {"X-A": "\0"}, {"bad name": "b"}, {"Content-Length": "9"}],
)
def test_a_header_stays_in_its_line(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="header"):
        endpoints.BadRequestException("text", headers=headers)


@pytest.mark.parametrize(
    ("retry_after", "header"), [(30, "30"), (0.2, "1"), (timedelta(minutes=1), "60"), (-5, "0")], ids=str
)
def test_retry_after(retry_after: Any, header: str) -> None:
    error = endpoints.TooManyRequestsException("slow down", retry_after=retry_after, headers={"X-A": "b"})
    assert error.headers == {"X-A": "b", "Retry-After": header}


def test_retry_after_is_optional() -> None:
    assert endpoints.TooManyRequestsException().headers == {}


def test_a_subclass_with_a_status_and_a_constructor_of_its_own() -> None:
    class PaymentRequired(endpoints.ServiceException):
        http_status = 402
        reason = "creditExhausted"

        def __init__(self) -> None:
            super().__init__("pay first")

    class Careless(endpoints.ServiceException):
        def __init__(self) -> None:
            pass

    error = PaymentRequired()
    assert (error.http_status, error.error_name, error.reason) == (402, "Payment Required", "creditExhausted")
    assert (Careless().error_name, Careless().reason, Careless().details, Careless().headers) == ("", None, (), {})


def test_exceptions_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(endpoints.GoneException("over", reason="expired")))  # noqa: S301
    assert (type(error), str(error), error.reason) == (endpoints.GoneException, "over", "expired")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InvalidParameterError("n", "x"), "Invalid value for n: 'x'."),
        (BasicTypeParameterError("n", "x", "integer"), "Invalid integer value: 'x'."),
        (EnumRejectionError("n", "x", ["A", "B"]), "Invalid string value: 'x'. Allowed values: ['A', 'B']"),
    ],
)
def test_parameter_errors(error: InvalidParameterError, text: str) -> None:
    assert str(error) == text
    assert (error.http_status, error.reason) == (400, "invalidParameter")
    assert (error.location_type, error.location, error.value) == ("parameter", "n", "x")
    assert isinstance(error, errors.RequestRejectionError)
    assert isinstance(error, errors.RequestError)


@pytest.mark.parametrize(
    "kind",
    [
        endpoints.InvalidApiNameException,
        endpoints.InvalidLimitDefinitionException,
        endpoints.InvalidNamespaceException,
    ],
)
def test_one_base_catches_all_configuration_errors(kind: type[Exception]) -> None:
    assert issubclass(kind, endpoints.ApiConfigurationError)


@pytest.mark.parametrize(
    ("raised", "wire"),
    [
        (400, (400, "badRequest", "global")),
        (401, (401, "required", "global")),
        (402, (402, "paymentRequired", "global")),
        (403, (403, "forbidden", "global")),
        (404, (404, "notFound", "global")),
        (405, (501, "unsupportedMethod", "global")),
        (408, (503, "backendError", "global")),
        (409, (409, "conflict", "global")),
        (410, (410, "deleted", "global")),
        (412, (412, "conditionNotMet", "global")),
        (413, (413, "uploadTooLarge", "global")),
        (418, (418, "teapot", "global")),
        (422, (422, "unprocessableEntity", "global")),
        (429, (429, "rateLimitExceeded", "usageLimits")),
        (499, (499, "badRequest", "global")),
        (500, (503, "backendError", "global")),
        (501, (501, "notImplemented", "global")),
        (503, (503, "backendError", "global")),
        (599, (599, "backendError", "global")),
        (200, (400, "badRequest", "global")),
        (302, (400, "badRequest", "global")),
        (999, (400, "badRequest", "global")),
    ],
)
def test_what_clients_see_of_a_raised_status(raised: int, wire: tuple[int, str, str]) -> None:
    assert error_table.wire_status(raised) == wire


def test_the_framework_s_own_errors_keep_their_status() -> None:
    assert error_table.wire_error(405) == (405, "httpMethodNotAllowed", "global")
    assert error_table.wire_error(500) == (500, "internalError", "global")


@pytest.mark.parametrize(
    ("status", "text"), [(413, "Request Entity Too Large"), (405, "Method Not Allowed"), (599, "")]
)
def test_phrase(status: int, text: str) -> None:
    assert error_table.phrase(status) == text


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Not Found", 404),
        ("Gone", 410),
        ("Method Not Allowed", 405),
        ("ODD_NAME", 400),
        ("Payment Required", 400),
        (None, 400),
    ],
)
def test_status_by_error_name(name: str | None, status: int) -> None:
    assert error_table.status_named(name) == status
