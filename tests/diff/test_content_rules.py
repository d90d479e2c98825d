"""Bodies of requests and answers: what changes in a document, and what is said of it in either direction."""

from __future__ import annotations

import pytest

from tests.diff.edits import EMPTY, GET, POST, PUT, Edit, adding, check, listing, methods, properties, setting

ROWS = [
    pytest.param(
        "openapi3",
        None,
        lambda d: setting(d).pop("requestBody"),
        [f"body-removed | {PUT}, body | removed, was Settings"],
        [f"required-body-added | {PUT}, body | added, Settings"],
        id="body",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: listing(d).update(requestBody={**adding(d)["requestBody"], "required": False}),
        [f"optional-body-added | {GET}, body | added, Item"],
        [f"body-removed | {GET}, body | removed, was Item"],
        id="optional body",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["add"].pop("request"),
        [f"body-removed | {POST}, body | removed, was Item"],
        [f"required-body-added | {POST}, body | added, Item"],
        id="body of a method",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: adding(d)["parameters"][0].update(required=False),
        [f"body-now-optional | {POST}, body | required -> optional"],
        [f"body-now-required | {POST}, body | optional -> required"],
        id="body required",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: setting(d).update(consumes=["application/xml"]),
        [
            f"media-type-removed | {PUT}, body | application/json removed",
            f"media-type-added | {PUT}, body | application/xml added",
        ],
        [
            f"media-type-removed | {PUT}, body | application/xml removed",
            f"media-type-added | {PUT}, body | application/json added",
        ],
        id="media type of bodies",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: adding(d).update(produces=["application/json; charset=utf-8", "text/csv"]),
        [f"media-type-added | {POST}, answer 200 | text/csv added"],
        [f"media-type-removed | {POST}, answer 200 | text/csv removed"],
        id="one more media type of answers",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: adding(d).update(responses={"204": EMPTY}),
        [f"answer-body-removed | {POST}, answer 200 | Item -> 204, empty"],
        [f"answer-body-added | {POST}, answer 204 | empty -> 200, Item"],
        id="nothing answered",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["add"].pop("response"),
        [f"answer-body-removed | {POST}, answer 200 | Item -> empty"],
        [f"answer-body-added | {POST}, answer 200 | empty -> Item"],
        id="nothing answered by a method",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: adding(d)["responses"].update({"201": adding(d)["responses"].pop("200")}),
        [f"answer-added | {POST}, answer 200 | is 201 now"],
        [f"answer-added | {POST}, answer 201 | is 200 now"],
        id="status",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: adding(d)["responses"].update({"202": EMPTY}),
        [f"answer-added | {POST}, answer 202 | added"],
        [f"answer-removed | {POST}, answer 202 | removed"],
        id="one more status",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: setting(d).update(responses={"200": EMPTY}),
        [f"empty-status-changed | {PUT}, answer 204 | is 200 now"],
        [f"empty-status-changed | {PUT}, answer 200 | is 204 now"],
        id="status of an empty answer",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: listing(d)["responses"].pop("4XX"),
        [f"error-removed | {GET}, answer 4xx | removed"],
        [f"error-added | {GET}, answer 4xx | added"],
        id="error",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: properties(d, "Error").pop("code"),
        ["property-removed | Error.code | removed, was integer"],
        ["property-added | Error.code | added, integer"],
        id="property of an error",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: adding(d)["responses"]["200"].update(description="The item."),
        [f"operation-text-changed | {POST}, answer 200 | description changed"],
        [f"operation-text-changed | {POST}, answer 200 | description changed"],
        id="description of an answer",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: setting(d)["requestBody"].update(content={}),
        [f"body-removed | {PUT}, body | removed, was Settings"],
        [f"required-body-added | {PUT}, body | added, Settings"],
        id="body of no type",
    ),
]


@pytest.mark.parametrize(("name", "both", "edit", "there", "back"), ROWS)
def test_rule(name: str, both: Edit | None, edit: Edit, there: list[str], back: list[str]) -> None:
    check(name, both, edit, there, back)
