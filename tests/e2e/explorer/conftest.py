from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.explorer.visitor import SCREENSHOTS, Visitor, visit
from tests.e2e.processes import SERVERS, Server, end, free_port, start
from tests.e2e.test_secured_guestbook import PROVIDER

HERE = Path(__file__).parent


class Visit(Protocol):
    def __call__(self, **options: Any) -> Visitor: ...


@pytest.fixture(scope="package")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An OpenID provider."""
    folder, port = tmp_path_factory.mktemp("provider"), free_port()
    issuer = {"GUESTBOOK_ISSUER": f"http://localhost:{port}"}
    server = start((*PROVIDER, "--port", "{port}"), folder / "log", app="", cwd=folder, environment=issuer, port=port)
    try:
        yield server
    finally:
        end(server)


@pytest.fixture(scope="package")
def explored(provider: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application of `explored.py`."""
    folder = tmp_path_factory.mktemp("explored")
    environment = {"EXPLORED_ISSUER": provider.url, "ENDPOINTS_CONTROL": f"sqlite:///{folder / 'control.db'}"}
    server = start(SERVERS["uvicorn"], folder / "log", app="explored:app", cwd=HERE, environment=environment)
    try:
        yield server
    finally:
        end(server)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine; none is downloaded."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium here; Debian's package is called chromium")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=15_000)  # a busy machine is slow
    # Nothing else may run an event loop while this one does, so that it ends with its module.
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program)
        try:
            yield started
        finally:
            started.close()


@pytest.fixture
def visitor(browser: Browser, explored: Server) -> Iterator[Visitor]:
    with visit(browser, f"{explored.url}/_ah/api/explorer") as someone:
        yield someone
