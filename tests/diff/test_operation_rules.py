"""Operations: what changes in a document, and what is said of it in either direction."""

from __future__ import annotations

import pytest

from tests.diff.edits import DELETE, GET, PUT, Edit, check, listing, methods, move, order, setting
from tests.diff.shop import SETTINGS

ROWS = [
    pytest.param(
        "openapi3",
        None,
        lambda d: d["paths"].pop(SETTINGS),
        [f"operation-removed | {PUT} | removed"],
        [f"operation-added | {PUT} | added"],
        id="operation removed",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d).pop("delete"),
        [f"operation-removed | {DELETE} | removed"],
        [f"operation-added | {DELETE} | added"],
        id="method removed",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: d["paths"][SETTINGS].update(patch=d["paths"][SETTINGS].pop("put")),
        [f"operation-moved | {PUT} | moved to PATCH /api/shop/v2/settings"],
        ["operation-moved | PATCH /api/shop/v2/settings | moved to PUT /api/shop/v2/settings"],
        id="verb",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: move(d, SETTINGS, "/shop/v2/preferences"),
        [f"operation-moved | {PUT} | moved to PUT /api/shop/v2/preferences"],
        ["operation-moved | PUT /api/shop/v2/preferences | moved to PUT /api/shop/v2/settings"],
        id="path",
    ),
    pytest.param(
        "openapi2",
        lambda d: setting(d).pop("operationId"),
        lambda d: move(d, SETTINGS, "/shop/v2/preferences"),
        [f"operation-removed | {PUT} | removed", "operation-added | PUT /api/shop/v2/preferences | added"],
        ["operation-removed | PUT /api/shop/v2/preferences | removed", f"operation-added | {PUT} | added"],
        id="path of an operation without id",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["delete"].update(path="things/{id}"),
        [f"operation-moved | {DELETE} | moved to DELETE /api/shop/v2/things/{{id}}"],
        ["operation-moved | DELETE /api/shop/v2/things/{id} | moved to DELETE /api/shop/v2/items/{id}"],
        id="path of a method",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: listing(d).update(operationId="Items_all"),
        [f"operation-renamed | {GET} | id Items_list -> Items_all"],
        [f"operation-renamed | {GET} | id Items_all -> Items_list"],
        id="operation id",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: listing(d).pop("operationId"),
        [f"operation-renamed | {GET} | id Items_list -> none"],
        [],
        id="operation id left out",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["list"].update(id="shop.items.all"),
        [f"operation-renamed | {GET} | id items.list -> items.all"],
        [f"operation-renamed | {GET} | id items.all -> items.list"],
        id="method id",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: listing(d).update(tags=["Things"]),
        [f"operation-regrouped | {GET} | tag Items -> Things"],
        [f"operation-regrouped | {GET} | tag Things -> Items"],
        id="tag",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: listing(d).update(tags=["Items", "More"]),
        [f"operation-group-added | {GET} | tag More added"],
        [f"operation-regrouped | {GET} | tag More -> Items"],
        id="another tag",
    ),
    pytest.param("openapi3", None, lambda d: listing(d).update(tags=[]), [], [], id="no tags any more"),
    pytest.param(
        "openapi3",
        None,
        lambda d: listing(d).update(deprecated=True),
        [f"operation-deprecated | {GET} | deprecated"],
        [f"operation-undeprecated | {GET} | no longer deprecated"],
        id="deprecated",
    ),
    pytest.param(
        "discovery",
        order("q", "limit"),
        order("limit", "q"),
        [f"arguments-reordered | {GET} | arguments q, limit -> limit, q"],
        [f"arguments-reordered | {GET} | arguments limit, q -> q, limit"],
        id="order of arguments",
    ),
    pytest.param("discovery", order("q"), order("q", "limit"), [], [], id="order of arguments, one more"),
    pytest.param(
        "openapi3",
        None,
        lambda d: listing(d).update(summary="Lists items."),
        [f"operation-text-changed | {GET} | description changed"],
        [f"operation-text-changed | {GET} | description changed"],
        id="description of an operation",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: listing(d).update({"x-google-quota": {"metricCosts": {"reads": 2}}}),
        [f"quota-changed | {GET} | cost nothing -> reads: 2"],
        [f"quota-changed | {GET} | cost reads: 2 -> nothing"],
        id="cost",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: d["paths"].update({"x-more": {"get": {}}}),
        [],
        [],
        id="what is no path",
    ),
]


@pytest.mark.parametrize(("name", "both", "edit", "there", "back"), ROWS)
def test_rule(name: str, both: Edit | None, edit: Edit, there: list[str], back: list[str]) -> None:
    check(name, both, edit, there, back)
