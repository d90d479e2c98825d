from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from endpoints.cli.notation import Notation, written

SHARED = {"type": "string"}
DOCUMENT = {
    "z": "first",
    "a": {"x": SHARED, "y": SHARED},
    "numbers": [1, 0.5, True, None],
    "description": "One line.\n\nAnd: more\n  with an indent",
    "umlaut": "\u00fcber \U0001f389",
}


@pytest.mark.parametrize(("notation", "parse"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_says_the_same_in_the_same_order(notation: Notation, parse: Any) -> None:
    text = written(DOCUMENT, notation)
    assert parse(text) == DOCUMENT
    assert list(parse(text)) == list(DOCUMENT)
    assert text.endswith("\n") and "\u00fcber" in text


def test_yaml_writes_lines_as_lines_and_shared_values_out() -> None:
    text = written(DOCUMENT, "yaml")
    assert "description: |-\n  One line.\n\n  And: more\n    with an indent\n" in text
    assert "&" not in text and "*" not in text


@pytest.mark.parametrize(
    "text",
    [
        *("1", "1.0", "1e3", "-.5", "1.", "0o17", "0x1F", "0b1", "1_000", "12:30:45", "2020-01-01"),
        *("yes", "No", "on", "y", "n", "true", "null", "~", "", "=", "<<", ".inf", ".NaN"),
        *(" x", "x: y", "# x", "@x", "- x", "{x}", "'", '"'),
    ],
)
def test_yaml_quotes_texts_that_a_parser_may_take_for_something_else(text: str) -> None:
    line = written({"k": text}, "yaml").strip()
    assert line[3:4] in ("'", '"')
    assert yaml.safe_load(line) == {"k": text}
