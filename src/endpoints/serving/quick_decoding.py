"""The generated half of decoding: what programs usually send, read as fast as msgspec reads it.

The body is decoded into the message's hidden struct, each parameter is put into its slot, and the struct is adopted
(see protorpc._reading). The code takes only what it reads just as `Decoder.carefully` would, and raises one of
`NOT_QUICKLY` for the rest: an unknown field, a number written as text in the body, a dotted name, a null that may hide
a parameter, any mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from endpoints.describe.parameters import Parameter
from endpoints.operations import Operation
from endpoints.serving.failures import Refusal
from endpoints.serving.parameters import CONVERSIONS, query_pairs
from protorpc._codec import codec
from protorpc._compiler import slot
from protorpc._reading import REFUSED, NotStrict
from protorpc.messages import Message, Variant

NOT_QUICKLY = (*REFUSED, Refusal)
QuickDecoder = Callable[[tuple[str, ...], str, bytes], Message]
_RANGES = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1)}
# PERF: to look a number up takes a third of the time that it takes to check and convert its digits.
_SMALL = {str(number): number for number in range(1, 1000)}
# Longer ones are left to the careful half, which counts parameters.
_MAX_QUERY_LENGTH = 1000


def quick_decoder(operation: Operation, known: dict[str, Parameter]) -> QuickDecoder:
    """Generate the function for an operation whose declared parameters are `known`."""
    message = operation.request_type
    made = codec(message)
    adoption = made.adoption.source("m", "    ")
    scope: dict[str, Any] = {
        **made.adoption.scope,
        "decode": made.decode,
        "raw": made.raw,
        "fields": frozenset(message.__fields__),
        "pairs": query_pairs,
        "small": _SMALL,
        "NotStrict": NotStrict,
        "STRING": Variant.STRING,
    }
    plain = {name: each for name, each in known.items() if name in message.__fields__}
    for name, parameter in plain.items():
        scope[f"convert{slot(name)}"] = _conversion(parameter)
    lines = ["def quickly(values, query, body):", "    m = decode(body) if body else raw()", "    unknown = None"]
    lines += [*_query_lines(plain), *_path_lines(operation.path_parameters, plain)]
    lines += [*adoption, '    if unknown is not None: m.__dict__["unrecognized"] = unknown', "    return m"]
    exec("\n".join(lines), scope)
    quickly: QuickDecoder = scope["quickly"]
    return quickly


def _conversion(parameter: Parameter) -> Callable[[str], Any] | None:
    """What makes a parameter's text what the decoder would have made of it in a body; adoption does the rest."""
    names = frozenset(parameter.shape.enum or ())

    def member(text: str) -> str:
        if text not in names:
            raise NotStrict
        return text

    if names:
        return member
    conversion = CONVERSIONS.get(parameter.shape.format or parameter.shape.type)
    bounds = _RANGES.get(parameter.shape.format or "")
    if conversion is None or bounds is None:
        return conversion and conversion[1]
    _, convert = conversion
    low, high = bounds

    def within(text: str) -> Any:
        value = convert(text)
        if not low <= value <= high:
            raise NotStrict
        return value

    return within


def _query_lines(plain: dict[str, Parameter]) -> list[str]:
    indent = "            "
    lines = [
        "    if query:",
        f"        if len(query) > {_MAX_QUERY_LENGTH} or ';' in query or not query.isascii(): raise NotStrict",
        "        for kv in query.split('&'):",
        f"{indent}k, _, v = kv.partition('=')",
        f"{indent}if '%' in kv or '+' in kv: [(k, v)] = pairs(kv)",
    ]
    word = "if"
    for name, parameter in plain.items():
        lines.append(f"{indent}{word} k == {name!r}:")
        if parameter.repeated:
            # Beside a body or a path a list may have to give way; alone in the query it is what it seems.
            lines.append(f"{indent}    if body or values: raise NotStrict")
            lines += [*_converted(name, parameter, "v", indent + "    "), f"{indent}    m.{slot(name)}.append(v)"]
        else:
            lines += _assignment(name, parameter, "v", indent + "    ")
        word = "elif"
    return [
        *lines,
        f"{indent}else:" if plain else f"{indent}if True:",
        f"{indent}    if '.' in k or k.isdecimal() or k in fields: raise NotStrict",
        f"{indent}    if not kv: continue",
        f"{indent}    if unknown is None: unknown = {{}}",
        f"{indent}    unknown.setdefault(k, (v, STRING))",
    ]


def _path_lines(path: tuple[str, ...], plain: dict[str, Parameter]) -> list[str]:
    lines: list[str] = []
    for index, name in enumerate(path):
        if name not in plain or plain[name].repeated:
            return ["    raise NotStrict"]
        lines += _assignment(name, plain[name], f"values[{index}]", "    ")
    return lines


def _assignment(name: str, parameter: Parameter, value: str, indent: str) -> list[str]:
    place = f"m.{slot(name)}"
    return [
        # Converted before it is known to count: a wrong value is refused even where another one counts.
        *_converted(name, parameter, value, indent),
        f"{indent}if {place} is None:",
        # 117 is the letter u: one byte is found in a seventh of the time that a word takes.
        f"{indent}    if body and 117 in body and b'null' in body: raise NotStrict",
        f"{indent}    {place} = v",
    ]


def _converted(name: str, parameter: Parameter, value: str, indent: str) -> list[str]:
    convert, shape = f"convert{slot(name)}(v)", parameter.shape
    if shape.format in ("int32", "uint32"):  # inline for up to nine ASCII digits, which no range can refuse
        convert = f"small.get(v) or (int(v) if len(v) < 10 and v.isdecimal() and v.isascii() else {convert})"
    elif shape.format in ("int64", "uint64"):  # what stays text is judged by adoption
        convert = "small.get(v) or (int(v) if len(v) < 19 and v.isdecimal() and v.isascii() else v)"
    elif _conversion(parameter) is None:
        return [] if value == "v" else [f"{indent}v = {value}"]
    return [*([] if value == "v" else [f"{indent}v = {value}"]), f"{indent}v = {convert}"]
