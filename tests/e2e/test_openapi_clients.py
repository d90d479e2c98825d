"""Clients made from OpenAPI documents alone call the server: of TypeScript, JavaScript and Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.processes import HERE, SERVERS, Server, end, start
from tests.openapi import nodejs

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

APIS = {"params": "v1", "alltypes": "v1", "guestbook": "v0.2", "torture": "2.7.1"}
TSC = ("--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--module", "nodenext")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    environment = {"GUESTBOOK_DB": str(folder / "guestbook.db"), "ENDPOINTS_CONTROL": "off"}
    made = start(SERVERS["uvicorn"], folder / "log", app="openapi_kit:app", environment=environment)
    try:
        yield made
    finally:
        end(made)


@pytest.fixture(scope="module")
def node_folder(request: pytest.FixtureRequest) -> Path:
    """Where npm's packages are."""
    return nodejs.installed(request.config.cache)


@pytest.fixture(scope="module")
def swagger(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the OpenAPI 2.0 documents of the server, as the command writes them."""
    folder = tmp_path_factory.mktemp("swagger")
    command = ("openapi", "openapi_kit:app", "--spec", "2.0", "--hostname", f"localhost:{server.port}")
    _run(HERE, sys.executable, "-m", "endpoints", *command, "--output", str(folder))
    return folder


def _address(server: Server, name: str) -> str:
    return f"{server.url}/_ah/api/discovery/v1/apis/{name}/{APIS[name]}/openapi.json"


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    done = nodejs.run(folder, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_typescript(server: Server, node_folder: Path) -> None:
    """openapi-typescript writes types that are strict both ways, with which openapi-fetch calls."""
    documents = [f"{name}={_address(server, name)}" for name in APIS]
    _run(node_folder, "node", "types.mjs", str(node_folder), *documents)
    _run(node_folder, "node", "node_modules/typescript/bin/tsc", *TSC, "--target", "es2023", "calls.mts")
    _run(node_folder, "node", "calls.mjs", server.url)


def test_swagger_client_with_openapi_3(server: Server, node_folder: Path) -> None:
    _run(node_folder, "node", "swagger_calls.js", *(f"{name}={_address(server, name)}" for name in APIS))


@pytest.mark.usefixtures("server")
def test_swagger_client_with_openapi_2(node_folder: Path, swagger: Path) -> None:
    documents = [f"{name}={swagger}/{name}-{version}.swagger.json" for name, version in APIS.items()]
    _run(node_folder, "node", "swagger_calls.js", *documents)


def test_bravado(server: Server, swagger: Path) -> None:
    # bravado is older than some warnings of Python; they are no business of this test.
    _run(HERE, sys.executable, "-W", "ignore", "bravado_calls.py", str(swagger), server.url + "/")
