"""What is written about a comparison."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from endpoints.diff import comparison, documents, report
from endpoints.diff.comparison import Comparison
from tests.diff import shop
from tests.diff.shop import ITEM, Json, schemas

MANY = "4 operations (GET /api/shop/v2/items ...)"


def compared(new: Json) -> Comparison:
    return comparison.compare(documents.read("old.json", shop.openapi3()), documents.read("new.json", new))


@pytest.fixture
def changed() -> Comparison:
    new = shop.openapi3()
    new["info"].update(version="2.2.0", description="Sells.")
    del new["paths"][ITEM]
    schemas(new)["Found"]["properties"]["size"] = {"type": "integer"}
    return compared(new)


def test_text(changed: Comparison) -> None:
    assert report.text(changed) == dedent("""\
        breaking    DELETE /api/shop/v2/items/{id}: removed (major: clients that call it fail)
        compatible  Found.size: added, integer (minor: clients pass over it, and need not send it)
        text        API: title, description or documentation changed (patch: it is what people read about the API)
        1 breaking, 1 compatible, 1 text: asks for a higher major version.
        Declared: shop 2.1.0 -> 2.2.0. The minor version went up. That is not enough; expected 3.0.0 or higher.""")


def test_markdown(changed: Comparison) -> None:
    assert report.markdown(changed) == dedent("""\
        ### shop 2.1.0 -> 2.2.0

        1 breaking, 1 compatible, 1 text: asks for a higher major version.
        Declared: shop 2.1.0 -> 2.2.0. The minor version went up. That is not enough; expected 3.0.0 or higher.

        **Breaks clients (major)**

        | where | what | why |
        |---|---|---|
        | `DELETE /api/shop/v2/items/{id}` | removed | clients that call it fail |

        **Compatible (minor)**

        | where | what | why |
        |---|---|---|
        | `Found.size` | added, integer | clients pass over it, and need not send it |

        **Texts only (patch)**

        | where | what | why |
        |---|---|---|
        | `API` | title, description or documentation changed | it is what people read about the API |""")


def test_json(changed: Comparison) -> None:
    written = json.loads(report.as_json(changed))
    assert written["old"] == {"source": "old.json", "format": "OpenAPI 3", "name": "shop", "version": "2.1.0"}
    assert written["new"]["version"] == "2.2.0"
    assert written["changes"][0] == {
        "rule": "operation-removed",
        "where": "DELETE /api/shop/v2/items/{id}",
        "what": "removed",
        "breaking": True,
        "why": "clients that call it fail",
        "part": "major",
    }
    assert [(each["breaking"], each["part"]) for each in written["changes"][1:]] == [(False, "minor"), (False, "patch")]
    assert written["notes"] == []
    text = written["verdict"].pop("text")
    assert text.startswith("1 breaking, 1 compatible, 1 text: asks for a higher major version. Declared: shop 2.1.0")
    assert written["verdict"] == {
        "breaking": True,
        "required": "major",
        "declared": "minor",
        "sufficient": False,
        "expected": "3.0.0 or higher",
    }


def test_nothing() -> None:
    same = compared(shop.openapi3())
    assert report.text(same) == ("Nothing changed.\nDeclared: shop 2.1.0 -> 2.1.0. The version stayed. That is enough.")
    assert json.loads(report.as_json(same))["verdict"]["required"] is None


def test_notes() -> None:
    found = comparison.compare(
        documents.read("old.json", shop.openapi3()), documents.read("new.json", shop.discovery())
    )
    (note,) = found.notes
    assert report.text(found).splitlines()[0] == note
    assert note in report.markdown(found)
    assert json.loads(report.as_json(found))["notes"] == [note]


def test_what_is_the_same_for_many_operations_is_one_line() -> None:
    new = shop.openapi3()
    for item in new["paths"].values():
        for operation in item.values():
            operation["deprecated"] = True
            operation["responses"]["500"] = {"description": ""}
    found = compared(new)
    assert report.text(found).splitlines()[:2] == [
        f"compatible  {MANY}, answer 500: added (minor: clients expect errors that they do not know)",
        f"compatible  {MANY}: deprecated (minor: clients are told to look for another)",
    ]
    assert len(json.loads(report.as_json(found))["changes"]) == 8


def test_documents_cannot_steer_a_terminal_or_a_page() -> None:
    new = shop.openapi3()
    schemas(new)["Found"]["properties"]["\x1b[2J|`<b>\n"] = {"type": "string", "format": "|<b>*x*\x07"}
    found = compared(new)
    assert "\x1b" not in report.text(found) and r"Found.\x1b[2J" in report.text(found)
    row = next(line for line in report.markdown(found).splitlines() if "Found" in line)
    assert row.startswith(r"| `Found.\x1b[2J\|'<b>\n` | added, string (\|\<b>\*x\*\x07) |")
