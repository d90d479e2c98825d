"""What a server takes beside what its document promises, written into the document: all of it is on record.

JSON Schema cannot say where 64-bit integers in text end, and knows base64 as a remark only; and a server that reads
what old clients send (null for nothing, one value for a list, numbers as text) takes more than it documents.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

Json = dict[str, Any]

_BASE64: Final = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_EXACT: Final = {"int64": "^-?[0-9]{1,18}$", "uint64": "^[0-9]{1,19}$"}
_INTEGER_TEXT: Final[Json] = {"type": "string", "pattern": r"^\s*[+-]?[0-9]{1,20}\s*$"}
_BYTES_TEXT: Final[Json] = {"type": "string", "pattern": "^[A-Za-z0-9+/_=-]*$"}
_RANGES: Final = {"int64": (-(2**63), 2**63 - 1), "uint64": (0, 2**64 - 1)}


def narrow(document: Json) -> Json:
    """Return the document without the values that it allows and no server can take: these it has to take all."""
    made = copy.deepcopy(document)
    for schema in made["components"]["schemas"].values():
        schema["additionalProperties"] = False
    _change_values(made, _narrow_value)
    return made


def wide(document: Json) -> Json:
    """Return the document with the values that are taken although it does not tell: no others may be taken."""
    made = copy.deepcopy(document)
    for schema in made["components"]["schemas"].values():
        required = schema.get("required", [])
        for name, value in schema["properties"].items():
            schema["properties"][name] = _wide_member(value, required=name in required)
    return made


def _change_values(value: Any, change: Callable[[Json], None]) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            change(value)
        for each in value.values():
            _change_values(each, change)
    elif isinstance(value, list):
        for each in value:
            _change_values(each, change)


def _narrow_value(schema: Json) -> None:
    if "contentEncoding" in schema:
        schema["pattern"] = _BASE64
    elif schema.get("format") in _EXACT:
        schema["pattern"] = _EXACT[schema["format"]]
    elif schema.get("description", "").startswith("Date and time"):
        schema["format"] = "date-time"


def _wide_member(schema: Json, *, required: bool) -> Json:
    repeated = schema.get("type") == "array"
    value = _wide_value(schema["items"] if repeated else schema)
    lists: Json = {"type": "array", "items": value}
    if required:
        lists["minItems"] = 1
    if not repeated:
        lists["maxItems"] = 1
    return {"anyOf": [value, lists, *([] if required else [{"type": "null"}])]}


def _wide_value(schema: Json) -> Json:
    form = schema.get("format")
    if form in _RANGES:
        low, high = _RANGES[form]
        return {"anyOf": [{"type": "integer", "minimum": low, "maximum": high}, _INTEGER_TEXT]}
    if "enum" in schema:
        return {"anyOf": [{"enum": schema["enum"]}, {"type": "integer"}]}
    if "contentEncoding" in schema:
        return _BYTES_TEXT
    by_type: dict[Any, Json] = {
        "integer": {"anyOf": [schema, _INTEGER_TEXT]},
        "number": {"type": ["number", "string"]},  # infinities and NaN are text
        "string": {"type": "string"},
    }
    return by_type.get(schema.get("type"), schema)
