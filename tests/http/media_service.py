"""An API whose methods take and give media, for the tests of both."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path

import endpoints
from protorpc import message_types, messages, remote

ROOT = "/_ah/api/"
ALBUM = "album/v1/"
BODY = bytes(range(256)) * 4
SIZE = len(BODY)
MODIFIED = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)
IMAGES = endpoints.MediaUpload(accept=["image/*", "text/plain"], max_size="1KB")


class Photo(messages.Message):
    title = messages.StringField(1)
    album = messages.StringField(2)
    size = messages.IntegerField(3)
    type = messages.StringField(4)
    name = messages.StringField(5)
    digest = messages.StringField(6)
    caller = messages.StringField(7)


class Title(messages.Message):
    title = messages.StringField(1)


calls: list[str | None] = []
"""Titles of the photos that methods were called with."""
closed: list[str] = []
"""Sources of media that were closed."""


def described(request: Photo) -> Photo:
    """What came, as a message."""
    calls.append(request.title)
    if request.title == "refused":
        raise endpoints.ConflictException("this title is taken")
    if request.title == "fails" and calls.count("fails") < 2:
        raise RuntimeError("fails once")
    media = endpoints.uploaded_media()
    if media is None:
        return Photo(title=request.title, album=request.album)
    content = media.read(3) + b"".join(media)
    assert len(content) == media.size
    return Photo(
        title=request.title,
        album=request.album,
        size=media.size,
        type=media.content_type,
        name=media.filename,
        digest=sha256(content).hexdigest(),
    )


ALBUM_PHOTO = endpoints.ResourceContainer(Title, album=messages.StringField(2, required=True))


class Counted:
    """An iterator of pieces that says when it is closed, or ends, and with what."""

    def __init__(self, name: str, pieces: list[bytes | Exception]) -> None:
        self._name = name
        self._pieces = iter(pieces)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        if isinstance(piece, Exception):
            raise piece
        return piece

    def close(self) -> None:
        closed.append(self._name)


class Pipe:
    """A file that can only be read on, as a pipe or a response of another server."""

    def __init__(self) -> None:
        self._content = BytesIO(BODY)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)

    def close(self) -> None:
        closed.append("pipe")


class Answered:
    """What another server answered: makes iterators, and is closed itself."""

    def __iter__(self) -> Iterator[bytes]:
        yield BODY[:10]
        yield BODY[10:]

    def close(self) -> None:
        closed.append("response")


class AsyncAnswered:
    """The same for event loops, and with a `read` that does not wait."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield BODY[:10]
        yield BODY[10:]

    async def read(self, size: int = -1) -> bytes:
        return BODY[:size]

    async def aclose(self) -> None:
        closed.append("async response")


async def ticks(name: str) -> AsyncIterator[bytes]:
    try:
        yield b"one "
        yield b"two"
    finally:
        closed.append(name)


@endpoints.api(name="album", version="v1")
class AlbumApi(remote.Service):
    @endpoints.method(Photo, Photo, path="photos", media_upload=IMAGES)
    def insert(self, request: Photo) -> Photo:
        return described(request)

    @endpoints.method(ALBUM_PHOTO, Photo, path="albums/{album}/photos", http_method="PUT", media_upload=IMAGES)
    async def put(self, request: Title) -> Photo:
        media = endpoints.uploaded_media()
        pieces = [] if media is None else [piece async for piece in media]
        album: str = request.album  # type: ignore[attr-defined]
        return Photo(title=request.title, album=album, size=sum(map(len, pieces)))

    @endpoints.method(path="drop", media_upload=endpoints.MediaUpload(max_size=10))
    def drop(self, request: messages.Message) -> None:
        calls.append("drop")

    @endpoints.method(path="media/{kind}", http_method="GET", media_download=True)
    def get(self, request: messages.Message, kind: str, folder: str = "") -> Photo | endpoints.MediaContent:
        if kind == "message" or not endpoints.wants_media():
            return Photo(title=kind)
        return content(kind, folder)

    @endpoints.method(path="export", http_method="GET", media_download=True, cache_control="no-store")
    async def export(self, request: messages.Message) -> endpoints.MediaContent:
        return endpoints.MediaContent(ticks("export"), content_type="text/plain; charset=utf-8")

    @endpoints.method(message_types.VoidMessage, Photo, path="plain", http_method="GET")
    def plain(self, request: messages.Message) -> Photo:
        return Photo(title=str(endpoints.wants_media()), name=str(endpoints.uploaded_media()))


def content(kind: str, folder: str) -> endpoints.MediaContent:
    """Media of some kind."""
    missing = endpoints.MediaContent(Path(folder, "none.png"))
    pieces: dict[str, list[bytes | Exception]] = {
        "iterator": [b"", BODY[:10], b"", BODY[10:]],
        "fails": [OSError("the disk is gone")],
        "short": [b"abc"],
        "text": ["abc"],  # type: ignore[list-item]
    }
    if kind in pieces:
        return endpoints.MediaContent(Counted(kind, pieces[kind]), size=7 if kind == "short" else None)
    later = BytesIO(b"before" + BODY)
    later.seek(6)
    known = {
        "bytes": lambda: endpoints.MediaContent(BODY, content_type="image/png", etag="v1", last_modified=MODIFIED),
        "file": lambda: endpoints.MediaContent(later, filename='ü "quoted"\r\n.txt'),
        "pipe": lambda: endpoints.MediaContent(Pipe(), size=SIZE),  # type: ignore[arg-type]
        "path": lambda: endpoints.MediaContent(Path(folder, "photo.png")),
        "async": lambda: endpoints.MediaContent(ticks("async"), size=7),
        "response": lambda: endpoints.MediaContent(Answered()),
        "async response": lambda: endpoints.MediaContent(AsyncAnswered()),
        "bytearray": lambda: endpoints.MediaContent(bytearray(BODY)),
        "memoryview": lambda: endpoints.MediaContent(memoryview(BODY)),
        "text file": lambda: endpoints.MediaContent(StringIO("abc")),  # type: ignore[arg-type]
        "empty": lambda: endpoints.MediaContent(b""),
        "weak": lambda: endpoints.MediaContent(BODY, etag='W/"v1"'),
        "missing": lambda: missing,
        "nothing": lambda: endpoints.MediaContent(5),  # type: ignore[arg-type]
    }
    if "." in kind:
        return endpoints.MediaContent(Path(folder, kind))
    if kind not in known:
        raise endpoints.NotFoundException(f"no media {kind!r}")
    return known[kind]()
