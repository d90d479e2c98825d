"""Generated reading of JSON for one message class, in the flavour of `EndpointsProtoJson`.

msgspec decodes bytes into the hidden struct of the class (see _model), strictly: of all that `EndpointsProtoJson`
accepts it takes only what it reads in the same way, and refuses the rest, be it an error or merely a number written as
text. Adoption then converts what JSON has no type for, checks required fields, and switches classes. Whatever is
refused on the way (`REFUSED`) is left to `EndpointsProtoJson`, which accepts it or says what is wrong.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import msgspec

from protorpc._compiler import slot
from protorpc._enums import Variant
from protorpc._errors import DecodeError
from protorpc._json import INTEGER_RANGES, MAX_DEPTH, SENT_AS_TEXT, decode_bytes
from protorpc._nesting import apart, nested
from protorpc._rfc3339 import decode_datetime


class NotStrict(Exception):  # noqa: N818 - no error, but a turn
    """Raised by generated code for what only the field by field codec can judge."""


REFUSED = (msgspec.DecodeError, NotStrict, DecodeError, KeyError, ValueError, RecursionError)


def type_hidden_struct(message: Any) -> None:
    """Tell msgspec what the fields of a hidden struct are in JSON."""
    types = {name: _wire_type(field) for name, field in message.__fields__.items()}
    type.__setattr__(message.__raw__, "__annotations__", types)


def _wire_type(field: Any) -> Any:
    kind: Any
    inner = nested(field)
    if inner is not None:
        kind = inner.__raw__
    elif field.variant in INTEGER_RANGES:
        low, high = INTEGER_RANGES[field.variant]
        bounds = msgspec.Meta(ge=low, le=high if high < 2**63 else None)
        kind = Annotated[int, bounds] | str if field.variant in SENT_AS_TEXT else Annotated[int, bounds]
    elif field.variant in (Variant.FLOAT, Variant.DOUBLE):
        kind = float
    elif field.variant is Variant.BOOL:
        kind = bool
    else:
        kind = str  # text; bytes, enum members and datetimes before conversion
    return list[kind] if field.repeated else kind | None


def _int64(low: int, high: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        number = int(value)
        if not low <= number <= high or (value.__class__ is str and not value.lstrip("-").isdecimal()):
            raise NotStrict
        return number

    return convert


def _conversion(field: Any) -> Any:
    """What makes a field's value of what msgspec decodes; None where that is the value."""
    if field.variant in SENT_AS_TEXT:
        return _int64(*INTEGER_RANGES[field.variant])
    if field.variant is Variant.BYTES:
        return decode_bytes
    if field.variant is Variant.ENUM:
        return field.type.lookup_by_name
    if field.python_type is datetime.datetime:
        return decode_datetime
    return None


class Adoption:
    """Generates the code that makes a hidden struct the message; a function for each class that is not inlined.

    Attributes:
      scope: what the code needs among its globals.
    """

    def __init__(self, message: Any) -> None:
        self.message = message
        self.scope: dict[str, Any] = {
            "NotStrict": NotStrict,
            "iso": datetime.datetime.fromisoformat,
            "depth": MAX_DEPTH,
        }
        self.names: dict[Any, str] = {}
        self.count = 0

    def reader(self, decode: Any) -> Callable[[bytes], Any]:
        """A function that decodes and adopts."""
        scope = {**self.scope, "decode": decode}
        lines = self.source("m", "    ")
        scope.update(self.scope)
        exec("\n".join(["def read(body):", "    m = decode(body)", *lines, "    return m"]), scope)
        read: Callable[[bytes], Any] = scope["read"]
        return read

    def source(self, m: str, indent: str) -> list[str]:
        """Lines that adopt the struct in variable `m`, to be run with `scope` among their globals."""
        return list(self.lines(self.message, m, indent, (self.message,)))

    def named(self, message: Any) -> str:
        name = self.names.get(message)
        if name is None:
            name = self.names[message] = f"adopt{len(self.names)}"
            body = list(self.lines(message, "m", "    ", (message,)))
            guard = ["    if depth <= 0: raise NotStrict"]
            exec("\n".join([f"def {name}(m, depth):", *guard, *body]), self.scope)
        return name

    def variable(self, value: Any = None) -> str:
        self.count += 1
        name = f"x{self.count}"
        if value is not None:
            self.scope[name] = value
        return name

    def lines(self, message: Any, m: str, indent: str, path: tuple[Any, ...]) -> Iterator[str]:
        for name, field in message.__fields__.items():
            value = f"{m}.{slot(name)}"
            if field.required and field.default is None:
                yield f"{indent}if {value} is None: raise NotStrict"
            inner = nested(field)
            if inner is not None:
                yield from self.nested(inner, field, value, indent, path)
            else:
                yield from self.converted(field, value, indent)
        yield f"{indent}{m}.__class__ = {self.variable(message)}"

    def nested(self, inner: Any, field: Any, value: str, indent: str, path: tuple[Any, ...]) -> Iterator[str]:
        x = self.variable()
        if field.repeated:
            yield f"{indent}for {x} in {value}:"
        else:
            yield f"{indent}{x} = {value}"
            yield f"{indent}if {x} is not None:"
        if apart(inner, path):
            yield f"{indent}    {self.named(inner)}({x}, depth - {len(path)})"
        else:
            if path[0] is not self.message:  # in a function that is called at any depth
                yield f"{indent}    if depth <= {len(path)}: raise NotStrict"
            yield from self.lines(inner, x, indent + "    ", (*path, inner))

    def converted(self, field: Any, value: str, indent: str) -> Iterator[str]:
        convert = _conversion(field)
        if convert is None:
            return
        function, v = self.variable(convert), self.variable()
        if field.repeated:
            yield f"{indent}if {value}: {value} = [*map({function}, {value})]"
            return
        yield f"{indent}{v} = {value}"
        if field.python_type is datetime.datetime:
            # Inline for the two forms that programs write, which the slice tells from most others that iso() takes.
            # Texts with an offset and fewer digits of a second can be as long as the longer one.
            yield from (
                f"{indent}if {v} is not None:",
                f"{indent}    s = {v}[4:20:3]",
                f"{indent}    if s == '--T::.' and len({v}) == 26:",
                f"{indent}        {value} = d = iso({v})",
                f"{indent}        if d.tzinfo is not None: {value} = {function}({v})",
                f"{indent}    else: {value} = iso({v}) if s == '--T::' and len({v}) == 19 else {function}({v})",
            )
        elif field.variant in (Variant.INT64, Variant.SINT64):
            yield f"{indent}if {v}.__class__ is str: {value} = {function}({v})"
        else:
            yield f"{indent}if {v} is not None: {value} = {function}({v})"
