"""Schemas as values: JSON Schema as OpenAPI 2.0, 3.0 and 3.1 have it, and the little of it in discovery documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from endpoints.diff.model import Property, Value
from endpoints.diff.nodes import Node

_PREFIXES: Final = ("#/definitions/", "#/components/schemas/")
LOWER_LIMITS: Final = frozenset(["minimum", "minLength", "minItems", "minProperties"])
"""Limits that let less through when they rise."""
UPPER_LIMITS: Final = frozenset(["maximum", "maxLength", "maxItems", "maxProperties"])
"""Limits that let less through when they fall."""
_LIMITS: Final = (
    *sorted(LOWER_LIMITS | UPPER_LIMITS),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern", "uniqueItems"),
)
_NULL: Final = "null"
_ONLY_NULL: Final = Value(nullable=True)


def value(node: Node) -> Value:
    """Read a schema; references to named schemas are kept, all others followed.

    Raises:
        DocumentError: It is no schema.
    """
    if isinstance(node.value, bool):
        return Value(type=None if node.value else "nothing")
    said = Value(default=node["default"].words(), nullable=node["nullable"].flag(), text=words(node))
    reference = node["$ref"].string() if node.mapping() else ""
    if reference:
        name = schema_name(reference)
        return replace(said, reference=name) if name else value(node.target())
    return _combined(node, _own(node, said))


def schema_name(reference: str) -> str:
    """Return the name of the schema that a reference leads to; an empty one when it leads to anything else."""
    if "/" not in reference:
        return reference.removeprefix("#")  # as discovery documents have it
    found = next((reference[len(each) :] for each in _PREFIXES if reference.startswith(each)), "")
    return "" if "/" in found else found.replace("~1", "/").replace("~0", "~")


def words(node: Node) -> str:
    """Return what an object says to people."""
    said = (node[name].string() for name in ("title", "summary", "description"))
    return "\n".join(" ".join(each.split()) for each in said if each)


def _own(node: Node, said: Value) -> Value:
    """What a schema says itself, without those that it is combined of."""
    types, null = _types(node)
    items = value(node["items"]) if node["items"] else None
    enum = list(node["enum"].elements())
    values = frozenset(each.words() or "" for each in (*enum, node["const"]) if each)
    format_ = node["format"].string() or ("byte" if node["contentEncoding"] else None)
    if items and not any(isinstance(each.value, list) for each in enum):
        # Some recorded documents have beside the elements of a list what is meant of each.
        items = replace(items, enum=items.enum or values, format=items.format or format_)
        values, format_ = frozenset(), None
    return replace(
        said,
        type="|".join(sorted(types)) or _implied_type(node),
        format=format_,
        enum=values,
        nullable=said.nullable or null or not all(enum),
        items=items,
        properties={name: _property(each) for name, each in node["properties"].members()},
        required=frozenset(_required(node)),
        additional=_additional(node),
        limits=dict(_limits(node)),
    )


def _types(node: Node) -> tuple[set[str], bool]:
    found = node["type"]
    names = set(found.strings()) if isinstance(found.value, list) else {found.string()} - {"", "any"}
    return names - {_NULL}, _NULL in names


def _implied_type(node: Node) -> str | None:
    if node["properties"] or node["additionalProperties"]:
        return "object"
    return "array" if node["items"] else None


def _property(node: Node) -> Property:
    if isinstance(node.value, bool):
        return Property(value=value(node))
    return Property(value=value(node), read_only=node["readOnly"].flag(), write_only=node["writeOnly"].flag())


def _required(node: Node) -> Iterator[str]:
    if isinstance(node["required"].value, list):  # that of a parameter is a boolean
        yield from node["required"].strings()
    for name, each in node["properties"].members():
        if isinstance(each.value, dict) and each["required"].value is True:
            yield name  # discovery documents say it there


def _additional(node: Node) -> Value | None:
    found = node["additionalProperties"]
    if not found or isinstance(found.value, bool):
        return None
    return value(found)


def _limits(node: Node) -> Iterator[tuple[str, str | float]]:
    if node["additionalProperties"].value is False:
        yield "additionalProperties", "refused"
    for name in _LIMITS:
        found = node[name]
        if not found:
            continue
        if isinstance(found.value, (dict, list)):
            raise found.wrong("a number, a string or a boolean")
        if isinstance(found.value, (bool, str)):
            yield name, found.words() or ""
        else:
            yield name, float(found.value)


def _combined(node: Node, own: Value) -> Value:
    parts = list(node["allOf"].elements())
    if parts:
        own = _all_of(own, parts)
    choices = [*node["anyOf"].elements(), *node["oneOf"].elements()]
    return _one_of(own, [value(each) for each in choices]) if choices else own


def _all_of(own: Value, parts: list[Node]) -> Value:
    read = [value(each) for each in parts]
    if len(read) == 1 and not (own.type or own.enum or own.limits):
        return _with(read[0], own)
    known = [part.target().once(value) if each.reference else each for part, each in zip(parts, read, strict=True)]
    return _merged([own, *known])


def _one_of(own: Value, choices: list[Value]) -> Value:
    left = tuple(each for each in choices if each != _ONLY_NULL)
    null = len(left) < len(choices)
    if len(left) == 1:
        return _with(left[0], replace(own, nullable=own.nullable or null))
    return replace(own, variants=left, nullable=own.nullable or null)


def _with(found: Value, own: Value) -> Value:
    """What one schema says, and what another says around it."""
    return replace(
        found,
        nullable=found.nullable or own.nullable,
        default=found.default if own.default is None else own.default,
        text=own.text or found.text,
    )


def _merged(values: Iterable[Value]) -> Value:
    made, *others = values
    for each in others:
        made = replace(
            made,
            type=made.type or each.type,
            format=made.format or each.format,
            enum=made.enum or each.enum,
            items=made.items or each.items,
            properties={**made.properties, **each.properties},
            required=made.required | each.required,
            additional=made.additional or each.additional,
            variants=(*made.variants, *each.variants),
            limits={**each.limits, **made.limits},
        )
    return made
