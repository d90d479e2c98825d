"""What a method answers with `MediaContent`, on the wire: whole, in part (RFC 9110, 14), or not again (13)."""

from __future__ import annotations

import datetime
import mimetypes
import os
import re
from collections.abc import Generator, Iterable
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from endpoints.media import CurrentMedia, MediaContent, current_media
from endpoints.serving.call import Call
from endpoints.serving.entrance import Entrance
from endpoints.serving.etags import changed, first_known, is_meant
from endpoints.serving.exchange import Body
from endpoints.serving.http import NO_SNIFFING, Request, Response
from endpoints.serving.limits import Limits
from endpoints.serving.media.calling import Calling, json_response
from endpoints.serving.media.flow import Enter, Flow, FlowExchange, ReadWhole, Step, Work
from endpoints.serving.media.ranges import asked_range
from endpoints.serving.media.sending import AsyncReader, Reader, Sending, opened

if TYPE_CHECKING:
    from endpoints.serving.async_body import AsyncBody
    from endpoints.serving.threads import ThreadPool

_OCTETS: Final = "application/octet-stream"
_PACKED: Final = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
_SANDBOX: Final = ("Content-Security-Policy", "sandbox")
_UNSAFE: Final = re.compile(r'[^ !#-\[\]-~]|["\\]')


class Download(FlowExchange):
    """Answers requests that ask an operation for media.

    Args:
      call: the same operation without media.
      limits: of the server.
    """

    def __init__(self, call: Call, limits: Limits) -> None:
        self.operation = call.operation
        self._blocking = call.blocking
        self._caching = call.caching
        self._entrance = Entrance(call.access, call.gate)
        self._calling = Calling(call, limits)

    def flow(self, request: Request, values: tuple[str, ...], size: int | None) -> Flow:
        """Call the method, and send what it answers."""
        yield Enter(self._entrance, request)
        body = yield ReadWhole()
        prepared = yield from self._calling.prepared(request, values, request.query, body)
        token = current_media.set(CurrentMedia(None, True))
        try:
            answer = yield self._calling.step(prepared, waits=self._blocking)
        finally:
            current_media.reset(token)
        if isinstance(answer, MediaContent):
            return (yield from media_response(request, answer, self._caching))
        content = prepared.content(answer)
        return json_response(content, request.query)


def media_response(
    request: Request, content: MediaContent, caching: Iterable[tuple[str, str]]
) -> Generator[Step, Any, Response]:
    """The answer that holds some media, as far as the request asks for it.

    Args:
      request: what is answered.
      content: the media.
      caching: headers that say for how long it may be kept.

    Raises:
      Refusal: 412 or 416, the caller means another state, or a part that is not there.
      Exception: whatever the source raises before its first byte.
    """
    reader: Reader = yield Work(opened, content, undo=lambda lost: lost.close())
    try:
        return (yield from _response(request, content, reader, caching))
    except BaseException:
        yield _Close(reader)
        raise


def _response(
    request: Request, content: MediaContent, reader: Reader, caching: Iterable[tuple[str, str]]
) -> Generator[Step, Any, Response]:
    modified = _modified(content, reader)
    etag = content.etag or _etag(reader)
    said = [*caching, ("ETag", etag)] if etag else [*caching]
    if modified is not None:
        said.append(("Last-Modified", format_datetime(modified, usegmt=True)))
    is_read = request.method in ("GET", "HEAD")
    if is_read and _is_known(request, etag, modified):
        yield _Close(reader)
        return Response(304, said, b"")
    content_type = _content_type(content)
    headers = [("Content-Type", content_type), NO_SNIFFING, *_disposition(content, content_type), *said]
    if reader.seekable and is_read:
        headers.append(("Accept-Ranges", "bytes"))
    if request.header("origin"):
        headers.append(("Access-Control-Expose-Headers", "Accept-Ranges,Content-Disposition,Content-Range"))
    status, begin, left = 200, 0, reader.size
    if part := _part(request, reader, etag, modified):
        status, begin, left = 206, part[0], part[1] - part[0]
        headers.append(("Content-Range", f"bytes {begin}-{part[1] - 1}/{reader.size}"))
    if left is not None:
        headers.append(("Content-Length", str(left)))
    return Response(status, headers, b"", stream=(yield from _sending(request, reader, begin, left)))


def _part(
    request: Request, reader: Reader, etag: str | None, modified: datetime.datetime | None
) -> tuple[int, int] | None:
    """The part that is asked for, None for all. Raises Refusal (416) when there is no such part."""
    asked = request.header("range")
    if not asked or reader.size is None or not reader.seekable or request.method != "GET":
        return None
    return asked_range(asked, reader.size) if _is_same(request, etag, modified) else None


def _sending(request: Request, reader: Reader, begin: int, left: int | None) -> Generator[Step, Any, Sending]:
    if request.sent_method == "HEAD" or left == 0:
        yield _Close(reader)
        return Sending(Reader(), b"", 0)
    if begin:
        yield Work(reader.seek, begin)
    first = yield _First(reader, Sending(reader, b"", left).wanted)
    return Sending(reader, first, left)


class _First(Step):
    """Read the first piece: what goes wrong so early can still be answered."""

    def __init__(self, reader: Reader, size: int) -> None:
        self._reader = reader
        self._size = size

    def run(self, body: Body) -> bytes:
        """Read it in this thread."""
        return self._reader.read(self._size)

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> bytes:
        """Read it in a thread, or on the event loop."""
        if isinstance(self._reader, AsyncReader):
            return await self._reader.read_async()
        return await Work(self._reader.read, self._size).run_async(body, threads)  # type: ignore[no-any-return]


class _Close(Step):
    """Let a source go that is not needed."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def run(self, body: Body) -> None:
        """Close it."""
        self._reader.close()

    async def run_async(self, body: AsyncBody, threads: ThreadPool) -> None:
        """Close it where it is read."""
        if isinstance(self._reader, AsyncReader):
            await self._reader.close_async()
        else:
            await threads.run(self._reader.close)


def _modified(content: MediaContent, reader: Reader) -> datetime.datetime | None:
    modified = content.last_modified
    if modified is None and reader.status is not None:
        modified = datetime.datetime.fromtimestamp(reader.status.st_mtime, datetime.UTC)
    return None if modified is None else modified.astimezone(datetime.UTC).replace(microsecond=0)


def _etag(reader: Reader) -> str | None:
    status = reader.status
    return None if status is None else f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


def _is_known(request: Request, etag: str | None, modified: datetime.datetime | None) -> bool:
    """Whether the caller has it already. Raises Refusal (412) when he means something else."""
    if request.header("if-match") is not None:
        if not is_meant(request, etag):
            raise changed()
    elif (since := _date(request.header("if-unmodified-since"))) and modified and modified > since:
        raise changed("If-Unmodified-Since")
    if request.header("if-none-match") is not None:
        return etag is not None and first_known(request, [etag.removeprefix("W/")]) is not None
    since = _date(request.header("if-modified-since"))
    return since is not None and modified is not None and modified <= since


def _is_same(request: Request, etag: str | None, modified: datetime.datetime | None) -> bool:
    """Whether the caller's part is of the same state (RFC 9110, 13.1.5)."""
    condition = (request.header("if-range") or "").strip()
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        return condition == etag and not condition.startswith("W/")
    return modified is not None and _date(condition) == modified


def _date(header: str | None) -> datetime.datetime | None:
    try:
        found = parsedate_to_datetime(header or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _content_type(content: MediaContent) -> str:
    if content.content_type is not None:
        return content.content_type
    name = content.filename
    if name is None and isinstance(content.source, (str, os.PathLike)):
        name = os.fsdecode(content.source)
    guessed, packing = mimetypes.guess_type(name) if name else (None, None)
    if packing is not None:  # the file is sent as it is, and so is no longer of the type that is packed in it
        return _PACKED.get(packing, _OCTETS)
    return guessed or _OCTETS


def _disposition(content: MediaContent, content_type: str) -> list[tuple[str, str]]:
    """What browsers save it as (RFC 6266), for those that know UTF-8 and those that do not.

    What they show is shown as a page of another origin, whose scripts do not run: it may come from strangers, and the
    API explorer, which holds tokens, is a page of this one.
    """
    name = content.filename
    if not name:
        # Browsers do not show a PDF within a sandbox; they have one of their own for it.
        return [] if content_type.lower().startswith("application/pdf") else [_SANDBOX]
    plain = _UNSAFE.sub("_", name)
    extended = f"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}" if plain != name else ""
    return [("Content-Disposition", f'attachment; filename="{plain}"{extended}')]
