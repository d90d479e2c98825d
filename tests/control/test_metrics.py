"""What operators see in Prometheus and OpenTelemetry of finished requests, on both interfaces."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from prometheus_client import CollectorRegistry, generate_latest

from endpoints.control.contract import Balance, Consumer, ControlUnavailable, Method, Observer
from endpoints.metrics.opentelemetry import OpenTelemetry
from endpoints.metrics.prometheus import Prometheus
from tests.client import Client, Interface, Serve
from tests.control.shop import LIMIT, ROOT, Shop, new_key
from tests.docs.test_programs import ROOT as PROJECT
from tests.docs.test_programs import run

SHOP = {"api": "shop", "version": "v1"}
NOWHERE = {"api": "", "version": "", "method": ""}


class Broken:
    """A store that never answers."""

    waits = False
    fail_closed = False
    observer: Observer | None = None

    def check(self, api_key: str, method: Method) -> Consumer:
        raise ControlUnavailable("out of order")

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        raise ControlUnavailable("out of order")


@pytest.fixture
def location(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'control.db'}"


class Counted:
    """Both kinds of metrics of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.reader = InMemoryMetricReader()
        self._provider = MeterProvider([self.reader])
        self.observers: list[Observer] = [Prometheus(self.registry), OpenTelemetry(self._provider)]

    def count(self, name: str, **labels: str) -> float:
        """A counter, which must be the same in both."""
        found = self.registry.get_sample_value(f"endpoints_{name.replace('.', '_')}_total", labels) or 0.0
        renamed = {"status": "http.response.status_code"}
        attributes = {renamed.get(key, key): value for key, value in labels.items()}
        points = [
            point.value
            for point in self.points(f"endpoints.{name}")
            if {key: str(value) for key, value in point.attributes.items()} == attributes
        ]
        assert sum(points) == found
        return found

    def points(self, name: str) -> list[Any]:
        data: Any = self.reader.get_metrics_data()
        metrics = [
            metric
            for resource in (data.resource_metrics if data else [])
            for scope in resource.scope_metrics
            for metric in scope.metrics
        ]
        return [point for metric in metrics if metric.name == name for point in metric.data.data_points]

    def close(self) -> None:
        self._provider.shutdown()


@pytest.fixture
def counted() -> Any:
    made = Counted()
    yield made
    made.close()


def test_requests_by_method_and_status(serve: Serve, location: str, counted: Counted) -> None:
    key, _ = new_key(location)
    client = serve(Shop, control=location, observers=counted.observers)
    for _ in range(3):
        assert client.get(ROOT + "free").status == 200
    for path in ("keyed", "keyed_inline", "keyed_coroutine"):
        assert client.get(ROOT + path, {"key": key}).status == 200
        assert client.get(ROOT + path).status == 401
    client.get(ROOT + "free", headers={"Origin": "https://app.example"})
    assert counted.count("requests", **SHOP, method="shop.get_free", status="200") == 4
    for path in ("keyed", "keyed_inline", "keyed_coroutine"):
        name = path if path.endswith("coroutine") else f"get_{path}"
        assert counted.count("requests", **SHOP, method=f"shop.{name}", status="200") == 1
        assert counted.count("requests", **SHOP, method=f"shop.{name}", status="401") == 1


def test_refusals_by_reason(serve: Serve, location: str, counted: Counted) -> None:
    key, _ = new_key(location)
    client = serve(Shop, control=location, observers=counted.observers)
    for _ in range(LIMIT + 2):
        client.get(ROOT + "keyed_read", {"key": key})
    client.get(ROOT + "keyed_read", {"key": "invented"})
    client.get(ROOT + "keyed_read")
    method = {**SHOP, "method": "shop.get_keyed_read"}
    assert counted.count("refusals", **method, reason="quotaExceeded") == 2
    assert counted.count("refusals", **method, reason="keyInvalid") == 1
    assert counted.count("refusals", **method, reason="keyMissing") == 1
    assert counted.count("requests", **method, status="429") == 2
    assert counted.count("requests", **method, status="200") == LIMIT


def test_failures_of_the_store(serve: Serve, counted: Counted) -> None:
    client = serve(Shop, control=Broken(), observers=counted.observers)
    assert client.get(ROOT + "read").status == 200
    assert client.get(ROOT + "keyed", {"key": "k"}).status == 503
    assert counted.count("control.failures", store="quota") == 1
    assert counted.count("control.failures", store="key") == 1
    assert counted.count("refusals", **SHOP, method="shop.get_keyed", reason="unavailable") == 1


def test_callers_choose_no_label(serve: Serve, counted: Counted) -> None:
    client = serve(Shop, control="off", observers=counted.observers)
    client.get(ROOT + "free")
    client.get("/")
    before = generate_latest(counted.registry).count(b"\n")
    for number in range(50):
        client.get(f"{ROOT}nowhere/{number}")
        client.request("DELETE", f"/{number}")
        client.get(ROOT + "free", {"key": str(number)}, headers={"X-Api-Key": str(number)})
    assert counted.count("requests", **NOWHERE, status="404") == 101
    assert generate_latest(counted.registry).count(b"\n") == before


def test_latency(serve: Serve, counted: Counted) -> None:
    client = serve(Shop, control="off", observers=counted.observers)
    for _ in range(4):
        client.get(ROOT + "free")
    labels = {**SHOP, "method": "shop.get_free"}
    name = "endpoints_request_duration_seconds"
    assert counted.registry.get_sample_value(f"{name}_count", labels) == 4
    assert counted.registry.get_sample_value(f"{name}_bucket", {**labels, "le": "10.0"}) == 4
    total = counted.registry.get_sample_value(f"{name}_sum", labels) or 0.0
    (point,) = counted.points("endpoints.request.duration")
    assert point.count == 4 and point.sum == total and 0 < total < 4
    assert len(point.bucket_counts) == 14


@pytest.mark.parametrize(
    ("module", "library"), [("prometheus", "prometheus_client"), ("opentelemetry", "opentelemetry")]
)
def test_a_library_that_is_missing(module: str, library: str) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; import endpoints.metrics.{module}"
    done = subprocess.run((sys.executable, "-c", program), cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    assert f"pip install 'endpoints-frameworks[{module}]'" in done.stderr


def test_nothing_of_it_is_imported_unasked() -> None:
    program = """
import sys, endpoints
print([name for name in sys.modules if name.split(".")[0] in ("prometheus_client", "opentelemetry", "google", "grpc")])
"""
    done = subprocess.run((sys.executable, "-c", program), cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def lower_case(app: Any) -> Any:
    """An ASGI application with the header names that ASGI asks for, which prometheus-client does not send."""

    async def served(scope: Any, receive: Any, send: Any) -> None:
        async def lower(event: Any) -> None:
            headers = [(name.lower(), value) for name, value in event.get("headers", ())]
            await send({**event, "headers": headers} if "headers" in event else event)

        await app(scope, receive, lower)

    return served


@pytest.mark.parametrize(("name", "interface"), [("wsgi_with_metrics", "wsgi"), ("asgi_with_metrics", "asgi")])
def test_the_pages_of_the_documentation(name: str, interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    app = getattr(run(PROJECT / "docs" / "operations.md", monkeypatch), name)
    with Client(app if interface == "wsgi" else lower_case(app), interface) as client:
        assert client.get("/_ah/api/clock/v1/now").json() == {"text": "now"}
        told = client.get("/metrics").text
    assert 'endpoints_requests_total{api="clock",method="clock.now",status="200",version="v1"} 1.0' in told


def test_the_formatter_of_the_documentation(
    serve: Serve, location: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    formatter = run(PROJECT / "docs" / "operations.md", monkeypatch).JsonLines()
    key, record = new_key(location)
    client = serve(Shop, control=location)
    for _ in range(LIMIT + 1):
        client.get(ROOT + "keyed_read", {"key": key})
    (line,) = [json.loads(formatter.format(each)) for each in caplog.records]
    assert {name: line[name] for name in ("api", "method", "refusal", "consumer", "key_id", "metric")} == {
        "api": "shop",
        "method": "shop.get_keyed_read",
        "refusal": "quotaExceeded",
        "consumer": "project:acme",
        "key_id": record.id,
        "metric": "reads",
    }
