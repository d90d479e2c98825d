"""The Python programs in the documentation run: the blocks of a page in order, in one module.

A block fenced as `python no-run` is shown only.
"""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import pytest

from tests.client import Connect

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(page: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """Run a page as a module, so that its classes have a home; errors name the page and its line."""
    text, module = page.read_text(encoding="utf-8"), types.ModuleType(f"{page.stem.lower()}_page")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for block in BLOCK.finditer(text):
        lines_before = text.count("\n", 0, block.start(1))
        exec(compile("\n" * lines_before + block[1], str(page), "exec"), module.__dict__)  # noqa: S102
    return module


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    run(page, monkeypatch)


def test_readme_answers_as_it_says(client: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = client(run(ROOT / "README.md", monkeypatch).server)
    assert readme.get("/_ah/api/hello/v1/greet?name=you").body == b'{"message":"Hello, you!"}'
    assert readme.get("/_ah/api/discovery/v1/apis/hello/v1/rest").json()["name"] == "hello"
