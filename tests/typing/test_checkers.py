"""mypy and pyright agree with the samples, and the samples hold at run time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.typing import ferris_samples, message_samples, model_samples, service_samples

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SAMPLES = sorted(str(path) for path in HERE.glob("*_samples.py"))
TESTS = [
    pytest.param(function, id=f"{module.__name__.rpartition('.')[2]}-{name}")
    for module in (ferris_samples, message_samples, model_samples, service_samples)
    for name, function in vars(module).items()
    if name.startswith("test_")
]


@pytest.mark.parametrize("function", TESTS)
def test_samples_hold_at_run_time(function: object) -> None:
    assert callable(function)
    function()


@pytest.mark.slow
@pytest.mark.parametrize(
    "checker",
    [
        pytest.param([sys.executable, "-m", "mypy", *SAMPLES], id="mypy"),
        pytest.param([sys.executable, "-m", "pyright", "--pythonpath", sys.executable], id="pyright"),
    ],
)
def test_type_checkers_agree(checker: list[str]) -> None:
    pytest.importorskip(checker[2], reason="a development tool")
    done = subprocess.run(checker, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
