"""Public validators find nothing wrong with any document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

from tests.openapi.documents import Document
from tests.openapi.nodejs import run

Findings = dict[str, list[str]]

# The kit's routing service declares paths that nobody should declare; a document can but show them.
DECLARED_SO: Final = {"no-path-trailing-slash", "no-ambiguous-paths"}
# The recorded documents say nothing of these.
RECORDED_SO: Final = {"operation-summary", "security-defined"}


@pytest.mark.slow
def test_python_validator(documents: list[Document]) -> None:
    assert [each for document in documents for each in _errors(document)] == []


def _errors(document: Document) -> Iterator[str]:
    validator = OpenAPIV2SpecValidator if "swagger" in document.value else OpenAPIV31SpecValidator
    for error in validator(document.value).iter_errors():
        yield f"{document.name}: {'/'.join(map(str, error.absolute_path))}: {error.message}"


@pytest.fixture(scope="module")
def judged(node_folder: Path, folder: Path) -> Findings:
    done = run(node_folder, "node", "validate.js", str(folder))
    assert done.returncode == 0, done.stderr
    found: Findings = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.e2e
def test_swagger_parser_and_swagger2openapi(judged: Findings, documents: list[Document]) -> None:
    assert judged.keys() == {document.name for document in documents}
    assert {name: found for name, found in judged.items() if found} == {}


@pytest.mark.slow
@pytest.mark.e2e
def test_redocly(node_folder: Path, folder: Path, documents: list[Document]) -> None:
    files = sorted(map(str, folder.iterdir()))
    command = (str(node_folder / "node_modules" / ".bin" / "redocly"), "lint", "--config", "redocly.yaml")
    done = run(node_folder, *command, "--format", "json", "--max-problems", "100000", *files)
    answers = list(_json_values(done.stdout))
    assert len(answers) == len(documents), done.stderr
    problems = [problem for answer in answers for problem in answer["problems"]]
    assert [text for text in map(_unexpected, problems) if text] == []


def _json_values(text: str) -> Iterator[Any]:
    """Read the values of a text that holds one after the other."""
    decoder = json.JSONDecoder()
    while text := text.strip():
        value, end = decoder.raw_decode(text)
        yield value
        text = text[end:]


def _unexpected(problem: Any) -> str | None:
    location = problem["location"][0]
    name = Path(location["source"]["ref"]).stem
    excused = (DECLARED_SO if "-kit-routing" in name else set()) | (RECORDED_SO if "-recorded" in name else set())
    if problem["ruleId"] in excused:
        return None
    return f"{name}: {problem['severity']} {problem['ruleId']}: {location.get('pointer')}: {problem['message']}"
