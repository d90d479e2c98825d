"""Generated writing of JSON for one message class, in the flavour of `EndpointsProtoJson`.

A message whose structs already are what is to be written is handed to msgspec as it is, after one generated walk that
looks for required fields without a value and for what must be written otherwise: an empty list that was touched, a
datetime with an offset, a number that is not finite. Where there is such a thing, and for classes with 64-bit integers,
which are written as strings, twins of the messages are built first.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from protorpc._compiler import slot
from protorpc._enums import Enum
from protorpc._errors import EncodeError, ValidationError
from protorpc._json import SENT_AS_TEXT, EndpointsProtoJson
from protorpc._nesting import apart, nested, reachable


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


to_json = msgspec.json.Encoder(enc_hook=_unknown).encode


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


def _date_time_utc(value: datetime.datetime) -> str:
    return (value if value.utcoffset() is not None else value.replace(tzinfo=datetime.UTC)).isoformat()


def has_text_numbers(message: Any) -> bool:
    """Whether messages of a class hold integers that are written as text."""
    return any(f.variant in SENT_AS_TEXT for each in reachable(message) for f in each.__fields__.values())


def writer(message: Any, *, naive_as_utc: bool = False) -> Callable[[Any], bytes]:
    """Generate what writes messages of a class; see `Codec.encode`."""
    check = Check(naive_as_utc)
    body = check.body(message, (message,))
    usual = Twins(everything=False).function(message) if has_text_numbers(message) else None
    scope = {
        **check.scope,
        "careful": Twins(everything=True, naive_as_utc=naive_as_utc).function(message),
        "usual": usual,
        "to_json": to_json,
        "UNWRITABLE": UNWRITABLE,
        "encode_carefully": encode_carefully_utc if naive_as_utc else encode_carefully,
        "expected": message,
        "check_class": check_class,
    }
    plain = "usual(m)" if usual else "m"
    source = [
        "def encode(m):",
        "    if type(m) is not expected: check_class(m, expected)",
        "    try:",
        *("    " + line for line in body.lines),
        f"        return to_json(careful(m) if {body.result} else {plain})"
        if body.result
        else f"        return to_json({plain})",
        "    except UNWRITABLE:",
        "        return encode_carefully(m)",
    ]
    exec("\n".join(source), scope)
    encode: Callable[[Any], bytes] = scope["encode"]
    return encode


def check_class(value: Any, expected: Any) -> None:
    """Raise EncodeError for what is no message of the expected class."""
    if not isinstance(value, expected):
        raise EncodeError(f"Expected a message of class {expected.__name__}, found {value!r:.200}")


# Integers beyond 64 bits, lone surrogates, values of classes that only the standard library writes, None in a list.
UNWRITABLE = (OverflowError, UnicodeEncodeError, TypeError, AttributeError, NotImplementedError, RecursionError)


class _StrictProtoJson(EndpointsProtoJson):
    """What is written is JSON (RFC 8259), whatever a message holds, and compact."""

    _separators = (",", ":")

    def encode_field(self, field: Any, value: Any) -> Any:
        """As EndpointsProtoJson, with a word for a number that is not finite."""
        if field.python_type is float:
            return [_finite(item) for item in value] if field.repeated else _finite(value)
        return super().encode_field(field, value)


class _UtcProtoJson(_StrictProtoJson):
    """The same; a date without a time zone is one of UTC, and written with its offset."""

    def encode_field(self, field: Any, value: Any) -> Any:
        """As above."""
        if field.python_type is datetime.datetime:
            return [_date_time_utc(item) for item in value] if field.repeated else _date_time_utc(value)
        return super().encode_field(field, value)


_strict = _StrictProtoJson()
_utc = _UtcProtoJson()


def encode_carefully(message: Any) -> bytes:
    """A message as JSON, unrecognized fields included; takes its time.

    Raises:
      ValidationError: a required field has no value.
    """
    return _strict.encode_message(message).encode("ascii")


def encode_carefully_utc(message: Any) -> bytes:
    """The same, dates without a time zone as those of UTC."""
    return _utc.encode_message(message).encode("ascii")


class _Body(NamedTuple):
    """Source lines for a message in variable `m`, and whether it needs care as an expression; empty for never."""

    lines: list[str]
    result: str


class Check:
    """Generates the walk before writing, which finds out whether the message can be handed over as it is.

    Args:
      naive_as_utc: whether dates without a time zone need care, too.
    """

    def __init__(self, naive_as_utc: bool) -> None:
        self.naive_as_utc = naive_as_utc
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
        inner = nested(field)
        if inner is not None:
            if apart(inner, path):
                return [f"{indent}if {self.named(inner)}({x}): care = True"]
            return self.lines(inner, x, indent, (*path, inner))
        if field.python_type is float:
            return [f"{indent}total += {x}"]  # finite unless one of them is not
        if field.python_type is datetime.datetime:
            return [f"{indent}care = True" if self.naive_as_utc else f"{indent}if {x}.tzinfo is not None: care = True"]
        return []


class Twins:
    """Generates functions that build what is to be written.

    Args:
      everything: whether all that can need care is seen to, or only 64-bit integers.
      naive_as_utc: whether a date without a time zone is one of UTC, where everything is seen to.
    """

    def __init__(self, *, everything: bool, naive_as_utc: bool = False) -> None:
        self.everything = everything
        date_time = _date_time_utc if naive_as_utc else _date_time
        self.scope: dict[str, Any] = {"str": str, "finite": _finite, "date_time": date_time}
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
        inner = nested(field)
        if inner is not None:
            if not self.everything and not has_text_numbers(inner):
                return x
            if apart(inner, path):
                return f"{self.named(inner)}({x})"
            return self.twin(inner, x, (*path, inner))
        if field.variant in SENT_AS_TEXT:
            return f"str({x})"
        if self.everything and field.python_type is float:
            return f"finite({x})"
        if self.everything and field.python_type is datetime.datetime:
            return f"date_time({x})"
        return x
