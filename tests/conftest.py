"""Fixtures shared by all tests: one behaviour, both server interfaces.

    def test_greets(serve: Serve) -> None:
        assert serve(GreetingApi).get("/_ah/api/greeting/v1/greet").json() == {"message": "hello"}

runs twice, once over WSGI and once over ASGI.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, cast

import pytest

import endpoints
import ferris3
from tests.client import Client, Connect, Interface, Serve


@pytest.fixture(scope="session", autouse=True)
def control_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep API keys and quotas out of the folder that the tests are run in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENDPOINTS_CONTROL", f"sqlite:///{tmp_path_factory.mktemp('control') / 'control.db'}")
        yield


@pytest.fixture(scope="session", autouse=True)
def uploads_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep uploads out of the folder that servers of this machine have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENDPOINTS_UPLOADS", str(tmp_path_factory.mktemp("uploads")))
        yield


@pytest.fixture(autouse=True)
def no_endpoints() -> Iterator[None]:
    """Let each test define the endpoints of ferris3 that it needs."""
    ferris3.endpoints.clear()
    yield
    ferris3.endpoints.clear()


@pytest.fixture(params=["wsgi", "asgi"])
def interface(request: pytest.FixtureRequest) -> Interface:
    """The server interface of this run."""
    return cast(Interface, request.param)


@pytest.fixture
def client(interface: Interface) -> Iterator[Connect]:
    """Connect to a server object made by `endpoints.api_server`, over the interface of this run."""
    with ExitStack() as stack:

        def connect(server: Any) -> Client:
            return stack.enter_context(Client(server if interface == "wsgi" else server.asgi, interface))

        yield connect


@pytest.fixture
def serve(client: Connect) -> Serve:
    """Serve API classes and connect to them: `serve(SomeApi, OtherApi, control="off")`."""

    def serve_classes(*api_classes: Any, **options: Any) -> Client:
        return client(endpoints.api_server(list(api_classes), **options))

    return serve_classes
