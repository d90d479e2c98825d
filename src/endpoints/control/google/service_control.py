"""The control that asks Google."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable
from multiprocessing.util import Finalize
from typing import Final

from endpoints.control.contract import Balance, Consumer, Method, Observer, Outcome
from endpoints.control.google import allocations, reports
from endpoints.control.google.allocations import Allocations
from endpoints.control.google.background import Background
from endpoints.control.google.checks import KeyChecks
from endpoints.control.google.connection import Connect, Connection, google
from endpoints.control.google.reports import Reports
from endpoints.control.google.service import Service, consumer_id
from endpoints.control.memory import MemoryCounters


class _Parts:
    """What belongs to one process: its connection, what it knows, and what it has still to tell."""

    def __init__(self, service: Service, connect: Connect, clock: Callable[[], float], report_interval: float) -> None:
        connection = Connection(connect)
        self.checks = KeyChecks(connection, service, clock)
        self.allocations = Allocations(connection, service, clock)
        self.reports = Reports(connection, service, self._tell)
        self.keyless = MemoryCounters(clock)
        self.upkeep = Background("endpoints-quota", allocations.INTERVAL, self._keep_up)
        self.telling = Background("endpoints-reports", report_interval, self.reports.send)

    def start(self) -> None:
        """See to it that the threads run."""
        self.upkeep.start()
        self.telling.start()

    def close(self) -> None:
        """Tell what is still to be told, and end the threads."""
        self.upkeep.stop()
        self.telling.stop()

    def _keep_up(self) -> None:
        self.allocations.settle()
        self.checks.refresh()

    def _tell(self) -> None:
        self.telling.wake()


class ServiceControl:
    """Keys, quotas and reports by Google's Service Control. It is also the observer that reports.

    Nothing is connected and no thread started before the first request, so that a server may fork. Calls of callers
    without a checked key, whom Google cannot charge, are counted in the memory of this process.

    Args:
        service_name: the service, as deployed: the `host` of its OpenAPI 2.0 document.
        config_id: of the service's configuration; None for the newest.
        fail_closed: as `Control.fail_closed`.
        connect: opens a `grpc.Channel`; by default to Google, with the application default credentials.
        clock: tells the time in seconds since 1970.
        report_interval: seconds for which calls are put together before they are reported; Google asks for 5 at most.

    Raises:
        ApiConfigurationError: `service_name` is no such name.
    """

    waits: Final = True

    def __init__(
        self,
        service_name: str,
        *,
        config_id: str | None = None,
        fail_closed: bool = False,
        connect: Connect = google,
        clock: Callable[[], float] = time.time,
        report_interval: float = reports.INTERVAL,
    ) -> None:
        self.fail_closed = fail_closed
        self._service = Service(service_name, config_id)
        self._connect = connect
        self._clock = clock
        self._report_interval = report_interval
        self._ended: Finalize | None = None
        self._inherited: list[_Parts] = []
        self._parts = self._new_parts()
        _controls.add(self)

    @property
    def observer(self) -> Observer:
        """Reports finished requests."""
        return self

    def check(self, api_key: str, method: Method) -> Consumer:
        """As `Control.check`."""
        self._begin()
        return self._parts.checks.check(api_key, method)

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        """As `Control.charge`."""
        if consumer_id(consumer) is None:
            return self._parts.keyless.charge(consumer, method)
        self._begin()
        return self._parts.allocations.charge(consumer, method)

    def finished(self, outcome: Outcome) -> None:
        """As `Observer.finished`."""
        self._begin()
        self._parts.reports.add(outcome)

    def close(self) -> None:
        """Tell Google what is still to be told, within seconds, and end the threads; a process does so when it ends."""
        self._parts.close()

    def begin_anew(self) -> None:
        """Connect anew, and know nothing: what a process has after a fork.

        What it inherits is kept and never touched: the parent's connection must not be closed here.
        """
        self._inherited.append(self._parts)
        self._parts = self._new_parts()
        self._ended = None

    def _new_parts(self) -> _Parts:
        return _Parts(self._service, self._connect, self._clock, self._report_interval)

    def _begin(self) -> None:
        self._parts.start()
        if self._ended is None:
            # Unlike atexit's, these functions are called in processes made by multiprocessing, too.
            self._ended = Finalize(self, self._parts.close, exitpriority=100)


_controls: weakref.WeakSet[ServiceControl] = weakref.WeakSet()


def _after_fork() -> None:
    for control in _controls:
        control.begin_anew()


os.register_at_fork(after_in_child=_after_fork)
