"""Service Control in real servers, forked and spawned: keys count in each worker, and nothing is lost at the end."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.control import shop
from tests.control.google.server import GOOD, GoogleServer
from tests.docs.test_programs import ROOT
from tests.e2e.processes import SERVERS, end, start

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("uvicorn", [], id="uvicorn"),
        pytest.param("uvicorn", ["--workers", "2"], id="uvicorn, two workers"),
        pytest.param("granian", ["--workers", "2"], id="granian, two workers"),
        pytest.param("gunicorn", ["--workers", "2"], id="gunicorn, two workers"),
        pytest.param("gunicorn", ["--workers", "2", "--preload"], id="gunicorn, forked"),
    ],
)
def test_calls_are_reported_when_a_server_ends(tmp_path: Path, kind: str, options: list[str]) -> None:
    google = GoogleServer()
    with google.serving():
        environment = {"GOOGLE_PORT": str(google.port), "GRPC_VERBOSITY": "NONE"}
        command = (*SERVERS[kind], *options)
        app = "tests.control.google.app:app"
        server = start(command, tmp_path / "log", app=app, cwd=ROOT, environment=environment)
        try:
            statuses: list[int] = []
            give_up = time.monotonic() + 20
            while statuses.count(200) < 20:
                assert time.monotonic() < give_up, server.output()
                statuses.append(server.request(f"{shop.ROOT}keyed_read", headers={"X-Api-Key": GOOD}).status)
            assert server.request(f"{shop.ROOT}keyed", headers={"X-Api-Key": "AIzaInvented"}).status == 400
            assert server.stop() == 0
        finally:
            end(server)
        counts: Counter[tuple[str, str]] = Counter()
        for each in google.reported:
            name = (each.operation_name.rpartition(".")[2], each.labels["/response_code"])
            counts[name] += each.metric_value_sets[0].metric_values[0].int64_value
        assert counts["Shop_keyedRead", "200"] == 20, server.output()
        assert counts["Shop_keyed", "400"] == 1
        spent = [each.allocate_operation.quota_metrics[0].metric_values[0].int64_value for each in google.allocations]
        assert sum(spent) == 20
