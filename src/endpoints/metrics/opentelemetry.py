"""Instruments of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/metrics/api/)."""

from __future__ import annotations

from collections.abc import Sequence

from endpoints._version import __version__
from endpoints.control.contract import Outcome
from endpoints.metrics.series import BUCKETS, FAILURES, LATENCY, REFUSALS, REQUESTS, target_of

try:
    from opentelemetry import metrics
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"{error.name} is not installed; it comes with: pip install 'endpoints-frameworks[opentelemetry]'",
        name=error.name,
    ) from None


class OpenTelemetry:
    """Counts finished requests with the API of OpenTelemetry; where they go is up to the SDK that is set up beside it.

    | instrument | attributes |
    |---|---|
    | `endpoints.requests` | `api`, `version`, `method`, `http.response.status_code` |
    | `endpoints.request.duration` (histogram, seconds) | `api`, `version`, `method` |
    | `endpoints.refusals` | `api`, `version`, `method`, `reason` |
    | `endpoints.control.failures` | `store`: `key` or `quota` |

    Args:
        provider: makes the instruments; by default the global one, which may also be set up later.
        buckets: upper bounds of the histogram, in seconds, unless a view of the SDK says otherwise.
    """

    def __init__(self, provider: metrics.MeterProvider | None = None, buckets: Sequence[float] = BUCKETS) -> None:
        meter = metrics.get_meter("endpoints", __version__, provider)
        self._requests = meter.create_counter("endpoints.requests", "{request}", REQUESTS)
        self._latency = meter.create_histogram(
            "endpoints.request.duration", "s", LATENCY, explicit_bucket_boundaries_advisory=buckets
        )
        self._refusals = meter.create_counter("endpoints.refusals", "{request}", REFUSALS)
        self._failures = meter.create_counter("endpoints.control.failures", "{request}", FAILURES)

    def finished(self, outcome: Outcome) -> None:
        """Count a request. Called by servers."""
        target = target_of(outcome)._asdict()
        self._requests.add(1, {**target, "http.response.status_code": outcome.status})
        self._latency.record(outcome.latency, target)
        if outcome.refusal is not None:
            self._refusals.add(1, {**target, "reason": outcome.refusal})
        if outcome.failure is not None:
            self._failures.add(1, {"store": outcome.failure})
