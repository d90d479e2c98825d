"""The Python samples of the original's documentation, as printed, each with what it takes to run beside it.

A sample is a text file in the folder `samples`. The first character of a line tells where the rest comes from:

    =  the page and the heading that what follows is printed under (it may be printed more than once)
       (a space) printed so; the indentation of the list that a sample stands in is left out
    >  printed so, but its indentation got lost: one level is put back
    +  completed: what the page leaves out, or has lost
    !  printed with a slip, which is corrected here

`docs/seeds.md` lists them all.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
_INDENTATION = {" ": "", "+": "", "!": "", ">": "    "}

Run = Callable[[str], types.ModuleType]


def _lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def headings(name: str) -> list[str]:
    """Where the sample is printed: `page 001, Creating the API, step 1`."""
    return [line[1:].strip() for line in _lines(name) if line.startswith("=")]


def program(name: str) -> str:
    """The sample, completed."""
    return "\n".join(_INDENTATION[line[0]] + line[1:] for line in _lines(name) if line[0] != "=") + "\n"


def run(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> types.ModuleType:
    """Import the completed sample as a module of its name."""
    path = tmp_path / f"{name}.py"
    path.write_text(program(name), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module
