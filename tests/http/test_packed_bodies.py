"""Request bodies that come packed (RFC 9110, 8.4 and 15.5.16), hostile ones among them."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest
from backports import zstd

import endpoints
from tests.client import Serve
from tests.http.error_object import error_of
from tests.http.library import ROOT, BooksApi

TEXT = json.dumps({"text": "x" * 5000}).encode()
UNDERSTOOD = "gzip, deflate, zstd"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACK: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate without a header": ("deflate", raw_deflate),
    "zstd": ("zstd", zstd.compress),
}
packings = pytest.mark.parametrize(("coding", "pack"), PACK.values(), ids=PACK)


def pieces_of(body: bytes, size: int = 7) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


@packings
@pytest.mark.parametrize("chunked", [False, True])
def test_they_are_unpacked(serve: Serve, coding: str, pack: Callable[[bytes], bytes], chunked: bool) -> None:
    client = serve(BooksApi)
    for body in (TEXT, b'{"text":"x"}', json.dumps({"text": "x" * 300_000}).encode()):
        sent = list(pieces_of(pack(body))) if chunked else pack(body)
        response = client.post(ROOT + "echo", body=sent, headers={"Content-Encoding": coding.upper()})
        assert response.json() == json.loads(body)


def test_forms_too(serve: Serve) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/x-www-form-urlencoded"}
    assert serve(BooksApi).post(ROOT + "echo", body=gzip.compress(b"text=y"), headers=headers).json() == {"text": "y"}


@pytest.mark.parametrize(("coding", "pack"), [PACK["gzip"], PACK["zstd"]], ids=["gzip", "zstd"])
def test_several_archives_are_one_body(serve: Serve, coding: str, pack: Callable[[bytes], bytes]) -> None:
    body = pack(b"") + b"".join(pack(piece) for piece in pieces_of(TEXT, 100)) + pack(b"")
    response = serve(BooksApi).post(ROOT + "echo", body=body, headers={"Content-Encoding": coding})
    assert response.json() == json.loads(TEXT)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    "coding", ["br", "compress", "x", "gzip, identity", "gzip, gzip", "gzip;q=1", "identity, gzip"]
)
def test_codings_that_are_not_understood(serve: Serve, coding: str, chunked: bool) -> None:
    body = list(pieces_of(gzip.compress(TEXT))) if chunked else gzip.compress(TEXT)
    response = serve(BooksApi).post(ROOT + "echo", body=body, headers={"Content-Encoding": coding})
    assert repr(coding) in error_of(response, 415, "unsupportedMediaType")["message"]
    assert response.headers["accept-encoding"] == UNDERSTOOD


@pytest.mark.parametrize("coding", ["", "identity", " Identity "])
def test_bodies_that_are_not_packed(serve: Serve, coding: str) -> None:
    response = serve(BooksApi).post(ROOT + "echo", body=TEXT, headers={"Content-Encoding": coding})
    assert response.json() == json.loads(TEXT)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
@pytest.mark.parametrize("chunked", [False, True])
def test_no_body_is_not_packed(serve: Serve, coding: str, chunked: bool) -> None:
    response = serve(BooksApi).post(ROOT + "echo", body=[b""] if chunked else b"", headers={"Content-Encoding": coding})
    assert response.json() == {}


@packings
@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body[:-1],
        lambda body: body[: len(body) // 2],
        lambda body: body[:1],
        lambda body: body + b"x",
        lambda body: body + b"\0" * 20_000,
        lambda body: body + body[:5],
        lambda body: b"x" + body,
        lambda body: body[:8] + bytes(each ^ 255 for each in body[8:14]) + body[14:],
        lambda _: TEXT,
        lambda _: b"\0" * 40_000,
    ],
    ids=[
        "a byte less",
        "half",
        "one byte",
        "a byte more",
        "zeros",
        "the same again",
        "a byte before",
        "noise",
        "text",
        "0",
    ],
)
def test_damaged_bodies(
    serve: Serve, coding: str, pack: Callable[[bytes], bytes], damage: Callable[[bytes], bytes]
) -> None:
    body = damage(pack(TEXT))
    for sent in (body, [body[:5], body[5:]]):
        response = serve(BooksApi).post(ROOT + "echo", body=sent, headers={"Content-Encoding": coding})
        name = coding.removeprefix("x-")
        assert error_of(response, 400, "badRequest")["message"].startswith(f"The request body is not valid {name}: ")


LIMITS = endpoints.Limits(body_size=100_000)


@packings
@pytest.mark.parametrize(("size", "status"), [(100_000, 200), (100_001, 413), (2_000_000, 413)])
def test_the_limit_is_for_what_is_unpacked(
    serve: Serve, coding: str, pack: Callable[[bytes], bytes], size: int, status: int
) -> None:
    body = b'{"text":"%s"}' % (b"x" * (size - 11))
    response = serve(BooksApi, limits=LIMITS).post(ROOT + "echo", body=pack(body), headers={"Content-Encoding": coding})
    assert (len(body), response.status) == (size, status)
    if status == 413:
        assert "larger than 100000 bytes" in error_of(response, 413, "uploadTooLarge")["message"]


def test_the_limit_is_for_what_is_packed_too(serve: Serve) -> None:
    headers = {"Content-Encoding": "gzip"}
    noise = b"".join(gzip.compress(b"", mtime=number) for number in range(6000))
    response = serve(BooksApi, limits=LIMITS).post(ROOT + "echo", body=noise, headers=headers)
    error_of(response, 413, "uploadTooLarge")


@pytest.mark.parametrize(("coding", "pack"), [PACK["gzip"], PACK["zstd"]], ids=["gzip", "zstd"])
def test_too_many_archives(serve: Serve, coding: str, pack: Callable[[bytes], bytes]) -> None:
    response = serve(BooksApi).post(ROOT + "echo", body=pack(b"") * 100_000, headers={"Content-Encoding": coding})
    error_of(response, 400, "badRequest")


def test_a_window_that_is_too_large(serve: Serve) -> None:
    options = {int(zstd.CompressionParameter.window_log): 27}
    packer = zstd.ZstdCompressor(options=options)
    body = packer.compress(TEXT) + packer.flush()
    response = serve(BooksApi).post(ROOT + "echo", body=body, headers={"Content-Encoding": "zstd"})
    error_of(response, 400, "badRequest")


@packings
def test_a_bomb_takes_no_memory(serve: Serve, coding: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(20_000_000))
    client = serve(BooksApi, limits=LIMITS)
    tracemalloc.start()
    try:
        error_of(client.post(ROOT + "echo", body=bomb, headers={"Content-Encoding": coding}), 413, "uploadTooLarge")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_documents_and_batches(serve: Serve) -> None:
    client, headers = serve(BooksApi), {"Content-Encoding": "gzip"}
    path = "/_ah/api/discovery/v1/apis/books/v1/rest"
    assert client.request("GET", path, body=gzip.compress(b"{}"), headers=headers).status == 200
    error_of(client.request("GET", path, body=b"{}", headers=headers), 400, "badRequest")
    call = "--b\r\nContent-Type: application/http\r\n\r\nGET /_ah/api/books/v1/text?size=1\r\n\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/mixed; boundary=b"}
    response = client.post("/_ah/api/batch", body=gzip.compress(call.encode()), headers={**headers, **kind})
    assert response.status == 200 and b'{"text":"x"}' in response.body
