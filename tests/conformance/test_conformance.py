"""Replays the recorded answers of the original; nothing may differ but what deviations.md lists.

`make conformance ARGS='-v -k echo/'` prints the same, part by part, for one piece of the record.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

Differences = Iterable[tuple[str, list[str]]]

KIT = Path(__file__).parent


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The kit's own replay module, without the API keys and quotas that the original never enforced."""
    monkeypatch.setenv("ENDPOINTS_CONTROL", "off")
    monkeypatch.syspath_prepend(KIT)
    return importlib.import_module("replay")


def served_documents(replay: Any) -> Iterator[tuple[str, list[str]]]:
    """The documents that a server answers; `replay.documents()` also runs the endpointscfg tool."""
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
                recorded = json.loads((folder / entry["file"]).read_text())
                yield f"{folder.name}/{entry['file']}", replay.compare(recorded, got.get("json"))
            else:
                refused = got.get("status") == 404 and "error" in got.get("json", {})
                yield f"{folder.name} {entry['http']}", [] if refused else [f"no 404 with an error object: {got}"]


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(lambda replay: replay.messages(), id="messages"),
        pytest.param(lambda replay: replay.config(), id="config"),
        pytest.param(lambda replay: replay.cases(), id="cases"),
        pytest.param(served_documents, id="documents"),
    ],
)
def test_answers_as_recorded(part: Callable[[Any], Differences], replay: Any, subtests: pytest.Subtests) -> None:
    for label, differences in part(replay):
        with subtests.test(label):
            assert not differences, "\n".join(differences)
