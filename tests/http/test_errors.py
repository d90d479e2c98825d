"""What goes wrong, as callers see it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/failing/v1/"
Void = message_types.VoidMessage
SECRET = "password in /srv/private/settings.py"  # noqa: S105 - what must not get out


def _with_status(status: Any) -> type[endpoints.ServiceException]:
    return type("OwnException", (endpoints.ServiceException,), {"http_status": status})


class OwnReason(endpoints.ServiceException):
    http_status = 409
    reason = "outOfStock"
    domain = "shop"


class OwnConstructor(endpoints.ServiceException):
    http_status = 404

    def __init__(self, number: int) -> None:
        Exception.__init__(self, f"nothing of number {number}")


class OutOfScope(remote.ApplicationError):
    pass


NAMED: dict[str, tuple[Callable[[], BaseException], int, str, str]] = {
    "BadRequest": (lambda: endpoints.BadRequestException("m"), 400, "badRequest", "m"),
    "Unauthorized": (lambda: endpoints.UnauthorizedException("m"), 401, "required", "m"),
    "Forbidden": (lambda: endpoints.ForbiddenException("m"), 403, "forbidden", "m"),
    "NotFound": (lambda: endpoints.NotFoundException("m"), 404, "notFound", "m"),
    "Conflict": (lambda: endpoints.ConflictException("m"), 409, "conflict", "m"),
    "Gone": (lambda: endpoints.GoneException("m"), 410, "deleted", "m"),
    "PreconditionFailed": (lambda: endpoints.PreconditionFailedException("m"), 412, "conditionNotMet", "m"),
    "TooLarge": (lambda: endpoints.RequestEntityTooLargeException("m"), 413, "uploadTooLarge", "m"),
    "InternalServerError": (lambda: endpoints.InternalServerErrorException("m"), 503, "backendError", "m"),
    "without a message": (endpoints.NotFoundException, 404, "notFound", "Not Found"),
    "402": (lambda: _with_status(402)("m"), 402, "paymentRequired", "m"),
    "405": (lambda: _with_status(405)("m"), 501, "unsupportedMethod", "m"),
    "408": (lambda: _with_status(408)("m"), 503, "backendError", "m"),
    "418": (lambda: _with_status(418)("m"), 418, "teapot", "m"),
    "422": (lambda: _with_status(422)("m"), 422, "unprocessableEntity", "m"),
    "499": (lambda: _with_status(499)("m"), 499, "badRequest", "m"),
    "503": (lambda: _with_status(503)("m"), 503, "backendError", "m"),
    "599": (lambda: _with_status(599)("m"), 599, "backendError", "m"),
    "no error status": (lambda: _with_status(200)("m"), 400, "badRequest", "m"),
    "a constructor of its own": (lambda: OwnConstructor(7), 404, "notFound", "nothing of number 7"),
    "ApplicationError": (lambda: remote.ApplicationError("m"), 400, "badRequest", "m"),
    "ApplicationError by name": (lambda: remote.ApplicationError("m", "Not Found"), 404, "notFound", "m"),
    "ApplicationError of one's own": (lambda: OutOfScope("m", "my error"), 400, "badRequest", "m"),
    "not ASCII": (lambda: endpoints.NotFoundException("kein Gruß ☃"), 404, "notFound", "kein Gruß ☃"),
    "a lone surrogate": (lambda: endpoints.NotFoundException("a\ud800b"), 404, "notFound", "a?b"),
    "no text": (lambda: endpoints.NotFoundException(7), 404, "notFound", "7"),  # type: ignore[arg-type]
}

UNEXPECTED: dict[str, Callable[[], BaseException]] = {
    "KeyError": lambda: KeyError(SECRET),
    "ValueError": lambda: ValueError(SECRET),
    "RuntimeError": lambda: RuntimeError(SECRET),
    "StopIteration": lambda: StopIteration(SECRET),
    "TimeoutError": lambda: TimeoutError(SECRET),
    "RecursionError": lambda: RecursionError(SECRET),
    "MemoryError": lambda: MemoryError(SECRET),
    "UnicodeError": lambda: UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
    "ValidationError": lambda: messages.ValidationError(SECRET),
    "DecodeError": lambda: messages.DecodeError(SECRET),
    "ServerError": lambda: remote.ServerError(SECRET),
    "RequestError": lambda: remote.RequestError(SECRET),
    "RpcError": lambda: remote.RpcError(SECRET),
    "details that JSON cannot hold": lambda: endpoints.NotFoundException(SECRET, details=[{"a": object()}]),
    "a header that HTTP cannot hold": lambda: endpoints.NotFoundException(SECRET, headers={"X-Snow": "☃"}),
    "a status that is none": lambda: _with_status("404")(SECRET),
    "an exception that cannot speak": lambda: Speechless(SECRET),
}


class Speechless(endpoints.ServiceException):
    http_status = 404

    def __init__(self, text: str) -> None:
        Exception.__init__(self, self)
        self.text = text

    def __str__(self) -> str:
        raise ValueError(self.text)


# Raised where a coroutine waits for what somebody else has cancelled.
CANCELLED = {"CancelledError": lambda: asyncio.CancelledError(SECRET)}
RICH: dict[str, Callable[[], BaseException]] = {
    "details": lambda: endpoints.ConflictException(
        "m", reason="outOfStock", domain="shop", details=[{"item": 7, "tags": ["é"]}], headers={"X-Item": "7"}
    ),
    "class attributes": lambda: OwnReason("m"),
    "seconds": lambda: endpoints.TooManyRequestsException("m", retry_after=1.2),
    "timedelta": lambda: endpoints.TooManyRequestsException("m", retry_after=timedelta(minutes=2)),
    "number in a header": lambda: endpoints.ConflictException("m", headers={"X-Item": 7}),  # type: ignore[dict-item]
}
ALL: dict[str, Callable[[], BaseException]] = {
    **{name: row[0] for name, row in NAMED.items()},
    **UNEXPECTED,
    **CANCELLED,
    **RICH,
}
ASK = endpoints.ResourceContainer(Void, name=messages.StringField(1))


@endpoints.api("failing", "v1")
class FailingApi(remote.Service):
    @endpoints.method(ASK, Void, path="sync", http_method="GET")
    def sync(self, request: Any) -> Void:
        error = ALL[request.name]()
        raise error

    @endpoints.method(ASK, Void, path="inline", http_method="GET", blocking=False)
    def inline(self, request: Any) -> Void:
        error = ALL[request.name]()
        raise error

    @endpoints.method(ASK, Void, path="coroutine", http_method="GET")
    async def coroutine(self, request: Any) -> Void:
        error = ALL[request.name]()
        raise error


@pytest.fixture(params=["sync", "inline", "coroutine"])
def fail(request: pytest.FixtureRequest, serve: Serve) -> Callable[[str], Any]:
    client = serve(FailingApi)

    def call(name: str) -> Any:
        return client.get(ROOT + request.param, {"name": name})

    return call


@pytest.mark.parametrize("name", NAMED)
def test_an_exception_says_its_status(fail: Callable[[str], Any], name: str, caplog: pytest.LogCaptureFixture) -> None:
    _, status, reason, message = NAMED[name]
    assert error_of(fail(name), status, reason)["message"] == message
    assert not caplog.records


@pytest.mark.parametrize("name", UNEXPECTED)
def test_an_unexpected_exception(fail: Callable[[str], Any], name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = fail(name)
    assert error_of(response, 503, "backendError")["message"] == "Internal Server Error"
    told = response.text + str(response.pairs)
    assert SECRET not in told and "Error(" not in told and "raceback" not in told and ".py" not in told
    (record,) = caplog.records
    assert response.headers["x-request-id"] in record.getMessage()
    assert response.headers["x-request-id"] not in response.text
    assert record.exc_info is not None and record.levelno == logging.ERROR


def test_a_method_whose_work_was_cancelled(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    response = serve(FailingApi).get(ROOT + "coroutine?name=CancelledError")
    error_of(response, 503, "backendError")
    assert SECRET not in response.text and len(caplog.records) == 1


def test_request_ids_differ(fail: Callable[[str], Any]) -> None:
    assert len({fail("KeyError").headers["x-request-id"] for _ in range(5)}) == 5


def test_everything_an_exception_may_carry(fail: Callable[[str], Any]) -> None:
    response = fail("details")
    assert error_of(response, 409, "outOfStock", "shop")["message"] == "m"
    assert response.json()["error"]["details"] == [{"item": 7, "tags": ["é"]}]
    assert response.headers["x-item"] == "7"
    error_of(fail("class attributes"), 409, "outOfStock", "shop")
    assert fail("number in a header").headers["x-item"] == "7"


@pytest.mark.parametrize(("name", "seconds"), [("seconds", "2"), ("timedelta", "120")])
def test_too_many_requests(fail: Callable[[str], Any], name: str, seconds: str) -> None:
    response = fail(name)
    error_of(response, 429, "rateLimitExceeded", "usageLimits")
    assert response.headers["retry-after"] == seconds


def test_a_log_line_cannot_be_forged(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    client = serve(ForgedApi)
    client.get("/_ah/api/forged/v1/%0Arequest%20deadbeef")
    (record,) = caplog.records
    assert "\n" not in record.getMessage()


@endpoints.api("forged", "v1")
class ForgedApi(remote.Service):
    @endpoints.method(ASK, Void, path="{name}", http_method="GET")
    def forged(self, request: Any) -> Void:
        raise KeyError(request.name)


def test_a_server_goes_on_after_a_failure(fail: Callable[[str], Any]) -> None:
    for _ in range(3):
        error_of(fail("KeyError"), 503, "backendError")
        error_of(fail("NotFound"), 404, "notFound")


@pytest.mark.parametrize("header", ["a\r\nSet-Cookie: x", "a\nb", "a\0b"], ids=repr)
def test_a_header_cannot_break_out_of_its_line(header: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        endpoints.NotFoundException("m", headers={"X-A": header})


def test_the_status_line(serve: Serve) -> None:
    client: Client = serve(FailingApi)
    for name, phrase in (("NotFound", "Not Found"), ("TooLarge", "Request Entity Too Large"), ("418", "I'm a Teapot")):
        response = client.get(ROOT + "sync", {"name": name})
        assert client.interface == "asgi" or response.reason == phrase
