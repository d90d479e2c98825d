"""Somebody at a browser who looks at an explorer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from tests.docs.test_programs import ROOT

SCREENSHOTS = ROOT / "build" / "screenshots"
WIDE = {"width": 1360, "height": 900}
PHONE = {"width": 360, "height": 740}
# What the browser says of answers that are errors, and says of no page of its own.
_USUAL = ("Failed to load resource: the server responded", "Failed to load resource: net::ERR_")


@dataclass
class Visitor:
    """A page of the explorer, with a record of what must not happen on it.

    Attributes:
        page: the tab.
        origins: what the page has asked, by scheme, host and port.
        wrongs: what the browser complains about, violations of the security policy among it.
    """

    page: Page
    url: str
    origins: set[str] = field(default_factory=set)
    wrongs: list[str] = field(default_factory=list)

    def open(self, hash_: str = "") -> Visitor:
        """Open the explorer, or another address within it, and wait until it stands."""
        self.page.goto(f"{self.url}{hash_}")
        expect(self.page.locator("main h1")).to_be_visible()
        return self

    def method(self, api: str, version: str, name: str) -> Visitor:
        self.open(f"#/{api}/{version}/{name}")
        expect(self.page.locator("h1")).to_have_text(name)
        return self

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def execute(self) -> Locator:
        """Send the request; returns where the answer appears."""
        self.page.get_by_role("button", name="Execute").click()
        return self.answer

    @property
    def answer(self) -> Locator:
        return self.page.locator(".answer")

    @property
    def body(self) -> str:
        """The request body as it would be sent."""
        return self.page.get_by_label("Request body as JSON").input_value()

    def expect_status(self, status: str) -> None:
        expect(self.answer.locator(".status strong")).to_have_text(status)

    def sign_in(self, person: str) -> None:
        page = self.page
        page.get_by_role("button", name="Credentials").first.click()
        with page.expect_popup() as opened:
            page.get_by_role("button", name="Sign in with provider").click()
        opened.value.locator(f"button[value={person}]").click()
        expect(page.locator("dialog .person")).to_be_visible()
        page.get_by_role("button", name="Close").click()

    def screenshot(self, name: str, *, whole: bool = False) -> Path:
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=whole)
        return path

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen."""
        found: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return found


@contextmanager
def visit(browser: Browser, url: str, **options: Any) -> Iterator[Visitor]:
    """A visitor with a new browser profile; options are those of `Browser.new_context`."""
    context = browser.new_context(**{"viewport": WIDE, "permissions": ["clipboard-read", "clipboard-write"], **options})
    context.set_default_timeout(15_000)
    context.route(lambda address: urlsplit(address).hostname != "localhost", _nowhere)
    context.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => "
        "console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`))"
    )
    visitor = Visitor(context.new_page(), url)
    visitor.page.on("request", lambda request: visitor.origins.add(_origin(request.url)))
    visitor.page.on("pageerror", lambda error: visitor.wrongs.append(str(error)))
    visitor.page.on("console", lambda message: _hear(visitor, message))
    try:
        yield visitor
    finally:
        context.close()
    assert visitor.wrongs == []


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _hear(visitor: Visitor, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning") and not message.text.startswith(_USUAL):
        visitor.wrongs.append(message.text)


def _nowhere(route: Route) -> None:
    """The provider's page asks for fonts of other sites, which are not to be had here."""
    route.abort()
