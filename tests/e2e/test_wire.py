"""What only real servers do to a request: chunks, large bodies, raw paths, connections that go on."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Start
from tests.e2e.processes import PATIENCE, Server

pytestmark = pytest.mark.e2e

ECHO = "/_ah/api/echo/v1/echo"
MEBIBYTE = 1024 * 1024


@pytest.fixture
def connection(kit: Server) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection("localhost", kit.port, timeout=PATIENCE)
    yield made
    made.close()


def exchange(connection: http.client.HTTPConnection, *arguments: Any, **options: Any) -> tuple[int, bytes]:
    connection.request(*arguments, **options)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_requests_follow_each_other_on_a_connection(connection: http.client.HTTPConnection) -> None:
    for number in range(50):
        body = json.dumps({"content": f"number {number}"})
        assert json.loads(exchange(connection, "POST", ECHO, body)[1]) == {"content": f"number {number}"}
        assert exchange(connection, "GET", "/_ah/api/nowhere")[0] == 404
        assert exchange(connection, "DELETE", "/_ah/api/params/v1/needed/a/of/1") == (204, b"")


def test_a_chunked_body(connection: http.client.HTTPConnection) -> None:
    pieces = [b'{"content"', b': "in ', b"", b'pieces"}']
    for _ in range(2):
        status, body = exchange(connection, "POST", ECHO, iter(filter(None, pieces)), encode_chunked=True)
        assert (status, json.loads(body)) == (200, {"content": "in pieces"})


def test_a_body_of_many_chunks(connection: http.client.HTTPConnection) -> None:
    text = "x" * 20000
    pieces = (bytes([byte]) for byte in json.dumps({"content": text}).encode())
    status, body = exchange(connection, "POST", ECHO, pieces, encode_chunked=True)
    assert (status, json.loads(body)) == (200, {"content": text})


@pytest.mark.parametrize("size", [100_000, 900_000])
def test_a_body_that_comes_in_several_reads(connection: http.client.HTTPConnection, size: int) -> None:
    content = "ü" * (size // 2)
    status, body = exchange(connection, "POST", ECHO, json.dumps({"content": content}, ensure_ascii=False).encode())
    assert (status, json.loads(body)) == (200, {"content": content})


def test_too_large_a_body_is_refused_before_it_is_sent(kit: Server, connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", ECHO)
    connection.putheader("Content-Length", str(100 * MEBIBYTE))
    connection.endheaders(b"{")
    assert connection.getresponse().status == 413
    assert kit.request(ECHO, json={"content": "still here"}).status == 200


def test_too_large_a_body_that_is_sent_anyway(kit: Server) -> None:
    for _ in range(3):
        connection = http.client.HTTPConnection("localhost", kit.port, timeout=PATIENCE)
        try:
            assert exchange(connection, "POST", ECHO, b"x" * (11 * MEBIBYTE))[0] == 413
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has answered and gone, which RFC 9110, 15.5.14, lets it do
        finally:
            connection.close()
    assert kit.request(ECHO, json={"content": "still here"}).status == 200


def test_expecting_to_be_told_to_continue(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", ECHO)
    connection.putheader("Content-Length", "17")
    connection.putheader("Expect", "100-continue")
    connection.endheaders()
    connection.send(b'{"content": "go"}')
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (200, {"content": "go"})


def test_head_is_answered_without_a_body(connection: http.client.HTTPConnection) -> None:
    status, body = exchange(connection, "HEAD", "/_ah/api/discovery/v1/apis")
    assert body == b"" and status in (200, 404, 405)
    assert exchange(connection, "POST", ECHO, b"{}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/_ah/api/alltypes/v1/path/string/%FF", id="no UTF-8"),
        pytest.param("/_ah/api/alltypes/v1/path/string/../../..", id="dots"),
        pytest.param("/_ah/api/alltypes/v1/path/int32/%00", id="NUL"),
        pytest.param("/_ah/api/" + "x" * 5000, id="long"),
        pytest.param("/_ah/api/alltypes/v1/query?" + "&".join(["s=x"] * 3000), id="many parameters"),
    ],
)
def test_odd_addresses_are_the_callers_mistake(connection: http.client.HTTPConnection, path: str) -> None:
    assert 400 <= exchange(connection, "GET", path)[0] < 500


@pytest.mark.parametrize("kind", ["uvicorn", "gunicorn"])  # granian tells a WSGI application only the decoded path
def test_request_uri(launch: Start, kind: str) -> None:
    server = launch(kind, app="kit:app")
    assert server.request("/_ah/api/requesturi/v1/raw/a%2Fb").json() == {"at": "raw/{a} a=a/b"}


def test_a_preflight(kit: Server) -> None:
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    answer = kit.request(ECHO, method="OPTIONS", headers=headers)
    assert answer.status == 200 and answer.headers["access-control-allow-origin"] == "https://app.example"
