"""Media of methods: files that callers upload, and files that methods answer with.

```python
@endpoints.method(Photo, Photo, path="photos", media_upload=endpoints.MediaUpload(accept=["image/*"], max_size="10MB"))
def insert(self, request):
    media = endpoints.uploaded_media()
    ...
```

The protocols are those of Google's APIs: https://developers.google.com/workspace/drive/api/guides/manage-uploads and
https://developers.google.com/discovery/v1/using#discovery-doc-methods-mediaupload.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from endpoints import checks
from endpoints.exceptions import ApiConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_MAX_SIZE: Final = "100MB"
PIECE: Final = 256 * 1024
"""Bytes of media that are held in memory at a time."""

_UNITS: Final = {"": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
# PERF: compiled when they are first needed, which is in few servers.
_SIZE: Final = r"(?i)([0-9]{1,18})(|[KMGT]B)"
_WORD: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # RFC 9110, 5.6.2
_MEDIA_RANGE: Final = rf"\*/\*|{_WORD}/{_WORD}"
_MEDIA_TYPE: Final = rf"{_WORD}/{_WORD}(?:[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|\"[\t !#-\[\]-~]*\"))*"
_ENTITY_TAG: Final = r'(?:W/)?"[!#-~]*"'


@dataclass(frozen=True, slots=True)
class MediaUpload:
    """What media a method takes: the `media_upload` of `endpoints.method`.

    Args:
        accept: media types, such as `image/png`, and ranges of them: `image/*`, `*/*`. Others are answered 415.
        max_size: bytes, or text in the units of discovery documents: `10MB` (KB, MB, GB, TB, by powers of 1024). More
            is answered 413.
    """

    accept: Sequence[str] = ("*/*",)
    max_size: int | str = DEFAULT_MAX_SIZE

    @property
    def max_bytes(self) -> int:
        """`max_size` in bytes."""
        found = re.fullmatch(_SIZE, str(self.max_size))
        return int(found[1]) * _UNITS[found[2].upper()] if found else 0

    def accepts(self, media_type: str) -> bool:
        """Whether media of a type is taken, whatever its parameters (`; charset=utf-8`). What is no type is not."""
        if not is_media_type(media_type):
            return False
        kind = media_type.partition(";")[0].strip().lower()
        major = kind.partition("/")[0]
        return any(each.lower() in ("*/*", f"{major}/*", kind) for each in self.accept)


def is_media_type(text: str) -> bool:
    """Whether a text is a media type (RFC 9110, 8.3.1), and so one that a header can say."""
    return re.fullmatch(_MEDIA_TYPE, text) is not None


def checked_upload(where: str, http_method: str, value: Any) -> MediaUpload | None:
    """Check the `media_upload` of a method.

    Raises:
        TypeError: it, or an argument of it, is of another type.
        ValueError: a media type is none, or `max_size` is no size.
        ApiConfigurationError: the verb has no body.
    """
    found = checks.instance(where, "media_upload", value, MediaUpload, "an endpoints.MediaUpload")
    if found is None:
        return None
    if http_method.upper() not in ("POST", "PUT", "PATCH"):
        raise ApiConfigurationError(f"{where}: media_upload needs http_method POST, PUT or PATCH, not {http_method}")
    accept = checks.texts(where, "media_upload.accept", found.accept)
    if not accept:
        raise ValueError(f"{where}: media_upload.accept must name one media type or more, such as '*/*'")
    for each in accept:
        if not re.fullmatch(_MEDIA_RANGE, each):
            raise ValueError(f"{where}: media_upload.accept: {each!r} is no media type like image/png or image/*")
    if isinstance(found.max_size, bool) or not isinstance(found.max_size, (int, str)):
        raise TypeError(f"{where}: media_upload.max_size must be bytes or text like '10MB', not {found.max_size!r}")
    if found.max_bytes < 1:
        raise ValueError(f"{where}: media_upload.max_size must be bytes or text like '10MB', not {found.max_size!r}")
    return found


class UploadedMedia:
    """The media of the current request, complete and within the limits that the method declares.

    The file is removed when the method has answered.

    Attributes:
        content_type: what the caller says it is, such as `image/png`; of an accepted type.
        size: in bytes.
        filename: what the caller calls the file, without folders; None if he does not say.
        file: the media as a binary file, open for reading.
    """

    def __init__(self, file: BinaryIO, path: Path, content_type: str, size: int, filename: str | None) -> None:
        self.file = file
        self.content_type = content_type
        self.size = size
        self.filename = filename
        self._path = path

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`, or all that are left; none at the end."""
        return self.file.read(size)

    def __iter__(self) -> Iterator[bytes]:
        """What is left, in pieces of at most 256 KiB."""
        while piece := self.file.read(PIECE):
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The same for `async def` methods: the event loop does not wait for the disk."""
        from asyncio import to_thread  # noqa: PLC0415 - PERF: takes 30 ms to import; here it is there already

        while piece := await to_thread(self.file.read, PIECE):
            yield piece

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all of it to a file, which is replaced if there is one; `async def` methods do so in a thread.

        Raises:
            OSError: the file cannot be written.
        """
        from shutil import copyfile  # noqa: PLC0415 - PERF: takes 4 ms to import, which most servers need not pay for

        copyfile(self._path, path)

    def __repr__(self) -> str:
        return f"UploadedMedia(content_type={self.content_type!r}, size={self.size}, filename={self.filename!r})"


Source = bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO | Iterable[bytes] | AsyncIterable[bytes]


class MediaContent:
    """Media that a method declared with `media_download=True` answers with.

    Args:
        source: bytes, the path of a file, a binary file, or an iterator or async iterator of bytes. Ranges can be asked
            of the first three, if the file can be seeked. What can be closed is closed when it is sent, or nobody
            listens any longer.
        content_type: media type; by default what the name of the file suggests, or `application/octet-stream`.
        size: bytes of an iterator, if they are known.
        filename: what browsers are to save it as; without one they may show it.
        etag: names this version of the content; by default, for a path, made of time and size.
        last_modified: with a time zone; by default, for a path, that of the file.

    Raises:
        TypeError: `source` is something else.
        ValueError: an argument is nothing that HTTP can say.
    """

    def __init__(
        self,
        source: Source,
        *,
        content_type: str | None = None,
        size: int | None = None,
        filename: str | None = None,
        etag: str | None = None,
        last_modified: datetime.datetime | None = None,
    ) -> None:
        readable = isinstance(source, (bytes, str, os.PathLike, Iterable, AsyncIterable)) or hasattr(source, "read")
        if not readable or isinstance(source, dict):
            raise TypeError(
                "MediaContent: source must be bytes, a path, a binary file or an iterator of bytes, "
                f"not {type(source).__name__}"
            )
        if content_type is not None and not is_media_type(content_type):
            raise ValueError(f"MediaContent: content_type {content_type!r} is no media type like image/png")
        if size is not None and size < 0:
            raise ValueError(f"MediaContent: size must not be negative, as {size} is")
        if etag is not None and not re.fullmatch(_ENTITY_TAG, etag):
            quoted = f'"{etag}"'
            if not re.fullmatch(_ENTITY_TAG, quoted):
                raise ValueError(f"MediaContent: etag {etag!r} must be printable ASCII without quotes and spaces")
            etag = quoted
        if last_modified is not None and last_modified.utcoffset() is None:
            raise ValueError("MediaContent: last_modified has no time zone")
        self.source = source
        self.content_type = content_type
        self.size = size
        self.filename = filename
        self.etag = etag
        self.last_modified = last_modified


class CurrentMedia(NamedTuple):
    """What the running method is to know of media."""

    upload: UploadedMedia | None
    wanted: bool


_NONE: Final = CurrentMedia(None, False)
current_media: ContextVar[CurrentMedia] = ContextVar("current_media", default=_NONE)


def uploaded_media() -> UploadedMedia | None:
    """The media that came with the request that is being answered; None where none came."""
    return current_media.get().upload


def wants_media() -> bool:
    """Whether the running method may answer with `MediaContent`: the caller asks for it, or it answers nothing else."""
    return current_media.get().wanted
