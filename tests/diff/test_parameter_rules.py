"""Parameters: what changes in a document, and what is said of it in either direction."""

from __future__ import annotations

import pytest

from tests.diff.edits import DELETE, GET, Edit, check, listing, methods, move, parameter
from tests.diff.shop import ITEM

ROWS = [
    pytest.param(
        "openapi2",
        None,
        lambda d: listing(d)["parameters"].pop(1),
        [f"parameter-removed | {GET}, query parameter limit | removed"],
        [f"optional-parameter-added | {GET}, query parameter limit | added, optional, integer (int32)"],
        id="optional parameter",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["list"]["parameters"].pop("q"),
        [f"parameter-removed | {GET}, query parameter q | removed"],
        [f"required-parameter-added | {GET}, query parameter q | added, required, string"],
        id="required parameter",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: move(d, ITEM, "/shop/v2/items/{key}")["delete"]["parameters"][0].update(name="key"),
        [f"parameter-renamed | {DELETE}, path parameter id | renamed to key"],
        ["parameter-renamed | DELETE /api/shop/v2/items/{key}, path parameter key | renamed to id"],
        id="parameter of the path",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: parameter(d, "q").update({"in": "header"}),
        [f"parameter-moved | {GET}, query parameter q | moved to the header"],
        [f"parameter-moved | {GET}, header parameter q | moved to the query"],
        id="place of a parameter",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: parameter(d, "limit").update(required=True),
        [f"parameter-now-required | {GET}, query parameter limit | optional -> required"],
        [f"parameter-now-optional | {GET}, query parameter limit | required -> optional"],
        id="required",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["list"]["parameters"]["limit"].update(required=True),
        [f"parameter-now-required | {GET}, query parameter limit | optional -> required"],
        [f"parameter-now-optional | {GET}, query parameter limit | required -> optional"],
        id="required in a method",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: parameter(d, "tag").update(collectionFormat="csv"),
        [f"parameter-style-changed | {GET}, query parameter tag | lists written as multi -> csv"],
        [f"parameter-style-changed | {GET}, query parameter tag | lists written as csv -> multi"],
        id="way to write lists",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: parameter(d, "tag").update(explode=False),
        [f"parameter-style-changed | {GET}, query parameter tag | lists written as multi -> csv"],
        [f"parameter-style-changed | {GET}, query parameter tag | lists written as csv -> multi"],
        id="exploded lists",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["list"]["parameters"]["tag"].pop("repeated"),
        [f"list-changed | {GET}, query parameter tag | list of string -> string"],
        [f"list-changed | {GET}, query parameter tag | string -> list of string"],
        id="repeated",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: parameter(d, "limit").update(type="string", format="int64"),
        [f"type-changed | {GET}, query parameter limit | integer (int32) -> string (int64)"],
        [f"type-changed | {GET}, query parameter limit | string (int64) -> integer (int32)"],
        id="type of a parameter",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: parameter(d, "limit")["schema"].update(format="uint32"),
        [f"format-changed | {GET}, query parameter limit | integer (int32) -> integer (uint32)"],
        [f"format-changed | {GET}, query parameter limit | integer (uint32) -> integer (int32)"],
        id="format of a parameter",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: parameter(d, "limit")["schema"].update(default=20),
        [f"default-changed | {GET}, query parameter limit | default 10 -> 20"],
        [f"default-changed | {GET}, query parameter limit | default 20 -> 10"],
        id="default of a parameter",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["list"]["parameters"]["limit"].pop("default"),
        [f"default-changed | {GET}, query parameter limit | default 10 -> none"],
        [f"default-changed | {GET}, query parameter limit | default none -> 10"],
        id="no default",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: parameter(d, "limit")["schema"].update(maximum=50),
        [f"request-limit-tightened | {GET}, query parameter limit | maximum 100 -> 50"],
        [f"limit-changed | {GET}, query parameter limit | maximum 50 -> 100"],
        id="maximum of a parameter",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: parameter(d, "color").update(enum=["BLUE"]),
        [f"request-value-removed | {GET}, query parameter color | value RED removed"],
        [f"request-value-added | {GET}, query parameter color | value RED added"],
        id="value of a parameter",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: parameter(d, "color").pop("enum"),
        [f"values-opened | {GET}, query parameter color | any value, was one of BLUE, RED"],
        [f"values-closed | {GET}, query parameter color | one of BLUE, RED"],
        id="values of a parameter",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: parameter(d, "q").update(description="What to look for."),
        [f"schema-text-changed | {GET}, query parameter q | description changed"],
        [f"schema-text-changed | {GET}, query parameter q | description changed"],
        id="description of a parameter",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: d["parameters"].pop("fields"),
        ["parameter-removed | every operation, query parameter fields | removed"],
        ["optional-parameter-added | every operation, query parameter fields | added, optional, string"],
        id="parameter of every method",
    ),
]


@pytest.mark.parametrize(("name", "both", "edit", "there", "back"), ROWS)
def test_rule(name: str, both: Edit | None, edit: Edit, there: list[str], back: list[str]) -> None:
    check(name, both, edit, there, back)
