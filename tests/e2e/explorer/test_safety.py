"""What servers, callers and issuers say stays a text, and what people type stays in the page."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.explorer.explored import HOSTILE
from tests.e2e.explorer.visitor import Visitor, visit
from tests.e2e.processes import Server

pytestmark = pytest.mark.e2e


def nothing_ran(visitor: Visitor) -> bool:
    return visitor.page.evaluate("window.broken") is None and visitor.page.locator("main img").count() == 0


def test_hostile_texts_of_documents_and_answers_stay_texts(visitor: Visitor) -> None:
    page = visitor.open().page
    expect(page.get_by_text(f"Odd {HOSTILE}")).to_be_visible()
    assert page.locator("a[href^='javascript']").count() == 0
    visitor.method("shapes", "v2", "shapes.get")
    expect(page.get_by_text("Look <img src=x onerror=\"window.broken='yes'\"> there.")).to_be_visible()
    visitor.method("shapes", "v2", "hostile.read").execute()
    visitor.expect_status("200 OK")
    assert json.loads(visitor.answer.locator("pre").inner_text()) == {"message": HOSTILE}
    visitor.method("shapes", "v2", "hostile.remove").execute()
    visitor.expect_status("409 Conflict")
    expect(visitor.answer.locator(".message")).to_have_text(HOSTILE)
    assert nothing_ran(visitor)


@pytest.mark.parametrize(
    "answer",
    ["[" * 100_000 + "]" * 100_000, f"[{'0,' * 190_000}0]", '{"a":' * 20_000 + "0" + "}" * 20_000],
    ids=["deep", "wide", "deep objects"],
)
def test_an_answer_of_an_odd_shape_is_shown(visitor: Visitor, answer: str) -> None:
    visitor.method("shapes", "v2", "hostile.read")
    visitor.page.route("**/hostile", lambda route: route.fulfill(body=answer, content_type="application/json"))
    visitor.execute()
    visitor.expect_status("200 OK")
    visitor.answer.get_by_role("tab", name="Headers").click()
    expect(visitor.answer.get_by_role("row", name="content-type application/json")).to_have_count(1)


@pytest.mark.parametrize(
    "hash_", [f"#/{HOSTILE}", f"#/shapes/v2/shapes.get?id={HOSTILE}", "#/%/%/%", "#/a/b/c?$body=%"]
)
def test_hostile_addresses(visitor: Visitor, explored: Server, hash_: str) -> None:
    visitor.page.goto(f"{explored.url}/_ah/api/explorer{hash_}")
    expect(visitor.page.locator("#side h2").first).to_be_visible()
    assert nothing_ran(visitor)


def test_markup_cannot_be_written_into_the_page(visitor: Visitor) -> None:
    page = visitor.open().page
    refused = page.evaluate(
        """async () => {
          const refused = [];
          addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
          const add = (tag, members) => document.head.append(Object.assign(document.createElement(tag), members));
          try { document.body.innerHTML = "<b>x</b>"; } catch {}
          add("style", {textContent: "* { color: red }"});
          try { add("script", {textContent: "window.broken = 'yes'"}); } catch {}
          try { await fetch("http://localhost:1/elsewhere"); } catch {}
          await new Promise((resolve) => setTimeout(resolve, 100));
          return refused;
        }"""
    )
    assert {"require-trusted-types-for", "style-src-elem", "connect-src"} <= set(refused)
    assert nothing_ran(visitor)
    visitor.wrongs.clear()


def test_it_cannot_be_framed(browser: Browser, explored: Server) -> None:
    with visit(browser, explored.url) as someone:
        someone.page.route("https://apis.google.com/**", lambda route: route.fulfill(body=""))
        someone.page.goto(f"{explored.url}/_ah/api/static/proxy.html")
        with someone.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            someone.page.evaluate(
                "() => document.body.append(Object.assign(document.createElement('iframe'), {src: '../explorer'}))"
            )
        assert someone.page.frame_locator("iframe").locator("#side").count() == 0
        someone.wrongs.clear()


def test_credentials_are_stored_nowhere_and_gone_when_the_page_is(visitor: Visitor) -> None:
    page = visitor.method("helloworld", "v1", "greetings.authed").page
    visitor.sign_in("ann")
    page.get_by_role("button", name="ann").first.click()
    visitor.fill("API key", "s3cret-key")
    page.get_by_role("button", name="Close").click()
    visitor.execute()
    visitor.expect_status("200 OK")
    kept = "JSON.stringify([localStorage, sessionStorage, document.cookie, location.href, history.state])"
    assert page.evaluate(kept) == f'[{{}},{{}},"",{json.dumps(page.url)},null]'
    assert page.evaluate("indexedDB.databases()") == []
    page.reload()
    expect(page.get_by_role("button", name="Credentials").first).to_be_visible()
    visitor.execute()
    visitor.expect_status("401 Unauthorized")


def forged(visitor: Visitor, provider: Server, change: dict[str, str]) -> None:
    """Let the issuer's answer be other than what it was asked for."""

    def answer(route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        said = {"code": "made-up", "state": asked["state"][0], **change}
        query = "&".join(f"{name}={value}" for name, value in said.items())
        route.fulfill(status=302, headers={"Location": f"{asked['redirect_uri'][0]}?{query}"})

    visitor.page.context.route(f"{provider.url}/authorize*", answer)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "has refused"),
        ({"error": "access_denied", "error_description": "Not today"}, "Not today"),
        ({"iss": "https://stranger.example"}, "Somebody else than the issuer has answered."),
        ({"iss": "https://stranger.example", "error": "x"}, "Somebody else than the issuer has answered."),
        ({"code": ""}, "The issuer has sent no code."),
    ],
    ids=["a code of nobody", "refused", "another issuer", "refused by another issuer", "no code"],
)
def test_an_issuer_that_does_not_let_people_in(
    visitor: Visitor, provider: Server, change: dict[str, str], said: str
) -> None:
    page = visitor.method("helloworld", "v1", "greetings.authed").page
    forged(visitor, provider, change)
    page.get_by_role("button", name="Credentials").first.click()
    page.get_by_role("button", name="Sign in with provider").click()
    expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with provider")).to_be_visible()


def test_an_issuer_that_promises_its_name_and_does_not_tell_it(visitor: Visitor, provider: Server) -> None:
    page = visitor.method("helloworld", "v1", "greetings.authed").page
    forged(visitor, provider, {})
    said = {"issuer": provider.url, "authorization_response_iss_parameter_supported": True}
    addresses = {"authorization_endpoint": f"{provider.url}/authorize", "token_endpoint": f"{provider.url}/token"}
    page.context.route(
        f"{provider.url}/.well-known/openid-configuration",
        lambda route: route.fulfill(json={**said, **addresses}, headers={"Access-Control-Allow-Origin": "*"}),
    )
    page.get_by_role("button", name="Credentials").first.click()
    page.get_by_role("button", name="Sign in with provider").click()
    expect(page.get_by_role("alert").filter(has_text="Somebody else than the issuer")).to_be_visible()


def test_an_answer_to_another_question_is_not_taken(visitor: Visitor, provider: Server, explored: Server) -> None:
    page = visitor.method("helloworld", "v1", "greetings.authed").page
    forged(visitor, provider, {"state": "of-somebody-else"})
    page.get_by_role("button", name="Credentials").first.click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with provider").click()
    expect(opened.value.get_by_role("status")).to_contain_text("No explorer is waiting for this.")
    assert opened.value.url == f"{explored.url}/_ah/api/explorer/callback"
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()


@pytest.mark.parametrize("claim", ["nonce", "aud", "iss"])
def test_an_id_token_of_another_sign_in_is_not_taken(visitor: Visitor, provider: Server, claim: str) -> None:
    page = visitor.method("helloworld", "v1", "greetings.authed").page
    page.context.route(
        f"{provider.url}/token",
        lambda route: route.fulfill(
            json={
                "access_token": "a",
                "id_token": "e30." + token({"iss": provider.url, "aud": "guestbook-web"}, claim),
            },
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    page.get_by_role("button", name="Credentials").first.click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in with provider").click()
    opened.value.locator("button[value=ann]").click()
    expect(page.get_by_role("alert").filter(has_text="The ID token")).to_be_visible()


def token(claims: dict[str, str], wrong: str) -> str:
    content = json.dumps({**claims, wrong: "something else"}).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode() + ".x"
