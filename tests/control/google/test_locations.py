"""How Service Control is chosen."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from endpoints.control.google.location import opened
from endpoints.control.google.service_control import ServiceControl
from endpoints.control.locations import open_control
from endpoints.exceptions import ApiConfigurationError
from tests.control.google.calls import SERVICE
from tests.docs.test_programs import ROOT


@pytest.mark.parametrize("name", ["", "bookstore", "Bookstore.example", "book store.example", "a..b", "-a.example"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(ApiConfigurationError, match="is no name of a service"):
        ServiceControl(name)


@pytest.mark.parametrize(
    ("location", "environ", "fail_closed"),
    [
        ("google", {"ENDPOINTS_SERVICE_NAME": SERVICE}, False),
        ("google?fail_closed=true", {"ENDPOINTS_SERVICE_NAME": SERVICE, "ENDPOINTS_SERVICE_VERSION": "r0"}, True),
        (f"google:{SERVICE}", {}, False),
        (f"google:{SERVICE}?fail_closed=true", {"ENDPOINTS_SERVICE_NAME": "other.example"}, True),
    ],
)
def test_locations(location: str, environ: dict[str, str], fail_closed: bool) -> None:
    assert opened(location, "a test", environ).fail_closed is fail_closed


@pytest.mark.parametrize(
    ("location", "environ"),
    [
        pytest.param(f"google:{SERVICE}", {}, id="argument"),
        pytest.param(None, {"ENDPOINTS_CONTROL": "google", "ENDPOINTS_SERVICE_NAME": SERVICE}, id="both variables"),
        pytest.param(None, {"ENDPOINTS_CONTROL": f"google:{SERVICE}?fail_closed=true"}, id="one variable"),
        pytest.param(None, {"ENDPOINTS_CONTROL": "", "ENDPOINTS_SERVICE_NAME": SERVICE}, id="name of a service"),
    ],
)
def test_it_is_chosen(monkeypatch: pytest.MonkeyPatch, location: str | None, environ: dict[str, str]) -> None:
    for name in ("ENDPOINTS_CONTROL", "ENDPOINTS_SERVICE_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert isinstance(open_control(location), ServiceControl)


def test_another_control_may_be_chosen_for_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDPOINTS_SERVICE_NAME", SERVICE)
    assert open_control("off") is None
    monkeypatch.setenv("ENDPOINTS_CONTROL", "sqlite")
    assert not isinstance(open_control(None), ServiceControl)


def test_its_library_is_missing() -> None:
    program = f"""
import sys; sys.modules["google.cloud"] = None
import endpoints; endpoints.api_server([], control="google:{SERVICE}")
"""
    done = subprocess.run((sys.executable, "-c", program), cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert "pip install 'endpoints-frameworks[google]'" in done.stderr


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("google", "a test: google needs the name of the service, in ENDPOINTS_SERVICE_NAME"),
        ("google:bookstore", "'bookstore' is no name of a service"),
        (f"google:{SERVICE}?fail_closed=perhaps", "the only option is fail_closed, true or false"),
        (f"google:{SERVICE}?closed=true", "the only option is fail_closed, true or false"),
    ],
)
def test_locations_that_are_none(location: str, message: str) -> None:
    with pytest.raises(ApiConfigurationError, match=re.escape(message)):
        opened(location, "a test", {})
