"""Answers in fewer bytes, where the caller understands it (RFC 9110, 12.5.3)."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from backports import zstd

import endpoints
from tests.client import Response, Serve
from tests.http.library import HUGE, LARGE, ROOT, SMALL, BooksApi

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}
DOCUMENT = "/_ah/api/discovery/v1/apis/books/v1/rest"


def unpacked(response: Response) -> bytes:
    coding = response.headers.get("content-encoding")
    return response.body if coding is None else UNPACK[coding](response.body)


WISHES = [
    (None, None),
    ("", None),
    ("gzip", "gzip"),
    ("GZip", "gzip"),
    ("x-gzip", "gzip"),
    ("br", "br"),
    ("zstd", "zstd"),
    ("gzip, deflate", "gzip"),
    ("gzip, deflate, br, zstd", "zstd"),
    ("gzip, br", "br"),
    ("gzip;q=1, br;q=0.9", "gzip"),
    ("gzip;q=0.5, br;q=0.501, zstd;q=0.5", "br"),
    ("gzip; q=0.8 , *;q=0.1", "gzip"),
    ("gzip\t;\tq=0.8", "gzip"),
    ("gzip;Q=0.8", "gzip"),
    ("*", "zstd"),
    ("*;q=0.1", "zstd"),
    ("*, zstd;q=0", "br"),
    ("zstd;q=0, br;q=0.000, *;q=0.001", "gzip"),
    ("gzip;q=0", None),
    ("*;q=0", None),
    ("gzip;q=0, identity", None),
    ("identity", None),
    ("identity;q=0", None),
    ("identity;q=0, gzip", "gzip"),
    ("identity;q=0.5, gzip;q=0.4", None),
    ("identity;q=0.5, gzip;q=0.5", "gzip"),
    ("identity, *;q=0", None),
    ("gzip;q=0.5, *;q=1", "zstd"),
    ("deflate", None),
    ("compress, snappy", None),
    (", gzip,, ", "gzip"),
    ("gzip;q=2", None),
    ("gzip;q=-1", None),
    ("gzip;q=0.1234", None),
    ("gzip;q=x", None),
    ("gzip;q", None),
    ("gzip;level=9", None),
    ("gzip br", None),
    ("g\xfczip, gzip", None),
    ("gzip, " * 200, None),
]


@pytest.mark.parametrize(("wishes", "coding"), WISHES, ids=[repr(wishes)[:40] for wishes, _ in WISHES])
def test_what_the_caller_wishes(serve: Serve, wishes: str | None, coding: str | None) -> None:
    response = serve(BooksApi).get(
        f"{ROOT}text?size={LARGE}", headers={} if wishes is None else {"Accept-Encoding": wishes}
    )
    assert response.status == 200
    assert response.headers.get("content-encoding") == coding
    assert response.headers.get("vary") == (coding and "Accept-Encoding")
    assert response.headers["content-length"] == str(len(response.body))
    assert response.headers["content-type"] == "application/json"
    assert json.loads(unpacked(response)) == {"text": "x" * LARGE}


def test_several_headers_are_one(serve: Serve) -> None:
    headers = [("Accept-Encoding", "deflate"), ("Accept-Encoding", "br"), ("Accept-Encoding", "gzip;q=0.1")]
    assert serve(BooksApi).get(f"{ROOT}text?size={LARGE}", headers=headers).headers["content-encoding"] == "br"


ANSWERS: list[tuple[str, Callable[..., Response], bool]] = [
    ("small", lambda client, **more: client.get(f"{ROOT}text?size={SMALL}", **more), False),
    ("just too small", lambda client, **more: client.get(f"{ROOT}text?size={1023 - 11}", **more), False),
    ("just large enough", lambda client, **more: client.get(f"{ROOT}text?size={1024 - 11}", **more), True),
    ("huge", lambda client, **more: client.get(f"{ROOT}text?size={HUGE}", **more), True),
    ("async", lambda client, **more: client.get(f"{ROOT}async_text?size={LARGE}", **more), True),
    ("post", lambda client, **more: client.post(ROOT + "echo", json={"text": "x" * LARGE}, **more), True),
    ("indented", lambda client, **more: client.get(f"{ROOT}text?size={LARGE}&prettyPrint=true", **more), True),
    ("error", lambda client, **more: client.get(f"{ROOT}kept?size=404", **more), True),
    ("small error", lambda client, **more: client.get(ROOT + "nowhere", **more), False),
    ("document", lambda client, **more: client.get(DOCUMENT, **more), True),
    ("nothing", lambda client, **more: client.get(ROOT + "nothing", **more), False),
]


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize(("ask", "is_packed"), [each[1:] for each in ANSWERS], ids=[each[0] for each in ANSWERS])
def test_what_is_packed(serve: Serve, coding: str, ask: Callable[..., Response], is_packed: bool) -> None:
    client = serve(BooksApi)
    plain, response = ask(client), ask(client, headers={"Accept-Encoding": coding})
    assert response.headers.get("content-encoding") == (coding if is_packed else None)
    assert ("Accept-Encoding" in response.headers.get("vary", "")) is is_packed
    assert (response.status, unpacked(response)) == (plain.status, plain.body)
    assert len(response.body) < len(plain.body) or not is_packed
    assert ask(client, headers={"Accept-Encoding": coding}).body == response.body


def test_pages_of_other_origins(serve: Serve) -> None:
    headers = {"Accept-Encoding": "gzip", "Origin": "https://app.example"}
    response = serve(BooksApi).get(f"{ROOT}text?size={LARGE}", headers=headers)
    assert response.headers["vary"] == "Accept-Encoding, Origin"
    assert response.headers["access-control-allow-origin"] == "https://app.example"
    assert json.loads(unpacked(response)) == {"text": "x" * LARGE}


@pytest.mark.parametrize(
    ("compression", "size", "wishes", "coding"),
    [
        (None, LARGE, "gzip", None),
        (endpoints.Compression(threshold=2000), LARGE, "gzip", None),
        (endpoints.Compression(threshold=0), 1, "gzip", "gzip"),
        (endpoints.Compression(codings=["gzip"]), LARGE, "gzip, br, zstd", "gzip"),
        (endpoints.Compression(codings=["gzip", "zstd"]), LARGE, "gzip, br, zstd", "gzip"),
        (endpoints.Compression(codings=["gzip", "zstd"]), LARGE, "br, *", "gzip"),
        (endpoints.Compression(codings=()), LARGE, "gzip", None),
        (endpoints.Compression(codings=["gzip"]), LARGE, "gzip;q=0.5, *;q=1", None),
    ],
)
def test_settings(serve: Serve, compression: Any, size: int, wishes: str, coding: str | None) -> None:
    client = serve(BooksApi, compression=compression)
    response = client.get(f"{ROOT}text?size={size}", headers={"Accept-Encoding": wishes})
    assert response.headers.get("content-encoding") == coding
    assert json.loads(unpacked(response)) == {"text": "x" * size}


def test_nothing_is_not_packed(serve: Serve) -> None:
    client = serve(BooksApi, compression=endpoints.Compression(threshold=0))
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET", "Accept-Encoding": "gzip"}
    response = client.request("OPTIONS", ROOT + "text", headers=headers)
    assert (response.status, response.body, "content-encoding" in response.headers) == (200, b"", False)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: endpoints.Compression(threshold=-1), "threshold must not be negative, found -1"),
        (lambda: endpoints.Compression(threshold="1KB"), "must be a number of bytes, found '1KB'"),  # type: ignore[arg-type]
        (lambda: endpoints.Compression(codings=["gzip", "lzma"]), "zstd, br, gzip; found 'lzma'"),
        (lambda: endpoints.Compression(codings="gzip"), "must be a list of codings, found 'gzip'"),
        (lambda: endpoints.Compression(codings=["gzip", "gzip"]), "names one twice"),
        (lambda: endpoints.api_server([BooksApi], compression="gzip"), "must be an endpoints.Compression or None"),  # type: ignore[arg-type]
    ],
)
def test_mistakes(make: Callable[[], Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        make()


def test_packing_of_the_standard_library_understands_it(serve: Serve) -> None:
    body = serve(BooksApi).get(f"{ROOT}text?size={HUGE}", headers={"Accept-Encoding": "gzip"}).body
    assert zlib.decompress(body, 31) == b'{"text":"' + b"x" * HUGE + b'"}'
    assert len(body) < 2000


ALONE = """
import sys
sys.modules.update({name: None for name in ("brotli", "backports.zstd", "backports", "compression.zstd")})
import endpoints
print(endpoints.Compression().usable)
try:
    endpoints.Compression(codings=["br"])
except ValueError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python itself has zstd")
def test_without_further_packages() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines() == ["('gzip',)", "Compression: 'br' needs endpoints-frameworks[compression]"]
