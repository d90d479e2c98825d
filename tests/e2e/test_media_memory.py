"""However large media is, a server holds little of it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.e2e.processes import PATIENCE, SERVERS, Server, end, start

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MIB = 1024 * 1024
SIZE = 200 * MIB
ALLOWED = 64 * MIB
BLOCK = bytes(range(256)) * 4096
UPLOAD = "/_ah/api/upload/files/v1/files"


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    environment = {"FILES": str(tmp_path), "ENDPOINTS_UPLOADS": str(tmp_path / "uploads")}
    started = start(SERVERS[request.param], tmp_path / "log", app="media_app:app", environment=environment)
    try:
        yield started
    finally:
        end(started)
        for name in ("unnamed", "resumed"):
            (tmp_path / name).unlink(missing_ok=True)


def test_large_media_takes_little_memory(server: Server) -> None:
    idle = memory(server, "VmRSS")
    digest = sha256()
    for _ in range(SIZE // MIB):
        digest.update(BLOCK)
    sent = send(server, "POST", f"{UPLOAD}?uploadType=media&name=unnamed", SIZE)
    assert digest.hexdigest() in sent
    address = begin(server)
    half = SIZE // 2
    assert send(server, "PUT", address, half, f"bytes 0-{half - 1}/{SIZE}") == ""
    assert digest.hexdigest() in send(server, "PUT", address, half, f"bytes {half}-{SIZE - 1}/{SIZE}")
    assert received(server) == digest.hexdigest()
    assert memory(server, "VmHWM") - idle <= ALLOWED


def send(server: Server, method: str, path: str, size: int, content_range: str | None = None) -> str:
    """Send media, a block at a time; returns the answer."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=10 * PATIENCE)
    headers = {"Content-Length": str(size), "Content-Type": "image/png"}
    if content_range is not None:
        headers["Content-Range"] = content_range
    connection.request(method, path, (BLOCK for _ in range(size // len(BLOCK))), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status in (200, 308), text
    return text


def begin(server: Server) -> str:
    answer = server.request(f"{UPLOAD}?uploadType=resumable", method="POST", json={"name": "resumed"})
    return answer.headers["location"].removeprefix(server.url)


def received(server: Server) -> str:
    """Read a whole download; returns its digest."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=10 * PATIENCE)
    connection.request("GET", "/_ah/api/files/v1/files/resumed?alt=media")
    answer, digest, size = connection.getresponse(), sha256(), 0
    while piece := answer.read(MIB):
        digest.update(piece)
        size += len(piece)
    connection.close()
    assert (answer.status, size) == (200, SIZE)
    return digest.hexdigest()


def memory(server: Server, what: str) -> int:
    """Bytes that the processes of a server hold (VmRSS), or held at most (VmHWM)."""
    parents = {int(path.name): parent_of(path) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    family, size = {server.process.pid}, 0
    while size != len(family):
        size = len(family)
        family |= {process for process, parent in parents.items() if parent in family}
    return sum(status(process, what) for process in family)


def parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has just ended
        return 0


def status(process: int, what: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{what}:"))
