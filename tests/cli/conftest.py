from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from endpoints.cli.main import main

Write = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def workers_forgotten() -> Iterator[None]:
    """Forget what `endpoints serve` tells its workers, so that servers of other tests do not hear of it."""
    yield
    os.environ.pop("ENDPOINTS_WORKERS", None)


HELLO = """
import endpoints
from protorpc import remote

@endpoints.api(name="hello", version="v1")
class HelloApi(remote.Service):
    @endpoints.method(path="greet", http_method="GET")
    def greet(self, request) -> None:
        pass
"""


LIBRARY = """
import endpoints
from protorpc import messages, remote

class Shelf(messages.Message):
    '''A shelf.

    It holds books.'''
    name = messages.StringField(1)

library = endpoints.api(
    name="library",
    version="1.2.0",
    description="Books: 1e3 of them",
    hostname="books.example.com",
    limit_definitions=[endpoints.LimitDefinition("reads", "Reads", 100)],
)

@library.api_class(resource_name="shelves")
class Shelves(remote.Service):
    @endpoints.method(Shelf, Shelf, path="shelves/{name}", http_method="PUT", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
    def put(self, request):
        '''Puts a shelf up.'''
        return request

    @endpoints.method(response_message=Shelf, path="shelves", http_method="GET", api_key_required=True,
                      metric_costs={"reads": 2}, audiences=["me"])
    def list(self, request):
        return Shelf()

@endpoints.api(name="library", version="2.0.0")
class Library2(remote.Service):
    @endpoints.method(path="reset")
    def reset(self, request):
        pass

server = endpoints.api_server([library, Library2])
"""
"""Two versions of an API, the first with a host name of its own."""


def run(*arguments: str) -> int:
    """Run `endpoints` in this process; returns the exit status, however the command ends."""
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write a module into the current folder, an empty one; what the test imports from there is forgotten after it."""
    monkeypatch.chdir(tmp_path)
    for variable in ("DEFAULT_VERSION_HOSTNAME", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(variable, raising=False)
    path, modules = sys.path[:], set(sys.modules)
    yield lambda name, source: _write(tmp_path / name, source)
    sys.path[:] = path
    for name in sys.modules.keys() - modules:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


def _write(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
