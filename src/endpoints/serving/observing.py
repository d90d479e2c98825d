"""Who wants to know of finished requests is told here: metrics, and controls that report."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from endpoints.control.contract import Method, Observer, Outcome
from endpoints.operations import Operation
from endpoints.serving.admission import method_of, quota_user
from endpoints.serving.http import Request

Observe = Callable[[Request, Any, int, float], None]
"""Takes a request, what was found to answer it (None for nothing), the status, and the time of `perf_counter` when the
request came."""
_log = logging.getLogger("endpoints")


def observed(observers: Sequence[Observer]) -> Observe | None:
    """What tells observers of a request; None where there is no observer, so that nothing is measured for nobody."""
    if not observers:
        return None
    methods: dict[Operation, Method] = {}

    def observe(request: Request, found: Any, status: int, begun: float) -> None:
        latency = time.perf_counter() - begun
        operation = getattr(found[0], "operation", None) if found else None
        if operation is not None and operation not in methods:
            methods[operation] = method_of(operation)
        inquiry = request.inquiry
        outcome = Outcome(
            method=None if operation is None else methods[operation],
            consumer=inquiry and inquiry.consumer,
            status=status,
            begun=time.time() - latency,
            latency=latency,
            refusal=inquiry and inquiry.refusal,
            failure=inquiry and inquiry.failure,
            quota_user=quota_user(request.query) if inquiry is None else inquiry.quota_user,
        )
        for observer in observers:
            try:
                observer.finished(outcome)
            except Exception:  # noqa: BLE001 - it is the application's, and no reason to refuse the caller
                _log.exception("an observer of requests failed")

    return observe
