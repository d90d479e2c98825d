"""Documents of different formats, and the recorded ones."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from endpoints.describe import discovery, openapi2, openapi3
from endpoints.describe.origin import Origin
from endpoints.diff import comparison, documents, files
from endpoints.diff.comparison import Comparison
from endpoints.diff.model import Api
from endpoints.operations import collect
from tests.diff import shop
from tests.diff.edits import said
from tests.diff.shop import ITEMS, Json, schemas

RECORDED = Path(__file__).parent.parent / "conformance" / "docs"
SERVICES = sorted(path.name for path in RECORDED.iterdir() if (path / "cfg").is_dir())


def recorded(name: str) -> Api:
    return documents.read(name, files.read(RECORDED / name))


def compared(old: str, new: str) -> Comparison:
    return comparison.compare(recorded(old), recorded(new))


@pytest.mark.parametrize("service", SERVICES)
def test_a_recorded_document_is_as_itself(service: str) -> None:
    found = sorted((RECORDED / service).glob("cfg/*/*"))
    assert found
    for path in found:
        name = str(path.relative_to(RECORDED))
        assert compared(name, name).changes == ()


@pytest.mark.parametrize("service", SERVICES)
def test_recorded_documents_of_one_api_in_two_formats_say_the_same(service: str) -> None:
    """None of what only one of them can say, or what the recorded tool wrote in its own way, is taken for a change."""
    paths = [str(path.relative_to(RECORDED)) for path in (RECORDED / service / "cfg").glob("*/*")]
    found = {name: recorded(name) for name in paths if name.split("/")[2] in ("discovery", "openapi")}
    pairs = [
        (old, new)
        for old in found.values()
        for new in found.values()
        if old.format is not new.format and old.label == new.label
    ]
    assert pairs or service == "basepath_root"
    for old, new in pairs:
        assert comparison.compare(old, new).changes == ()


@pytest.mark.parametrize(
    ("document", "changes"),
    [
        pytest.param("versions/{}-{}.discovery.json", ["api-text-changed"], id="discovery documents"),
        pytest.param(
            "versions/cfg/openapi/{}{}openapi.json", ["operation-renamed", "api-text-changed"], id="OpenAPI documents"
        ),
    ],
)
def test_versions_are_compared_without_what_they_have_in_their_addresses(document: str, changes: list[str]) -> None:
    found = compared(document.format("alpha", "v1"), document.format("alpha", "v2"))
    assert [change.rule.key for change in found.changes] == changes
    assert [note.partition(":")[0] for note in found.notes] == [
        "Addresses were compared without the version in them, v1 and v2"
    ]
    assert found.verdict.sufficient


def with_version(version: str, in_paths: str) -> Json:
    document = shop.openapi3()
    document["info"]["version"] = version
    document["paths"] = {path.replace("v2", in_paths): item for path, item in document["paths"].items()}
    return document


@pytest.mark.parametrize(
    ("old", "new", "changes", "notes"),
    [
        pytest.param(("2.1.0", "v2"), ("2.2.0", "v2"), 0, 0, id="the minor version is in no address"),
        pytest.param(("2.1.0", "v2"), ("3.0.0", "v3"), 0, 1, id="the major version is"),
        pytest.param(("v2", "v2"), ("v3", "v3"), 0, 1, id="one that is not SemVer is"),
        pytest.param(("1.2", "1.2"), ("1.3", "1.3"), 0, 1, id="all of it"),
        pytest.param(("2.1.0", "v2"), ("3.0.0", "v2"), 0, 0, id="addresses that stay"),
        pytest.param(("2.1.0", "v2"), ("2.2.0", "v2.2"), 4, 0, id="a minor version that is in addresses"),
        pytest.param(("2.1.0", "v2"), ("2.1.0", "v3"), 4, 0, id="addresses without a new version"),
    ],
)
def test_version_in_addresses(old: tuple[str, str], new: tuple[str, str], changes: int, notes: int) -> None:
    found = comparison.compare(documents.read("old", with_version(*old)), documents.read("new", with_version(*new)))
    assert [change.rule.key for change in found.changes] == ["operation-moved"] * changes
    assert len(found.notes) == notes


@pytest.mark.parametrize("old", shop.DOCUMENTS)
@pytest.mark.parametrize("new", shop.DOCUMENTS)
def test_what_all_formats_can_say_is_compared_across_them(old: str, new: str) -> None:
    document = shop.DOCUMENTS[new]()
    properties = schemas(document)["Found"]["properties"]
    properties["name"]["type"] = "integer"
    properties["more"] = {"type": "string"}
    del schemas(document)["Item"]["properties"]["stock"]
    assert said(shop.DOCUMENTS[old](), document) == [
        "property-removed | Item.stock | removed, was integer (int32)",
        "type-changed | Found.name | string -> integer",
        "property-added | Found.more | added, string",
    ]


def test_a_new_version_in_another_format() -> None:
    new = shop.discovery()
    new.update(version="3.0.0", servicePath="shop/v3/")
    del new["resources"]["items"]["methods"]["delete"]
    found = comparison.compare(documents.read("old.json", shop.openapi2()), documents.read("new.json", new))
    assert [(change.rule.key, change.where) for change in found.changes] == [
        ("operation-removed", "DELETE /api/shop/v2/items/{id}")
    ]
    assert [note.partition(",")[0] for note in found.notes] == [
        "Addresses were compared without the version in them",
        "old.json is OpenAPI 2.0 and new.json a discovery document: what one of the formats cannot say",
    ]


def test_a_form_is_a_body_in_either_version_of_openapi() -> None:
    old, new = shop.openapi2(), shop.openapi3()
    old["paths"][ITEMS]["post"].update(
        consumes=["application/x-www-form-urlencoded"],
        parameters=[{"name": "name", "in": "formData", "type": "string", "required": True}],
    )
    form = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    new["paths"][ITEMS]["post"]["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    assert said(old, new) == []
    form["properties"] = {"name": {"type": "integer"}}
    assert said(old, new) == ["type-changed | POST /api/shop/v2/items, body.name | string -> integer"]


def test_parameters_and_answers_may_be_shared() -> None:
    old, new = shop.openapi3(), shop.openapi3()
    item = new["paths"][ITEMS]
    item["parameters"] = [{"$ref": "#/components/parameters/q"}]
    new["components"]["parameters"] = {"q": item["get"]["parameters"].pop(0)}
    new["components"]["responses"] = {"page": item["get"]["responses"]["200"]}
    item["get"]["responses"]["200"] = {"$ref": "#/components/responses/page"}
    new["components"]["requestBodies"] = {"item": item["post"]["requestBody"]}
    item["post"]["requestBody"] = {"$ref": "#/components/requestBodies/item"}
    assert said(old, new) == [
        "required-parameter-added | POST /api/shop/v2/items, query parameter q | added, required, string"
    ]


def test_schemas_that_name_others_are_followed() -> None:
    new = shop.openapi3()
    schemas(new)["Thing"] = schemas(new)["Found"]
    schemas(new)["Found"] = {"$ref": "#/components/schemas/Thing"}
    assert said(shop.openapi3(), new) == []
    del schemas(new)["Thing"]["properties"]["color"]
    assert said(shop.openapi3(), new) == ["property-removed | Found.color | removed, was string"]


@pytest.mark.filterwarnings("ignore::endpoints.exceptions.ConfigurationWarning")  # which the kit asks for
@pytest.mark.parametrize("service", ["alltypes", "library", "params", "quota", "schemas", "secured", "versions"])
def test_the_documents_of_one_server_say_the_same(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    origin = Origin.declared("api.example.com")
    for api in collect(imported(service, monkeypatch).API_CLASSES):
        made = [
            discovery.document(api, origin),
            openapi2.document([api], hostname="api.example.com"),
            openapi3.document([api], origin, naive_datetimes="utc"),
        ]
        for old in made:
            for new in made:
                assert said(old, new) == []


def imported(service: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a service of the kit by its own name, and forget it after the test."""
    spec = importlib.util.spec_from_file_location(service, RECORDED.parent / "services" / f"{service}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, service, module)
    spec.loader.exec_module(module)
    return module
