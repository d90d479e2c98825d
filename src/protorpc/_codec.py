"""Generated JSON for one message class, in the flavour of `EndpointsProtoJson`: what the framework serves with.

Reading. msgspec decodes bytes into the hidden struct of the class (see _model), strictly: of all that
`EndpointsProtoJson` accepts it takes only what it reads in the same way, and refuses the rest, be it an error or
merely a number written as text. Adoption then converts what JSON has no type for, checks required fields, and switches
classes. Whatever is refused on the way (`REFUSED`) is left to `EndpointsProtoJson`, which accepts it or says what is
wrong.

Writing. A message whose structs already are what is to be written is handed to msgspec as it is, after one generated
walk that looks for required fields without a value and for what must be written otherwise: an empty list that was
touched, a datetime with an offset, a number that is not finite. Where there is such a thing, and for classes with
64-bit integers, which are written as strings, twins of the messages are built first.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from typing import Annotated, Any, NamedTuple

import msgspec

from protorpc._compiler import slot
from protorpc._enums import Enum, Variant
from protorpc._errors import DecodeError, EncodeError, ValidationError
from protorpc._json import INTEGER_RANGES, EndpointsProtoJson, decode_bytes
from protorpc._rfc3339 import decode_datetime
from protorpc._roots import is_message_class

MAX_DEPTH = 100
# How much source one generated function may hold before nested messages get functions of their own.
_MAX_INLINED_FIELDS = 60


class NotStrict(Exception):  # noqa: N818 - no error, but a turn
    """Raised by generated code for what only the field by field codec can judge."""


REFUSED = (msgspec.DecodeError, NotStrict, DecodeError, KeyError, ValueError, RecursionError)

_STRINGS = (Variant.INT64, Variant.UINT64, Variant.SINT64)


class Codec:
    """How messages of one class are read and written.

    Attributes:
      decode: bytes -> hidden struct; raises one of `REFUSED`.
      adoption: writes the code that makes a hidden struct the message, and that raises one of `REFUSED`.
      read: bytes -> message, both in one.
      encode: message -> bytes. Raises ValidationError for a missing required field, EncodeError for anything that is
        no such message.
    """

    def __init__(self, message: Any) -> None:
        self.message = message
        self.raw = message.__raw__
        for each in _reachable(message):
            _type_hidden_struct(each)
        self.decode = msgspec.json.Decoder(self.raw).decode
        self.adoption = Adoption(message)
        self.read = self.adoption.reader(self.decode)
        self.encode = _writer(message)


def codec(message: Any) -> Codec:
    """The codec of a message class, made when first asked for."""
    made = message.__generated__.codec
    if made is None:
        made = message.__generated__.codec = Codec(message)
    return made  # type: ignore[no-any-return]


def _nested(field: Any) -> Any:
    """The message class inside a field, or None."""
    kind = field.python_type
    return kind if is_message_class(kind) else None


def _reachable(message: Any) -> Iterator[Any]:
    seen, waiting = {message}, [message]
    while waiting:
        current = waiting.pop()
        yield current
        found = {_nested(field) for field in current.__fields__.values()} - seen - {None}
        seen |= found
        waiting += found


# ------------------------------------------------------------------------------------------------------------ reading


def _type_hidden_struct(message: Any) -> None:
    types = {name: _wire_type(field) for name, field in message.__fields__.items()}
    type.__setattr__(message.__raw__, "__annotations__", types)


def _wire_type(field: Any) -> Any:
    kind: Any
    nested = _nested(field)
    if nested is not None:
        kind = nested.__raw__
    elif field.variant in INTEGER_RANGES:
        low, high = INTEGER_RANGES[field.variant]
        bounds = msgspec.Meta(ge=low, le=high if high < 2**63 else None)
        kind = Annotated[int, bounds] | str if field.variant in _STRINGS else Annotated[int, bounds]
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
    if field.variant in _STRINGS:
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
            guard = ["    if not depth: raise NotStrict"]
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
            nested = _nested(field)
            if nested is not None:
                yield from self.nested(nested, field, value, indent, path)
            else:
                yield from self.converted(field, value, indent)
        yield f"{indent}{m}.__class__ = {self.variable(message)}"

    def nested(self, nested: Any, field: Any, value: str, indent: str, path: tuple[Any, ...]) -> Iterator[str]:
        x = self.variable()
        if field.repeated:
            yield f"{indent}for {x} in {value}:"
        else:
            yield f"{indent}{x} = {value}"
            yield f"{indent}if {x} is not None:"
        if nested in path or sum(len(each.__fields__) for each in (*path, nested)) > _MAX_INLINED_FIELDS:
            yield f"{indent}    {self.named(nested)}({x}, depth - 1)"
        else:
            yield from self.lines(nested, x, indent + "    ", (*path, nested))

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
            # Inline for the two forms that programs write, which the slice tells from all others that iso() takes.
            yield f"{indent}if {v} is not None:"
            yield f"{indent}    s = {v}[4:20:3]"
            yield (
                f"{indent}    {value} = iso({v}) if s == '--T::.' and len({v}) == 26"
                f" or s == '--T::' and len({v}) == 19 else {function}({v})"
            )
        elif field.variant in (Variant.INT64, Variant.SINT64):
            yield f"{indent}if {v}.__class__ is str: {value} = {function}({v})"
        else:
            yield f"{indent}if {v} is not None: {value} = {function}({v})"


# ------------------------------------------------------------------------------------------------------------ writing


def _unknown(value: Any) -> Any:
    """What msgspec is to write for a value it does not know: members of enums, and subclasses of what it knows."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    kinds: tuple[Any, ...] = (str, int, float, bytes)
    for kind in kinds:
        if isinstance(value, kind):
            return kind(value)
    raise NotImplementedError


_to_json = msgspec.json.Encoder(enc_hook=_unknown).encode


def _missing(message: str, field: str) -> None:
    raise ValidationError(f"Message {message} is missing required field {field}")


def _finite(value: Any) -> Any:
    """A float as JSON has it; what is not finite as the word that protocol buffers write."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _date_time(value: datetime.datetime) -> Any:
    # msgspec writes Z for UTC; the record has +00:00.
    return value if value.tzinfo is None else value.isoformat()


def _has_strings(message: Any) -> bool:
    return any(f.variant in _STRINGS for each in _reachable(message) for f in each.__fields__.values())


def _writer(message: Any) -> Callable[[Any], bytes]:
    check = _Check()
    body = check.body(message, (message,))
    usual = _Twins(everything=False).function(message) if _has_strings(message) else None
    scope = {
        **check.scope,
        "careful": _Twins(everything=True).function(message),
        "usual": usual,
        "to_json": _to_json,
        "UNWRITABLE": _UNWRITABLE,
        "encode_carefully": encode_carefully,
        "expected": message,
        "check_class": _check_class,
    }
    plain = "usual(m)" if usual else "m"
    source = [
        "def encode(m):",
        "    if type(m) is not expected: check_class(m, expected)",
        *body.lines,
        "    try:",
        f"        return to_json(careful(m) if {body.result} else {plain})"
        if body.result
        else f"        return to_json({plain})",
        "    except UNWRITABLE:",
        "        return encode_carefully(m)",
    ]
    exec("\n".join(source), scope)
    encode: Callable[[Any], bytes] = scope["encode"]
    return encode


def _check_class(value: Any, expected: Any) -> None:
    if not isinstance(value, expected):
        raise EncodeError(f"Expected a message of class {expected.__name__}, found {value!r:.200}")


# Integers beyond 64 bits, lone surrogates, values of classes that only the standard library writes.
_UNWRITABLE = (OverflowError, UnicodeEncodeError, TypeError, NotImplementedError, RecursionError)


class _StrictProtoJson(EndpointsProtoJson):
    """What is written is JSON (RFC 8259), whatever a message holds, and compact."""

    _separators = (",", ":")

    def encode_field(self, field: Any, value: Any) -> Any:
        """As EndpointsProtoJson, with a word for a number that is not finite."""
        if field.python_type is float:
            return [_finite(item) for item in value] if field.repeated else _finite(value)
        return super().encode_field(field, value)


_strict = _StrictProtoJson()


def encode_carefully(message: Any) -> bytes:
    """A message as JSON, unrecognized fields included; takes its time.

    Raises:
      ValidationError: a required field has no value.
    """
    return _strict.encode_message(message).encode("ascii")


class _Body(NamedTuple):
    """Source lines for a message in variable `m`, and whether it needs care as an expression; empty for never."""

    lines: list[str]
    result: str


class _Check:
    """Generates the walk before writing, which finds out whether the message can be handed over as it is."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] = {"missing": _missing, "list": list, "type": type}
        self.names: dict[Any, str] = {}
        self.count = 0

    def named(self, message: Any) -> str:
        name = self.names.get(message)
        if name is None:
            name = self.names[message] = f"check{len(self.names)}"
            body = self.body(message, (message,))
            exec("\n".join([f"def {name}(m):", *body.lines, f"    return {body.result or False}"]), self.scope)
        return name

    def body(self, message: Any, path: tuple[Any, ...]) -> _Body:
        """The walk over a message in variable `m`."""
        lines = self.lines(message, "m", "    ", path)
        text = "\n".join(lines)
        cares, totals = "care = True" in text, "total +=" in text
        head = ["    care = False"] * cares + ["    total = 0.0"] * totals
        return _Body([*head, *lines], " or ".join(["care"] * cares + ["total - total != 0.0"] * totals))

    def lines(self, message: Any, m: str, indent: str, path: tuple[Any, ...]) -> list[str]:
        lines: list[str] = []
        for name, field in message.__fields__.items():
            self.count += 1
            x, value = f"x{self.count}", f"{m}.{slot(name)}"
            body = self.element(field, x, indent + "    ", path)
            if field.required and field.default is None:
                lines.append(f"{indent}if {value} is None: missing({message.__name__!r}, {name!r})")
            if field.repeated:
                lines += [f"{indent}{x}s = {value}", f"{indent}if not {x}s:"]
                lines += [f"{indent}    if type({x}s) is not list: care = True"]
                lines += [f"{indent}for {x} in {x}s:", *body] if body else []
            elif body:
                lines += [f"{indent}{x} = {value}", f"{indent}if {x} is not None:", *body]
        return lines

    def element(self, field: Any, x: str, indent: str, path: tuple[Any, ...]) -> list[str]:
        nested = _nested(field)
        if nested is not None:
            if nested in path or sum(len(each.__fields__) for each in (*path, nested)) > _MAX_INLINED_FIELDS:
                return [f"{indent}if {self.named(nested)}({x}): care = True"]
            return self.lines(nested, x, indent, (*path, nested))
        if field.python_type is float:
            return [f"{indent}total += {x}"]  # finite unless one of them is not
        if field.python_type is datetime.datetime:
            return [f"{indent}if {x}.tzinfo is not None: care = True"]
        return []


class _Twins:
    """Generates functions that build what is to be written.

    Args:
      everything: whether all that can need care is seen to, or only 64-bit integers.
    """

    def __init__(self, everything: bool) -> None:
        self.everything = everything
        self.scope: dict[str, Any] = {"str": str, "finite": _finite, "date_time": _date_time}
        self.names: dict[Any, str] = {}
        self.count = 0

    def function(self, message: Any) -> Any:
        return self.scope[self.named(message)]

    def named(self, message: Any) -> str:
        name = self.names.get(message)
        if name is None:
            name = self.names[message] = f"twin{len(self.names)}"
            exec(f"def {name}(m): return {self.twin(message, 'm', (message,))}", self.scope)
        return name

    def twin(self, message: Any, m: str, path: tuple[Any, ...]) -> str:
        self.count += 1
        name = f"T{self.count}"
        # Positional, by number: a field may have a name that no Struct takes as an attribute.
        keys = {f"f{index}": key for index, key in enumerate(message.__fields__)}
        self.scope[name] = msgspec.defstruct(
            message.__name__, [(key, Any, None) for key in keys], rename=keys, omit_defaults=True, gc=False
        )
        values = (self.value(field, f"{m}.{slot(key)}", path) for key, field in message.__fields__.items())
        return f"{name}({', '.join(values)})"

    def value(self, field: Any, value: str, path: tuple[Any, ...]) -> str:
        self.count += 1
        x = f"x{self.count}"
        element = self.element(field, x, path)
        if field.repeated:
            return f"{value} or None" if element == x else f"[{element} for {x} in {value}] or None"
        return value if element == x else f"({element} if ({x} := {value}) is not None else None)"

    def element(self, field: Any, x: str, path: tuple[Any, ...]) -> str:  # noqa: PLR0911 - one for each kind of field
        nested = _nested(field)
        if nested is not None:
            if not self.everything and not _has_strings(nested):
                return x
            if nested in path or sum(len(each.__fields__) for each in (*path, nested)) > _MAX_INLINED_FIELDS:
                return f"{self.named(nested)}({x})"
            return self.twin(nested, x, (*path, nested))
        if field.variant in _STRINGS:
            return f"str({x})"
        if self.everything and field.python_type is float:
            return f"finite({x})"
        if self.everything and field.python_type is datetime.datetime:
            return f"date_time({x})"
        return x
