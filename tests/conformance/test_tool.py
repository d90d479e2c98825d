"""Replays the recorded runs of `endpointscfg.py`: exit status, lines on stdout, files and what is in them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from endpoints.cli.endpointscfg import main
from tests.conformance.test_conformance import KIT, compare, replay  # noqa: F401 - a fixture

pytestmark = pytest.mark.filterwarnings("ignore::endpoints.exceptions.ConfigurationWarning")

RUNS = [
    pytest.param(manifest.parent, entry, id=f"{manifest.parent.name}-{index}")
    for manifest in sorted(KIT.glob("docs/*/manifest.json"))
    for index, entry in enumerate(json.loads(manifest.read_text())["documents"])
    if "endpointscfg" in entry
]
# Recorded with the schemas and the host name of APIs that were described before them in the same run (V8). The kit
# notices this rule only where the validator refuses the record, which not every installation of it does.
WITH_LEFTOVERS = re.compile(r"described/cfg/openapi.*/(bare|halfspaced|localhosted|namespaced)v1openapi\.json")


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder of the services is the current one; what is imported from there is forgotten after the test."""
    path, modules = sys.path[:], set(sys.modules)
    monkeypatch.chdir(KIT / "services")
    yield
    sys.path[:] = path
    for name in sys.modules.keys() - modules:
        if Path(getattr(sys.modules[name], "__file__", None) or ".").parent == KIT / "services":
            del sys.modules[name]


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize(("folder", "entry"), RUNS)
def test_tool(
    replay: Any,  # noqa: F811
    folder: Path,
    entry: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = _run(word.replace("OUT", str(tmp_path)) for word in entry["endpointscfg"])
    captured = capsys.readouterr()
    assert status == entry["exit"], captured.err
    assert captured.out.splitlines() == [line.replace("OUT", str(tmp_path)) for line in entry["stdout"]]
    assert {path.name for path in tmp_path.iterdir()} == {Path(name).name for name in entry["files"]}
    assert captured.err.count("\n") == (1 if status else 0), captured.err
    for name in entry["files"]:
        recorded = json.loads((folder / name).read_text())
        made = json.loads((tmp_path / Path(name).name).read_text())
        if WITH_LEFTOVERS.fullmatch(f"{folder.name}/{name}"):
            recorded = _without_leftovers(recorded, made.get("host"))
        assert not compare(replay, recorded, made), name


def _run(arguments: Iterator[str]) -> int:
    try:
        return main(["endpointscfg.py", *arguments])
    except SystemExit as end:
        return int(end.code or 0)


def _without_leftovers(recorded: dict[str, Any], host: str | None) -> dict[str, Any]:
    used = set(re.findall(r"#/definitions/(\w+)", json.dumps(recorded["paths"])))
    definitions = {name: each for name, each in recorded["definitions"].items() if name in used}
    kept = {key: value for key, value in recorded.items() if key != "host"}
    return {**kept, "definitions": definitions, **({"host": host} if host else {})}
