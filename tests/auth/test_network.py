"""What the server does on the network of its own accord: over TLS, through proxies, and no further."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import endpoints
from endpoints import AUTH_LEVEL
from endpoints.auth.network import fetch
from tests.auth.issuing import Clock, claims_of, ec_key, key_set, rsa_key, token
from tests.auth.key_server import answer, dripping, key_server
from tests.auth.services import bearer, service, url
from tests.client import Client

ISS = "https://issuer.test"
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def status(address: str) -> int:
    """What a caller gets whose issuer publishes its keys there."""
    api = service(AUTH_LEVEL.REQUIRED, issuers={"it": endpoints.Issuer(ISS, address)}, audiences={"it": ["my-api"]})
    with Client(endpoints.api_server([api], clock=Clock()), "wsgi") as client:
        return client.get(url("plain"), headers=bearer(token(claims_of(iss=ISS)))).status


def certificate(folder: Path) -> Path:
    key = ec_key("tls").private
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(hours=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path = folder / "localhost.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return path


@contextmanager
def tls_server(path: Path, handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        http.handle_error = lambda *_: None  # type: ignore[method-assign]
        http.socket = context.wrap_socket(http.socket, server_side=True)
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{http.server_port}/keys"
        finally:
            http.shutdown()
            thread.join()


def test_certificates_are_verified(tmp_path: Path) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(key_set(rsa_key()))(self)

        def log_message(self, *_: object) -> None:
            pass

    with tls_server(certificate(tmp_path), Handler) as address:
        assert status(address) == 401
    assert asked == []


def test_what_is_sent() -> None:
    sent: dict[str, Any] = {}

    def behave(handler: BaseHTTPRequestHandler) -> None:
        sent.update(handler.headers.items())
        answer(key_set(rsa_key()))(handler)

    with key_server() as server:
        server.behaviour = behave
        assert status(f"{server.address}/keys?a=b") == 200
        assert server.paths == ["/keys?a=b"]
    assert sent["Accept"] == "application/json"
    assert sent["User-Agent"] == f"endpoints-frameworks/{endpoints.__version__}"
    assert "Authorization" not in sent


def test_proxies_of_the_environment_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with key_server() as proxy:
        monkeypatch.setenv("https_proxy", proxy.address)
        assert status("https://issuer.test/keys") == 401, "this proxy opens no tunnels"
        assert proxy.paths == ["issuer.test:443"]


def test_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with key_server() as proxy, key_server() as server:
        monkeypatch.setenv("http_proxy", proxy.address)
        server.behaviour = answer(key_set(rsa_key()))
        assert status(f"{server.address}/keys") == 200
        assert proxy.paths == []


def test_the_size_of_an_answer_is_limited() -> None:
    document = json.dumps(key_set(rsa_key())).encode()
    with key_server() as server:
        server.behaviour = answer(document.rjust(1024 * 1024))
        assert status(f"{server.address}/keys") == 200
        server.behaviour = answer(document.rjust(1024 * 1024 + 1))
        assert status(f"{server.address}/keys") == 401


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("beginning", "drop"),
    [
        pytest.param(b"", b"H", id="status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: ", b"x", id="a header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n", id="headers"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="interim answers"),
        pytest.param(CHUNKED, b"0", id="the size of a chunk"),
        pytest.param(CHUNKED, b"1\r\n \r\n", id="chunks"),
        pytest.param(CHUNKED + b"2\r\n{}\r\n0\r\n", b"x", id="trailer"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b" ", id="body"),
        pytest.param(b"HTTP/1.1 500 No\r\nContent-Length: 1000\r\n\r\n", b" ", id="body of an error"),
    ],
)
def test_whatever_comes_by_drops_does_not_hold_a_thread_for_long(beginning: bytes, drop: bytes) -> None:
    with key_server() as server:
        server.behaviour = dripping(server, beginning, drop)
        begun = time.monotonic()
        with pytest.raises(TimeoutError, match=r"not complete after 0\.3 seconds"):
            fetch(f"{server.address}/keys", within=0.3)
        assert time.monotonic() - begun < 1


def test_one_time_counts_for_all_redirects() -> None:
    with key_server() as server:
        server.behaviour = answer(b"", {"Location": "/again"}, 302, delay=0.12)
        with pytest.raises(OSError, match=r"complete|timed out"):
            fetch(f"{server.address}/keys", within=0.3)
        assert server.hits == 3, "the fourth would have been the last"


def test_what_a_redirect_says_besides_is_not_read() -> None:
    with key_server() as server:
        moved = dripping(server, b"HTTP/1.1 302 Found\r\nLocation: /moved\r\n\r\n")
        server.behaviour = lambda handler: (answer({}) if handler.path == "/moved" else moved)(handler)
        assert fetch(f"{server.address}/keys", within=0.3)[2] == b"{}"


def test_an_answer_that_is_cut_short_is_none() -> None:
    with key_server() as server:
        server.behaviour = answer(b"{}", {"Content-Length": "3"})
        with pytest.raises(OSError, match="cut short"):
            fetch(f"{server.address}/keys")
