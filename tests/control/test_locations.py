"""`api_server(control=...)` and ENDPOINTS_CONTROL: mistakes fail when the server is built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import endpoints
from endpoints.control.contract import Balance, Consumer, Control, KeyRefused, Method, Observer
from endpoints.control.database import FileCounters
from endpoints.control.locations import stored_control
from endpoints.control.memory import MemoryCounters
from protorpc import message_types, remote
from tests.client import Serve
from tests.control.shop import ROOT, Shop

WRONG: list[tuple[Any, str]] = [
    ("", "'' is no control"),
    ("on", "'on' is no control; expected sqlite, sqlite:///PATH, redis://HOST:PORT/DB, google or off"),
    ("OFF", "'OFF' is no control"),
    ("mysql://host/db", "'mysql://host/db' is no control"),
    ("sqlite:", "names no file"),
    ("sqlite://relative.db", "names no file; expected sqlite:///PATH"),
    ("sqlite:///x.db#y", "names no file"),
    ("sqlite:///x.db?counters=disk", "counters must be file or memory, not 'disk'"),
    ("sqlite:///x.db?counter=file", "unknown option 'counter'"),
    ("sqlite:///x.db?fail_closed=perhaps", "fail_closed must be true or false, not 'perhaps'"),
    ("redis://localhost:port/0", "is no address of a Redis"),
    ("redis://:secret@localhost:6379/0?colour=blue", "is no address of a Redis"),
    ("redis://localhost?fail_closed=", "fail_closed must be true or false"),
    ("redis://:secret@[::1", "'redis://***@[::1' is no control: Invalid IPv6 URL"),
    ("google://[", "'google://[' is no control: Invalid IPv6 URL"),
    ("redis://a..b:6379", "'redis://a..b:6379' is no address of a Redis"),
    ("redis://h?password=secret&colour=blue", "'redis://h?password=***&colour=blue' is no address of a Redis"),
    ("sqlite:///a%00b", "the name of a file must not contain %00"),
    (7, "must be a string or an endpoints Control, not 7"),
    (MemoryCounters(), "it has no check"),
    (MemoryCounters, "must be a string or an endpoints Control"),
]


@pytest.mark.parametrize(("control", "text"), WRONG, ids=lambda value: str(value)[:30])
def test_mistakes(control: Any, text: str) -> None:
    with pytest.raises(endpoints.ApiConfigurationError, match=r"^api_server: control") as raised:
        endpoints.api_server([Shop], control=control)
    assert text in str(raised.value) and "secret" not in str(raised.value)


def test_mistakes_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDPOINTS_CONTROL", "mysql://user:secret@host/db")
    with pytest.raises(endpoints.ApiConfigurationError, match=r"^ENDPOINTS_CONTROL: 'mysql://\*\*\*@host/db' is no"):
        endpoints.api_server([Shop])
    monkeypatch.setenv("ENDPOINTS_CONTROL", "")  # as if it were not set
    endpoints.api_server([Shop])


def test_an_argument_goes_before_the_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDPOINTS_CONTROL", "off")
    assert serve(Shop, control="sqlite").get(ROOT + "keyed").status == 401


@pytest.mark.parametrize(
    ("location", "environment", "kind"),
    [
        ("sqlite", {}, MemoryCounters),
        ("sqlite", {"ENDPOINTS_WORKERS": "1"}, MemoryCounters),
        ("sqlite", {"ENDPOINTS_WORKERS": "4"}, FileCounters),
        ("sqlite", {"WEB_CONCURRENCY": "2"}, FileCounters),
        ("sqlite", {"WEB_CONCURRENCY": "many"}, MemoryCounters),
        ("sqlite", {"SERVER_SOFTWARE": "gunicorn/23"}, FileCounters),
        ("sqlite:///x.db?counters=memory", {"ENDPOINTS_WORKERS": "4"}, MemoryCounters),
        ("sqlite:///x.db?counters=file", {}, FileCounters),
        ("sqlite:///a%20b.db?counters=file&fail_closed=1", {}, FileCounters),
    ],
    ids=str,
)
def test_where_is_counted(
    monkeypatch: pytest.MonkeyPatch, location: str, environment: dict[str, str], kind: type[object]
) -> None:
    for name in ("ENDPOINTS_WORKERS", "WEB_CONCURRENCY", "SERVER_SOFTWARE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    control = stored_control(location, "a test")
    assert type(control.counters) is kind
    assert control.fail_closed is ("fail_closed" in location)


@pytest.mark.parametrize(
    ("text", "path"),
    [("sqlite:///a/b.db", "a/b.db"), ("sqlite:////etc/b.db", "/etc/b.db"), ("sqlite:///%61.db", "a.db")],
)
def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    counters: Any = stored_control(f"{text}?counters=file", "a test").counters
    assert counters._database.path == tmp_path / path  # noqa: SLF001 - a relative one stays where it was meant


class OneKey:
    """A control of one's own."""

    waits = False
    fail_closed = False
    observer: Observer | None = None

    def check(self, api_key: str, method: Method) -> Consumer:
        if api_key != "sesame":
            raise KeyRefused("keyInvalid")
        return Consumer("project:forty", "forty")

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        return Balance(consumer.name is not None, "reads", 40, 39, 1.5)


@pytest.mark.parametrize("waits", [False, True])
def test_a_control_of_ones_own(serve: Serve, waits: bool) -> None:
    control = OneKey()
    control.waits = waits
    checked: Control = control
    client = serve(Shop, control=checked)
    answer = client.get(ROOT + "keyed_read_coroutine", {"key": "sesame"})
    assert (answer.status, answer.json(), answer.headers["ratelimit-reset"]) == (200, {"text": "forty"}, "2")
    assert client.get(ROOT + "keyed", {"key": "other"}).status == 400
    assert client.get(ROOT + "read").status == 429


def test_nothing_is_imported_for_nothing() -> None:
    program = "import sys, endpoints; print({'redis', 'google.cloud', 'asyncio'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("interface", ["wsgi", "asgi"])
def test_no_file_for_who_needs_none(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    client = serve(Shop, control="sqlite")
    assert client.get(ROOT + "free").status == 200
    assert list(tmp_path.iterdir()) == []


def declared(limits: Any, costs: dict[str, Any]) -> type[Any]:
    @endpoints.api("declared", "v1", limit_definitions=limits)
    class Declared(remote.Service):
        @endpoints.method(path="call", metric_costs=costs)
        def call(self, request: message_types.VoidMessage) -> None: ...

    return Declared


def test_metrics_that_no_limit_is_defined_for() -> None:
    limits = [endpoints.LimitDefinition("reads", "Reads", 5)]
    with pytest.warns(endpoints.ConfigurationWarning), pytest.raises(endpoints.ApiConfigurationError) as raised:
        endpoints.api_server([declared(limits, {"raeds": 1})])
    assert str(raised.value) == (
        "Declared.call: metric_costs names 'raeds', for which API 'declared' defines no limit; it defines 'reads'"
    )


@pytest.mark.parametrize("control", ["off", "sqlite"])
def test_costs_without_any_limits(serve: Serve, control: str) -> None:
    with pytest.warns(endpoints.ConfigurationWarning, match="defines no limit"):
        client = serve(declared([], {"reads": 1}), control=control)
    answer = client.post("/_ah/api/declared/v1/call")
    assert (answer.status, "ratelimit-limit" in answer.headers) == (204, False)


def test_a_cost_that_nobody_can_pay() -> None:
    with pytest.warns(endpoints.ConfigurationWarning, match="a call costs 6 of 'reads', and 5 a minute are allowed"):
        endpoints.api_server([declared([endpoints.LimitDefinition("reads", "Reads", 5)], {"reads": 6})])


def test_a_limit_of_nothing(serve: Serve) -> None:
    client = serve(declared([endpoints.LimitDefinition("reads", "Reads", 0)], {"reads": 1}))
    assert client.post("/_ah/api/declared/v1/call").status == 429
