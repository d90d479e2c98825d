"""Byte ranges: what a download asks for (RFC 9110, 14), and where what a resumable upload sends belongs."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from endpoints.serving.failures import Refusal

_RANGE: Final = re.compile(r"bytes[ \t]*=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)
_CONTENT_RANGE: Final = re.compile(
    r"bytes[ \t]+(?:([0-9]{1,18})-([0-9]{1,18})|\*)/([0-9]{1,18}|\*)[ \t]*", re.IGNORECASE
)


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last that a Range header asks for.

    Returns:
      None where all is to be sent: the header is none that is understood, or asks for several ranges.

    Raises:
      Refusal: 416, it asks for what is not there.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    if found[3] is not None:
        begin, end = max(0, size - int(found[3])), size
    else:
        begin, end = int(found[1]), int(found[2] or size) + (1 if found[2] else 0)
        if found[2] and end <= begin:
            return None
    end = min(end, size)
    if begin >= end:
        text = f"The range {header[:40]!r} cannot be satisfied: there are {size} bytes"
        raise Refusal(416, text, [("Content-Range", f"bytes */{size}")])
    return begin, end


class ContentRange(NamedTuple):
    """Where the body of a request belongs."""

    begin: int | None
    """Of the first byte; None for a request without media, which asks how much there is."""
    end: int | None
    """Of the byte after the last; None for a body that is all there is, whatever its length."""
    total: int | None
    """Bytes in all; None if they are not known yet."""


def content_range(header: str | None) -> ContentRange:
    """What a Content-Range header of an upload says; without one the body is all of the media.

    Raises:
      Refusal: 400, it contradicts itself, or is none.
    """
    if header is None:
        return ContentRange(0, None, None)
    found = _CONTENT_RANGE.fullmatch(header.strip())
    if found is None:
        raise Refusal(
            400, f"Content-Range must be like 'bytes 0-99/200', 'bytes 0-99/*' or 'bytes */200': {header[:40]!r}"
        )
    total = None if found[3] == "*" else int(found[3])
    if found[1] is None:
        return ContentRange(None, None, total)
    begin, end = int(found[1]), int(found[2]) + 1
    # Google's Python client ends a stream of 512 bytes whose size it does not know with "bytes 512-511/512".
    if end < begin or (end == begin and end != total) or (total is not None and end > total):
        raise Refusal(400, f"Content-Range contradicts itself: {header[:40]!r}")
    return ContentRange(begin, end, total)
