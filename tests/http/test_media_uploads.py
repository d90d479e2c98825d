"""Media that comes with one request: alone, or after JSON metadata in a multipart body."""

from __future__ import annotations

import base64
import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import endpoints
from protorpc import messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of
from tests.http.media_service import ALBUM, BODY, IMAGES, ROOT, AlbumApi, Photo, calls

UPLOAD = f"{ROOT}upload/{ALBUM}photos"
PNG = {"Content-Type": "image/png"}
RELATED = {"Content-Type": "multipart/related; boundary=edge"}


pytestmark = pytest.mark.usefixtures("upload_folder")


@pytest.fixture
def album(serve: Serve) -> Client:
    calls.clear()
    return serve(AlbumApi)


def related(
    media: bytes = BODY,
    metadata: bytes = b'{"title": "one"}',
    headers: str = "Content-Type: image/png\n",
    *,
    line: bytes = b"\r\n",
    before: bytes = b"",
    close: bytes = b"--",
) -> bytes:
    """A multipart body, with any line ends."""
    lines = headers.encode("utf-8").replace(b"\n", line)
    first = b"--edge" + line + b"Content-Type: application/json" + line + line + metadata + line
    return before + first + b"--edge" + line + lines + line + media + line + b"--edge" + close + line


def sent(size: int = len(BODY), **more: Any) -> dict[str, Any]:
    return {"size": str(size), "type": "image/png", "digest": sha256(BODY[:size]).hexdigest(), **more}


def test_media_comes_alone(album: Client, upload_folder: Path) -> None:
    assert album.post(UPLOAD, "uploadType=media", body=BODY, headers=PNG).json() == sent()
    assert list(upload_folder.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        f"{ROOT}{ALBUM}photos",
        UPLOAD,
        f"{ROOT}resumable/upload/{ALBUM}photos",
        f"{ROOT}_ah/api/upload/{ALBUM}photos",  # where Google's Node.js client takes it to be
    ],
)
def test_any_of_its_addresses_takes_media(album: Client, path: str) -> None:
    assert album.post(path, "uploadType=media", body=BODY, headers=PNG).json() == sent()


def test_calls_without_media_are_as_ever(album: Client) -> None:
    assert album.post(f"{ROOT}{ALBUM}photos", json={"title": "none"}).json() == {"title": "none"}


def test_parameters_come_beside_media(album: Client) -> None:
    answer = album.request(
        "PUT", f"{ROOT}upload/{ALBUM}albums/a%20b/photos", "uploadType=media&title=q", body=BODY, headers=PNG
    )
    assert answer.json() == {"title": "q", "album": "a b", "size": str(len(BODY))}


def test_the_answer_is_presented_as_others(album: Client) -> None:
    answer = album.post(UPLOAD, "uploadType=media&fields=size", body=BODY, headers=PNG)
    assert answer.json() == {"size": str(len(BODY))}
    answer = album.post(UPLOAD, "uploadType=media&fields=nonsense", body=BODY, headers=PNG)
    assert answer.status == 400
    answer = album.post(UPLOAD, "uploadType=media&fields=size&prettyPrint=true", body=BODY, headers=PNG)
    assert answer.text == f'{{\n  "size": "{len(BODY)}"\n}}'


def test_a_method_without_an_answer(album: Client) -> None:
    answer = album.post(f"{ROOT}upload/{ALBUM}drop", "uploadType=media", body=b"0123456789")
    assert (answer.status, answer.body, calls) == (204, b"", ["drop"])


def test_no_media_at_all_is_media_of_no_bytes(album: Client) -> None:
    assert album.post(UPLOAD, "uploadType=media", headers=PNG).json() == sent(0)


def test_a_body_without_a_length(album: Client) -> None:
    answer = album.post(UPLOAD, "uploadType=media", body=[BODY[:7], BODY[7:]], headers=PNG)
    assert answer.json() == sent()


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a.png"', "a.png"),
        ("attachment; filename*=UTF-8''%C3%BC.png", "ü.png"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\y.png"', "y.png"),
        ('attachment; filename=".."', None),
        ("attachment", None),
    ],
)
def test_a_file_name_has_no_folders(album: Client, disposition: str, name: str | None) -> None:
    headers = {**PNG, "Content-Disposition": disposition}
    assert album.post(UPLOAD, "uploadType=media", body=BODY, headers=headers).json().get("name") == name


@pytest.mark.parametrize("line", [b"\r\n", b"\n"], ids=["crlf", "lf"])
@pytest.mark.parametrize("cut", [1, 3, 64, 10_000])
@pytest.mark.parametrize(
    "media",
    [
        BODY,
        b"",
        b"\r\n",
        b"\n",
        b"x--edge",
        b"\r\n--edg\n--edg",
        b"\r\n--edgex--edge\r\n\n--edge-\n--edge?",
        b"\r\r\n\r",
        b"x\r\n--edge  \tnot the end",
    ],
    ids=repr,
)
def test_a_multipart_body_may_be_cut_anywhere(album: Client, media: bytes, cut: int, line: bytes) -> None:
    body = related(media, line=line)
    pieces = [body[place : place + cut] for place in range(0, len(body), cut)]
    answer = album.post(UPLOAD, "uploadType=multipart", body=pieces, headers=RELATED)
    assert answer.json() == {
        "title": "one", "size": str(len(media)), "type": "image/png", "digest": sha256(media).hexdigest(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ('multipart/related; boundary="edge"', related()),
        ("multipart/related; boundary='edge'", related()),  # as apitools writes it
        ("Multipart/Related; type=application/json; BOUNDARY=edge", related()),
        (RELATED["Content-Type"], related(before=b"a preamble\r\n\r\n")),
        (RELATED["Content-Type"], related().replace(b"--edge\r\n", b"--edge \t\r\n")),
        (RELATED["Content-Type"], related() + b"an epilogue\r\n--edge\r\n"),
        (RELATED["Content-Type"], related()[:-2]),
    ],
    ids=["quoted", "apostrophes", "cases", "preamble", "padding", "epilogue", "no-last-line-end"],
)
def test_a_multipart_body_may_be_written_in_many_ways(album: Client, content_type: str, body: bytes) -> None:
    answer = album.post(UPLOAD, "uploadType=multipart", body=body, headers={"Content-Type": content_type})
    assert answer.json() == sent(title="one")


def test_parts_without_content(album: Client) -> None:
    body = b"--edge\r\n\r\n--edge\r\nContent-Type: image/png\r\n\r\n--edge--"
    assert album.post(UPLOAD, "uploadType=multipart", body=body, headers=RELATED).json() == sent(0)


@pytest.mark.parametrize("cut", [1, 10_000])
def test_pages_may_send_base64(album: Client, cut: int) -> None:
    text = base64.encodebytes(BODY)
    headers = "Content-Type: image/png\nContent-Transfer-Encoding: Base64\n"
    body = related(text, headers=headers)
    pieces = [body[place : place + cut] for place in range(0, len(body), cut)]
    assert album.post(UPLOAD, "uploadType=multipart", body=pieces, headers=RELATED).json() == sent(title="one")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "before its closing boundary"),
        (b"{}", 400, "before its closing boundary"),
        (related(close=b""), 400, "found more"),
        (related()[:-20], 400, "before its closing boundary"),
        (b"--edge\r\n\r\n{}\r\n--edge--", 400, "found one"),
        (b"--edge--", 400, "before its closing boundary"),
        (related(metadata=b"{"), 400, "not valid JSON"),
        (related(metadata=b'{"title": 5}'), 400, "title"),
        (related(headers="Content-Type: video/mp4\n"), 415, "'video/mp4' is not accepted here; accepted: image/*"),
        (related(headers=""), 415, "application/octet-stream"),
        (related(headers="Content-Type: image/png\nContent-Transfer-Encoding: x-gzip\n"), 415, "x-gzip"),
        (related(b"a===", headers="Content-Type: image/png\nContent-Transfer-Encoding: base64\n"), 400, "base64"),
        (related(b"abc", headers="Content-Type: image/png\nContent-Transfer-Encoding: base64\n"), 400, "multiple of 4"),
        ([*related(b"YQ==YQ==", headers="Content-Type: image/x\nContent-Transfer-Encoding: base64\n")], 400, "base64"),
        ([related(), *[b"x" * 9000] * 8], 413, "larger than 1024 bytes"),
        (related(b"x" * 1025), 413, "larger than 1024 bytes"),
        (related(metadata=b'{"title": "' + b"x" * 5000 + b'"}'), 413, "The JSON part is larger than 2000 bytes"),
        (related(headers="X: " + "x" * 20_000 + "\n"), 400, "too long"),
        (b"x" * 20_000, 400, "too long"),
        (related(b"x" * 90_000), 413, "larger than 1024 bytes"),
    ],
    ids=range(20),
)  # fmt: skip
def test_what_is_no_such_multipart_body(
    serve: Serve, upload_folder: Path, body: Any, status: int, message: str
) -> None:
    calls.clear()
    if isinstance(body, list):
        body = [bytes([piece]) if isinstance(piece, int) else piece for piece in body]
    album = serve(AlbumApi, limits=endpoints.Limits(body_size=2000))
    answer = album.post(UPLOAD, "uploadType=multipart", body=body, headers=RELATED)
    assert (answer.status, calls) == (status, []), answer
    assert message in answer.json()["error"]["message"]
    assert list(upload_folder.iterdir()) == []


@pytest.mark.parametrize(
    "content_type",
    ["", "multipart/related", "image/png", "multipart/mixed; boundary=edge", "multipart/related; boundary=ü"],
)
def test_a_multipart_upload_says_its_boundary(album: Client, content_type: str) -> None:
    answer = album.post(UPLOAD, "uploadType=multipart", body=related(), headers={"Content-Type": content_type})
    assert answer.status == 400


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "video/mp4"}, BODY, 415),
        ({"Content-Type": "imagexpng"}, BODY, 415),
        ({}, BODY, 415),
        ({"Content-Type": "image/"}, BODY, 415),
        ({"Content-Type": 'image/png; a="b'}, BODY, 415),
        ({"Content-Type": "image/png, text/plain"}, BODY, 415),
        ({"Content-Type": "image/p\xfcg"}, BODY, 415),
        ({**PNG, "Content-Encoding": "gzip"}, BODY, 415),
        ({**PNG, "Content-Encoding": "x"}, BODY, 415),
        (PNG, BODY + b"x", 413),
        (PNG, [BODY, b"x"], 413),
    ],
    ids=range(11),
)
def test_media_that_is_not_taken(
    album: Client, upload_folder: Path, headers: dict[str, str], body: Any, status: int
) -> None:
    answer = album.post(UPLOAD, "uploadType=media", body=body, headers=headers)
    assert error_of(answer, status, "uploadTooLarge" if status == 413 else "unsupportedMediaType")
    assert calls == []
    assert list(upload_folder.iterdir()) == []


def test_what_is_too_large_is_not_read(album: Client) -> None:
    # The client of these tests fails if more is read than there is.
    answer = album.post(UPLOAD, "uploadType=media", headers={**PNG, "Content-Length": "999999999999"})
    assert answer.status == 413


@pytest.mark.parametrize("content_type", ["IMAGE/PNG", "image/png; charset=utf-8", " text/plain "])
def test_types_are_compared_as_http_has_it(album: Client, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    assert album.post(UPLOAD, "uploadType=media", body=BODY, headers=headers).json()["type"] == content_type.strip()


@pytest.mark.parametrize("query", ["", "uploadType=", "uploadType=other", "upload_id="], ids=repr)
def test_an_upload_says_how_it_is_sent(album: Client, query: str) -> None:
    answer = album.post(UPLOAD, query, body=BODY, headers=PNG)
    assert answer.status == (404 if "upload_id" in query else 400)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_verbs_do_not_begin_uploads(album: Client, method: str) -> None:
    answer = album.request(method, UPLOAD, "uploadType=media")
    assert answer.status == 405
    assert "POST" in answer.headers["allow"]


def test_what_a_method_raises_is_the_answer(album: Client, upload_folder: Path) -> None:
    body = related(metadata=b'{"title": "refused"}')
    answer = album.post(UPLOAD, "uploadType=multipart", body=body, headers=RELATED)
    assert error_of(answer, 409, "conflict")["message"] == "this title is taken"
    assert list(upload_folder.iterdir()) == []


class Kept(messages.Message):
    text = messages.StringField(1)


def test_media_can_be_saved_and_read(serve: Serve, upload_folder: Path, tmp_path: Path) -> None:
    @endpoints.api(name="keep", version="v1")
    class KeepApi(remote.Service):
        @endpoints.method(path="keep", media_upload=endpoints.MediaUpload())
        def keep(self, request: messages.Message) -> Kept:
            media = endpoints.uploaded_media()
            assert media is not None
            assert media.file.tell() == 0
            media.save(tmp_path / "kept")
            return Kept(text=f"{media.read(2)!r} {media.file.seekable()} {media!r}")

    answer = serve(KeepApi).post(f"{ROOT}upload/keep/v1/keep", "uploadType=media", body=b"abc")
    assert answer.json() == {
        "text": "b'ab' True UploadedMedia(content_type='application/octet-stream', size=3, filename=None)"
    }
    assert (tmp_path / "kept").read_bytes() == b"abc"
    assert list(upload_folder.iterdir()) == []


def declare(**arguments: Any) -> None:
    class _Api(remote.Service):
        @endpoints.method(Photo, Photo, **arguments)
        def insert(self, request: Photo) -> Photo:
            return request


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"media_upload": True}, TypeError, "media_upload must be an endpoints.MediaUpload, not True"),
        ({"media_upload": {"accept": []}}, TypeError, "media_upload must be"),
        ({"media_upload": endpoints.MediaUpload("image/*")}, TypeError, "media_upload.accept must be a list"),
        ({"media_upload": endpoints.MediaUpload([5])}, TypeError, "media_upload.accept must hold strings only"),  # type: ignore[list-item]
        ({"media_upload": endpoints.MediaUpload([])}, ValueError, "media_upload.accept must name one media type"),
        ({"media_upload": endpoints.MediaUpload(["png"])}, ValueError, "'png' is no media type"),
        ({"media_upload": endpoints.MediaUpload(["image/a b"])}, ValueError, "no media type"),
        ({"media_upload": endpoints.MediaUpload(max_size="10 apples")}, ValueError, "media_upload.max_size must be"),
        ({"media_upload": endpoints.MediaUpload(max_size=0)}, ValueError, "media_upload.max_size must be"),
        ({"media_upload": endpoints.MediaUpload(max_size=-5)}, ValueError, "media_upload.max_size must be"),
        ({"media_upload": endpoints.MediaUpload(max_size=1.5)}, TypeError, "media_upload.max_size must be"),  # type: ignore[arg-type]
        ({"media_upload": endpoints.MediaUpload(max_size=True)}, TypeError, "media_upload.max_size must be"),
        ({"media_upload": IMAGES, "http_method": "GET"}, endpoints.ApiConfigurationError, "PUT or PATCH, not GET"),
        ({"media_download": "yes"}, TypeError, "media_download must be True or False, not 'yes'"),
        ({"media_download": True, "stream": True}, TypeError, "neither takes nor gives media"),
    ],
    ids=range(15),
)  # fmt: skip
def test_mistakes_are_found_when_methods_are_declared(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=r"_Api\.insert: ") as raised:
        declare(**arguments)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("text", "size"), [("5", 5), (7, 7), ("1KB", 2**10), ("10mb", 10 * 2**20), ("2GB", 2**31), ("1TB", 2**40)]
)
def test_sizes_are_written_as_in_discovery_documents(text: int | str, size: int) -> None:
    assert endpoints.MediaUpload(max_size=text).max_bytes == size


def test_the_folder_is_checked_when_the_server_is_made(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(endpoints.ApiConfigurationError, match="uploads: cannot make the folder"):
        serve(AlbumApi, uploads=tmp_path / "file")
    with pytest.raises(TypeError, match="UploadFolder: path must be the path of a folder, not 5"):
        serve(AlbumApi, uploads=5)
    with pytest.raises(ValueError, match="UploadFolder: lifetime must be positive, found 0"):
        endpoints.UploadFolder(lifetime=0)


def test_the_folder_among_temporary_files_is_private(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENDPOINTS_UPLOADS", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    serve(AlbumApi)
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    with pytest.raises(endpoints.ApiConfigurationError, match="is not a folder of this user alone"):
        serve(AlbumApi)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(endpoints.ApiConfigurationError, match="is not a folder of this user alone"):
        serve(AlbumApi)


@pytest.mark.parametrize(("size", "left"), [(2**20, 0), (2**20 + 1, 2**20 + 1)], ids=["little", "much"])
def test_what_is_left_of_a_refused_body_is_passed_over(album: Client, size: int, left: int) -> None:
    """Else a server resets the connection, and the caller, who is still sending, never sees the answer."""
    if album.interface != "wsgi":
        pytest.skip("on ASGI the server reads")
    stream = io.BytesIO(bytes(size))
    extra = {"wsgi.input": stream, "CONTENT_LENGTH": str(size), "CONTENT_TYPE": "text/plain"}
    answer = album.post(f"{ROOT}upload/{ALBUM}photos", "uploadType=none", body=b"x", extra=extra)
    assert answer.status == 400
    assert size - stream.tell() == left
