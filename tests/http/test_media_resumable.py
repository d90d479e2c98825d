"""Uploads in several requests: begun, gone on with, asked about, completed once, given up."""

from __future__ import annotations

import fcntl
import os
import resource
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import endpoints
from protorpc import messages, remote
from tests.auth import issuing
from tests.auth.issuing import Clock, claims_of, token
from tests.auth.services import THIRD, bearer
from tests.client import Client, Response, Serve
from tests.control.shop import new_key, wait_for_room_in_the_minute
from tests.http.error_object import error_of
from tests.http.media_service import ALBUM, BODY, ROOT, AlbumApi, calls

pytestmark = pytest.mark.usefixtures("upload_folder")
UPLOAD = f"{ROOT}upload/{ALBUM}photos"
SIZE = len(BODY)
ANSWER = {"title": "one", "size": str(SIZE), "type": "image/png", "digest": sha256(BODY).hexdigest()}


@pytest.fixture
def album(serve: Serve) -> Client:
    calls.clear()
    return serve(AlbumApi)


def begin(client: Client, path: str = UPLOAD, title: str = "one", headers: Any = None, **more: Any) -> str:
    """Begin an upload; returns its address."""
    announced = {"X-Upload-Content-Type": "image/png", "X-Upload-Content-Length": str(SIZE)}
    query = more.pop("query", "uploadType=resumable")
    answer = client.request(
        more.pop("method", "POST"),
        path,
        query,
        json={"title": title},
        headers=announced if headers is None else headers,
        **more,
    )
    assert answer.status == 200, answer
    root = f"http://localhost:8080{more.get('root_path', '')}"
    assert answer.headers["location"].startswith(root)
    return answer.headers["location"].removeprefix(root)


def put(client: Client, address: str, body: Any = b"", content_range: str | None = None, **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if content_range is not None:
        sent["Content-Range"] = content_range
    return client.request("PUT", address, body=body, headers=sent)


def assert_there(answer: Response, size: int) -> None:
    assert (answer.status, answer.body) == (308, b""), answer
    assert answer.headers.get("range") == (f"bytes=0-{size - 1}" if size else None)


def test_media_comes_in_parts(album: Client, upload_folder: Path) -> None:
    address = begin(album)
    assert_there(put(album, address, b"", f"bytes */{SIZE}"), 0)
    assert_there(put(album, address, BODY[:256], f"bytes 0-255/{SIZE}"), 256)
    assert_there(put(album, address, BODY[256:300], f"bytes 256-299/{SIZE}"), 300)
    assert_there(put(album, address, b"", f"bytes */{SIZE}"), 300)
    assert_there(put(album, address, b"", "bytes */*"), 300)
    assert calls == []
    assert put(album, address, BODY[300:], f"bytes 300-{SIZE - 1}/{SIZE}").json() == ANSWER
    assert calls == ["one"]
    assert [path.suffix for path in upload_folder.iterdir()] == [".session"]


@pytest.mark.parametrize("content_range", [None, f"bytes 0-{SIZE - 1}/{SIZE}"])
@pytest.mark.parametrize("body", [BODY, [BODY[:100], BODY[100:]]], ids=["whole", "chunked"])
def test_media_comes_at_once(album: Client, body: Any, content_range: str | None) -> None:
    assert put(album, begin(album), body, content_range).json() == ANSWER


@pytest.mark.parametrize("last", [f"bytes 512-{SIZE - 1}/{SIZE}", f"bytes */{SIZE}"])
def test_the_size_may_be_said_at_the_end(album: Client, last: str) -> None:
    address = begin(album, headers={"X-Upload-Content-Type": "image/png"})
    assert_there(put(album, address, BODY[:512], "bytes 0-511/*"), 512)
    if last.startswith("bytes *"):
        assert_there(put(album, address, BODY[512:], f"bytes 512-{SIZE - 1}/*"), SIZE)
        assert_there(put(album, address, b"", "bytes */*"), SIZE)
        assert put(album, address, b"", last).json() == ANSWER
    else:
        assert put(album, address, BODY[512:], last).json() == ANSWER


def test_media_of_no_bytes(album: Client) -> None:
    # As Google's Python client sends an empty file.
    address = begin(album, headers={"X-Upload-Content-Type": "image/png", "X-Upload-Content-Length": "0"})
    assert put(album, address).json()["size"] == "0"


def test_a_method_without_an_answer(album: Client) -> None:
    # Google's clients take 204 for no end.
    address = begin(album, f"{ROOT}upload/{ALBUM}drop", headers={})
    answer = put(album, address, b"abc")
    assert (answer.status, answer.json()) == (200, {})


@pytest.mark.parametrize(
    "path", [f"{ROOT}{ALBUM}photos", f"{ROOT}resumable/upload/{ALBUM}photos", f"{ROOT}_ah/api/upload/{ALBUM}photos"]
)
def test_any_address_begins_uploads(album: Client, path: str) -> None:
    assert put(album, begin(album, path), BODY).json() == ANSWER


def test_a_server_that_is_mounted(album: Client) -> None:
    address = begin(album, root_path="/below")
    answer = album.request("PUT", address, body=BODY, root_path="/below")
    assert answer.json() == ANSWER


def test_what_was_said_at_the_beginning_counts(album: Client) -> None:
    path = f"{ROOT}upload/{ALBUM}albums/a%20b/photos"
    address = begin(album, path, method="PUT", query="fields=album,title&uploadType=resumable&x=1", headers={})
    assert "a%20b" in address
    answer = put(album, address, BODY, Content_Type="image/gif")
    assert answer.json() == {"album": "a b", "title": "one"}


def test_the_type_may_come_with_the_media(album: Client) -> None:
    address = begin(album, headers={"X-Upload-Content-Disposition": 'attachment; filename="a/b.gif"'})
    assert put(album, address, BODY[:5], f"bytes 0-4/{SIZE}", Content_Type="video/mp4").status == 415
    assert_there(put(album, address, BODY[:5], f"bytes 0-4/{SIZE}", Content_Type="image/gif"), 5)
    answer = put(album, address, BODY[5:], f"bytes 5-{SIZE - 1}/{SIZE}", Content_Type="video/mp4")
    assert answer.json() == {**ANSWER, "type": "image/gif", "name": "b.gif"}


def test_the_type_that_came_with_the_media_is_kept(album: Client) -> None:
    address = begin(album, headers={})
    assert_there(put(album, address, BODY[:5], "bytes 0-4/*", Content_Type="image/gif"), 5)
    assert put(album, address, b"", "bytes */5").json()["type"] == "image/gif"


def test_media_of_no_bytes_is_of_an_accepted_type(album: Client) -> None:
    address = begin(album, headers={})
    error_of(put(album, address, b"", "bytes */0"), 415, "unsupportedMediaType")
    assert calls == []


def test_the_last_part_may_be_empty(album: Client) -> None:
    # As Google's Python client ends what it does not know the size of.
    address = begin(album, headers={"X-Upload-Content-Type": "image/png"})
    assert_there(put(album, address, BODY[:512], "bytes 0-511/*"), 512)
    assert put(album, address, b"", "bytes 512-511/512").json()["size"] == "512"


def test_what_was_sent_twice_counts_once(album: Client) -> None:
    address = begin(album)
    assert_there(put(album, address, BODY[:300], f"bytes 0-299/{SIZE}"), 300)
    assert_there(put(album, address, BODY[:300], f"bytes 0-299/{SIZE}"), 300)
    assert_there(put(album, address, BODY[200:400], f"bytes 200-399/{SIZE}"), 400)
    assert_there(put(album, address, BODY[100:200], f"bytes 100-199/{SIZE}"), 400)
    assert put(album, address, BODY[256:], f"bytes 256-{SIZE - 1}/{SIZE}").json() == ANSWER


def test_all_at_once_begins_anew(album: Client) -> None:
    address = begin(album)
    assert_there(put(album, address, b"x" * 300, f"bytes 0-299/{SIZE}"), 300)
    assert put(album, address, BODY).json() == ANSWER


def test_an_answer_that_was_lost_is_given_again(album: Client) -> None:
    address = begin(album)
    last = (BODY, f"bytes 0-{SIZE - 1}/{SIZE}")
    first = put(album, address, *last)
    assert put(album, address, *last).json() == first.json() == ANSWER
    assert put(album, address, b"", f"bytes */{SIZE}").json() == ANSWER
    assert put(album, address, b"", "bytes */*").json() == ANSWER
    assert calls == ["one"]


@pytest.mark.parametrize(
    ("content_range", "size"),
    [
        ("bytes 10-19/1024", 10),
        ("bytes 0-9/1024", 9),
        ("bytes 0-9/1024", 11),
        ("bytes 0-9/1000", 10),
        ("bytes 0-9/5", 10),
        ("bytes 9-0/1024", 10),
        ("bytes 10-9/1024", 0),
        ("bytes 10-9/*", 0),
        ("bytes 1024-1023/1024", 0),
        ("bytes */1000", 0),
        ("bytes", 10),
        ("bytes 0-9", 10),
        ("bytes */", 0),
        ("items 0-9/1024", 10),
        ("bytes -9/1024", 10),
        ("bytes 0-/1024", 10),
        ("bytes 0--1/0", 0),
        ("bytes 0-9/1024, bytes 10-19/1024", 10),
        ("bytes 0-99999999999999999999/*", 10),
    ],
    ids=str,
)
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_parts_that_do_not_fit(album: Client, content_range: str | None, size: int, chunked: bool) -> None:
    address = begin(album)
    body = [BODY[: size // 2], BODY[size // 2 : size]] if chunked else BODY[:size]
    error_of(put(album, address, body, content_range), 400, "badRequest")
    assert calls == []
    there = album.request("PUT", address, headers={"Content-Range": "bytes */*"})
    done = int(there.headers.get("range", "bytes=0--1").rpartition("0-")[2]) + 1
    assert put(album, address, BODY[done:], f"bytes {done}-{SIZE - 1}/{SIZE}").json() == ANSWER


@pytest.mark.parametrize(("content_range", "size"), [("bytes */1024", 5), (None, 1000)])
def test_lengths_that_do_not_fit(album: Client, content_range: str | None, size: int) -> None:
    error_of(put(album, begin(album), BODY[:size], content_range), 400, "badRequest")
    assert calls == []


@pytest.mark.parametrize(
    ("content_range", "size"),
    [
        ("bytes 0-1024/1025", 1025),
        ("bytes 0-1024/*", 1025),
        ("bytes */1025", 0),
        ("bytes 5000-5001/*", 2),
        (None, 1025),
    ],
)
def test_more_than_is_allowed(album: Client, content_range: str | None, size: int) -> None:
    address = begin(album, headers={"X-Upload-Content-Type": "image/png"})
    error_of(put(album, address, b"x" * size, content_range), 413, "uploadTooLarge")
    assert calls == []


def test_more_than_is_allowed_without_a_length(album: Client) -> None:
    address = begin(album, headers={"X-Upload-Content-Type": "image/png"})
    error_of(put(album, address, [BODY, b"x"]), 413, "uploadTooLarge")
    assert calls == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"X-Upload-Content-Type": "video/mp4"}, b"{}", 415),
        ({"X-Upload-Content-Length": "1025"}, b"{}", 413),
        ({"X-Upload-Content-Length": "-1"}, b"{}", 400),
        ({"X-Upload-Content-Length": "many"}, b"{}", 400),
        ({"X-Upload-Content-Length": "9" * 30}, b"{}", 400),
        ({}, b"{", 400),
        ({}, b'{"size": "much"}', 400),
    ],
    ids=range(7),
)
def test_uploads_that_do_not_begin(
    album: Client, upload_folder: Path, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = album.post(UPLOAD, "uploadType=resumable", body=body, headers=headers)
    assert (answer.status, "location" in answer.headers) == (status, False)
    assert list(upload_folder.iterdir()) == []


@pytest.mark.parametrize("upload_id", ["", "x", "A" * 43, "../" + "A" * 40, "%00" * 43, "A" * 44])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_uploads_that_there_are_not(album: Client, method: str, upload_id: str) -> None:
    answer = album.request(method, UPLOAD, f"uploadType=resumable&upload_id={upload_id}", body=b"")
    error_of(answer, 404, "notFound")


def test_an_upload_is_known_at_its_own_address_only(album: Client) -> None:
    query = begin(album).partition("?")[2]
    answer = album.request("PUT", f"{ROOT}upload/{ALBUM}drop", query, body=BODY)
    error_of(answer, 404, "notFound")


def test_an_upload_can_be_given_up(album: Client, upload_folder: Path) -> None:
    address = begin(album)
    assert_there(put(album, address, BODY[:10], f"bytes 0-9/{SIZE}"), 10)
    assert album.request("DELETE", address).status == 204
    assert list(upload_folder.iterdir()) == []
    error_of(put(album, address, BODY[10:], f"bytes 10-{SIZE - 1}/{SIZE}"), 404, "notFound")


def test_an_upload_expires(album: Client, upload_folder: Path) -> None:
    address = begin(album)
    grow_old(upload_folder)
    error_of(put(album, address, BODY), 410, "deleted")
    assert list(upload_folder.iterdir()) == []
    error_of(put(album, address, BODY), 404, "notFound")


def test_what_was_left_is_removed(serve: Serve, upload_folder: Path) -> None:
    album = serve(AlbumApi)
    finished, left = begin(album), begin(album)
    assert put(album, finished, BODY).json() == ANSWER
    put(album, left, BODY[:10], f"bytes 0-9/{SIZE}")
    (upload_folder / "spool-left.media").write_bytes(BODY)
    assert len(list(upload_folder.iterdir())) == 4
    grow_old(upload_folder)
    begin(serve(AlbumApi))  # any server does so, now and then
    assert len(list(upload_folder.iterdir())) == 2


def test_files_of_others_are_left_alone(serve: Serve, upload_folder: Path) -> None:
    upload_folder.mkdir(mode=0o700)
    others = [upload_folder / name for name in ("photo.media", "editor.session", "config.new", "a.b.media")]
    for path in others:
        path.write_bytes(b"")
    grow_old(upload_folder)
    begin(serve(AlbumApi, uploads=endpoints.UploadFolder(path=upload_folder, max_sessions=1)))
    assert [path for path in others if not path.exists()] == []


def test_media_that_expires_before_its_record(album: Client, serve: Serve, upload_folder: Path) -> None:
    address = begin(album)
    (media,) = upload_folder.glob("*.media")
    os.utime(media, (1, 1))
    begin(serve(AlbumApi))
    error_of(put(album, address, b"", "bytes */*"), 410, "deleted")


def test_a_record_that_cannot_be_read(album: Client, upload_folder: Path) -> None:
    address = begin(album)
    (record,) = upload_folder.glob("*.session")
    record.write_bytes(b"of another release")
    error_of(put(album, address, BODY), 404, "notFound")


def test_a_full_disk(album: Client, upload_folder: Path) -> None:
    first = begin(album)
    there = sorted(upload_folder.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        answers = [album.post(UPLOAD, "uploadType=resumable", json={"title": "one"}), put(album, first, BODY)]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    for answer in answers:
        error_of(answer, 507, "insufficientStorage")
    assert sorted(upload_folder.iterdir()) == there
    assert put(album, first, BODY).json() == ANSWER


def grow_old(folder: Path) -> None:
    for path in folder.iterdir():
        os.utime(path, (1, 1))


def test_too_many_uploads(serve: Serve, upload_folder: Path) -> None:
    album = serve(AlbumApi, uploads=endpoints.UploadFolder(path=upload_folder, max_sessions=2))
    first, _ = begin(album), begin(album)
    answer = album.post(UPLOAD, "uploadType=resumable", json={})
    error_of(answer, 503, "backendError")
    assert answer.headers["retry-after"] == "60"
    assert put(album, first, BODY).json() == ANSWER  # and so is no longer open
    begin(album)
    grow_old(upload_folder)
    begin(album)


def test_workers_share_uploads(serve: Serve) -> None:
    one, other = serve(AlbumApi), serve(AlbumApi)
    address = begin(one)
    assert_there(put(other, address, BODY[:10], f"bytes 0-9/{SIZE}"), 10)
    assert put(one, address, BODY[10:], f"bytes 10-{SIZE - 1}/{SIZE}").json() == ANSWER
    assert put(other, address, b"", "bytes */*").json() == ANSWER


def test_one_request_at_a_time_adds_to_an_upload(album: Client, upload_folder: Path) -> None:
    address = begin(album)
    (media,) = upload_folder.glob("*.media")
    with media.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as another worker does
        answer = put(album, address, BODY)
        error_of(answer, 429, "conflict")
        assert answer.headers["retry-after"] == "1"
        error_of(album.request("DELETE", address), 429, "conflict")
        assert_there(put(album, address, b"", "bytes */*"), 0)
    assert put(album, address, BODY).json() == ANSWER


def test_completed_at_the_same_time_it_is_completed_once(album: Client) -> None:
    address = begin(album)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: put(album, address, BODY), range(16)))
    assert {answer.status for answer in answers} <= {200, 429}
    assert {answer.text for answer in answers if answer.status == 200} == {put(album, address, BODY).text}
    assert calls == ["one"]


def test_what_a_method_refuses_is_over(album: Client, upload_folder: Path) -> None:
    address = begin(album, title="refused")
    error_of(put(album, address, BODY), 409, "conflict")
    error_of(put(album, address, BODY), 404, "notFound")
    assert list(upload_folder.iterdir()) == []


def test_what_fails_can_be_tried_again(album: Client) -> None:
    address = begin(album, title="fails")
    error_of(put(album, address, BODY), 503, "backendError")
    assert put(album, address, b"", f"bytes */{SIZE}").json() == {**ANSWER, "title": "fails"}


class Told(messages.Message):
    text = messages.StringField(1)


def guarded(**declared: Any) -> Any:
    @endpoints.api("kept", "v1", **declared)
    class Kept(remote.Service):
        @endpoints.method(Told, Told, path="keep", media_upload=endpoints.MediaUpload(), metric_costs={"writes": 1})
        def keep(self, request: Told) -> Told:
            user, media = endpoints.get_current_user(), endpoints.uploaded_media()
            assert media is not None
            who = user.user_id() if user is not None else endpoints.get_current_consumer()
            return Told(text=f"{who} {media.size}")

    return Kept


KEPT = f"{ROOT}upload/kept/v1/keep"
LIMITS = [endpoints.LimitDefinition("writes", "Writes", 2)]


def test_an_upload_is_for_who_began_it(serve: Serve) -> None:
    api = guarded(auth_level=endpoints.AUTH_LEVEL.REQUIRED, limit_definitions=LIMITS, **THIRD)
    client = serve(api, fetch=issuing.issuers(), clock=Clock())
    ada, ben = (bearer(token(claims_of(sub=name, email=...))) for name in ("ada", "ben"))
    again = bearer(token(claims_of(sub="ada", email=..., jti="another token of the same user")))
    assert client.post(KEPT, "uploadType=resumable", json={}).status == 401
    address = begin(client, KEPT, headers=ada, query="uploadType=resumable", title="")
    assert put(client, address, BODY).status == 401
    assert put(client, address, BODY, **ben).status == 404
    assert client.request("DELETE", address, headers=ben).status == 404
    assert_there(put(client, address, BODY[:10], f"bytes 0-9/{SIZE}", **ada), 10)
    answer = put(client, address, BODY[10:], f"bytes 10-{SIZE - 1}/{SIZE}", **again)
    assert answer.json() == {"text": f"ada {SIZE}"}
    assert put(client, address, b"", "bytes */*").status == 401
    assert put(client, address, b"", "bytes */*", **ben).status == 404


def test_an_upload_is_paid_once(serve: Serve, tmp_path: Path, upload_folder: Path) -> None:
    location = f"sqlite:///{tmp_path / 'control.db'}"
    key, _ = new_key(location)
    client = serve(guarded(api_key_required=True, limit_definitions=LIMITS), control=location)
    wait_for_room_in_the_minute(5)
    assert client.post(KEPT, "uploadType=resumable", json={}).status == 401
    for _ in range(2):
        address = begin(client, KEPT, headers={}, query=f"uploadType=resumable&key={key}", title="")
        assert key not in address
        assert not any(key.encode() in path.read_bytes() for path in upload_folder.iterdir())
        for place in range(3):
            assert_there(put(client, address, BODY[place : place + 1], f"bytes {place}-{place}/{SIZE}"), place + 1)
        answer = put(client, address, BODY[3:], f"bytes 3-{SIZE - 1}/{SIZE}")
        assert answer.json() == {"text": f"acme {SIZE}"}
    assert client.post(KEPT, f"uploadType=resumable&key={key}", json={}).status == 429
    assert client.post(KEPT, f"uploadType=media&key={key}", body=BODY).status == 429


def test_pages_of_other_origins_may_read_what_they_need(album: Client) -> None:
    answer = album.post(UPLOAD, "uploadType=resumable", json={}, headers={"Origin": "https://app.example"})
    assert "Location" in answer.headers["access-control-expose-headers"]
    address = answer.headers["location"].removeprefix("http://localhost:8080")
    answer = put(album, address, BODY[:5], "bytes 0-4/*", Origin="https://app.example", Content_Type="image/png")
    assert "Range" in answer.headers["access-control-expose-headers"]
