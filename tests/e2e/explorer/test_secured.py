"""The secured guestbook, as `make demo-secured` serves it, by way of the explorer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.explorer.visitor import Visitor, visit
from tests.e2e.processes import GUESTBOOK, SERVERS, Server, end, start

pytestmark = pytest.mark.e2e


@pytest.fixture
def guestbook(provider: Server, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("secured")
    environment = {"GUESTBOOK_DB": str(folder / "guestbook.db"), "GUESTBOOK_ISSUER": provider.url}
    server = start(SERVERS["granian"], folder / "log", app="secured:app", cwd=GUESTBOOK, environment=environment)
    try:
        with visit(browser, f"{server.url}/_ah/api/explorer") as someone:
            yield someone
    finally:
        end(server)


def test_greetings_are_signed_and_only_their_author_deletes_them(guestbook: Visitor) -> None:
    page = guestbook.method("guestbook", "v0.2", "greetings.insert").page
    expect(page.locator(".badges")).to_contain_text("sign-in required")
    guestbook.fill("message", "Good morning")
    guestbook.execute()
    guestbook.expect_status("401 Unauthorized")
    guestbook.sign_in("ann")
    guestbook.execute()
    guestbook.expect_status("200 OK")
    written = json.loads(guestbook.answer.locator("pre").inner_text())
    assert (written["author"], written["message"]) == ("ann", "Good morning")

    page.get_by_role("link", name="DELETE delete").click()
    guestbook.fill("id", written["id"])
    page.get_by_role("button", name="ann", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Close").click()
    guestbook.sign_in("ben")
    guestbook.execute()
    guestbook.expect_status("403 Forbidden")
    expect(guestbook.answer.locator(".explained")).to_contain_text("You may not do this.")
    expect(guestbook.answer.locator(".message")).to_contain_text("was written by somebody else")
