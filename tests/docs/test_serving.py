"""The servers of docs/serving.md, mounted in other frameworks and on their own, answer as the page says."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.client import Client, Connect, Interface
from tests.docs.test_programs import ROOT, run

PAGE = ROOT / "docs" / "serving.md"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return run(PAGE, monkeypatch)


@pytest.mark.parametrize(
    ("name", "interface"),
    [
        pytest.param("flask_app", "wsgi", id="Flask"),
        pytest.param("fastapi_app", "asgi", id="FastAPI"),
        pytest.param("starlette_app", "asgi", id="Starlette"),
    ],
)
def test_a_mounted_server(page: ModuleType, name: str, interface: Interface) -> None:
    with Client(getattr(page, name), interface) as client:
        assert client.get("/api/reports/v2/read").json() == {"text": "from below the mount point"}
        described = client.get("/api/discovery/v1/apis/reports/v2/rest").json()
        assert described["rootUrl"] + described["servicePath"] == "http://localhost:8080/api/reports/v2/"
        assert described["baseUrl"] == "http://localhost:8080/api/reports/v2/"
        (listed,) = client.get("/api/discovery/v1/apis").json()["items"]
        assert listed["discoveryRestUrl"] == "http://localhost:8080/api/discovery/v1/apis/reports/v2/rest"
        lost = client.get("/api/reports/v2/nowhere")
        assert lost.status == 404 and lost.json()["error"]["errors"][0]["reason"] == "notFound"
        if name != "starlette_app":
            assert "is at home" in client.get("/").text
        assert client.get("/elsewhere").status == 404


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("read", "from a thread"),
        ("await", "from the loop"),
        ("add?a=2&b=3", "5"),
    ],
)
def test_every_kind_of_method(page: ModuleType, client: Connect, path: str, text: str) -> None:
    for server in (page.server, page.behind_proxy, page.configured):
        assert client(server).get(f"/_ah/api/reports/v1/{path}").json() == {"text": text}


def test_behind_a_proxy(page: ModuleType, client: Connect) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.example"}
    address = "/_ah/api/discovery/v1/apis/reports/v1/rest"
    trusting, wary = client(page.behind_proxy), client(page.server)
    assert trusting.get(address, headers=forwarded).json()["rootUrl"] == "https://api.example/_ah/api/"
    assert wary.get(address, headers=forwarded).json()["rootUrl"] == "http://localhost:8080/_ah/api/"


def test_request_state(page: ModuleType, client: Connect) -> None:
    answer = client(page.mirror).get("/_ah/api/mirror/v1/look", headers={"X-Caller": "Ann"}).json()
    assert answer == {"text": "Ann asked for /_ah/api/mirror/v1/look from 192.0.2.7"}
