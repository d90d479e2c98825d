"""What Google is told of calls."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time

import grpc
import pytest

from endpoints.control.contract import Consumer
from endpoints.control.google.reports import bucket
from endpoints.control.google.service_control import ServiceControl
from tests.control.google.calls import SELECTOR, SERVICE, method, outcome, until
from tests.control.google.server import GOOD, GoogleServer
from tests.docs.test_programs import ROOT


def test_calls_are_reported_together(google: GoogleServer, control: ServiceControl) -> None:
    consumer = control.check(GOOD, method())
    for latency in (0.001, 0.002, 0.003):
        control.observer.finished(outcome(200, consumer, latency))
    control.observer.finished(outcome(429, consumer))
    control.observer.finished(outcome(200))
    control.observer.finished(outcome(404, method=None))
    assert google.reports == []
    control.close()
    (request,) = google.reports
    assert request.service_name == SERVICE and len(request.operations) == 4
    assert len({each.operation_id for each in request.operations}) == 4
    first, refused, keyless, lost = request.operations
    assert first.operation_name == SELECTOR and first.consumer_id == "project_number:1234567890"
    assert first.start_time.timestamp() == 1_700_000_000.25
    assert first.end_time.timestamp() == pytest.approx(1_700_000_000.253)
    labels = dict(first.labels)
    assert labels.pop("servicecontrol.googleapis.com/service_agent").startswith("endpoints-frameworks/")
    assert labels == {
        "servicecontrol.googleapis.com/user_agent": "endpoints-frameworks",
        "/protocol": "http",
        "/response_code": "200",
        "/response_code_class": "2xx",
        "/credential_id": "apikey:uid-1234567890",
        "cloud.googleapis.com/location": "global",
        "serviceruntime.googleapis.com/api_method": SELECTOR,
        "serviceruntime.googleapis.com/api_version": "v1",
    }
    prefix = "serviceruntime.googleapis.com/api/"
    values = {each.metric_name.removeprefix(prefix): each.metric_values[0] for each in first.metric_value_sets}
    assert set(values) == {
        f"{side}/{metric}" for side in ("producer", "consumer") for metric in ("request_count", "total_latencies")
    }
    assert values["consumer/request_count"].int64_value == 3
    latencies = values["producer/total_latencies"].distribution_value
    assert (latencies.count, latencies.minimum, latencies.maximum) == (3, 0.001, 0.003)
    assert latencies.mean == pytest.approx(0.002) and sum(latencies.bucket_counts) == 3
    assert len(latencies.bucket_counts) == latencies.exponential_buckets.num_finite_buckets + 2
    assert refused.labels["/response_code_class"] == "4xx"
    assert keyless.consumer_id == "" and len(keyless.metric_value_sets) == 2
    assert lost.operation_name == "<Unknown Operation Name>"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.0, 0), (0.9e-6, 0), (1.1e-6, 1), (2.1e-6, 2), (0.001, 10), (1.0, 20), (300.0, 29), (3600.0, 30)],
)
def test_buckets_double(seconds: float, expected: int) -> None:
    assert bucket(seconds) == expected


def test_a_report_that_is_not_taken_at_the_end_is_said_in_the_log(
    google: GoogleServer, control: ServiceControl, caplog: pytest.LogCaptureFixture
) -> None:
    google.status = grpc.StatusCode.UNAVAILABLE
    control.observer.finished(outcome())
    control.close()
    assert google.reports == [] and "calls are reported later" in caplog.text


def test_reports_are_sent_by_themselves_and_again_until_they_are_taken(google: GoogleServer) -> None:
    control = ServiceControl(SERVICE, connect=google.connect, report_interval=0.05)
    google.status = grpc.StatusCode.UNAVAILABLE
    control.observer.finished(outcome())
    time.sleep(0.3)
    assert google.reports == []
    google.status = None
    control.observer.finished(outcome())
    until(lambda: len(google.reported) == 2)
    control.close()
    assert [each.metric_value_sets[0].metric_values[0].int64_value for each in google.reported] == [1, 1]


@pytest.mark.slow
def test_what_is_to_be_told_is_bounded(
    google: GoogleServer, control: ServiceControl, caplog: pytest.LogCaptureFixture
) -> None:
    google.released.clear()
    for number in range(1, 15_000):
        control.observer.finished(outcome(consumer=Consumer(f"project:{number}", str(number), "id", GOOD)))
    google.released.set()
    with caplog.at_level(logging.ERROR):
        control.close()
    assert "calls are not reported to Service Control" in caplog.text
    assert max(len(each.operations) for each in google.reports) <= 200


FORKING = """
import os, sys
from endpoints.control.google.service_control import ServiceControl
from tests.client import Serve
from tests.control import shop
from tests.control.google.server import GOOD, GoogleServer
from tests.control.google.calls import SERVICE, method, outcome

control = ServiceControl(SERVICE, connect=GoogleServer(port=int(sys.argv[1])).connect)
if sys.argv[2] == "after use":
    control.check(GOOD, method())
control.observer.finished(outcome(201))
child = os.fork()
consumer = control.check(GOOD, method())
control.charge(consumer, method())
control.charge(consumer, method())
control.observer.finished(outcome(202 if child else 203, consumer))
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before use", "after use"])
def test_a_fork_and_the_end_of_processes(google: GoogleServer, when: str) -> None:
    command = (sys.executable, "-c", FORKING, str(google.port), when)
    environment = {**os.environ, "GRPC_ENABLE_FORK_SUPPORT": "true", "GRPC_VERBOSITY": "NONE"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    statuses = sorted(each.labels["/response_code"] for each in google.reported)
    assert statuses == ["201", "202", "203"]  # each told once, when its process ended
    assert len(google.allocations) == 4
