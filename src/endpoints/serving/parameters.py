"""Parameters of the path and the query as values: what they may say, and how they join the body.

The rules are recorded (conformance/cases, params and alltypes). The body goes before the query, the query before the
path; nested fields are written with dots; of a parameter that is sent twice the first counts, unless it is repeated;
what no field declares is kept as an unrecognized field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from endpoints.describe.parameters import Parameter, parameters
from endpoints.exceptions import BasicTypeParameterError, EnumRejectionError
from endpoints.operations import Operation
from endpoints.serving.failures import Refusal
from protorpc.message_types import DateTimeField, DateTimeMessage
from protorpc.messages import DecodeError, MessageField, ValidationError
from protorpc.protojson import EndpointsProtoJson

MAX_QUERY_LENGTH = 64 * 1024
MAX_QUERY_PARAMETERS = 1000
_MAX_NESTING = 100
_parts_codec = EndpointsProtoJson()

_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,20}\s*", re.ASCII)
_FOREIGN_TO_BASE64 = re.compile(r"[^A-Za-z0-9+/_=-]")
_has_encoded_name = re.compile(r"(?:^|[&;])[^=&;]*%").search
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def declared(operation: Operation) -> dict[str, Parameter]:
    """The parameters that an operation declares, by name, dates whole and in parts. Others are passed on as text."""
    listed = (*parameters(operation).listed, *parameters(operation, whole_dates=True).listed)
    return {each.name: each for each in listed}


def percent_decoded(text: str, what: str) -> str:
    """Text of a URL, as it was sent, decoded once; `+` left as it is.

    Args:
      text: in the server interfaces' way, a character for a byte.
      what: begins the message of an error.

    Raises:
      Refusal: 400, the bytes are no UTF-8.
    """
    if "%" not in text and text.isascii():
        return text
    try:
        return unquote_to_bytes(text.encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, f"{what} is not valid UTF-8: {text!r}") from None


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Names and values of a query, in order (https://url.spec.whatwg.org/#urlencoded-parsing).

    Raises:
      Refusal: 400 for bytes that are no UTF-8, 414 for more than 64 KiB or 1000 parameters.
    """
    return [_pair(part) for part in _query_parts(query)]


def check_query(query: str) -> None:
    """Refuse a query that is too large, with 414; a short one holds few parameters."""
    if len(query) > MAX_QUERY_PARAMETERS:
        _query_parts(query)


def value_of(query: str, name: str) -> str | None:
    """The value of a parameter; of one that is sent twice the first.

    Raises:
      Refusal: as `query_pairs`.
    """
    # PERF: as a rule it is not there, and names are not percent-encoded.
    if name not in query and ("%" not in query or not _has_encoded_name(query)):
        return None
    return next((value for each, value in query_pairs(query) if each == name), None)


def _query_parts(query: str) -> list[str]:
    if len(query) > MAX_QUERY_LENGTH:
        raise Refusal(414, f"The query is longer than {MAX_QUERY_LENGTH} characters")
    parts = _parts(query)
    if len(parts) > MAX_QUERY_PARAMETERS:
        raise Refusal(414, f"The query has more than {MAX_QUERY_PARAMETERS} parameters")
    return parts


def form_pairs(body: bytes) -> list[tuple[str, str]]:
    """As `query_pairs`, of a body, whose length is limited already.

    Raises:
      Refusal: 400 for bytes that are no UTF-8, 413 for more than 1000 fields.
    """
    parts = _parts(body.decode("latin-1"))
    if len(parts) > MAX_QUERY_PARAMETERS:
        raise Refusal(413, f"The form has more than {MAX_QUERY_PARAMETERS} fields")
    return [_pair(part) for part in parts]


def _parts(text: str) -> list[str]:
    # A semicolon separates too, as it did for the original (recorded: alltypes/query-semicolon).
    return [part for part in text.replace(";", "&").split("&") if part]


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.replace("+", " ").partition("=")
    return percent_decoded(name, "The name of a query parameter"), percent_decoded(value, f"Query parameter {name!r}")


def as_tree(known: Mapping[str, Parameter], path: Iterable[tuple[str, str]], query: Iterable[tuple[str, str]]) -> Any:
    """Parameters as the JSON object that would say the same.

    Raises:
      BasicTypeParameterError, EnumRejectionError: a declared parameter has a value that it cannot have.
      Refusal: 400, two names contradict each other.
    """
    texts: dict[str, list[str]] = {}
    for name, value in (*query, *path):
        texts.setdefault(name, []).append(value)
    tree: dict[str, Any] = {}
    for name, values in texts.items():
        _plant(tree, name, _value(known.get(name), name, values))
    return tree


def _value(parameter: Parameter | None, name: str, values: list[str]) -> Any:
    if parameter is None:
        return values[0]
    if parameter.repeated:
        return [converted(parameter, f"{name}[{index}]", value) for index, value in enumerate(values)]
    return converted(parameter, name, values[0])


def _plant(tree: dict[str, Any], name: str, value: Any) -> None:
    *outer, last = name.split(".")
    if len(outer) > _MAX_NESTING:
        raise Refusal(400, f"Parameter {name[:80]!r} is nested more than {_MAX_NESTING} deep")
    for step in outer:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise Refusal(400, f"Parameter {name!r} contradicts another one: {step!r} has a value of its own")
    tree[last] = value


def converted(parameter: Parameter, name: str, value: str) -> Any:
    """A declared parameter's text as what JSON would have; 64-bit integers, text, bytes and dates stay text.

    Raises:
      BasicTypeParameterError, EnumRejectionError: it is no such value.
    """
    shape = parameter.shape
    if shape.enum:
        if value not in shape.enum:
            raise EnumRejectionError(name, value, shape.enum)
        return value
    conversion = CONVERSIONS.get(shape.format or shape.type)
    if conversion is None:
        return value
    word, convert = conversion
    try:
        return convert(value)
    except (ValueError, KeyError):
        raise BasicTypeParameterError(name, value, word) from None


def integer(text: str) -> int:
    """An integer in decimal digits, white space around it or not. Raises ValueError for anything else."""
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def number(text: str) -> float:
    """A number as Python writes them, infinities and NaN among them. Raises ValueError for anything else."""
    if "_" in text:
        raise ValueError(text)
    return float(text)


def boolean(text: str) -> bool:
    """`true`, `false`, `1` or `0` in any case. Raises KeyError for anything else."""
    return _BOOLEANS[text.lower()]


def base64_characters(text: str) -> str:
    """Base64 without the characters of no base64 alphabet, which the original passed over (alltypes/query-y-04)."""
    return _FOREIGN_TO_BASE64.sub("", text)


CONVERSIONS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "boolean": ("boolean", boolean),
    "byte": ("base64", base64_characters),
    "int32": ("integer", integer),
    "uint32": ("integer", integer),
    "float": ("float", number),
    "double": ("double", number),
}
"""By format, or by type where there is none: the word for errors, and what converts a text."""


def join_date_times(message_type: Any, tree: dict[str, Any]) -> None:
    """Replace date-times that came in the parts which documents list (`when.milliseconds`) by their text.

    Raises:
      Refusal: 400, the parts are no date-time.
    """
    for name, value in tree.items():
        field = message_type.__fields__.get(name)
        if not isinstance(value, dict) or not isinstance(field, MessageField):
            continue
        if isinstance(field, DateTimeField):
            tree[name] = _date_time(field, value)
        else:
            join_date_times(field.type, value)


def _date_time(field: Any, parts: dict[str, Any]) -> str:
    try:
        message = _parts_codec.decode_dictionary(DateTimeMessage, parts)
        message.check_initialized()
        text: str = field.value_from_message(message).isoformat()
    except (DecodeError, ValidationError, ValueError, OverflowError) as error:
        raise Refusal(400, f"Parameter {field.name!r} is no date-time: {error}") from None
    return text


def joined(parameters: dict[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """What parameters and body say together; where both speak the body counts, but nested objects are joined."""
    for name, value in body.items():
        known = parameters.get(name)
        if isinstance(value, dict) and isinstance(known, dict):
            joined(known, value)
        else:
            parameters[name] = value
    return parameters
