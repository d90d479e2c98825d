"""The explorer for everyone: by keyboard, on a phone, in the dark, read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.e2e.explorer.visitor import PHONE, WIDE, Visitor, visit
from tests.e2e.processes import Server

pytestmark = pytest.mark.e2e

LOOKS = {
    f"{scheme}-{size}": {"color_scheme": scheme, "viewport": viewport, "has_touch": size == "phone"}
    for scheme in ("light", "dark")
    for size, viewport in (("wide", WIDE), ("phone", PHONE))
}


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def looking(look: str, browser: Browser, explored: Server) -> Iterator[Visitor]:
    options: dict[str, Any] = LOOKS[look]
    with visit(browser, f"{explored.url}/_ah/api/explorer", **options) as someone:
        yield someone


def findings(visitor: Visitor) -> list[str]:
    """What axe calls serious or critical, and what does not fit on the screen."""
    found = Axe().run(visitor.page).response["violations"]
    bad = [each for each in found if each["impact"] in ("serious", "critical")]
    told = [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in bad for node in each["nodes"]]
    return told + ([f"{visitor.overflow()} pixels too wide"] if visitor.overflow() > 0 else [])


def test_home(looking: Visitor, look: str) -> None:
    looking.open()
    expect(looking.page.get_by_role("heading", name="aside")).to_have_count(2 if "wide" in look else 1)
    looking.screenshot(f"home-{look}")
    assert findings(looking) == []


def test_a_method_and_its_answer(looking: Visitor, look: str) -> None:
    page = looking.method("shapes", "v2", "shapes.draw").page
    page.get_by_role("button", name="Add an item to points").click()
    page.get_by_role("button", name="Add parent", exact=True).click()
    page.get_by_text("Standard parameters").click()
    looking.fill("area", "x")
    looking.execute()
    expect(page.locator(".complaints")).to_contain_text("values need a look")
    assert findings(looking) == []
    page.get_by_role("button", name="Send it all the same").click()
    expect(looking.answer.locator(".explained")).to_be_visible()
    looking.screenshot(f"method-{look}", whole=True)
    assert findings(looking) == []


def test_a_good_answer_and_dialogs(looking: Visitor, look: str) -> None:
    page = looking.method("helloworld", "v1", "greetings.multiply").page
    looking.fill("times", "2")
    looking.fill("message", "hello ")
    looking.execute()
    looking.expect_status("200 OK")
    assert findings(looking) == []
    page.get_by_role("button", name="Credentials").first.click()
    looking.screenshot(f"credentials-{look}")
    assert findings(looking) == []
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="History").click()
    assert findings(looking) == []


def test_the_list_of_methods_on_a_phone(browser: Browser, explored: Server) -> None:
    with visit(browser, f"{explored.url}/_ah/api/explorer", viewport=PHONE) as someone:
        page = someone.open().page
        expect(page.get_by_role("navigation")).to_be_hidden()
        page.get_by_role("button", name="Methods").click()
        assert findings(someone) == []
        someone.screenshot("methods-phone")
        page.get_by_role("link", name=re.compile("multiply")).click()
        expect(page.get_by_role("navigation")).to_be_hidden()
        expect(page.locator("h1")).to_have_text("greetings.multiply")
        expect(page.locator("h1")).to_be_focused()


def test_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open().page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the method")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("greetings/")
    expect(page.get_by_role("searchbox")).to_have_value("greetings/")
    page.keyboard.press("Escape")
    page.keyboard.type("greet")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name=re.compile("multiply"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("times", exact=True)).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    expect(page.get_by_role("tab", name="Form")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="JSON")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type('{"message": "hello"}')
    page.keyboard.press("Control+Enter")
    visitor.expect_status("200 OK")
    expect(page.get_by_role("status").filter(has_text="Answer: 200 OK")).to_have_count(1)
    expect(visitor.answer.get_by_role("tabpanel")).to_contain_text("hellohello")


def test_dialogs_keep_and_return_the_focus(visitor: Visitor) -> None:
    page = visitor.open().page
    button = page.get_by_role("button", name="Credentials").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign in with provider")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_what_happens_is_said(visitor: Visitor) -> None:
    page = visitor.method("helloworld", "v1", "greetings.multiply").page
    visitor.execute()
    expect(page.get_by_role("alert").filter(has_text="times is required.")).to_be_visible()
    page.get_by_role("searchbox").fill("shapes")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"^\d+ methods$"))).to_have_count(1)
