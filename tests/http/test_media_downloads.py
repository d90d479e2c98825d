"""Media that methods answer with: whole, in part, not again; and what becomes of its source."""

from __future__ import annotations

import os
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

import endpoints
from tests.client import Client, Response, Serve
from tests.http.media_service import ALBUM, BODY, MODIFIED, ROOT, SIZE, AlbumApi, closed

pytestmark = pytest.mark.usefixtures("upload_folder")


@pytest.fixture
def album(serve: Serve) -> Client:
    closed.clear()
    return serve(AlbumApi)


def get(album: Client, kind: str, query: str = "alt=media", **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return album.get(f"{ROOT}{ALBUM}media/{kind}", query, headers=sent)


def test_media_is_answered_where_it_is_asked_for(album: Client) -> None:
    answer = get(album, "bytes")
    assert (answer.status, answer.body) == (200, BODY)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == '"v1"'
    assert answer.headers["last-modified"] == "Mon, 06 May 2024 07:08:09 GMT"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "alt=json", "fields=title"], ids=str)
def test_other_calls_are_answered_as_ever(album: Client, query: str) -> None:
    assert get(album, "bytes", query).json() == {"title": "bytes"}


def test_a_method_may_answer_with_a_message_all_the_same(album: Client) -> None:
    assert get(album, "message").json() == {"title": "message"}


@pytest.mark.parametrize("kind", ["bytes", "bytearray", "memoryview", "file", "iterator", "pipe"])
def test_any_source_is_sent_whole(album: Client, kind: str) -> None:
    answer = get(album, kind)
    assert (answer.status, answer.body) == (200, BODY)
    assert closed == ([kind] if kind in ("iterator", "pipe") else [])


@pytest.mark.parametrize("kind", ["response", "async response"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_can_be_iterated_is_closed_itself(album: Client, kind: str, method: str) -> None:
    answer = album.request(method, f"{ROOT}{ALBUM}media/{kind.replace(' ', '%20')}", "alt=media")
    assert (answer.status, answer.body) == (200, BODY if method == "GET" else b"")
    assert closed == [kind]


def test_an_async_iterator_is_sent(album: Client) -> None:
    answer = get(album, "async")
    assert (answer.body, answer.headers["content-length"]) == (b"one two", "7")
    assert closed == ["async"]


def test_a_method_that_gives_only_media_needs_no_parameter(album: Client) -> None:
    answer = album.get(f"{ROOT}{ALBUM}export")
    assert (answer.status, answer.body) == (200, b"one two")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert closed == ["export"]


def test_a_path_says_what_it_is(album: Client, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(BODY)
    os.utime(path, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    query = f"alt=media&folder={tmp_path}"
    answer = get(album, "path", query)
    assert (answer.body, answer.headers["content-type"]) == (BODY, "image/png")
    assert answer.headers["last-modified"] == format_datetime(MODIFIED, usegmt=True)
    etag = answer.headers["etag"]
    assert get(album, "path", query, if_none_match=etag).status == 304
    path.write_bytes(BODY[:-1])
    assert get(album, "path", query, if_none_match=etag).status == 200


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("page.html", "text/html"),
        ("page.html.gz", "application/gzip"),
        ("all.tar.bz2", "application/x-bzip2"),
        ("old.Z", "application/octet-stream"),
        ("file.of-no-kind", "application/octet-stream"),
    ],
)
def test_the_name_of_a_file_suggests_its_type(album: Client, tmp_path: Path, name: str, content_type: str) -> None:
    (tmp_path / name).write_bytes(BODY)
    answer = album.get(f"{ROOT}{ALBUM}media/{name}", f"alt=media&folder={tmp_path}")
    assert (answer.status, answer.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize(
    ("kind", "policy"), [("bytes", "sandbox"), ("iterator", "sandbox"), ("file", None), ("paper.pdf", None)]
)
def test_what_browsers_show_runs_no_scripts_here(album: Client, tmp_path: Path, kind: str, policy: str | None) -> None:
    (tmp_path / "paper.pdf").write_bytes(BODY)
    answer = get(album, kind, f"alt=media&folder={tmp_path}")
    assert (answer.status, answer.headers.get("content-security-policy")) == (200, policy)


def test_a_file_name_is_safe_in_its_header(album: Client) -> None:
    assert get(album, "file").headers["content-disposition"] == (
        'attachment; filename="_ _quoted___.txt"; '
        "filename*=UTF-8''%C3%BC%20%22quoted%22%0D%0A.txt"
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["bytes", "file"])
@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=1000-", 1000, SIZE),
        ("bytes=-3", SIZE - 3, SIZE),
        ("bytes=-99999", 0, SIZE),
        ("bytes=1000-99999", 1000, SIZE),
        ("Bytes = 2-3", 2, 4),
        (f"bytes=0-{SIZE - 1}", 0, SIZE),
    ],
    ids=str,
)
def test_a_range_is_sent(album: Client, kind: str, asked: str, begin: int, end: int) -> None:
    answer = get(album, kind, range=asked)
    assert (answer.status, answer.body) == (206, BODY[begin:end])
    assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - begin)


@pytest.mark.parametrize(
    "asked",
    ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "items=0-1", "bytes=0-1,3-4", "bytes=0-1;", "b=0-1"],
    ids=repr,
)
def test_what_is_no_single_range_is_ignored(album: Client, asked: str) -> None:
    answer = get(album, "bytes", range=asked)
    assert (answer.status, answer.body) == (200, BODY)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("bytes", f"bytes={SIZE}-"), ("bytes", "bytes=-0"), ("bytes", "bytes=99999-"), ("empty", "bytes=0-9")],
)
def test_a_range_that_is_not_there_is_refused(album: Client, kind: str, asked: str) -> None:
    answer = get(album, kind, range=asked)
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE if kind == 'bytes' else 0}"
    assert answer.json()["error"]["errors"][0]["reason"] == "requestedRangeNotSatisfiable"


@pytest.mark.parametrize("kind", ["iterator", "pipe"])
def test_ranges_of_what_cannot_be_sought_are_ignored(album: Client, kind: str) -> None:
    answer = get(album, kind, range="bytes=0-1")
    assert (answer.status, answer.body) == (200, BODY)
    assert "accept-ranges" not in answer.headers


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('"v1"', 206),
        ('"v2"', 200),
        ('W/"v1"', 200),
        ("Mon, 06 May 2024 07:08:09 GMT", 206),
        ("Mon, 06 May 2024 07:08:10 GMT", 200),
        ("yesterday", 200),
    ],
)
def test_a_range_may_be_of_one_state_only(album: Client, condition: str, status: int) -> None:
    assert get(album, "bytes", range="bytes=0-1", if_range=condition).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": '"v1"'}, 304),
        ({"if_none_match": '"v0", W/"v1"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"v2"'}, 200),
        ({"if_none_match": '"v2"', "if_modified_since": "Mon, 06 May 2024 07:08:09 GMT"}, 200),
        ({"if_modified_since": "Mon, 06 May 2024 07:08:09 GMT"}, 304),
        ({"if_modified_since": "Mon, 06 May 2024 07:08:08 GMT"}, 200),
        ({"if_modified_since": "sometime"}, 200),
        ({"if_match": '"v1"'}, 200),
        ({"if_match": "*"}, 200),
        ({"if_match": '"v2"'}, 412),
        ({"if_unmodified_since": "Mon, 06 May 2024 07:08:08 GMT"}, 412),
        ({"if_unmodified_since": "Mon, 06 May 2024 07:08:09 GMT"}, 200),
    ],
    ids=str,
)
def test_conditions_hold(album: Client, headers: dict[str, str], status: int) -> None:
    answer = get(album, "bytes", **headers)
    assert answer.status == status
    assert answer.body == (b"" if status == 304 else answer.body)
    if status == 304:
        assert answer.headers["etag"] == '"v1"'


def test_a_weak_tag_is_compared_weakly(album: Client) -> None:
    assert get(album, "weak", if_none_match='"v1"').status == 304
    assert get(album, "weak", range="bytes=0-1", if_range='W/"v1"').status == 200


@pytest.mark.parametrize(("kind", "size"), [("bytes", str(SIZE)), ("iterator", None)])
def test_head_tells_without_sending(album: Client, kind: str, size: str | None) -> None:
    answer = album.request("HEAD", f"{ROOT}{ALBUM}media/{kind}", "alt=media", headers={"Range": "bytes=0-1"})
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers.get("content-length") == size
    assert closed == ([] if kind == "bytes" else ["iterator"])


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("other", 404),
        ("missing", 503),
        ("nothing", 503),
        ("fails", 503),
        ("text", 503),
        ("text file", 503),
        ("short", 200),
    ],
)
def test_what_goes_wrong_before_the_first_byte_is_an_error(
    album: Client, tmp_path: Path, kind: str, status: int
) -> None:
    if status == 200:
        with pytest.raises(EOFError, match="ended 4 bytes early"):
            get(album, kind)
    else:
        answer = get(album, kind.replace(" ", "%20"), f"alt=media&folder={tmp_path}")
        assert answer.status == status
        assert answer.json()["error"]["code"] == status
    assert closed == ([kind] if kind in ("fails", "text", "short") else [])


def test_a_source_is_closed_when_a_wsgi_server_stops_early() -> None:
    closed.clear()
    environ: dict[str, Any] = {"PATH_INFO": f"{ROOT}{ALBUM}media/iterator", "QUERY_STRING": "alt=media"}
    setup_testing_defaults(environ)
    pieces: Any = endpoints.api_server([AlbumApi])(environ, lambda *_: None)
    assert next(iter(pieces)) == BODY[:10]
    pieces.close()
    assert closed == ["iterator"]


def test_media_can_be_read_by_pages_of_other_origins(album: Client) -> None:
    answer = get(album, "bytes", origin="https://app.example", range="bytes=0-1")
    assert "Content-Range" in answer.headers["access-control-expose-headers"]
    assert answer.headers["access-control-allow-origin"] == "https://app.example"


def test_nothing_is_known_of_media_elsewhere(album: Client) -> None:
    assert album.get(f"{ROOT}{ALBUM}plain", "alt=media").json() == {"title": "False", "name": "None"}
    assert endpoints.uploaded_media() is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"content_type": "png"}, "content_type 'png' is no media type"),
        ({"content_type": "image/png\r\nX: y"}, "no media type"),
        ({"size": -1}, "size must not be negative"),
        ({"etag": 'a"b'}, "etag"),
        ({"etag": "a b"}, "etag"),
        ({"last_modified": MODIFIED.replace(tzinfo=None)}, "no time zone"),
    ],
    ids=str,
)
def test_what_http_cannot_say_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        endpoints.MediaContent(b"", **arguments)  # type: ignore[arg-type]
