"""JSON Schema as TypeScript types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from endpoints.clients.document import Schema
from endpoints.clients.errors import ClientError
from endpoints.clients.typescript.literals import comment, key, literal

_REFERENCE: Final = "#/components/schemas/"
_SIMPLE: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
_ANYTHING: Final = "unknown"
_OBJECT: Final = "{ [key: string]: unknown }"
_NAME: Final = re.compile(r"[A-Z_$][A-Za-z0-9_$]*")
EXPORTS: Final = ("ApiError", "CallOptions", "Client", "ClientOptions", "ErrorEntry")
"""What the package exports besides the types of its documents."""
_FORMATS: Final = {
    "int64": "64-bit integer in decimal digits.",
    "uint64": "Unsigned 64-bit integer in decimal digits.",
    "date-time": "Date and time as in RFC 3339.",
}
_BYTES: Final = "Bytes in base64: see encodeBytes and decodeBytes."


class Types:
    """Writes the types of one document.

    Args:
        schemas: what its references refer to, by name.
        prefix: where the named types are: `models.`, or nothing within their own file.
    """

    def __init__(self, schemas: Mapping[str, Schema | bool], prefix: str = "") -> None:
        self._names = type_names(schemas)
        self._prefix = prefix

    def expression(self, schema: Schema | bool) -> str:
        """Write a type.

        Raises:
            ClientError: a reference leads nowhere.
        """
        if isinstance(schema, bool):
            return _ANYTHING if schema else "never"
        if schema.ref is not None:
            return self._reference(schema.ref)
        if schema.const is not msgspec.UNSET:
            return literal(schema.const)
        if schema.enum is not None:
            return _joined(" | ", map(literal, schema.enum), empty="never")
        for alternatives, joint in ((schema.any_of, " | "), (schema.one_of, " | "), (schema.all_of, " & ")):
            if alternatives:
                return _joined(joint, map(self.expression, alternatives), empty="never")
        types = [schema.type] if isinstance(schema.type, str) else schema.type or []
        return _joined(" | ", (self._typed(each, schema) for each in types), empty=self._untyped(schema))

    def members(self, schema: Schema, indent: str) -> str:
        """Write the members of an object, a line each with comments above them."""
        return "".join(
            member(name, self.expression(each), required=name in schema.required, note=note(each), indent=indent)
            for name, each in schema.properties.items()
        )

    def declaration(self, name: str, schema: Schema | bool) -> str:
        """Write the named type of a schema."""
        name = self._names[name]
        if isinstance(schema, bool) or not schema.properties or schema.ref or schema.any_of or schema.one_of:
            documented = "" if isinstance(schema, bool) else comment(schema.description)
            return f"{documented}export type {name} = {self.expression(schema)};\n"
        bases = "".join(f" & {self.expression(each)}" for each in schema.all_of)
        if bases:
            members = self.members(schema, "  ")
            return f"{comment(schema.description)}export type {name} = {{\n{members}}}{bases};\n"
        return f"{comment(schema.description)}export interface {name} {{\n{self.members(schema, '  ')}}}\n"

    def _reference(self, reference: str) -> str:
        name = reference.removeprefix(_REFERENCE)
        if name == reference or name not in self._names:
            raise ClientError(f"the OpenAPI document has a reference that leads nowhere: {reference}")
        return self._prefix + self._names[name]

    def _typed(self, type_: str, schema: Schema) -> str:
        if type_ == "array":
            return _grouped(self.expression(schema.items)) + "[]"
        if type_ == "object":
            return self._object(schema)
        return _SIMPLE.get(type_, _ANYTHING)

    def _untyped(self, schema: Schema) -> str:
        return self._object(schema) if schema.properties else _ANYTHING

    def _object(self, schema: Schema) -> str:
        if schema.properties:
            return "{ " + " ".join(self.members(schema, "").splitlines()) + " }"
        if isinstance(schema.additional_properties, Schema):
            return f"{{ [key: string]: {self.expression(schema.additional_properties)} }}"
        return _OBJECT


def type_names(names: Iterable[str]) -> dict[str, str]:
    """Return the name of the type of each schema: its own as far as TypeScript and the package allow it."""
    taken = {"Array", "Promise", *EXPORTS}
    return {name: _free(_named(name), taken) for name in names}


def member(name: str, type_: str, *, required: bool, note: str, indent: str) -> str:
    """Write a member of an object on a line of its own, below what is to be said of it."""
    sign, absent = ("", "") if required else ("?", " | undefined")
    return f"{comment(note, indent=indent)}{indent}{key(name)}{sign}: {type_}{absent};\n"


def note(schema: Schema | bool) -> str:
    """Say what is to be known of a value besides its type."""
    if isinstance(schema, bool) or schema.ref:
        return ""
    inner = schema.items if schema.type == "array" and isinstance(schema.items, Schema) else schema
    form = _BYTES if inner.content_encoding else _FORMATS.get(inner.format or "")
    default = None if inner.default is msgspec.UNSET else f"Default: {literal(inner.default)}."
    return " ".join(filter(None, [schema.description or inner.description, form, default]))


def _named(name: str) -> str:
    words = "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z0-9_$]+", name))
    return words if _NAME.fullmatch(words) else f"_{words}"


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _joined(joint: str, types: Iterable[str], *, empty: str) -> str:
    parts = list(dict.fromkeys(types))
    group: Callable[[str], str] = _grouped if len(parts) > 1 and joint == " & " else str
    return joint.join(map(group, parts)) or empty


def _grouped(type_: str) -> str:
    """The type as one of the parts of another."""
    return type_ if re.fullmatch(r"[\w$.\[\]]+", type_) else f"({type_})"
