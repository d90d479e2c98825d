"""A local Service Control: it answers the published interface, by generic handlers with the package's own messages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import google.cloud.servicecontrol_v1 as api
import grpc

CheckError = api.CheckError.Code
QuotaError = api.QuotaError.Code

GOOD, OTHER = "AIzaGood", "AIzaOther"
PROJECTS = {GOOD: 1234567890, OTHER: 42}
"""Keys that are known, and the numbers of their projects."""


@dataclass
class GoogleServer:
    """What it knows, and what it was asked."""

    errors: dict[str, Any] = field(default_factory=dict)
    """By key: the code that a check of it ends with."""
    quota: dict[str, int] = field(default_factory=dict)
    """By metric: what is left, for everybody; of others there is plenty."""
    status: grpc.StatusCode | None = None
    """What all calls end with, instead of being answered."""
    released: threading.Event = field(default_factory=threading.Event)
    """While it is not set, no call is answered."""
    checks: list[Any] = field(default_factory=list)
    allocations: list[Any] = field(default_factory=list)
    reports: list[Any] = field(default_factory=list)
    port: int = 0

    def connect(self) -> Any:
        """Open a channel to it."""
        pauses = [(f"grpc.{name}_reconnect_backoff_ms", 100) for name in ("initial", "min", "max")]
        return grpc.insecure_channel(f"127.0.0.1:{self.port}", pauses)

    @property
    def reported(self) -> list[Any]:
        return [operation for request in self.reports for operation in request.operations]

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Listen, the second time on the port of the first."""
        self.released.set()
        server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
        server.add_generic_rpc_handlers(self._handlers())
        self.port = server.add_insecure_port(f"127.0.0.1:{self.port}")
        server.start()
        try:
            yield
        finally:
            self.released.set()
            server.stop(None).wait(10)

    def _check(self, request: Any) -> Any:
        self.checks.append(request)
        key = request.operation.consumer_id.removeprefix("api_key:")
        code = self.errors.get(key, None if key in PROJECTS else CheckError.API_KEY_INVALID)
        if code is not None:
            return api.CheckResponse(check_errors=[{"code": code}])
        consumer = {"project_number": PROJECTS[key], "consumer_number": PROJECTS[key], "type_": "PROJECT"}
        return api.CheckResponse(check_info={"consumer_info": consumer, "api_key_uid": f"apikey:uid-{PROJECTS[key]}"})

    def _allocate(self, request: Any) -> Any:
        self.allocations.append(request)
        operation = request.allocate_operation
        wanted = {each.metric_name: each.metric_values[0].int64_value for each in operation.quota_metrics}
        lacking = [metric for metric, amount in wanted.items() if amount > self.quota.get(metric, 10**9)]
        for metric, amount in wanted.items():
            if metric in self.quota and (not lacking or operation.quota_mode.name == "BEST_EFFORT"):
                self.quota[metric] = max(0, self.quota[metric] - amount)
        errors = [
            {"code": QuotaError.RESOURCE_EXHAUSTED, "description": f"Insufficient tokens for quota '{metric}'"}
            for metric in lacking
        ]
        return api.AllocateQuotaResponse(operation_id=operation.operation_id, allocate_errors=errors)

    def _report(self, request: Any) -> Any:
        self.reports.append(request)
        return api.ReportResponse()

    def _handlers(self) -> list[Any]:
        def handler(answer: Callable[[Any], Any], request_type: Any, response_type: Any) -> Any:
            def serve(request: Any, context: Any) -> Any:
                self.released.wait(10)
                if self.status is not None:
                    context.abort(self.status, f"no, because of {GOOD}")
                return answer(request)

            return grpc.unary_unary_rpc_method_handler(serve, request_type.deserialize, response_type.serialize)

        package = "google.api.servicecontrol.v1"
        controller = {
            "Check": handler(self._check, api.CheckRequest, api.CheckResponse),
            "Report": handler(self._report, api.ReportRequest, api.ReportResponse),
        }
        quotas = {"AllocateQuota": handler(self._allocate, api.AllocateQuotaRequest, api.AllocateQuotaResponse)}
        return [
            grpc.method_handlers_generic_handler(f"{package}.ServiceController", controller),
            grpc.method_handlers_generic_handler(f"{package}.QuotaController", quotas),
        ]
