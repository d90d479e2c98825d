"""What is done to documents so that openapi-python-client makes working packages of them."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

from endpoints.clients import ClientError, write_client
from tests.clients import documents
from tests.clients.documents import Json, parameter

pytestmark = pytest.mark.slow  # it is a large generator


def write(tmp_path: Path, document: dict[str, Any], **options: Any) -> Path:
    return write_client("python", document, tmp_path / "made", **options)


def arguments(module: Path) -> dict[str, str]:
    """What the function `sync_detailed` of a module takes, by name; with its type."""
    (function,) = (
        each
        for each in ast.parse(module.read_text()).body
        if isinstance(each, ast.FunctionDef) and each.name == "sync_detailed"
    )
    taken = [*function.args.args, *function.args.kwonlyargs]
    return {each.arg: ast.unparse(each.annotation) for each in taken if each.annotation}


def fields(module: Path) -> dict[str, str]:
    """The attributes of the class of a module, with their types."""
    (class_,) = (each for each in ast.parse(module.read_text()).body if isinstance(each, ast.ClassDef))
    return {
        ast.unparse(each.target): ast.unparse(each.annotation)
        for each in class_.body
        if isinstance(each, ast.AnnAssign)
    }


def test_a_package_is_complete_and_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, documents.made())
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    assert project["project"]["name"] == "shop-client" and project["project"]["version"] == "1.0.0"
    assert project["build-system"]["build-backend"] == "pdm.backend"
    assert {path.name for path in folder.iterdir()} == {".gitignore", "README.md", "pyproject.toml", "shop_client"}
    assert (folder / "shop_client" / "py.typed").exists()
    assert (folder / "shop_client" / "api" / "cups" / "cups_list.py").exists()
    assert "from shop_client.api.cups import cups_list\n" in (folder / "README.md").read_text()
    assert capfd.readouterr() == ("", "")


def test_what_was_there_of_the_package_goes(tmp_path: Path) -> None:
    folder = write(tmp_path, documents.made({"x-method-id": "shop.pots.list"}))
    (folder / "notes").write_text("mine")
    write(tmp_path, documents.made(), force=True)
    assert [path.name for path in (folder / "shop_client" / "api").glob("*s")] == ["cups"]
    assert (folder / "notes").read_text() == "mine"


IDS = {
    "shop.cups.list": "cups/cups_list",
    "shop.ping": "shop/ping",
    "shop.a.b.c": "a_b/a_b_c",
    "shop.a.b_c": "a/a_b_c_2",
    "shop.getIt": "shop/get_it",
    "shop.get_it": "shop/get_it_2",
    "shop.import": "shop/import_",
    "shop.list": "shop/list_",
}
VARIABLES = {
    "id": "id",
    "where.city": "where_city",
    "class": "class_",
    "body": "path_body",  # called like the body
    "client": "path_client",
    "größe": "gr_e",
    "ö": "value",  # nothing of it is ASCII
}
VALUES: dict[str, tuple[dict[str, Any], str]] = {
    "boolean": ({"type": "boolean"}, "bool"),
    "integer": ({"type": "integer"}, "int"),
    "enum": ({"enum": ["A", "B"]}, "ValuesEnumV"),
}
SECURITY: dict[str, tuple[list[Any], str]] = {
    "needed": ([{"token": []}], "AuthenticatedClient"),
    "optional": ([{"token": []}, {}], "AuthenticatedClient | Client"),
    "none": ([], "AuthenticatedClient | Client"),
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `api` of a package with everything above."""
    done = {"responses": {"204": {"description": "Done."}}}
    paths: Json = {f"/ids/{each}": {"get": {"x-method-id": each, **done}} for each in IDS}
    for number, name in enumerate(VARIABLES):
        operation = {"parameters": [parameter(name, "path", required=True)], **documents.taking({"type": "string"})}
        paths[f"/variables/{number}/{{{name}}}:b"] = {
            "put": {"x-method-id": f"shop.path.v{number}", **operation, **done}
        }
    for name, (schema, _) in VALUES.items():
        operation = {"parameters": [parameter("v", "path", required=True, **schema)]}
        paths[f"/values/{name}/{{v}}"] = {"get": {"x-method-id": f"shop.values.{name}", **operation, **done}}
    for name, (security, _) in SECURITY.items():
        paths[f"/security/{name}"] = {"get": {"x-method-id": f"shop.security.{name}", "security": security, **done}}
    schemes = {"token": {"type": "http", "scheme": "bearer"}}
    document = documents.made(paths=paths, components={"securitySchemes": schemes})
    return write(tmp_path_factory.mktemp("wide"), document) / "shop_client" / "api"


@pytest.mark.parametrize(("method_id", "module"), IDS.items())
def test_modules_are_named_like_methods(api: Path, method_id: str, module: str) -> None:
    assert f'"/ids/{method_id}"' in (api / f"{module}.py").read_text()


@pytest.mark.parametrize(("name", "variable"), VARIABLES.items())
def test_variables_of_paths(api: Path, name: str, variable: str) -> None:
    number = list(VARIABLES).index(name)
    module = api / "path" / f"path_v{number}.py"
    assert arguments(module)[variable] == "str"
    assert f"/variables/{number}/{{{variable}}}:b" in module.read_text()
    assert f"{variable}=quote(str({variable}), safe=" in module.read_text()


@pytest.mark.parametrize("name", VALUES)
def test_values_in_paths(api: Path, name: str) -> None:
    assert arguments(api / "values" / f"values_{name}.py")["v"] == VALUES[name][1]


@pytest.mark.parametrize("name", SECURITY)
def test_which_client_a_method_needs(api: Path, name: str) -> None:
    assert arguments(api / "security" / f"security_{name}.py")["client"] == SECURITY[name][1]


def test_names_of_its_own_variables(tmp_path: Path) -> None:
    odd = [
        "d",
        "src_dict",
        "field_dict",
        "cls",
        "self",
        "class",
        "from",
        "to_dict",
        "additional_properties",
        "cup",
        "d_",
    ]
    properties = {name: {"type": "number"} for name in odd}
    queries = ["body", "params", "headers", "client", "url", "quote", "kwargs", "response", "body_", "x.y"]
    operation = {
        "parameters": [parameter(name) for name in queries],
        **documents.taking({"$ref": "#/components/schemas/Cup"}),
    }
    schemas = {"Cup": {"type": "object", "properties": properties}}
    folder = write(tmp_path, documents.made(operation, components={"schemas": schemas})) / "shop_client"
    assert list(fields(folder / "models" / "cup.py"))[:-1] == [
        *("d__", "src_dict_", "field_dict_", "cls_", "self_", "class_", "from_", "to_dict_"),
        *("additional_properties_", "cup_", "d_"),
    ]
    assert set(arguments(folder / "api" / "cups" / "cups_list.py")) == {
        *("body", "body__", "params_", "headers_", "client", "client_query", "url_query", "quote_", "kwargs_"),
        *("response_", "body_", "x_y"),
    }


def test_the_readme_shows_a_token_where_all_need_one(tmp_path: Path) -> None:
    schemes = {"token": {"type": "http", "scheme": "bearer"}}
    folder = write(
        tmp_path, documents.made({"security": [{"token": []}]}, components={"securitySchemes": schemes}), name="tokens"
    )
    shown = 'AuthenticatedClient(base_url="https://api.example.com/_ah/api", token="...")'
    assert shown in (folder / "README.md").read_text()


@pytest.mark.parametrize(
    ("document", "text"),
    [
        pytest.param(
            documents.made(documents.answering({"$ref": "other.json#/a"})),
            "cannot express the document: .*cups",
            id="ref",
        ),
        pytest.param(
            documents.made({"parameters": []}, path="/{id}"), "Path parameters do not match with path", id="path"
        ),
        pytest.param(documents.made(tags=3), "Failed to parse OpenAPI document", id="no document"),
    ],
)
def test_what_cannot_be_expressed_is_no_package(tmp_path: Path, document: dict[str, Any], text: str) -> None:
    with pytest.raises(ClientError, match=text) as caught:
        write(tmp_path, document)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "made").exists()


def test_a_name_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="'a b' is no name of a Python package"):
        write(tmp_path, documents.made(), name="a b")
