"""The explorer wherever the application is: mounted, behind proxies, below several base paths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.explorer.conftest import HERE
from tests.e2e.explorer.visitor import visit
from tests.e2e.processes import SERVERS, Server, end, start

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def mounted(provider: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("mounted")
    environment = {"EXPLORED_ISSUER": provider.url, "ENDPOINTS_CONTROL": "off"}
    server = start(SERVERS["gunicorn"], folder / "log", app="explored:placed", cwd=HERE, environment=environment)
    try:
        yield server
    finally:
        end(server)


@pytest.mark.parametrize(
    "page", ["/mounted/_ah/api/explorer", "/proxied/_ah/api/explorer", "/mounted/elsewhere/explorer"]
)
def test_methods_are_called_and_people_sign_in(browser: Browser, mounted: Server, provider: Server, page: str) -> None:
    with visit(browser, mounted.url + page) as visitor:
        visitor.method("aside", "v1", "text").execute()
        expect(visitor.answer.get_by_role("tabpanel")).to_contain_text("from elsewhere")
        visitor.method("helloworld", "v1", "greetings.authed")
        visitor.sign_in("ann")
        visitor.execute()
        expect(visitor.answer.get_by_role("tabpanel")).to_contain_text('"name": "ann"')
        assert visitor.origins == {mounted.url, provider.url}


def test_a_slash_at_the_end(browser: Browser, mounted: Server) -> None:
    with visit(browser, f"{mounted.url}/mounted/_ah/api/explorer/") as visitor:
        visitor.open()
        assert visitor.page.url == f"{mounted.url}/mounted/_ah/api/explorer"
