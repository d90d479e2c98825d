"""Texts of others inside TypeScript: each quoted so that it cannot be anything but text."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_NO_PRINT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[\ud800-\udfff]")


def literal(value: Any) -> str:
    """Write a JSON value as an expression; ASCII only, so that no line separator of JavaScript is in it."""
    return json.dumps(value)


def key(name: str) -> str:
    """Write the name of a property; in quotes, unless it is a plain identifier (reserved words may be names)."""
    return name if _IDENTIFIER.fullmatch(name) else literal(name)


def comment(*paragraphs: str | None, indent: str = "") -> str:
    """Write a JSDoc comment with a line break after it; nothing, when there is nothing to say.

    Args:
        paragraphs: texts, and None for those that there is not.
        indent: what each of its lines begins with.
    """
    text = "\n\n".join(each.strip() for each in paragraphs if each and each.strip())
    if not text:
        return ""
    text = _NO_PRINT.sub(" ", text.replace("\r\n", "\n").replace("*/", "*\\/"))
    lines = text.split("\n")
    if len(lines) == 1:
        return f"{indent}/** {text} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"
