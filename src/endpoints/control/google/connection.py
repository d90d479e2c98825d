"""The calls to Service Control: bounded in time, and without retries on the way of a request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, NamedTuple, TypeVar

from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError
from google.cloud import servicecontrol_v1
from google.cloud.servicecontrol_v1.services.quota_controller.transports import QuotaControllerGrpcTransport
from google.cloud.servicecontrol_v1.services.service_controller.transports import ServiceControllerGrpcTransport

from endpoints.control.breaker import Breaker
from endpoints.control.contract import BUDGET, ControlUnavailable

T = TypeVar("T")
Connect = Callable[[], Any]
"""Opens a `grpc.Channel`."""

_NAME: Final = "Service Control"
_TIMEOUT: Final = BUDGET * 0.8
"""Seconds for a call that a request waits for: a little less than the request has, so that the reason can be logged."""
_REPORT_TIMEOUT: Final = 2.0
_NEXT_TRY: Final = 10.0
"""Seconds after which a connection is tried again for which there were no credentials."""
_OPTIONS: Final = [
    # gRPC's own pauses between connections grow to two minutes, for which keys would stay closed.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2000),
]


class _Clients(NamedTuple):
    controller: Any
    quotas: Any


class Connection:
    """A connection to Service Control, opened when it is first needed, in a thread: credentials may take seconds.

    Args:
        connect: opens the channel.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._opening: Future[_Clients] | None = None
        self._tried = 0.0
        self._breaker = Breaker(_NAME)

    def check(self, request: Any) -> Any:
        """Ask whether a key counts: CheckRequest to CheckResponse. Raises ControlUnavailable."""
        key = str(request.operation.consumer_id).removeprefix("api_key:")
        return self._ask(lambda clients: clients.controller.check, request, key)

    def allocate(self, request: Any) -> Any:
        """Ask for quota: AllocateQuotaRequest to AllocateQuotaResponse. Raises ControlUnavailable."""
        key = str(request.allocate_operation.consumer_id).removeprefix("api_key:")
        return self._ask(lambda clients: clients.quotas.allocate_quota, request, key)

    def report(self, request: Any) -> Any:
        """Tell what was called: ReportRequest to ReportResponse. No request waits for it. Raises ControlUnavailable."""
        return _call(self._clients(None).controller.report, request, _REPORT_TIMEOUT, "")

    def _ask(self, choose: Callable[[_Clients], Callable[..., T]], request: Any, key: str) -> T:
        with self._breaker.watching():
            give_up = time.monotonic() + _TIMEOUT
            call = choose(self._clients(_TIMEOUT))
            return _call(call, request, max(0.01, give_up - time.monotonic()), key)

    def _clients(self, patience: float | None) -> _Clients:
        with self._lock:
            opening = self._opening
            if opening is None or (
                opening.done() and opening.exception() and time.monotonic() > self._tried + _NEXT_TRY
            ):
                self._tried = time.monotonic()
                opening = self._opening = Future()
                if patience is None:
                    self._open(opening)
                else:
                    threading.Thread(target=self._open, args=(opening,), name="endpoints-google", daemon=True).start()
        try:
            return opening.result(patience)
        except TimeoutError:
            raise ControlUnavailable(f"{_NAME}: not connected yet") from None
        except Exception as error:
            raise ControlUnavailable(f"{_NAME}: no connection: {type(error).__name__}: {error}") from error

    def _open(self, opening: Future[_Clients]) -> None:
        try:
            channel = self._connect()
            controller = servicecontrol_v1.ServiceControllerClient(
                transport=ServiceControllerGrpcTransport(channel=channel)
            )
            quotas = servicecontrol_v1.QuotaControllerClient(transport=QuotaControllerGrpcTransport(channel=channel))
            opening.set_result(_Clients(controller, quotas))
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait for it are told
            opening.set_exception(error)


def google() -> Any:
    """Open a channel to Google, with the application default credentials.

    Raises:
        GoogleAuthError: there are none.
    """
    address = f"{ServiceControllerGrpcTransport.DEFAULT_HOST}:443"
    return ServiceControllerGrpcTransport.create_channel(address, options=_OPTIONS)


def _call(call: Callable[..., T], request: Any, timeout: float, key: str) -> T:
    try:
        return call(request, retry=None, timeout=timeout)
    except (GoogleAPIError, GoogleAuthError) as error:
        status = getattr(getattr(error, "grpc_status_code", None), "name", type(error).__name__)
        text = f"{_NAME}: {status}: {getattr(error, 'message', error)}"
        raise ControlUnavailable(text.replace(key, "...") if key else text) from None
