"""Path, query and body as the message that a method gets.

Two ways lead there. What programs usually send is decoded by generated code: the body by msgspec into the message's hidden
struct, then each parameter into its slot, then adoption (see protorpc._codec). Whatever that code is not made for (an
unknown field, a number written as text, a dotted name, a null that may hide a parameter, any mistake) it leaves to
the rest of `Decoder`, which joins everything into one JSON object and reads it field by field; errors come from there only.
"""

from __future__ import annotations

from typing import Any

import msgspec

from endpoints.describe.parameters import Parameter
from endpoints.operations import Operation
from endpoints.serving.failures import Refusal, Unreadable
from endpoints.serving.http import Request
from endpoints.serving.parameters import CONVERSIONS, as_tree, declared, joined, percent_decoded, query_pairs
from protorpc._codec import MAX_DEPTH, REFUSED, NotStrict, codec
from protorpc._compiler import slot
from protorpc.messages import DecodeError, Message, ValidationError, Variant
from protorpc.protojson import EndpointsProtoJson

_protojson = EndpointsProtoJson()
_FALL_BACK = (*REFUSED, Refusal)


class Decoder:
    """How requests of one operation are read."""

    def __init__(self, operation: Operation) -> None:
        self._message = operation.request_type
        self._path = operation.path_parameters
        self._declared = declared(operation)
        self._bodiless = operation.http_method in ("GET", "DELETE", "HEAD")
        self._quickly = _generated(operation, self._declared)

    def __call__(self, request: Request, values: tuple[str, ...], body: bytes) -> Message:
        """The request as a message.

        Args:
          values: of the variables in the path, in order, percent-decoded.
          body: the body, unpacked.

        Raises:
          Refusal: 400, saying what is wrong.
          BadRequestException: a parameter has a value that it cannot have.
        """
        form = body != b"" and _is_form(request)
        if not form:
            try:
                return self._quickly(values, request.query, body)
            except _FALL_BACK:
                pass
        tree = as_tree(self._declared, zip(self._path, values, strict=True), query_pairs(request.query))
        if form:
            self._join_form(tree, body)
        elif body and not body.isspace():
            joined(tree, _object(body))
            request.has_unrecognized = True
        try:
            message = _protojson.decode_dictionary(self._message, tree)
            message.check_initialized()
        except (DecodeError, ValidationError) as error:
            raise Unreadable(error) from None
        return message

    def _join_form(self, tree: dict[str, Any], body: bytes) -> None:
        pairs = query_pairs(body.decode("utf-8", "replace"))
        if self._bodiless:  # a long GET, sent as a form by Google's client: the form is the query
            joined(tree, as_tree(self._declared, (), pairs))
            return
        fields: dict[str, Any] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        joined(tree, {name: found if len(found) > 1 else found[0] for name, found in fields.items()})


def _is_form(request: Request) -> bool:
    kind = request.header("content-type")
    return kind is not None and kind.lower().startswith("application/x-www-form-urlencoded")


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(400, f"The request body is not valid JSON: {error}") from None
    except RecursionError:
        raise Refusal(400, f"The request body is nested more than {MAX_DEPTH} deep") from None
    if not isinstance(parsed, dict):
        raise Refusal(400, f"The request body must be a JSON object, found {_kind(parsed)}")
    if not _shallow(parsed, MAX_DEPTH):
        raise Refusal(400, f"The request body is nested more than {MAX_DEPTH} deep")
    return parsed


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _shallow(value: Any, depth: int) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(item, depth - 1) for item in items if isinstance(item, (dict, list)))


# ----------------------------------------------------------------------------------------------------- generated code


def _generated(operation: Operation, known: dict[str, Parameter]) -> Any:
    """A function (values, query, body) -> message that raises one of `_FALL_BACK` where it is not sure."""
    message = operation.request_type
    made = codec(message)
    scope: dict[str, Any] = {
        "decode": made.decode,
        "adopt": made.adopt,
        "raw": made.raw,
        "NotStrict": NotStrict,
        "STRING": Variant.STRING,
        "pairs": query_pairs,
    }
    plain = {name: each for name, each in known.items() if name in message.__fields__}
    scope["fields"] = frozenset(message.__fields__)
    for name, parameter in plain.items():
        conversion = _conversion(parameter)
        if conversion is not None:
            scope[f"convert{slot(name)}"] = conversion
    lines = ["def quickly(values, query, body):", "    m = decode(body) if body else raw()", "    unknown = None"]
    lines += [*_query_lines(plain, scope), *_path_lines(operation.path_parameters, plain, scope)]
    lines += ["    adopt(m)", '    if unknown is not None: m.__dict__["unrecognized"] = unknown', "    return m"]
    exec("\n".join(lines), scope)
    return scope["quickly"]


def _conversion(parameter: Parameter) -> Any:
    """What makes a parameter's text what the decoder would have made of it in a body; adoption does the rest."""
    word_and_function = CONVERSIONS.get(parameter.shape.format or parameter.shape.type)
    if word_and_function is None:
        return None
    convert = word_and_function[1]
    bounds = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1)}.get(parameter.shape.format or "")
    if bounds is None:
        return convert
    low, high = bounds

    def within(text: str) -> Any:
        value = int(text) if text.isdecimal() and text.isascii() else convert(text)
        if not low <= value <= high:
            raise NotStrict
        return value

    return within


def _query_lines(plain: dict[str, Parameter], scope: dict[str, Any]) -> list[str]:
    lines = ["    if query:", "        for k, v in pairs(query):"]
    word = "if"
    for name, parameter in plain.items():
        lines.append(f"            {word} k == {name!r}:")
        if parameter.repeated:
            # Beside a body or a path a list may have to give way; alone in the query it is what it seems.
            lines.append("                if body or values: raise NotStrict")
            lines.append(f"                m.{slot(name)}.append({_converted(name, 'v', scope)})")
        else:
            lines += _assignment(name, "v", scope, "                ")
        word = "elif"
    lines += [
        "            else:" if plain else "            if True:",
        '                if "." in k or k.isdecimal() or k in fields: raise NotStrict',
        "                if unknown is None: unknown = {}",
        "                unknown.setdefault(k, (v, STRING))",
    ]
    return lines


def _path_lines(path: tuple[str, ...], plain: dict[str, Parameter], scope: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for index, name in enumerate(path):
        if name not in plain or plain[name].repeated:
            return ["    raise NotStrict"]
        lines += _assignment(name, f"values[{index}]", scope, "    ")
    return lines


def _converted(name: str, value: str, scope: dict[str, Any]) -> str:
    convert = f"convert{slot(name)}"
    return f"{convert}({value})" if convert in scope else value


def _assignment(name: str, value: str, scope: dict[str, Any], indent: str) -> list[str]:
    place = f"m.{slot(name)}"
    return [
        # Converted before it is known to count: a wrong value is refused even where another one counts.
        f"{indent}v = {_converted(name, value, scope)}",
        f"{indent}if {place} is None:",
        f'{indent}    if body and b"null" in body: raise NotStrict',
        f"{indent}    {place} = v",
    ]
