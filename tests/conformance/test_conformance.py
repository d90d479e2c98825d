"""Replays the recorded answers of the original; nothing may differ but what deviations.md allows.

`replay.py` of the kit compares, and asks deviations.py about every difference. What that cannot tell from a mistake is
listed in known.py, case by case. `make conformance ARGS='-v -k echo/'` prints the same for one piece of the record.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import known

KIT = Path(__file__).parent
# The services of the kit declare on purpose what the framework warns of.
pytestmark = pytest.mark.filterwarnings("ignore::endpoints.exceptions.ConfigurationWarning")


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The kit's own replay module, without the API keys and quotas that the original never enforced."""
    monkeypatch.setenv("ENDPOINTS_CONTROL", "off")
    monkeypatch.syspath_prepend(KIT)
    return importlib.import_module("replay")


def _comparable(document: Any) -> Any:
    """A document as every Python makes it: from 3.13 on the compiler takes the indentation out of docstrings."""
    if isinstance(document, dict):
        return {key: _comparable(value) for key, value in document.items()}
    if isinstance(document, list):
        return [_comparable(value) for value in document]
    return inspect.cleandoc(document) if isinstance(document, str) and "\n" in document else document


def compare(replay: Any, recorded: Any, got: Any) -> list[str]:
    if sys.version_info >= (3, 13):
        recorded, got = _comparable(recorded), _comparable(got)
    found: list[str] = replay.compare(recorded, got)
    return found


def _cases(replay: Any) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path in sorted(KIT.glob("cases/*.json")):
        spec = json.loads(path.read_text())
        app = replay.harness.load_app(spec, str(KIT / "services"))
        for case in spec["cases"]:
            yield f"{path.stem}/{case['id']}", case, replay.harness.call(app, case["request"], spec["server"])


def _case_differences(replay: Any, case: dict[str, Any], got: dict[str, Any]) -> list[str]:
    if replay.harness.matches(case, got) or replay.deviations.of_case(case, got):
        return []
    recorded = case["response"]
    if isinstance(recorded.get("json"), dict) and "rootUrl" in recorded["json"] and recorded["status"] == got["status"]:
        return compare(replay, recorded["json"], got.get("json"))  # a discovery document, to which V1 applies
    found: list[str] = replay.harness.diff(recorded, got, case.get("normalise", ()))
    return found


def _is_listed(got: dict[str, Any], status: int, answer: Any) -> bool:
    body = got.get("json")
    if got.get("status") != status or not isinstance(body, dict):
        return False
    if isinstance(answer, dict):
        return body == answer
    text: str = body.get("error", {}).get("message", "")
    return body.get("kind") == answer or text.startswith(answer)


def test_http(replay: Any, subtests: pytest.Subtests) -> None:
    expected = known.listed(known.CASES)
    for label, case, got in _cases(replay):
        with subtests.test(label):
            differences = _case_differences(replay, case, got)
            if label in expected:
                assert differences, "answers as recorded: take it off the list"
                assert _is_listed(got, *expected.pop(label)), got
            else:
                assert not differences, "\n".join(differences)
    assert not expected, "listed, but not in the record"


def test_messages(replay: Any, subtests: pytest.Subtests) -> None:
    expected = known.listed(known.MESSAGES)
    for label, differences in replay.messages():
        with subtests.test(label):
            if label in expected:
                name, text = expected.pop(label)
                assert differences, "answers as recorded: take it off the list"
                assert all(_raised(each) == (name, text) for each in differences), differences
            else:
                assert not differences, "\n".join(differences)
    assert not expected, "listed, but not in the record"


def _raised(difference: str) -> tuple[str, str]:
    """What the second half of `recorded != got` says was raised."""
    raised = json.loads(difference.partition(" != ")[2])["raises"]
    return raised["class"], raised["message"]


def test_configuration(replay: Any, subtests: pytest.Subtests) -> None:
    for label, differences in replay.config():
        with subtests.test(label):
            assert not differences, "\n".join(differences)


def _served(replay: Any) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """The documents that a server answers, as (label, record, answer); those of the tool are tested elsewhere."""
    for manifest in sorted(KIT.glob("docs/*/manifest.json")):
        spec, folder = json.loads(manifest.read_text()), manifest.parent
        app = replay.harness.load_app(spec, str(KIT / "services"))
        for entry in spec["documents"]:
            if "http" not in entry:
                continue
            request = {"method": "GET", "path": entry["http"]}
            if spec.get("request_uri"):
                request["request_uri"] = entry["http"]
            got = replay.harness.call(app, request, spec["server"])
            if "file" in entry:
                yield f"{folder.name}/{entry['file']}", json.loads((folder / entry["file"]).read_text()), got
            else:
                yield f"{folder.name} {entry['http']}", None, got


def test_documents(replay: Any, subtests: pytest.Subtests) -> None:
    expected = known.listed(known.DOCUMENTS)
    for label, recorded, got in _served(replay):
        with subtests.test(label):
            if label in expected:
                assert _is_listed(got, *expected.pop(label)), got
            elif recorded is None:
                assert got["status"] == 404 and "error" in got["json"], got
            else:
                assert not compare(replay, recorded, got.get("json"))
    assert not expected, "listed, but not in the record"


@pytest.mark.slow
def test_identity() -> None:
    """auth_replay.py, in a process of its own: it switches logging off."""
    command = [sys.executable, "-W", "ignore", "auth_replay.py"]
    finished = subprocess.run(command, cwd=KIT, capture_output=True, text=True, check=False)  # noqa: S603
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert re.search(r"^auth: 445 of 445 as recorded or better", finished.stdout, re.MULTILINE), finished.stdout
