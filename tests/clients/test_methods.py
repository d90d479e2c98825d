from __future__ import annotations

from typing import Any

import pytest

from endpoints.clients.document import parsed
from endpoints.clients.methods import api_name, methods
from tests.clients import documents


def described(**operations: dict[str, Any]) -> dict[str, Any]:
    return documents.made(paths={f"/{path}": {"get": operation} for path, operation in operations.items()})


def ids(*method_ids: str) -> dict[str, Any]:
    return described(**{f"p{number}": {"x-method-id": each} for number, each in enumerate(method_ids)})


@pytest.mark.parametrize(
    ("document", "names"),
    [
        pytest.param(ids("shop.cups.list", "shop.cups.get"), ["cups.list", "cups.get"], id="without the API"),
        pytest.param(ids("shop.ping"), ["ping"], id="without a resource"),
        pytest.param(ids("shop.a.b.c"), ["a.b.c"], id="nested resources"),
        pytest.param(ids("shop.list", "tea.list"), ["shop.list", "tea.list"], id="two APIs"),
        pytest.param(ids("shop.list", "shop.list", "shop.list"), ["list", "list2", "list3"], id="two versions"),
        pytest.param(ids("shop.list", "shop.list2", "shop.list"), ["list", "list2", "list3"], id="a number is taken"),
        pytest.param(ids("shop..list."), ["list"], id="dots that separate nothing"),
        pytest.param(ids("list"), ["list"], id="no API in it"),
        pytest.param(
            described(a={"operationId": "ShopApi_listCups", "tags": ["ShopApi"]}), ["shopApi.listCups"], id="by tag"
        ),
        pytest.param(described(a={"operationId": "list-cups"}), ["default.listCups"], id="without a tag"),
        pytest.param(described(cups={}), ["default.getCups"], id="without an id"),
        pytest.param(described(a={"operationId": "☃"}), ["default.unnamed"], id="nothing that is a name"),
    ],
)
def test_names(document: dict[str, Any], names: list[str]) -> None:
    assert [".".join(each.names) for each in methods(parsed(document))] == names


@pytest.mark.parametrize(
    ("document", "name"),
    [
        pytest.param(ids("shop.cups.list", "shop.ping"), "shop", id="one"),
        pytest.param(ids("shop.list", "tea.list"), None, id="two"),
        pytest.param(ids("list"), None, id="no dot"),
        pytest.param(described(a={"operationId": "list"}), None, id="no ids"),
    ],
)
def test_the_name_of_the_api(document: dict[str, Any], name: str | None) -> None:
    assert api_name(parsed(document)) == name


def test_parameters_of_a_path_are_those_of_its_methods_unless_they_have_their_own() -> None:
    shared = [documents.parameter("id", "path", required=True), documents.parameter("limit")]
    own = [documents.parameter("limit", type="integer")]
    document = documents.made(paths={"/{id}": {"parameters": shared, "get": {"parameters": own}, "put": {}}})
    get, put = methods(parsed(document))
    assert [(each.name, each.schema.type) for each in get.parameters] == [("limit", "integer"), ("id", "string")]
    assert [(each.name, each.schema.type) for each in put.parameters] == [("id", "string"), ("limit", "string")]
