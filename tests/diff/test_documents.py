"""Documents that are wrong, hostile, or written in unusual ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from endpoints.diff import comparison, documents, files
from endpoints.diff.model import Api
from endpoints.diff.nodes import DocumentError
from tests.diff import shop
from tests.diff.shop import Json

HEAD: Json = {"openapi": "3.1.0", "info": {"title": "t", "version": "1.0.0"}}


def read(path: Path) -> Api:
    return documents.read(path.name, files.read(path))


def deep(levels: int) -> Json:
    schema: Json = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return {**HEAD, "components": {"schemas": {"Deep": schema}}}


def described(**item: Any) -> Json:
    return {**HEAD, "paths": {"/a": item}}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("a.json", "", "a.json: no valid JSON: Input data was truncated", id="empty"),
        pytest.param("a.json", "{", "a.json: no valid JSON: Input data was truncated", id="half"),
        pytest.param("a.json", b"\xff\xfe", "a.json: no valid JSON: ", id="no UTF-8"),
        pytest.param("a.json", "[" * 100_000, "a.json: no valid JSON: nested too deeply", id="deep JSON"),
        pytest.param(
            "a.json", "[]", "a.json: expected an OpenAPI or discovery document, found no object in it", id="list"
        ),
        pytest.param(
            "a.yaml", "", "a.yaml: expected an OpenAPI or discovery document, found no object", id="empty YAML"
        ),
        pytest.param("a.yaml", "a: [", "a.yaml: no valid YAML: while parsing a flow node", id="half YAML"),
        pytest.param("a.yaml", "[" * 2000, "a.yaml: no valid YAML: nested too deeply", id="deep YAML"),
        pytest.param(
            "a.yaml", "a: !!python/object:os.system {}", "a.yaml: no valid YAML: could not dete", id="YAML objects"
        ),
        pytest.param("a.yaml", "a: " + "1" * 9999, "a.yaml: no valid YAML: Exceeds the limit", id="long number"),
        pytest.param(
            "a.yaml", "? [1]\n: 2", "a.yaml: no valid YAML: while constructing a mapping", id="list as a name"
        ),
        pytest.param(
            "a.txt", "{}", "a.txt: expected an OpenAPI or discovery document, found neither sw", id="empty object"
        ),
        pytest.param(
            "a.json", {"swagger": "1.2"}, "a.json: swagger: expected OpenAPI 2.0, 3.0 or 3.1, found '1.2'", id="old"
        ),
        pytest.param("a.json", {"openapi": 3.1}, "a.json: openapi: expected a string, found a number", id="number"),
        pytest.param(
            "a.json", {"openapi": "2.0"}, "a.json: openapi: expected OpenAPI 2.0, 3.0 or 3.1, found", id="mixed up"
        ),
        pytest.param(
            "a.yaml", "openapi: 3.1.0\ninfo: {version: 1.10}", "a.yaml: info.version: expected a stri", id="version"
        ),
        pytest.param(
            "a.json", described(get=[]), "a.json: paths./a.get: expected an object, found a list", id="operation"
        ),
        pytest.param("a.json", {**HEAD, "paths": "/"}, "a.json: paths: expected an object, found '/'", id="paths"),
        pytest.param(
            "a.json",
            {**HEAD, "paths": {"a": {}}},
            "a.json: paths.a: expected a path that begins with a slash",
            id="path",
        ),
        pytest.param(
            "a.json",
            described(get={"parameters": [{"name": "x", "in": "query", "schema": {"type": 3}}]}),
            "a.json: paths./a.get.parameters[0].schema.type: expected a string, found a number",
            id="type",
        ),
        pytest.param(
            "a.json",
            described(get={"parameters": [{"$ref": "#/components/parameters/x"}]}),
            "a.json: paths./a.get.parameters[0]: there is no '#/components/parameters/x' in the document",
            id="reference to nothing",
        ),
        pytest.param(
            "a.json",
            described(get={"parameters": [{"$ref": "other.json#/x"}]}),
            "a.json: paths./a.get.parameters[0]: the reference 'other.json#/x' leaves the document",
            id="reference to a file",
        ),
        pytest.param(
            "a.json",
            {**described(**{"$ref": "#/paths/~1b"}), "paths": {"/a": {"$ref": "#/paths/~1a"}}},
            "a.json: paths./a: the reference leads nowhere but to other references",
            id="reference to itself",
        ),
        pytest.param("a.json", deep(160), "a.json: components.schemas.Deep.items.items", id="deep schema"),
        pytest.param(
            "a.json",
            {
                **HEAD,
                "components": {"schemas": {"A": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]}}},
            },
            "a.json: ",
            id="schema made of itself",
        ),
        pytest.param(
            "a.json",
            {**HEAD, "servers": [{"url": "http://[::1/"}]},
            "a.json: servers[0].url: expected a URL",
            id="server",
        ),
        pytest.param(
            "a.json",
            {**HEAD, "components": {"schemas": {"A": {"maximum": [1]}}}},
            "a.json: components.schemas.A.maximum: expected a number, a string or a boolean, found a list",
            id="limit",
        ),
        pytest.param(
            "a.json",
            described(get={"deprecated": "no"}),
            "a.json: paths./a.get.deprecated: expected a boolean",
            id="flag",
        ),
        pytest.param(
            "a.json", described(get={"tags": "x"}), "a.json: paths./a.get.tags: expected a list, found 'x'", id="tags"
        ),
        pytest.param(
            "a.json",
            {"kind": "discovery#restDescription", "methods": {"x": {"parameters": {"y": 3}}}},
            "a.json: methods.x.parameters.y: expected an object, found a number",
            id="method",
        ),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, name: str, content: str | bytes | Json, said: str) -> None:
    text = json.dumps(content) if isinstance(content, dict) else content
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DocumentError) as caught:
        documents.read(name, _read_as(name, path))
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


def _read_as(name: str, path: Path) -> dict[str, Any]:
    try:
        return files.read(path)
    except DocumentError as error:
        raise DocumentError(str(error).replace(str(path), name)) from error


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"nowhere\.json: cannot be read: No such file or directory$"):
        files.read(tmp_path / "nowhere.json")


def test_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(16 * 2**20 + 1)
    with pytest.raises(DocumentError, match=r"large\.json: larger than 16 MiB$"):
        files.read(path)


BOMBS = {
    "properties": "a0: &a0 {type: string}\n"
    + "".join(f"a{n + 1}: &a{n + 1} {{properties: {{x: *a{n}, y: *a{n}}}}}\n" for n in range(60))
    + "openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents: {schemas: {A: *a60}}\n",
    "defaults": "a0: &a0 [x]\n"
    + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))
    + "openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents: {schemas: {A: {default: *a60}}}\n",
    "merges": "a0: &a0 {k: v}\n"
    + "".join(f"a{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}]}}\n" for n in range(60))
    + "openapi: 3.1.0\n",
    "circle": "openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents: {schemas: {A: &a {properties: {x: *a}}}}\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_aliases_that_double_with_each_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text(BOMBS[name], encoding="utf-8")
    with pytest.raises(DocumentError, match=r"bomb\.yaml: "):
        read(path)


def test_schemas_that_consist_of_each_other_twice() -> None:
    """The last of them stands for 2 to the power of 60 others."""
    parts = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n - 1}"}] * 2} for n in range(1, 61)}
    document = {**HEAD, "components": {"schemas": {"S0": {"properties": {"x": {"type": "string"}}}, **parts}}}
    assert documents.read("parts.json", document).schemas["S60"].properties.keys() == {"x"}


@pytest.mark.slow
def test_parameters_that_are_referred_to_very_often() -> None:
    shared = {"name": "x", "in": "query", "schema": {"type": "string", "enum": [str(n) for n in range(3000)]}}
    paths = {f"/p{n}": {"get": {"parameters": [{"$ref": "#/components/parameters/x"}]}} for n in range(400)}
    with pytest.raises(DocumentError, match="stands for more than 1000000 values"):
        documents.read("often.json", {**HEAD, "paths": paths, "components": {"parameters": {"x": shared}}})


def test_schemas_that_refer_to_each_other_in_a_long_chain() -> None:
    chain: Json = {
        f"S{n}": {"properties": {"next": {"$ref": f"#/components/schemas/S{(n + 1) % 2000}"}}} for n in range(2000)
    }
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    document = {**described(get={"responses": {"200": content}}), "components": {"schemas": chain}}
    changed = json.loads(json.dumps(document))
    changed["components"]["schemas"]["S1999"]["properties"]["more"] = {"type": "string"}
    found = comparison.compare(documents.read("old", document), documents.read("new", changed))
    assert [(change.rule.key, change.where) for change in found.changes] == [("property-added", "S1999.more")]


@pytest.mark.parametrize("name", shop.DOCUMENTS)
def test_json_and_yaml_are_read_alike(tmp_path: Path, name: str) -> None:
    document = shop.DOCUMENTS[name]()
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(document).encode())
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    (tmp_path / "a.txt").write_text(yaml.safe_dump(document), encoding="utf-8")
    (tmp_path / "a").write_text(json.dumps(document), encoding="utf-8")
    assert [files.read(tmp_path / each) for each in ("a.json", "a.yaml", "a.txt", "a")] == [document] * 4


def test_yaml_has_the_types_of_json(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("{200: no, on: 2014-01-02, a: 1:30, b: 010, c: ~, d: true, e: 1e3, f: -2, g: y}", encoding="utf-8")
    assert files.read(path) == {
        "200": "no",
        "on": "2014-01-02",
        "a": "1:30",
        "b": "010",
        "c": None,
        "d": True,
        "e": 1000.0,
        "f": -2,
        "g": "y",
    }


def test_yaml_merges(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: &a {b: 1}\nc: {<<: *a, d: 2}", encoding="utf-8")
    assert files.read(path)["c"] == {"b": 1, "d": 2}


def test_numbers_are_the_same_however_they_are_written() -> None:
    old, new = shop.openapi3(), shop.openapi3()
    shop.schemas(old)["Item"]["properties"]["stock"].update(default=10, maximum=100)
    shop.schemas(new)["Item"]["properties"]["stock"].update(default=10.0, maximum=1e2)
    assert comparison.compare(documents.read("old", old), documents.read("new", new)).changes == ()
