"""Request bodies with media, written to a file as they come; no more of them than one piece is held in memory."""

from __future__ import annotations

import re
from collections.abc import Generator
from email.message import Message
from typing import Any, Final, NamedTuple

from endpoints.media import MediaUpload
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request
from endpoints.serving.limits import Limits
from endpoints.serving.media.flow import Read, Step, Work
from endpoints.serving.media.folder import Spool, check_size, too_large
from endpoints.serving.media.related import MAX_HEADERS, RelatedReader
from endpoints.serving.multipart import boundary_of
from endpoints.serving.packed_bodies import not_by_bits

OCTETS: Final = "application/octet-stream"
_PADDING: Final = 3 * MAX_HEADERS + 1024
"""Bytes that a multipart body may have beside its two parts."""
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Taken(NamedTuple):
    """What a body held."""

    metadata: bytes
    content_type: str
    filename: str | None


def take_media(request: Request, upload: MediaUpload, spool: Spool, size: int | None) -> Generator[Step, Any, Taken]:
    """Take a body that is media and nothing else (`uploadType=media`).

    Raises:
      Refusal: 413, it is too large; 415, its type is not accepted; what reading raises.
    """
    check_not_packed(request)
    content_type = accepted(upload, request.header("content-type") or OCTETS)
    check_size(size or 0, upload.max_bytes)
    while piece := (yield Read()):
        yield Work(spool.write, piece)
    return Taken(b"", content_type, named(request.header("content-disposition")))


def take_related(
    request: Request, upload: MediaUpload, spool: Spool, size: int | None, limits: Limits
) -> Generator[Step, Any, Taken]:
    """Take a body of a JSON part and a media part (`uploadType=multipart`).

    Raises:
      Refusal: as `take_media`; 400, it is no such body.
    """
    check_not_packed(request)
    boundary = boundary_of(request.header("content-type"), "multipart/related")
    most = limits.body_size + _PADDING + upload.max_bytes * 3 // 2  # it may be base64
    if (size or 0) > most:
        raise too_large(upload.max_bytes)
    reader = RelatedReader(boundary, limits.body_size)
    content_type, came = None, 0
    while piece := (yield Read()):
        came += len(piece)
        if came > most:  # of a body without a length, which goes on after its end
            raise too_large(upload.max_bytes)
        media = reader.feed(piece)
        if content_type is None and reader.headers is not None:
            content_type = accepted(upload, str(reader.headers.get("content-type") or OCTETS))
        if media:
            yield Work(spool.write, media)
    if rest := reader.finish():
        yield Work(spool.write, rest)
    headers = reader.headers or Message()
    return Taken(bytes(reader.metadata), content_type or OCTETS, named(headers.get("content-disposition")))


def check_not_packed(request: Request) -> None:
    """Raises Refusal (415) for media that is packed for transport: its size would not be what the caller says."""
    encoding = request.header("content-encoding")
    if encoding and encoding.strip().lower() != "identity":
        raise not_by_bits(encoding[:40])


def accepted(upload: MediaUpload, content_type: str) -> str:
    """A media type, if the method takes it; else raises Refusal (415)."""
    content_type = " ".join(content_type.split())
    if not upload.accepts(content_type):
        allowed = ", ".join(upload.accept)
        raise Refusal(415, f"Media of type {content_type[:80]!r} is not accepted here; accepted: {allowed}")
    return content_type


def named(disposition: Any) -> str | None:
    """The file name that a Content-Disposition header gives (RFC 6266), without folders; None for none."""
    if not disposition:
        return None
    header = Message()
    header["content-disposition"] = _UNPRINTABLE.sub(" ", str(disposition))
    name = header.get_filename() or ""
    name = _UNPRINTABLE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return name if name not in ("", ".", "..") else None
