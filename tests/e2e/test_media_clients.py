"""Media by Google's clients, against each server: simple, multipart and resumable uploads, downloads in parts."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload, MediaIoBaseDownload, MediaIoBaseUpload

from tests.e2e.processes import HERE, PATIENCE, SERVERS, Server, end, start
from tests.e2e.test_apitools import PYTHON, generate, run
from tests.e2e.test_nodejs_client import node_folder

pytestmark = pytest.mark.e2e
__all__ = ["node_folder"]

CONTENT = bytes(range(256)) * 4096
"""1 MiB."""
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module", params=SERVERS)
def files_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application of `media_app.py`, served by one server after the other."""
    folder = tmp_path_factory.mktemp(request.param)
    environment = {"FILES": str(folder), "ENDPOINTS_UPLOADS": str(folder / "uploads")}
    server = start(SERVERS[request.param], folder / "log", app="media_app:app", environment=environment)
    try:
        yield server
    finally:
        end(server)
        assert not list((folder / "uploads").glob("*.media"))


@pytest.fixture
def files(files_server: Server) -> Iterator[Any]:
    """The methods of the API, by google-api-python-client."""
    url = files_server.discovery_url("files", "v1")
    with discovery.build("files", "v1", discoveryServiceUrl=url, cache_discovery=False) as made:
        yield made.files()


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "picture.png"
    path.write_bytes(CONTENT)
    return str(path)


def test_a_simple_upload(files: Any, picture: str) -> None:
    assert files.insert(media_body=picture).execute() == {
        "name": "unnamed", "size": str(len(CONTENT)), "type": "image/png", "digest": DIGEST,
    }  # fmt: skip


@pytest.mark.parametrize("content", [CONTENT, b"", b"\r\n", b"a\r", b"--=="], ids=len)
def test_a_multipart_upload(files: Any, content: bytes) -> None:
    media = MediaIoBaseUpload(io.BytesIO(content), "image/gif")
    assert files.insert(body={"name": "many", "note": "ü"}, media_body=media).execute() == {
        "name": "many", "note": "ü", "size": str(len(content)), "type": "image/gif",
        "digest": sha256(content).hexdigest(),
    }  # fmt: skip


@pytest.mark.parametrize("chunk_size", [-1, 256 * 1024, 300_000])
def test_a_resumable_upload(files: Any, picture: str, chunk_size: int) -> None:
    media = MediaFileUpload(picture, chunksize=chunk_size, resumable=True)
    request = files.update(name="large", body={"note": "n"}, media_body=media)
    progress, answer = [], None
    while answer is None:
        status, answer = request.next_chunk()
        progress.append(status.resumable_progress if status else len(CONTENT))
    assert answer == {
        "name": "large", "note": "n", "size": str(len(CONTENT)), "type": "image/png", "digest": DIGEST,
    }  # fmt: skip
    step = len(CONTENT) if chunk_size == -1 else chunk_size
    assert progress == [*range(step, len(CONTENT), step), len(CONTENT)]


def test_an_upload_that_breaks_off_goes_on(files: Any) -> None:
    media = MediaIoBaseUpload(io.BytesIO(CONTENT), "image/png", chunksize=2**18, resumable=True)
    request = files.insert(body={"name": "broken"}, media_body=media)
    request.next_chunk()
    kept, request.resumable_progress = request.resumable_progress, 2**19  # more than has come
    with pytest.raises(HttpError) as raised:
        request.next_chunk()
    assert raised.value.status_code == 400
    status, _ = request.next_chunk()  # asks first how much there is
    assert status.resumable_progress == kept + 2**18
    answer = None
    while answer is None:
        _, answer = request.next_chunk()
    assert answer["digest"] == DIGEST


def test_a_resumable_upload_of_no_bytes(files: Any) -> None:
    empty = MediaIoBaseUpload(io.BytesIO(b""), "text/plain", resumable=True)
    assert files.insert(body={"name": "empty"}, media_body=empty).execute()["size"] == "0"


@pytest.mark.parametrize("chunk_size", [2**18, 2**22, 300_000])
def test_a_download_in_parts(files: Any, picture: str, chunk_size: int) -> None:
    files.insert(body={"name": "down"}, media_body=picture).execute()
    into = io.BytesIO()
    download, done = MediaIoBaseDownload(into, files.get_media(name="down"), chunksize=chunk_size), False
    while not done:
        _, done = download.next_chunk()
    assert into.getvalue() == CONTENT
    assert files.get_media(name="down").execute() == CONTENT
    assert files.get(name="down").execute() == {"name": "down", "size": str(len(CONTENT))}


def test_an_empty_download(files: Any) -> None:
    files.insert(body={"name": "none"}, media_body=MediaIoBaseUpload(io.BytesIO(b""), "text/plain")).execute()
    _, done = MediaIoBaseDownload(io.BytesIO(), files.get_media(name="none")).next_chunk()
    assert done
    with pytest.raises(HttpError, match="There is no file missing"):
        files.get_media(name="missing").execute()


def test_apitools(files_server: Server, tmp_path: Path) -> None:
    generate(files_server, "files", "v1", tmp_path)
    shutil.copy(HERE / "media_apitools_calls.py", tmp_path)
    run((*PYTHON, "media_apitools_calls.py"), tmp_path)


@pytest.mark.slow
def test_nodejs(files_server: Server, node_folder: Path) -> None:
    shutil.copy(HERE / "nodejs_media_calls.js", node_folder)
    command = ("node", "nodejs_media_calls.js", files_server.url)
    done = subprocess.run(command, cwd=node_folder, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
