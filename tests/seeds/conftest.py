from __future__ import annotations

from pathlib import Path

import pytest

from tests.seeds import samples
from tests.seeds.samples import Run


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Import a sample, completed; its folder is the working directory."""
    monkeypatch.chdir(tmp_path)
    return lambda name: samples.run(name, monkeypatch, tmp_path)
