"""Which version a change asks for, and whether the declared ones say so."""

from __future__ import annotations

import pytest

from endpoints.diff import comparison, documents
from endpoints.diff.rules import Part
from endpoints.diff.verdict import Verdict
from tests.diff import shop
from tests.diff.edits import listing
from tests.diff.shop import Json


def breaking(document: Json) -> None:
    listing(document)["operationId"] = "Items_all"


def compatible(document: Json) -> None:
    listing(document)["deprecated"] = True


def text(document: Json) -> None:
    listing(document)["summary"] = "Lists items."


def nothing(document: Json) -> None:
    pass


PARTS = {breaking: Part.MAJOR, compatible: Part.MINOR, text: Part.PATCH, nothing: None}


def judged(old: str, new: str, edit: object) -> Verdict:
    before, after = shop.openapi3(), shop.openapi3()
    assert callable(edit)
    edit(after)
    before["info"]["version"], after["info"]["version"] = old, new
    return comparison.compare(documents.read("old.json", before), documents.read("new.json", after)).verdict


# What is enough, of breaking, compatible, text and nothing, and what is expected of those that are not.
@pytest.mark.parametrize(
    ("old", "new", "enough", "expected"),
    [
        pytest.param("2.1.0", "3.0.0", (True, True, True, True), (), id="major"),
        pytest.param("2.1.0", "2.2.0", (False, True, True, True), ("3.0.0 or higher",), id="minor"),
        pytest.param("2.1.0", "2.1.1", (False, False, True, True), ("3.0.0 or higher", "2.2.0 or higher"), id="patch"),
        pytest.param(
            "2.1.0",
            "2.1.0",
            (False, False, False, True),
            ("3.0.0 or higher", "2.2.0 or higher", "2.1.1 or higher"),
            id="the same",
        ),
        pytest.param(
            "2.1.0+a",
            "2.1.0+b",
            (False, False, False, True),
            ("3.0.0 or higher", "2.2.0 or higher", "2.1.1 or higher"),
            id="another build",
        ),
        pytest.param(
            "2.1.0",
            "2.0.9",
            (False, False, False, False),
            ("3.0.0 or higher", "2.2.0 or higher", "2.1.1 or higher", "2.1.0 or higher"),
            id="lower",
        ),
        pytest.param("2.1.0", "3.0.0-beta.1", (True, True, True, True), (), id="pre-release of the next major version"),
        pytest.param("3.0.0-beta.1", "3.0.0-beta.2", (True, True, True, True), (), id="next pre-release"),
        pytest.param(
            "3.0.0-beta.1",
            "3.0.0-beta.1",
            (False, False, False, True),
            ("higher than 3.0.0-beta.1",) * 3,
            id="the same pre-release",
        ),
        pytest.param("0.9.3", "0.10.0", (True, True, True, True), (), id="minor before 1.0.0"),
        pytest.param("0.9.3", "0.9.4", (False, False, True, True), ("0.10.0 or higher",) * 2, id="patch before 1.0.0"),
        pytest.param("0.9.3", "1.0.0", (True, True, True, True), (), id="first release"),
        pytest.param("v1", "v2", (True, True, True, True), (), id="other addresses"),
        pytest.param(
            "v1",
            "v1",
            (False, True, True, True),
            ("a version other than v1, with addresses of its own",),
            id="no SemVer",
        ),
        pytest.param("1.2", "2.0.0", (True, True, True, True), (), id="SemVer from now on, other addresses"),
        pytest.param(
            "v2",
            "2.1.0",
            (False, True, True, True),
            ("a version other than v2, with addresses of its own",),
            id="SemVer from now on, same addresses",
        ),
        pytest.param("2.1.0", "v2", (False, True, True, True), ("3.0.0 or higher",), id="SemVer no more"),
        pytest.param(
            "",
            "",
            (False, True, True, True),
            ("a version other than none, with addresses of its own",),
            id="no version",
        ),
    ],
)
def test_verdict(old: str, new: str, enough: tuple[bool, ...], expected: tuple[str, ...]) -> None:
    verdicts = [judged(old, new, edit) for edit in PARTS]
    assert [verdict.required for verdict in verdicts] == list(PARTS.values())
    assert tuple(verdict.sufficient for verdict in verdicts) == enough
    assert tuple(verdict.expected for verdict in verdicts if not verdict.sufficient) == expected
