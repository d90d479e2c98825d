"""The commands that docs/command-line.md shows, run one after the other beside its program, print what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_programs import BLOCK, ROOT

PAGE = ROOT / "docs" / "command-line.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "...\n"


@pytest.mark.slow
def test_commands_print_what_the_page_shows(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (program,) = BLOCK.findall(text)
    (tmp_path / "notes.py").write_text(program, encoding="utf-8")
    shown = [part for block in CONSOLE.findall(text) for part in block.split("$ ")[1:]]
    assert shown
    for command, _, expected in (part.partition("\n") for part in shown):
        said, beginning = printed(command, tmp_path), expected.removesuffix(ANYTHING)
        assert said[: len(beginning)] == beginning, command
        assert said == expected or expected.endswith(ANYTHING), command


def printed(command: str, folder: Path) -> str:
    """What a command prints, on stdout and then on stderr."""
    name, *arguments = command.split()
    hidden = ("DEFAULT_VERSION_HOSTNAME", "GOOGLE_CLOUD_PROJECT")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(  # noqa: S603
        [Path(sys.executable).with_name(name), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
