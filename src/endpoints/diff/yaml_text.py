"""YAML as plain values, with the types of JSON only."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import yaml

_MAX_VALUES: Final = 1_000_000
_MAX_MERGED: Final = 10_000


def decode(data: bytes) -> Any:
    """Read YAML; it may use aliases and merges, but stand for no more than a million values by them.

    Raises:
        ValueError: It is no YAML, or stands for more.
        RecursionError: It is nested too deeply.
    """
    try:
        found = yaml.load(data, _Loader)  # noqa: S506 - a SafeLoader with fewer types
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    _check_aliases(found)
    return found


def _check_aliases(found: Any) -> None:
    """Refuse a document that stands for much more than it says, by aliases of aliases, or for itself."""
    sizes: dict[int, float] = {}

    def size(value: Any) -> float:
        if not isinstance(value, (dict, list)):
            return 1
        if id(value) not in sizes:
            sizes[id(value)] = math.inf  # until it is known: that of a value within itself
            inner = value.values() if isinstance(value, dict) else value
            sizes[id(value)] = 1 + sum(map(size, inner))
        return sizes[id(value)]

    if size(found) > _MAX_VALUES:
        raise ValueError(f"it stands for more than {_MAX_VALUES} values by its aliases")


class _Loader(yaml.SafeLoader):
    """YAML with the types of JSON only: no dates, and `no`, `on` and `1:30` are text (the core schema of YAML 1.2)."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as the base class has it

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge what `<<` names; merges of merges double with every line."""
        super().flatten_mapping(node)
        if len(node.value) > _MAX_MERGED:
            raise yaml.constructor.ConstructorError(None, None, "too many merged keys", node.start_mark)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make an object, whose names are text: so are the statuses that people write as numbers."""
        made = super().construct_mapping(node, deep)
        return {key if isinstance(key, str) else str(key).lower(): value for key, value in made.items()}


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", list("-0123456789")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)
