"""The request as code: it runs, and does what the page does."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from tests.e2e.explorer.visitor import Visitor
from tests.e2e.processes import PATIENCE

pytestmark = pytest.mark.e2e

TEXT = 'it\'s "quoted" \\ $HOME `x` ☃\n'


def code(visitor: Visitor, name: str) -> str:
    page = visitor.page
    page.get_by_role("tab", name=name, exact=True).click()
    return page.get_by_role("tabpanel", name=name, exact=True).locator("pre").inner_text()


def run(*command: str, given: str | None = None) -> str:
    done = subprocess.run(  # noqa: S603
        command, input=given, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def multiplied(visitor: Visitor) -> Visitor:
    visitor.method("helloworld", "v1", "greetings.multiply").fill("times", "2")
    visitor.fill("message", TEXT)
    return visitor


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_curl(visitor: Visitor) -> None:
    answered = run("sh", "-c", f"{code(multiplied(visitor), 'curl')} --silent --show-error --fail")
    assert json.loads(answered) == {"message": TEXT * 2}


def test_google_s_client_for_python(visitor: Visitor) -> None:
    answered = run(sys.executable, "-", given=code(multiplied(visitor), "Python"))
    assert ast.literal_eval(answered) == {"message": TEXT * 2}


def test_requests(visitor: Visitor) -> None:
    status, _, text = run(sys.executable, "-", given=code(multiplied(visitor), "requests")).partition(" ")
    assert (status, json.loads(text)) == ("200", {"message": TEXT * 2})


def test_javascript(visitor: Visitor) -> None:
    source = code(multiplied(visitor), "JavaScript").replace("console.log", "return [].concat")
    answered = visitor.page.evaluate(f"async () => {{ {source} }}")
    assert (answered[0], json.loads(answered[1])) == (200, {"message": TEXT * 2})


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("curl", ["words=a&words=b", "kind=RED"]),
        ("Python", ["service.shapes().draw(", "kind='RED'", "words=[", "body={", "'hollow': True"]),
        ("requests", ["'POST'", "kind=RED"]),
        ("JavaScript", ['method: "POST"']),
    ],
)
def test_lists_and_nested_values(visitor: Visitor, name: str, wanted: Sequence[str]) -> None:
    page = visitor.method("shapes", "v2", "shapes.draw").page
    page.get_by_label("kind", exact=True).select_option("RED")
    for index, text in enumerate("ab"):
        page.get_by_role("button", name="Add an item to words").click()
        visitor.fill(f"words[{index}]", text)
    page.get_by_label("hollow", exact=True).select_option("true")
    shown = code(visitor, name).replace('"', "'") if name != "JavaScript" else code(visitor, name)
    assert [each for each in wanted if each not in shown] == []


def test_secrets_are_written_out_only_when_asked_for(visitor: Visitor) -> None:
    page = visitor.method("helloworld", "v1", "greetings.authed").page
    page.get_by_role("button", name="Credentials").first.click()
    visitor.fill("API key", "s3cret-key")
    page.get_by_text("Paste a token").click()
    visitor.fill("Token", "s3cret-token")
    page.get_by_role("button", name="Use this token").click()
    page.get_by_role("button", name="Close").click()
    for name in ("curl", "Python", "requests", "JavaScript"):
        shown = code(visitor, name)
        assert "s3cret" not in shown and "YOUR_TOKEN" in shown and "YOUR_API_KEY" in shown
    page.get_by_label("with my API key and token").check()
    assert "Bearer s3cret-token" in code(visitor, "curl") and "s3cret-key" in code(visitor, "Python")
    page.get_by_role("button", name="a pasted token").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="API key set")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    assert "s3cret-token" not in code(visitor, "curl")
