"""Documents as text: JSON or YAML, keys in the order in which the documents have them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, Literal

Notation = Literal["json", "yaml"]

# What YAML 1.2 or the old 1.1 take for a number or a truth value, and PyYAML (which is about half of 1.1) for text.
_NO_TEXT_ELSEWHERE: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[yYnN]"
)


def written(document: Any, notation: Notation) -> str:
    """Write a document down; the text ends with a line break."""
    return _WRITERS[notation](document)


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _yaml(document: Any) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Texts of several lines as blocks; nothing by reference, though documents hold the same value twice."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def represent_text(dumper: Dumper, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text else "'" if _NO_TEXT_ELSEWHERE.fullmatch(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, represent_text)
    return str(yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100))


_WRITERS: Final[dict[Notation, Callable[[Any], str]]] = {"json": _json, "yaml": _yaml}
