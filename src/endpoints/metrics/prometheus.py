"""Counters for Prometheus (https://prometheus.io/docs/practices/naming/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from endpoints.control.contract import Outcome
from endpoints.metrics.series import BUCKETS, FAILURES, LATENCY, REFUSALS, REQUESTS, target_of

try:
    from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"{error.name} is not installed; it comes with: pip install 'endpoints-frameworks[prometheus]'", name=error.name
    ) from None

_TARGET: Final = ("api", "version", "method")


class Prometheus:
    """Counts finished requests with prometheus-client. One instance may be given to several servers.

    | series | labels |
    |---|---|
    | `endpoints_requests_total` | `api`, `version`, `method`, `status` |
    | `endpoints_request_duration_seconds` (histogram) | `api`, `version`, `method` |
    | `endpoints_refusals_total` | `api`, `version`, `method`, `reason` |
    | `endpoints_control_failures_total` | `store`: `key` or `quota` |

    Args:
        registry: where the series are kept, by default that of prometheus-client.
        buckets: upper bounds of the histogram, in seconds.

    Raises:
        ValueError: the registry has such series already.
    """

    def __init__(self, registry: CollectorRegistry = REGISTRY, buckets: Sequence[float] = BUCKETS) -> None:
        self._requests = Counter("endpoints_requests", REQUESTS, (*_TARGET, "status"), registry=registry)
        self._latency = Histogram(
            "endpoints_request_duration_seconds", LATENCY, _TARGET, registry=registry, buckets=buckets
        )
        self._refusals = Counter("endpoints_refusals", REFUSALS, (*_TARGET, "reason"), registry=registry)
        self._failures = Counter("endpoints_control_failures", FAILURES, ("store",), registry=registry)

    def finished(self, outcome: Outcome) -> None:
        """Count a request. Called by servers."""
        target = target_of(outcome)
        self._requests.labels(*target, outcome.status).inc()
        self._latency.labels(*target).observe(outcome.latency)
        if outcome.refusal is not None:
            self._refusals.labels(*target, outcome.refusal).inc()
        if outcome.failure is not None:
            self._failures.labels(outcome.failure).inc()
