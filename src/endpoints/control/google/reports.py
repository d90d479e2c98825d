"""What was called, told to Google every few seconds: how often, with which answers, and how long it took."""

from __future__ import annotations

import datetime
import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from google.cloud import servicecontrol_v1

from endpoints.control.contract import ControlUnavailable, Method, Outcome
from endpoints.control.google.connection import Connection
from endpoints.control.google.service import AGENT, Service, consumer_id

INTERVAL: Final = 5.0
"""Seconds for which calls are put together; Google asks for no more, so that little is lost when a process ends."""
MOST_TALLIES: Final = 5_000
"""Combinations of method, consumer and status that are kept; what goes beyond is not reported."""
_BATCH: Final = 200
"""Operations of one request, which must stay below 1 MB."""
_MOST_UNSENT: Final = 60
_UNKNOWN: Final = "<Unknown Operation Name>"
_METRICS: Final = "serviceruntime.googleapis.com/api/{side}/{metric}"
_BUCKETS: Final = 29
_GROWTH: Final = 2.0
_SCALE: Final = 1e-6  # seconds

_log = logging.getLogger("endpoints.control")


class _Name(NamedTuple):
    method: Method | None
    consumer: str | None
    key_id: str | None
    status: int


class _Tally:
    """Calls that differ in nothing but their time."""

    __slots__ = ("begun", "buckets", "count", "ended", "longest", "shortest", "total")

    def __init__(self) -> None:
        self.count = 0
        self.begun = float("inf")
        self.ended = 0.0
        self.total = 0.0
        self.shortest = float("inf")
        self.longest = 0.0
        self.buckets = [0] * (_BUCKETS + 2)

    def add(self, outcome: Outcome) -> None:
        latency = outcome.latency
        self.count += 1
        self.begun = min(self.begun, outcome.begun)
        self.ended = max(self.ended, outcome.begun + latency)
        self.total += latency
        self.shortest = min(self.shortest, latency)
        self.longest = max(self.longest, latency)
        self.buckets[bucket(latency)] += 1


class Reports:
    """Puts calls together, and tells Google about them.

    Args:
        connection: to Service Control.
        service: whose methods are called.
        full: called when there is so much to tell that it should not wait.
    """

    def __init__(self, connection: Connection, service: Service, full: Callable[[], None]) -> None:
        self._connection = connection
        self._service = service
        self._full = full
        self._lock = threading.Lock()
        self._tallies: dict[_Name, _Tally] = {}
        self._dropped = 0
        self._unsent: deque[Any] = deque()

    def add(self, outcome: Outcome) -> None:
        """Count a finished request."""
        consumer = outcome.consumer
        known = None if consumer is None else consumer_id(consumer)
        key_id = None if consumer is None or known is None else consumer.key_id
        name = _Name(outcome.method, known, key_id, outcome.status)
        with self._lock:
            tally = self._tallies.get(name)
            if tally is None:
                if len(self._tallies) >= MOST_TALLIES:
                    self._dropped += 1
                    return
                tally = self._tallies[name] = _Tally()
            tally.add(outcome)
            full = len(self._tallies) == MOST_TALLIES // 2
        if full:
            self._full()

    def send(self) -> None:
        """Tell what has come together; what is not taken is told again, under the same id, so that it counts once."""
        with self._lock:
            tallies, self._tallies = self._tallies, {}
            dropped, self._dropped = self._dropped, 0
        operations = [self._operation(name, tally) for name, tally in tallies.items()]
        for first in range(0, len(operations), _BATCH):
            self._unsent.append(
                servicecontrol_v1.ReportRequest(
                    service_name=self._service.name,
                    operations=operations[first : first + _BATCH],
                    service_config_id=self._service.config_id,
                )
            )
        while len(self._unsent) > _MOST_UNSENT:
            dropped += _calls(self._unsent.popleft())
        if dropped:
            _log.error("%d calls are not reported to Service Control", dropped)
        self._send_all()

    def _send_all(self) -> None:
        while self._unsent:
            try:
                response = self._connection.report(self._unsent[0])
            except ControlUnavailable as error:
                _log.warning("calls are reported later: %s", error)
                return
            self._unsent.popleft()
            for each in response.report_errors:
                _log.error("Service Control does not take a report: %s", each.status.message)

    def _operation(self, name: _Name, tally: _Tally) -> Any:
        known = name.consumer is not None
        return servicecontrol_v1.Operation(
            operation_id=str(uuid.uuid4()),
            operation_name=_UNKNOWN if name.method is None else self._service.selector(name.method),
            consumer_id=name.consumer,
            start_time=_time(tally.begun),
            end_time=_time(tally.ended),
            labels=self._labels(name),
            metric_value_sets=[
                {"metric_name": _METRICS.format(side=side, metric=metric), "metric_values": [value]}
                for side in (("producer", "consumer") if known else ("producer",))
                for metric, value in (
                    ("request_count", {"int64_value": tally.count}),
                    ("total_latencies", {"distribution_value": _distribution(tally)}),
                )
            ],
        )

    def _labels(self, name: _Name) -> dict[str, str]:
        labels = {
            **AGENT,
            "/protocol": "http",
            "/response_code": str(name.status),
            "/response_code_class": f"{name.status // 100}xx",
            "cloud.googleapis.com/location": "global",
        }
        if name.method is not None:
            labels["serviceruntime.googleapis.com/api_method"] = self._service.selector(name.method)
            labels["serviceruntime.googleapis.com/api_version"] = name.method.version
        if name.key_id:
            labels["/credential_id"] = name.key_id
        return labels


def bucket(seconds: float) -> int:
    """Which bucket of the distribution a latency counts in: 0 for less than a microsecond, then each twice as wide."""
    micros = int(seconds / _SCALE)
    return 0 if micros < 1 else min(micros.bit_length(), _BUCKETS + 1)


def _distribution(tally: _Tally) -> dict[str, Any]:
    return {
        "count": tally.count,
        "mean": tally.total / tally.count,
        "minimum": tally.shortest,
        "maximum": tally.longest,
        "bucket_counts": tally.buckets,
        "exponential_buckets": {"num_finite_buckets": _BUCKETS, "growth_factor": _GROWTH, "scale": _SCALE},
    }


def _calls(request: Any) -> int:
    return sum(each.metric_value_sets[0].metric_values[0].int64_value for each in request.operations)


def _time(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
