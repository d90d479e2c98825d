"""Forms made from schemas, and the JSON that stays in step with them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.explorer.visitor import Visitor

pytestmark = pytest.mark.e2e

DRAW = ("shapes", "v2", "shapes.draw")


@pytest.fixture
def draw(visitor: Visitor) -> Visitor:
    return visitor.method(*DRAW)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def write_json(visitor: Visitor, value: Any) -> None:
    body = visitor.page.get_by_role("group").or_(visitor.page.locator("form"))
    body.get_by_role("tab", name="JSON").first.click()
    visitor.fill("Request body as JSON", value if isinstance(value, str) else json.dumps(value))


def test_nested_and_repeated_fields_become_json(draw: Visitor) -> None:
    page = draw.page
    page.get_by_label("kind", exact=True).select_option("RED")
    draw.fill("name", "square")
    page.get_by_label("color", exact=True).select_option("RED")
    press(page, "Add an item to points")
    draw.fill("points[0].x", "1.5")
    press(page, "Add an item to points[0].tags")
    draw.fill("points[0].tags[0]", "corner")
    press(page, "Add an item to points")
    draw.fill("points[1].x", "-2")
    press(page, "Add parent")
    draw.fill("parent.name", "polygon")
    press(page, "Add parent.parent")
    draw.fill("parent.parent.name", "shape")
    draw.fill("area", "9223372036854775807")
    draw.fill("sides", "4")
    page.get_by_label("hollow", exact=True).select_option("false")
    draw.fill("drawn", "2024-05-31T12:00:00Z")
    page.get_by_label("file for picture").set_input_files(
        {"name": "p", "mimeType": "image/png", "buffer": b"\x00\xffpng"}
    )
    expect(page.get_by_label("picture", exact=True)).to_have_value("AP9wbmc=")
    press(page, "Add an item to levels")
    draw.fill("levels[0]", "-9223372036854775808")
    draw.fill("weight", "18446744073709551615")
    draw.screenshot("forms", whole=True)
    sent = {
        "name": "square",
        "color": "RED",
        "points": [{"x": 1.5, "tags": ["corner"]}, {"x": -2}],
        "parent": {"name": "polygon", "parent": {"name": "shape"}},
        "area": "9223372036854775807",
        "sides": 4,
        "hollow": False,
        "drawn": "2024-05-31T12:00:00Z",
        "picture": "AP9wbmc=",
        "levels": ["-9223372036854775808"],
        "weight": "18446744073709551615",
    }
    assert json.loads(draw.body) == sent
    draw.execute()
    draw.expect_status("200 OK")
    answered = json.loads(draw.answer.get_by_role("tabpanel").locator("pre").inner_text())
    assert answered.pop("drawn").startswith("2024-05-31T12:00:00")
    assert answered["points"][1]["x"] == -2.0 and answered["parent"]["parent"]["name"] == "shape"
    assert {name: answered[name] for name in ("area", "levels", "weight", "picture")} == {
        name: sent[name] for name in ("area", "levels", "weight", "picture")
    }


def test_json_fills_the_form(draw: Visitor) -> None:
    page = draw.page
    write_json(
        draw, {"name": "x", "points": [{"x": 1}, {"x": 2, "tags": ["a", "b"]}], "parent": {"name": "p"}, "odd": 1}
    )
    page.get_by_role("tab", name="Form").click()
    expect(page.get_by_label("points[1].tags[1]", exact=True)).to_have_value("b")
    expect(page.get_by_label("parent.name", exact=True)).to_have_value("p")
    expect(page.get_by_text("Sent as well, though the form does not know it: odd.")).to_be_visible()
    draw.fill("name", "y")
    assert json.loads(draw.body) == {
        "name": "y",
        "points": [{"x": 1}, {"x": 2, "tags": ["a", "b"]}],
        "parent": {"name": "p"},
        "odd": 1,
    }


def test_items_are_removed_from_the_middle(draw: Visitor) -> None:
    page = draw.page
    for index, text in enumerate(("one", "two", "three")):
        press(page, "Add an item to words")
        draw.fill(f"words[{index}]", text)
    press(page, "Remove words[1]")
    expect(page.get_by_role("button", name="Add an item to words")).to_be_focused()
    expect(page.get_by_label("words[1]", exact=True)).to_have_value("three")
    press(page, "Add parent")
    press(page, "Remove parent")
    page.get_by_label("kind", exact=True).select_option("GREEN")
    draw.fill("name", "x")
    with page.expect_request("**/shapes?*") as sent:
        draw.execute()
    assert sent.value.url.partition("?")[2] == "kind=GREEN&words=one&words=three"
    assert json.loads(sent.value.post_data or "") == {"name": "x"}


@pytest.mark.parametrize(
    ("label", "value", "complaint"),
    [
        ("area", "9223372036854775808", "must be between -9223372036854775808 and 9223372036854775807"),
        ("area", "1.5", "must be a whole number"),
        ("weight", "-1", "must be between 0 and 18446744073709551615"),
        ("sides", "2147483648", "must be between -2147483648 and 2147483647"),
        ("drawn", "yesterday", "must be a date and time"),
        ("drawn", "2024-13-01T00:00:00Z", "must be a date and time"),
        ("picture", "###", "must be base64"),
        ("since", "2024-05-31", "must be a date and time"),
        ("name", "", "is required"),
    ],
)
def test_what_the_server_would_refuse_is_said_beside_the_field(
    draw: Visitor, label: str, value: str, complaint: str
) -> None:
    page = draw.page
    page.get_by_label("kind", exact=True).select_option("RED")
    draw.fill("name", "x")
    draw.fill(label, value)
    draw.execute()
    field = page.get_by_label(label, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    described = (field.get_attribute("aria-describedby") or "").split()
    expect(page.locator(f"#{described[-1]}")).to_contain_text(complaint)
    expect(draw.answer).to_contain_text("Nothing has been sent yet.")
    draw.fill(label, "2024-05-31T12:00:00+02:00" if label in ("drawn", "since") else "1234")
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_dates_are_picked(draw: Visitor) -> None:
    draw.fill("pick drawn", "2024-05-31T12:00:01")
    value = draw.page.get_by_label("drawn", exact=True).input_value()
    assert value.startswith("2024-05-31T12:00:01") and value != "2024-05-31T12:00:01"
    press(draw.page, "since: now")
    assert draw.page.get_by_label("since", exact=True).input_value().startswith("20")


def test_defaults_are_shown_and_not_sent(draw: Visitor) -> None:
    page = draw.page
    assert page.get_by_label("sides", exact=True).get_attribute("placeholder") == "4"
    expect(page.get_by_label("color", exact=True).locator("option").first).to_have_text("not sent (default: GREEN)")
    expect(page.get_by_text("Default: 10")).to_be_visible()
    assert json.loads(draw.body) == {}


@pytest.mark.parametrize("text", ["{", '{"name": 1,}', "[]", "null", "7"])
def test_json_that_is_none_is_pointed_out(draw: Visitor, text: str) -> None:
    draw.page.get_by_label("kind", exact=True).select_option("RED")
    write_json(draw, text)
    draw.execute()
    expect(draw.page.locator(".complaints")).to_contain_text("The body cannot be read")
    draw.page.get_by_role("button", name="Send it all the same").click()
    draw.expect_status("400 Bad Request")


@pytest.mark.parametrize(
    "value", [{"points": 1}, {"parent": [1]}, {"sides": "x"}, {"name": {"a": 1}}, {"levels": [{}]}], ids=str
)
def test_json_of_another_shape_is_kept_as_it_is(draw: Visitor, value: dict[str, Any]) -> None:
    draw.page.get_by_label("kind", exact=True).select_option("RED")
    write_json(draw, value)
    draw.page.get_by_role("tab", name="Form").click()
    draw.page.get_by_label("hollow", exact=True).select_option("true")
    assert json.loads(draw.body) == {**value, "hollow": True}


@pytest.mark.parametrize("text", ["%2F", "ä ☃", "a&b=c;d", "$&"], ids=repr)
def test_texts_in_paths_and_queries_arrive_as_they_were_typed(visitor: Visitor, text: str) -> None:
    visitor.method("shapes", "v2", "shapes.get").fill("id", text)
    press(visitor.page, "Add an item to q")
    visitor.fill("q[0]", f"{text}/?#[")
    visitor.execute()
    visitor.expect_status("200 OK")
    assert json.loads(visitor.answer.locator("pre").inner_text()) == {"id": text, "q": [f"{text}/?#["]}


@pytest.mark.parametrize("text", ["..", ".", ""])
def test_a_path_never_leads_to_another_method(visitor: Visitor, text: str) -> None:
    sent: list[str] = []
    page = visitor.method("shapes", "v2", "shapes.get").page
    page.on("request", lambda request: sent.append(request.url))
    visitor.fill("id", text)
    visitor.execute()
    expect(page.get_by_role("alert").filter(has_text="id ")).to_be_visible()
    expect(page.get_by_label("id", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="Send it all the same")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    visitor.fill("id", "...")
    visitor.execute()
    visitor.expect_status("200 OK")
    assert [url.rpartition("/")[2] for url in sent] == ["..."]


def test_standard_parameters_are_folded_away(visitor: Visitor) -> None:
    page = visitor.method("helloworld", "v1", "greetings.multiply").page
    expect(page.get_by_label("quotaUser", exact=True)).to_be_hidden()
    page.get_by_text("Standard parameters").click()
    visitor.fill("fields", "message")
    visitor.fill("times", "1")
    page.get_by_label("prettyPrint", exact=True).select_option("true")
    with page.expect_request("**/hellogreeting/1?*") as sent:
        visitor.execute()
    assert sent.value.url.partition("?")[2] == "fields=message&prettyPrint=true"


def test_numbers_keep_their_digits(draw: Visitor) -> None:
    numbers = '{"area": 9007199254740993, "levels": [-9223372036854775808], "points": [{"x": 1e400}], "odd": 1%s}' % (
        "0" * 24
    )
    write_json(draw, numbers)
    draw.page.get_by_role("tab", name="Form").first.click()
    expect(draw.page.get_by_label("area", exact=True)).to_have_value("9007199254740993")
    draw.fill("name", "square")
    for digits in ("9007199254740993", "-9223372036854775808", "1e400", "1" + "0" * 24):
        assert re.search(rf"[ \[]{digits}\b", draw.body), draw.body
    draw.page.get_by_role("tab", name="Python").click()
    code = draw.page.get_by_role("region", name="Request as code")
    expect(code.get_by_role("tabpanel")).to_contain_text('"area": 9007199254740993,')


@pytest.mark.parametrize("text", ["12345678901234567890123", "[12345678901234567890123]", "1e999"])
def test_large_numbers_are_no_objects(draw: Visitor, text: str) -> None:
    write_json(draw, text)
    expect(draw.page.get_by_text("The body must be a JSON object.")).to_be_visible()
    write_json(draw, f'{{"parent": {text}, "points": {text}, "name": {text}}}')
    draw.page.get_by_role("tab", name="Form").first.click()
    expect(draw.page.get_by_text("parent must be an object.")).to_be_visible()
    draw.fill("area", "1")
    assert json.loads(draw.body)["parent"] == json.loads(text)


def test_reset(draw: Visitor) -> None:
    page = draw.page
    draw.fill("name", "x")
    press(page, "Add parent")
    press(page, "Add an item to words")
    press(page, "Reset")
    expect(page.get_by_label("name", exact=True)).to_have_value("")
    expect(page.get_by_label("words[0]", exact=True)).to_have_count(0)
    assert json.loads(draw.body) == {}
