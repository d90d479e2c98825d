from __future__ import annotations

from typing import Any

import msgspec
import pytest

from endpoints.clients import ClientError
from endpoints.clients.document import Schema
from endpoints.clients.typescript.types import Types, note, type_names


def schema(written: Any) -> Schema | bool:
    return msgspec.convert(written, Schema | bool)


SCHEMAS = {name: Schema() for name in ("Cup", "saucer", "Client")}
REFERENCE = {"$ref": "#/components/schemas/Cup"}


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        pytest.param({"type": "string"}, "string", id="string"),
        pytest.param({"type": "string", "format": "int64", "pattern": "^-?[0-9]{1,19}$"}, "string", id="int64"),
        pytest.param({"type": "string", "contentEncoding": "base64url"}, "string", id="bytes"),
        pytest.param({"type": "string", "format": "date-time"}, "string", id="date-time"),
        pytest.param({"type": "integer", "format": "int32"}, "number", id="int32"),
        pytest.param({"type": "number", "format": "double"}, "number", id="double"),
        pytest.param({"type": "boolean"}, "boolean", id="boolean"),
        pytest.param({"type": ["string", "null"]}, "string | null", id="or null"),
        pytest.param({"type": "string", "enum": ["A", "b'\"c"]}, '"A" | "b\'\\"c"', id="enum"),
        pytest.param({"enum": [1, None, "x"]}, '1 | null | "x"', id="enum of anything"),
        pytest.param({"const": False}, "false", id="constant"),
        pytest.param(REFERENCE, "models.Cup", id="reference"),
        pytest.param({"$ref": "#/components/schemas/saucer"}, "models.Saucer", id="renamed reference"),
        pytest.param({"type": "array", "items": {"type": "integer"}}, "number[]", id="array"),
        pytest.param({"type": "array", "items": {"enum": ["A", "B"]}}, '("A" | "B")[]', id="array of enum"),
        pytest.param({"type": "array", "items": {"type": "array", "items": REFERENCE}}, "models.Cup[][]", id="nested"),
        pytest.param({"type": "array"}, "unknown[]", id="array of anything"),
        pytest.param({"anyOf": [REFERENCE, {"type": "null"}]}, "models.Cup | null", id="any of"),
        pytest.param({"oneOf": [{"type": "string"}, {"type": "string"}]}, "string", id="one of two that are the same"),
        pytest.param(
            {"allOf": [REFERENCE, {"anyOf": [REFERENCE, {"type": "null"}]}]},
            "models.Cup & (models.Cup | null)",
            id="all of",
        ),
        pytest.param({"type": "object"}, "{ [key: string]: unknown }", id="any object"),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "integer"}}, "{ [key: string]: number }", id="map"
        ),
        pytest.param(
            {"type": "object", "properties": {"a": {"type": "string"}, "b.c": True}, "required": ["a"]},
            '{ a: string; "b.c"?: unknown | undefined; }',
            id="object",
        ),
        pytest.param({}, "unknown", id="anything"),
        pytest.param(True, "unknown", id="true"),
        pytest.param(False, "never", id="false"),
    ],
)
def test_types(written: Any, type_: str) -> None:
    assert Types(SCHEMAS, "models.").expression(schema(written)) == type_


@pytest.mark.parametrize("reference", ["#/components/schemas/Pot", "#/components/parameters/Cup", "other.json", "#"])
def test_a_reference_that_leads_nowhere(reference: str) -> None:
    with pytest.raises(ClientError, match=f"leads nowhere: {reference}$"):
        Types(SCHEMAS).expression(Schema(ref=reference))


@pytest.mark.parametrize(
    ("written", "declaration"),
    [
        pytest.param(
            {"properties": {"a": {"type": "string"}}}, "interface Cup {\n  a?: string | undefined;\n}", id="o"
        ),
        pytest.param({"type": "string"}, "type Cup = string;", id="string"),
        pytest.param({"type": "object", "properties": {}}, "type Cup = { [key: string]: unknown };", id="empty object"),
        pytest.param(
            {
                "properties": {"a": {"type": "string"}},
                "required": ["a"],
                "allOf": [{"$ref": "#/components/schemas/saucer"}],
            },
            "type Cup = {\n  a: string;\n} & Saucer;",
            id="extended object",
        ),
    ],
)
def test_declarations(written: Any, declaration: str) -> None:
    described = {**written, "description": "A cup."}
    assert Types(SCHEMAS).declaration("Cup", schema(described)) == f"/** A cup. */\nexport {declaration}\n"


def test_names_do_not_hide_what_the_package_exports_nor_each_other() -> None:
    names = ["Cup", "cup", "Client", "ApiError", "Promise", "Array", "string", "1st", "a b-c", "größe", "_x"]
    found = type_names(names)
    assert list(found.values()) == [
        *("Cup", "Cup_", "Client_", "ApiError_", "Promise_", "Array_"),
        *("String", "_1st", "ABC", "GrE", "_x"),
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param({"type": "string"}, "", id="nothing"),
        pytest.param({"description": "How much."}, "How much.", id="description"),
        pytest.param({"format": "uint64"}, "Unsigned 64-bit integer in decimal digits.", id="format"),
        pytest.param({"description": "How much.", "default": 3}, "How much. Default: 3.", id="default"),
        pytest.param({"default": "*/"}, 'Default: "*/".', id="default that is text"),
        pytest.param({"default": None}, "Default: null.", id="default null"),
        pytest.param(
            {"type": "array", "items": {"format": "date-time"}}, "Date and time as in RFC 3339.", id="of items"
        ),
        pytest.param({**REFERENCE, "description": "ignored"}, "", id="a reference says it itself"),
        pytest.param(True, "", id="true"),
    ],
)
def test_what_is_said_of_a_value(written: Any, said: str) -> None:
    assert note(schema(written)) == said
