"""What a person does on the API Explorer: find a method, fill it in, run it, sign in, look at what comes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.explorer.visitor import Visitor
from tests.e2e.processes import Server

pytestmark = pytest.mark.e2e

MULTIPLY = ("helloworld", "v1", "greetings.multiply")
AUTHED = ("helloworld", "v1", "greetings.authed")


def test_greetings_multiply_from_the_search_to_the_answer(visitor: Visitor) -> None:
    page = visitor.open().page
    page.get_by_role("searchbox", name="Find a method").fill("multiply")
    page.get_by_role("link", name=re.compile(r"greetings\.multiply")).click()
    visitor.fill("times", "3")
    visitor.fill("message", "hello ")
    visitor.execute()
    visitor.expect_status("200 OK")
    expect(visitor.answer.get_by_role("tabpanel")).to_contain_text('"message": "hello hello hello "')
    expect(visitor.answer.locator(".status")).to_contain_text(re.compile(r"\d+ ms.*\d+ bytes"))
    visitor.answer.get_by_role("tab", name="Headers").click()
    expect(visitor.answer.get_by_role("row", name="content-type application/json")).to_have_count(1)
    visitor.screenshot("200")


def test_a_wrong_value_is_pointed_out_and_can_be_sent_all_the_same(visitor: Visitor) -> None:
    page = visitor.method(*MULTIPLY).page
    visitor.fill("times", "often")
    visitor.execute()
    expect(page.locator(".complaints")).to_contain_text("times must be a whole number")
    expect(page.get_by_label("times", exact=True)).to_be_focused()
    expect(page.get_by_label("times", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Send it all the same").click()
    visitor.expect_status("400 Bad Request")
    explained = visitor.answer.locator(".explained")
    expect(explained).to_contain_text("The request is not what the method expects.")
    expect(explained).to_contain_text("times")
    visitor.screenshot("400")


def test_what_the_method_itself_refuses(visitor: Visitor) -> None:
    visitor.method(*MULTIPLY).fill("times", "101")
    visitor.execute()
    visitor.expect_status("400 Bad Request")
    expect(visitor.answer.locator(".message")).to_have_text("That is too often")
    expect(visitor.answer.locator(".explained dd").first).to_have_text("badRequest")


def test_signing_in(visitor: Visitor, explored: Server, provider: Server) -> None:
    page = visitor.method(*AUTHED).page
    visitor.execute()
    visitor.expect_status("401 Unauthorized")
    expect(visitor.answer.locator(".explained")).to_contain_text("No token was sent.")
    visitor.screenshot("401")
    visitor.answer.get_by_role("button", name="Sign in").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with provider").click()
    window = opened.value
    window.wait_for_url(f"{provider.url}/**")
    assert {"code_challenge_method=S256", "response_type=code"} < set(window.url.partition("?")[2].split("&"))
    window.locator("button[value=ann]").click()
    expect(page.get_by_role("dialog", name="Credentials")).to_contain_text("Calling as ann, signed in with provider.")
    assert window.is_closed()
    visitor.screenshot("signed-in")
    page.get_by_role("button", name="Close").click()
    visitor.execute()
    visitor.expect_status("200 OK")
    expect(visitor.answer.get_by_role("tabpanel")).to_contain_text('"name": "ann"')
    assert visitor.origins == {explored.url, provider.url}


def test_signing_in_where_the_server_knows_a_secret(visitor: Visitor, explored: Server, provider: Server) -> None:
    page = visitor.method(*AUTHED).page
    page.get_by_role("button", name="Credentials").first.click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with vault").click()
    opened.value.locator("button[value=ben]").click()
    expect(page.get_by_role("dialog", name="Credentials")).to_contain_text("Calling as ben, signed in with vault.")
    assert f"{explored.url}/_ah/api/explorer/token" in asked and f"{provider.url}/token" not in asked


def test_the_id_token_counts_as_well_and_who_signs_out_is_nobody(visitor: Visitor) -> None:
    page = visitor.method(*AUTHED).page
    visitor.sign_in("ben")
    page.get_by_role("button", name="ben").click()
    page.get_by_label("Send the").select_option("id_token")
    page.get_by_role("button", name="Close").click()
    visitor.execute()
    expect(visitor.answer.get_by_role("tabpanel")).to_contain_text('"name": "ben')
    page.get_by_role("button", name="ben").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Close").click()
    visitor.execute()
    visitor.expect_status("401 Unauthorized")


def test_a_pasted_token(visitor: Visitor) -> None:
    page = visitor.method(*AUTHED).page
    page.get_by_role("button", name="Credentials").first.click()
    page.get_by_text("Paste a token").click()
    visitor.fill("Token", "Bearer two words")
    page.get_by_role("button", name="Use this token").click()
    expect(page.get_by_role("alert").filter(has_text="one word")).to_be_visible()
    visitor.fill("Token", "Bearer made.up.token")
    page.get_by_role("button", name="Use this token").click()
    page.get_by_role("button", name="Close").click()
    visitor.execute()
    visitor.expect_status("401 Unauthorized")
    expect(visitor.answer.locator(".explained")).to_contain_text("The token was sent, and was not accepted.")


def test_signing_in_can_be_cancelled(visitor: Visitor) -> None:
    page = visitor.method(*AUTHED).page
    page.get_by_role("button", name="Credentials").first.click()
    page.get_by_role("button", name="Sign in with provider").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert").filter(has_text="cancelled")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with provider")).to_be_focused()


def test_an_api_key(visitor: Visitor) -> None:
    page = visitor.method("shapes", "v2", "counted").page
    expect(page.locator(".caller")).to_contain_text("No API key is set.")
    visitor.execute()
    visitor.expect_status("401 Unauthorized")
    visitor.answer.get_by_role("button", name="Set the API key").click()
    visitor.fill("API key", "no-key-of-ours")
    page.get_by_role("button", name="Close").click()
    with page.expect_request("**/counted") as sent:
        visitor.execute()
    assert sent.value.headers["x-api-key"] == "no-key-of-ours"
    visitor.expect_status("400 Bad Request")


def test_an_api_key_that_no_header_can_hold(visitor: Visitor) -> None:
    page = visitor.method("shapes", "v2", "counted").page
    page.get_by_role("button", name="Credentials").first.click()
    visitor.fill("API key", "\u043a\u043b\u044e\u0447")
    page.get_by_role("button", name="Close").click()
    visitor.execute()
    expect(visitor.answer).to_contain_text("Browsers cannot send this: ")


def test_history_brings_a_request_back(visitor: Visitor) -> None:
    page = visitor.method(*MULTIPLY).page
    visitor.fill("times", "2")
    visitor.fill("message", "again")
    visitor.execute()
    visitor.expect_status("200 OK")
    visitor.fill("times", "7")
    visitor.fill("message", "other")
    page.get_by_role("button", name="History").click()
    page.get_by_role("link", name=re.compile("times=2")).click()
    expect(page.get_by_label("times", exact=True)).to_have_value("2")
    expect(page.get_by_label("message", exact=True)).to_have_value("again")


def test_a_link_carries_what_was_filled_in_and_no_credentials(visitor: Visitor) -> None:
    page = visitor.method(*MULTIPLY).page
    page.get_by_role("button", name="Credentials").first.click()
    visitor.fill("API key", "s3cret")
    page.get_by_role("button", name="Close").click()
    visitor.fill("times", "4")
    visitor.fill("message", "a & b = ☃")
    page.get_by_role("button", name="Copy link").click()
    address = page.evaluate("navigator.clipboard.readText()")
    assert "s3cret" not in address
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label("times", exact=True)).to_have_value("4")
    expect(page.get_by_label("message", exact=True)).to_have_value("a & b = ☃")


def test_an_api_below_another_base_path(visitor: Visitor, explored: Server) -> None:
    visitor.method("aside", "v1", "text").execute()
    expect(visitor.answer.get_by_role("tabpanel")).to_contain_text("from elsewhere")
    visitor.page.goto(f"{explored.url}/elsewhere/explorer#/helloworld/v1/greetings.multiply")
    visitor.fill("times", "1")
    visitor.fill("message", "from here")
    visitor.execute()
    expect(visitor.answer.get_by_role("tabpanel")).to_contain_text("from here")


def test_an_empty_answer(visitor: Visitor) -> None:
    visitor.method("shapes", "v2", "nothing").execute()
    visitor.expect_status("204 No Content")
    expect(visitor.answer).to_contain_text("The answer is empty.")


def test_nothing_is_answered_when_the_server_is_gone(visitor: Visitor) -> None:
    page = visitor.method(*MULTIPLY).page
    page.route("**/hellogreeting/**", lambda route: route.abort("connectionrefused"))
    visitor.fill("times", "1")
    visitor.execute()
    visitor.expect_status("No answer")
    expect(visitor.answer).to_contain_text("The server cannot be reached")
