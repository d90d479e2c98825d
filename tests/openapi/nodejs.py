"""npm's packages that judge documents and make clients, installed once from package.json."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

HERE: Final = Path(__file__).parent
OLDEST: Final = (20, 19)
INSTALL_TIME: Final = 300.0
PATIENCE: Final = 120.0
_QUIET: Final = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
# The packages are programs of JavaScript alone: no script of theirs has anything to do when they are installed.
_INSTALL: Final = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")


def installed(cache: pytest.Cache) -> Path:
    """Return the folder that the packages are in, kept between runs, with everything of this folder's beside them.

    Skips the test where that cannot be.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    version = run(HERE, "node", "--version").stdout.strip()
    if tuple(map(int, version.removeprefix("v").split(".")[:2])) < OLDEST:
        pytest.skip(f"Node.js {'.'.join(map(str, OLDEST))} or later is needed, and this is {version}")
    wanted = (HERE / "package.json").read_bytes()
    folder: Path = cache.mkdir("openapi-" + hashlib.sha256(wanted).hexdigest()[:12])
    for source in HERE.iterdir():
        if source.suffix in {".js", ".json", ".mjs", ".mts", ".yaml"}:
            shutil.copy(source, folder)
    if not (folder / "installed").exists():
        try:
            subprocess.run(_INSTALL, cwd=folder, capture_output=True, timeout=INSTALL_TIME, check=True)  # noqa: S603
        except subprocess.SubprocessError as error:
            pytest.skip(f"the packages of {HERE / 'package.json'} cannot be installed: {error}")
        (folder / "installed").touch()
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder to its end, whatever its exit status; nothing in it tells anybody of that."""
    options: Any = {"cwd": folder, "env": {**os.environ, **_QUIET}, "capture_output": True, "text": True}
    return subprocess.run(command, **options, timeout=PATIENCE, check=False)  # noqa: S603
