from __future__ import annotations

from typing import Any

import pytest

from endpoints.clients import ClientError
from endpoints.clients.document import parsed
from endpoints.clients.methods import methods
from endpoints.clients.typescript.resources import Call, Tree, tree
from tests.clients import documents
from tests.clients.documents import parameter


def planted(*method_ids: str) -> Tree:
    paths = {f"/{number}": {"get": {"x-method-id": f"shop.{each}"}} for number, each in enumerate(method_ids)}
    return tree(methods(parsed(documents.made(paths=paths))))


def shown(node: Tree | Call) -> Any:
    return node.method.path if isinstance(node, Call) else {name: shown(each) for name, each in node.items()}


@pytest.mark.parametrize(
    ("method_ids", "expected"),
    [
        pytest.param(["cups.list", "ping"], {"cups": {"list": "/0"}, "ping": "/1"}, id="resources and methods"),
        pytest.param(["a.b.c", "a.d"], {"a": {"b": {"c": "/0"}, "d": "/1"}}, id="resources of resources"),
        pytest.param(["echo", "echo.list"], {"echo_": "/0", "echo": {"list": "/1"}}, id="a method makes way"),
        pytest.param(["echo.list", "echo"], {"echo": {"list": "/0"}, "echo_": "/1"}, id="in either order"),
        pytest.param(
            ["echo", "echo_", "echo.list"], {"echo_": "/0", "echo__": "/1", "echo": {"list": "/2"}}, id="twice"
        ),
        pytest.param(["then", "a.then"], {"then_": "/0", "a": {"then_": "/1"}}, id="a client is no promise"),
        pytest.param(["constructor", "__proto__.a"], {"constructor_": "/0", "__proto___": {"a": "/1"}}, id="objects"),
        pytest.param(["then", "then_"], {"then_": "/0", "then__": "/1"}, id="renamed to what there is"),
        pytest.param(["cups.delete", "cups.new"], {"cups": {"delete": "/0", "new": "/1"}}, id="reserved words"),
    ],
)
def test_tree(method_ids: list[str], expected: Any) -> None:
    assert shown(planted(*method_ids)) == expected


def call(**operation: Any) -> Call:
    document = documents.made(operation, path="/{id}")
    (resource,) = tree(methods(parsed(document))).values()
    assert isinstance(resource, dict)
    found = resource["list"]
    assert isinstance(found, Call)
    return found


BODY = documents.taking({"type": "object"})


@pytest.mark.parametrize(
    ("names", "keys", "body_key"),
    [
        pytest.param([("id", "path"), ("limit", "query")], ["id", "limit"], "requestBody", id="plain"),
        pytest.param([("id", "path"), ("id", "query")], ["id", "id_query"], "requestBody", id="in path and query"),
        pytest.param(
            [("id", "path"), ("id", "query"), ("id_query", "query")],
            ["id", "id_query", "id_query_query"],
            "requestBody",
            id="renamed to what there is",
        ),
        pytest.param([("requestBody", "query")], ["requestBody"], "requestBody_", id="called like the body"),
    ],
)
def test_no_two_arguments_have_the_same_key(names: list[tuple[str, str]], keys: list[str], body_key: str) -> None:
    found = call(parameters=[parameter(*each) for each in names], **BODY)
    assert [each.key for each in found.arguments] == keys
    assert found.body_key == body_key


@pytest.mark.parametrize(
    ("operation", "has", "needs"),
    [
        pytest.param({}, False, False, id="nothing"),
        pytest.param({"parameters": [parameter("limit")]}, True, False, id="optional"),
        pytest.param({"parameters": [parameter("limit", required=True)]}, True, True, id="required"),
        pytest.param({"parameters": [parameter("id", "path")]}, True, True, id="in the path"),
        pytest.param(BODY, True, False, id="optional body"),
        pytest.param(documents.taking({}, required=True), True, True, id="required body"),
    ],
)
def test_whether_parameters_are_needed(operation: dict[str, Any], has: bool, needs: bool) -> None:
    found = call(**operation)
    assert (found.has_parameters, found.needs_parameters) == (has, needs)


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        pytest.param(
            {"parameters": [parameter("sid", "cookie")]}, "a parameter in cookie is not supported", id="cookie"
        ),
        pytest.param(
            {"requestBody": {"required": True, "content": {"text/csv": {}}}},
            "only a body in application/json is supported",
            id="body",
        ),
    ],
)
def test_what_cannot_be_sent(operation: dict[str, Any], text: str) -> None:
    with pytest.raises(ClientError, match=rf"^GET /{{id}}: {text}$"):
        call(**operation)


def test_a_body_that_is_no_json_and_may_be_left_out_is_left_out() -> None:
    assert call(requestBody={"content": {"image/png": {}}}).body is None
