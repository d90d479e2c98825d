"""Multipart bodies as wholes (RFC 2046, 5.1): taken apart and put together, bytes in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from endpoints.serving.failures import Refusal

_BOUNDARY_PARAMETER: Final = re.compile(r';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE)
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


def boundary_of(content_type: str | None, expected: str) -> bytes:
    """The boundary that a Content-Type header names.

    Args:
      content_type: the header.
      expected: the media type that it has to be, in lower case.

    Raises:
      Refusal: 400, it is another type, or has no boundary of 1 to 70 characters that RFC 2046 allows.
    """
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type != expected:
        raise Refusal(400, f"The Content-Type must be {expected} with a boundary, not {(content_type or '')[:80]!r}")
    found = _BOUNDARY_PARAMETER.search(content_type or "")
    boundary = "" if found is None else found[2] or re.sub(r"\\(.)", r"\1", found[1])
    if not _BOUNDARY.fullmatch(boundary):
        raise Refusal(400, f"The Content-Type {(content_type or '')[:80]!r} has no valid boundary")
    return boundary.encode("ascii")


def split(body: bytes, boundary: bytes, most: int) -> list[bytes]:
    """The parts of a body, headers included, without the line break before each boundary.

    Lines may end with CRLF, or with LF alone, as some clients write them. What is before the first boundary and after
    the closing one is no part.

    Args:
      body: all of it.
      boundary: as `boundary_of` returns it.
      most: how many parts there may be.

    Raises:
      Refusal: 400, there are none, or more, or the closing boundary is missing, so that something may be lost.
    """
    text = b"\n" + body
    # PERF: a literal beginning lets the search go at the speed of memory.
    marks = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]{0,99}(?=\r?\n|\Z)")
    parts: list[bytes] = []
    begin = None
    for mark in marks.finditer(text):
        if begin is not None:
            if len(parts) == most:
                raise Refusal(400, f"The request has more than {most} parts")
            end = mark.start()
            parts.append(text[begin : end - 1 if end > begin and text[end - 1] == 13 else end])
        if mark[1] is not None:
            if not parts:
                break
            return parts
        begin = mark.end() + (2 if text.startswith(b"\r\n", mark.end()) else 1)
    if not parts:
        raise Refusal(400, "The request has no parts: no line is the boundary that its Content-Type names")
    raise Refusal(400, "The request ends without the closing boundary")


def joined(parts: Iterable[tuple[bytes, bytes]], boundary: bytes) -> bytes:
    """A body.

    Args:
      parts: of each its header lines, with CRLF after every one of them, and its content.
      boundary: what no content holds.
    """
    pieces: list[bytes] = []
    for headers, content in parts:
        pieces += [b"--", boundary, b"\r\n", headers, b"\r\n", content, b"\r\n"]
    pieces += [b"--", boundary, b"--\r\n"]
    return b"".join(pieces)
