"""Caching, packing and HEAD on real servers, by Google's Python client and its HTTP library, and by hand."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httplib2
import pytest
from googleapiclient import discovery
from googleapiclient.errors import HttpError

from tests.e2e.processes import PATIENCE, SERVERS, Server, end, start

pytestmark = pytest.mark.e2e

BOOKS = "/_ah/api/shelf/v1/books/"
LONG = "long " * 5000


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp(request.param) / "log"
    running = start(SERVERS[request.param], log, app="caching_kit:app")
    try:
        yield running
    finally:
        end(running)


@pytest.fixture
def transport(tmp_path: Path) -> Iterator[httplib2.Http]:
    found = httplib2.Http(cache=str(tmp_path / "cache"))
    yield found
    found.close()


@pytest.fixture
def shelf(server: Server, transport: httplib2.Http) -> Iterator[Any]:
    url = server.discovery_url("shelf", "v1")
    with discovery.build("shelf", "v1", discoveryServiceUrl=url, http=transport, cache_discovery=False) as made:
        yield made


def send(server: Server, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
    """Send one request; returns the answer, and its body in `content`."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Content-Type": "application/json", **named})
        answer: Any = connection.getresponse()
        answer.content = answer.read()
        return answer
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["thin", "thick"])
def test_googles_client_asks_again_and_is_told_that_nothing_changed(
    shelf: Any, transport: httplib2.Http, name: str
) -> None:
    first = shelf.get(name=name).execute()
    statuses: list[tuple[int, bool]] = []
    request = shelf.get(name=name)
    request.add_response_callback(lambda response: statuses.append((response.status, response.fromcache)))
    assert request.execute() == first
    assert statuses in ([(200, True)], [(304, True)])  # the library answers from its cache after a 304
    address = f"{shelf._baseUrl}books/{name}?alt=json"  # noqa: SLF001 - to see what was kept
    assert b"etag" in transport.cache.get(address)


def test_googles_client_need_not_ask_for_what_may_be_kept(shelf: Any) -> None:
    shelf.read().execute()
    assert len({shelf.kept(name="thick").execute()["text"] for _ in range(3)}) == 1
    assert shelf.read().execute()["text"] == "1"


def test_googles_client_does_not_overwrite_what_it_has_not_seen(shelf: Any, server: Server) -> None:
    """Its HTTP library sends the tag of what it has read along with a PUT."""
    for text in ("new", LONG + "new"):
        shelf.get(name="thick").execute()
        shelf.update(name="thick", body={"text": text}).execute()
        shelf.get(name="thick").execute()
        other = json.dumps({"text": text + " by somebody else"}).encode()
        assert send(server, "PUT", BOOKS + "thick", other).status == 200
        with pytest.raises(HttpError) as refused:
            shelf.update(name="thick", body={"text": "lost"}).execute()
        assert refused.value.status_code == 412
        assert refused.value.error_details[0]["reason"] == "conditionNotMet"
        assert shelf.get(name="thick").execute()["text"].endswith("by somebody else")
    send(server, "PUT", BOOKS + "thick", json.dumps({"text": LONG}).encode())


def test_packed_answers(server: Server) -> None:
    plain = send(server, "GET", BOOKS + "thick", Accept_Encoding="identity")
    packed = send(server, "GET", BOOKS + "thick", Accept_Encoding="gzip")
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["Content-Encoding"] == "gzip" and packed.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 20
    error = send(server, "GET", BOOKS + "nothing", Accept_Encoding="gzip")
    assert error.status == 404 and b"no such book" in gzip.decompress(error.content)


def test_packed_requests(server: Server) -> None:
    body = gzip.compress(json.dumps({"text": LONG}).encode())
    answer = send(server, "PUT", BOOKS + "packed", body, Content_Encoding="gzip")
    assert json.loads(answer.content) == {"name": "packed", "text": LONG}
    bomb = gzip.compress(bytes(200_000_000), compresslevel=9)
    assert send(server, "PUT", BOOKS + "packed", bomb, Content_Encoding="gzip").status == 413
    assert send(server, "PUT", BOOKS + "packed", body[:-9], Content_Encoding="gzip").status == 400


def test_a_packed_request_that_comes_slowly(server: Server) -> None:
    body = gzip.compress(json.dumps({"text": "slow"}).encode())
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    try:
        connection.putrequest("PUT", BOOKS + "slow")
        for name, value in {"Content-Encoding": "gzip", "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders()
        for piece in (body[:5], body[5:20], body[20:]):
            time.sleep(0.05)
            connection.send(piece)
        answer = connection.getresponse()
        assert json.loads(answer.read()) == {"name": "slow", "text": "slow"}
    finally:
        connection.close()


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("path", ["thin", "thick", "nothing"])
def test_one_connection_for_all(server: Server, path: str, coding: str) -> None:
    """HEAD and 304 have no content: what would be read of it would be the next answer."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE)
    try:
        headers = {"Accept-Encoding": coding}
        for _ in range(2):
            connection.request("GET", BOOKS + path, headers=headers)
            full = connection.getresponse()
            length = len(full.read())
            connection.request("HEAD", BOOKS + path, headers=headers)
            bare = connection.getresponse()
            assert (bare.status, bare.read()) == (full.status, b"")
            assert bare.headers["Content-Length"] == full.headers["Content-Length"] == str(length)
            assert bare.headers["ETag"] == full.headers["ETag"]
            if full.status == 200:
                connection.request("GET", BOOKS + path, headers={**headers, "If-None-Match": full.headers["ETag"]})
                unchanged = connection.getresponse()
                assert (unchanged.status, unchanged.read()) == (304, b"")
                assert unchanged.headers["ETag"] == full.headers["ETag"]
                assert "Content-Type" not in unchanged.headers
    finally:
        connection.close()
