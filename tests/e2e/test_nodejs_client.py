"""npm's googleapis discovers the server's APIs and calls them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.processes import HERE, PATIENCE, Server

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PACKAGE = "googleapis@188.0.0"
INSTALL_TIME = 300.0


@pytest.fixture(scope="session")
def node_folder(request: pytest.FixtureRequest) -> Path:
    """A folder with the script and what it needs, kept between runs: the package is large."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    folder: Path = request.config.cache.mkdir("nodejs-" + PACKAGE)
    if not (folder / "installed").exists():
        command = ("npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder), PACKAGE)
        try:
            subprocess.run(command, cwd=folder, capture_output=True, timeout=INSTALL_TIME, check=True)  # noqa: S603
        except subprocess.SubprocessError as error:
            pytest.skip(f"{PACKAGE} cannot be installed: {error}")
        (folder / "installed").touch()
    shutil.copy(HERE / "nodejs_calls.js", folder)
    return folder


def test_discovered_apis_answer(kit: Server, node_folder: Path) -> None:
    command = ("node", "nodejs_calls.js", kit.url)
    done = subprocess.run(command, cwd=node_folder, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
