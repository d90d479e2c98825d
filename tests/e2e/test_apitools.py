"""Packages that google-apitools' gen_client makes from live discovery documents import, and call the server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.processes import HERE, PATIENCE, Server

pytestmark = pytest.mark.e2e

# apitools is older than some warnings of Python; they are no business of these tests.
PYTHON = (sys.executable, "-W", "ignore")
GENERATE = "import sys; from apitools.gen.gen_client import main; sys.exit(main())"


def generate(server: Server, api: str, version: str, folder: Path) -> str:
    """Make the package of an API in a folder; returns its name."""
    name = f"{api}_{version.replace('.', '_')}"
    source = ("--discovery_url", server.discovery_url(api, version))
    target = ("--outdir", str(folder / name), "--root_package", name)
    run((*PYTHON, "-c", GENERATE, *source, *target, "client"), folder)
    return name


def run(command: tuple[str, ...], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=2 * PATIENCE, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("api", ["echo", "errors", "schemas", "watch"])
def test_packages_of_other_apis_import(kit: Server, tmp_path: Path, api: str) -> None:
    name = generate(kit, api, "v1", tmp_path)
    run((*PYTHON, "-c", f"import {name}.{name}_client"), tmp_path)


def test_packages_call(kit: Server, tmp_path: Path) -> None:
    for api, version in (("fields", "v1"), ("params", "v1"), ("guestbook", "v0.2")):
        generate(kit, api, version, tmp_path)
    shutil.copy(HERE / "apitools_calls.py", tmp_path)
    run((*PYTHON, "apitools_calls.py"), tmp_path)
