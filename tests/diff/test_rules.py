"""The table of rules as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from endpoints.diff.rules import Rule
from tests.diff import (
    shop,
    test_api_rules,
    test_content_rules,
    test_operation_rules,
    test_parameter_rules,
    test_schema_rules,
)
from tests.diff.edits import said

TABLES = (test_api_rules, test_content_rules, test_operation_rules, test_parameter_rules, test_schema_rules)
PAGE = Path(__file__).parent.parent.parent / "docs" / "api-diff.md"


def test_each_rule_has_a_row_in_a_test() -> None:
    rows = [row.values for table in TABLES for row in table.ROWS]
    seen = {text.partition(" ")[0] for _, _, _, *sides in rows for side in sides for text in list(side)}
    assert {rule.key for rule in Rule} - seen == set()


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.key)
def test_each_rule_has_a_row_in_the_documentation(rule: Rule) -> None:
    assert f"| `{rule.key}` | {rule.part.word} | {rule.why} |" in PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("old", shop.DOCUMENTS)
@pytest.mark.parametrize("new", shop.DOCUMENTS)
def test_the_same_in_any_format_is_no_change(old: str, new: str) -> None:
    assert said(shop.DOCUMENTS[old](), shop.DOCUMENTS[new]()) == []
