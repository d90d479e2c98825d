"""Client libraries that `endpoints client` writes: installed, type-checked, and called against their server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from endpoints.clients import write_client
from tests.docs.test_programs import ROOT
from tests.e2e.conftest import Start
from tests.e2e.processes import ENDPOINTS, HERE, PATIENCE, SERVERS, Server, end, start
from tests.openapi import documents

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

CALLS = HERE / "generated_clients"
NPM_PACKAGES = ("typescript@7.0.2", "@types/node@20.19.43")
INSTALL_TIME = 300.0
APIS = ("guestbook", "wide")
COMPILER_OPTIONS: Final[dict[str, Any]] = {
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noUncheckedIndexedAccess": True,
    "verbatimModuleSyntax": True,
    "module": "nodenext",
    "target": "es2022",
    "types": ["node"],
    "outDir": "made",
}
BLOCK = re.compile(r"^```(python|python no-run|ts)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    database = {"GUESTBOOK_DB": str(folder / "guestbook.db")}
    started = start(SERVERS["uvicorn"], folder / "log", app="client_kit:app", environment=database)
    try:
        yield started
    finally:
        end(started)


@pytest.fixture(scope="module")
def npm(request: pytest.FixtureRequest) -> Path:
    """A folder with the compiler, kept between runs."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    folder: Path = request.config.cache.mkdir("nodejs-" + "-".join(NPM_PACKAGES).replace("/", "-"))
    if not (folder / "installed").exists():
        command = ("npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder), *NPM_PACKAGES)
        try:
            subprocess.run(command, cwd=folder, capture_output=True, timeout=INSTALL_TIME, check=True)  # noqa: S603
        except subprocess.SubprocessError as error:
            pytest.skip(f"{', '.join(NPM_PACKAGES)} cannot be installed: {error}")
        (folder / "installed").touch()
    return folder


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, documents.Json]:
    """Every OpenAPI 3.1 document that we can think of and that describes a method."""
    made = documents.make(tmp_path_factory.mktemp("documents"))
    return {each.name: each.value for each in made if each.name.startswith("3.1") and each.value["paths"]}


def run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    """Run a program to its end, which has to be a good one; returns what it has written to stdout."""
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(  # noqa: S603
        command, cwd=cwd, env=variables, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(language: str, server: Server, folder: Path) -> list[Path]:
    """Write a package for each API, as the command does in a folder of the user's."""
    folders = [folder / f"{api}-package" for api in APIS]
    for api, made in zip(APIS, folders, strict=True):
        options = ("--api", api, "--hostname", f"localhost:{server.port}", "-o", made)
        environment = {"GUESTBOOK_DB": str(folder / "unused.db")}
        printed = run(*ENDPOINTS, "client", language, "client_kit:app", *options, cwd=HERE, environment=environment)
        assert str(made) in printed
    return folders


def compile_(npm: Path, folder: Path, files: list[str]) -> None:
    """Check files as strictly as the compiler can, and write the JavaScript of those that are programs."""
    options = {**COMPILER_OPTIONS, "typeRoots": [str(npm / "node_modules" / "@types")]}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": files}))
    run(npm / "node_modules" / ".bin" / "tsc", "--project", ".", cwd=folder)


def mypy(folder: Path, what: str | Path, **environment: str) -> None:
    """Check modules as strictly as mypy can."""
    command = (sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", folder / "cache", what)
    run(*command, cwd=folder, environment=environment)


def test_python(server: Server, tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="a development tool")
    packages = write("python", server, tmp_path)
    site = tmp_path / "site"
    install = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", site)
    run(sys.executable, *install, *packages, cwd=tmp_path)
    installed = {path.name for path in site.iterdir()}
    assert {"guestbook_client", "wide_client"} <= installed
    assert all((site / f"{api}_client" / "py.typed").exists() for api in APIS)
    script = shutil.copy(CALLS / "calls.py", tmp_path)
    # On MYPYPATH the packages themselves are checked as strictly as what uses them.
    mypy(tmp_path, script, MYPYPATH=str(site))
    run(sys.executable, "-W", "error", script, server.url, cwd=tmp_path, environment={"PYTHONPATH": str(site)})


def test_typescript(server: Server, npm: Path, tmp_path: Path) -> None:
    packages = write("typescript", server, tmp_path)
    project = tmp_path / "project"
    shutil.copytree(CALLS, project)
    (project / "package.json").write_text('{"private": true, "type": "module"}')
    # Packed and copied, so that only what the package says it consists of is there.
    run("npm", "install", "--offline", "--install-links", "--no-audit", "--no-fund", *packages, cwd=project)
    compile_(npm, project, ["calls.ts", "mistakes.ts"])
    run("node", "made/calls.js", cwd=project)


def test_the_page(launch: Start, npm: Path, tmp_path: Path) -> None:
    """Do what `docs/clients.md` tells, but for the port and where Python packages go."""
    pytest.importorskip("mypy", reason="a development tool")
    page = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    blocks = dict(BLOCK.findall(page)[:3])
    (tmp_path / "notes.py").write_text(blocks["python"], encoding="utf-8")
    server = launch("uvicorn", app="notes:server", cwd=tmp_path)
    for command in re.findall("^endpoints (client .*)$", page, re.MULTILINE):
        run(*ENDPOINTS, *command.replace(":8080", f":{server.port}").split(), cwd=tmp_path)
    python = blocks["python no-run"].replace(":8080", f":{server.port}")
    (tmp_path / "calls.py").write_text(python, encoding="utf-8")
    mypy(tmp_path, "calls.py", MYPYPATH="notes-python")
    shown = run(sys.executable, "calls.py", cwd=tmp_path, environment={"PYTHONPATH": "notes-python"})
    assert "NotesNote(text='Back at noon', id='1', tags=['door']" in shown and "There is no note 99\n" in shown
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}')
    (tmp_path / "calls.ts").write_text(blocks["ts"], encoding="utf-8")
    run("npm", "install", "--offline", "--no-audit", "--no-fund", "./notes-typescript", cwd=tmp_path)
    compile_(npm, tmp_path, ["calls.ts"])
    shown = run("node", "made/calls.js", cwd=tmp_path)
    assert "text: 'Back at noon'" in shown and "404 notFound There is no note 99\n" in shown


def test_typescript_of_every_document(described: dict[str, documents.Json], npm: Path, tmp_path: Path) -> None:
    folders = [str(number) for number in range(len(described))]
    for folder, document in zip(folders, described.values(), strict=True):
        write_client("typescript", document, tmp_path / folder, "client")
    compile_(npm, tmp_path, [f"{folder}/{file}.d.ts" for folder in folders for file in ("index", "models", "runtime")])
    imports = [
        f'new (await import("./{folder}/index.js")).Client({{baseUrl: "http://localhost"}});' for folder in folders
    ]
    (tmp_path / "all.mjs").write_text("\n".join(imports))
    run("node", "all.mjs", cwd=tmp_path)


def test_python_of_torture(described: dict[str, documents.Json], tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="a development tool")
    write_client("python", described["3.1-torture-utc"], tmp_path / "package", "torture-client")
    mypy(tmp_path / "package", "torture_client")
