"""Fixtures of the tests of one request and its answer."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def upload_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which servers keep uploads; made by the first server that needs it."""
    folder = tmp_path / "uploads"
    monkeypatch.setenv("ENDPOINTS_UPLOADS", str(folder))
    return folder
