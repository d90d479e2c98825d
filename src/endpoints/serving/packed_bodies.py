"""Request bodies that come packed (RFC 9110, 8.4), unpacked no further than the server's limit."""

from __future__ import annotations

import sys
import zlib
from typing import Any, Final

from endpoints.serving.compression import is_installed
from endpoints.serving.failures import Refusal
from endpoints.serving.limits import Limits

_SMALL = 1024  # bytes
MAX_MEMBERS: Final = 1000
"""Archives that may follow one another in a body; each takes its time, however short."""

_STEP = 16 * 1024  # bytes; what is left of a step after an archive ends is copied
_WINDOW_LOG = 23  # of zstd: 8 MiB of memory, which RFC 9659 allows


def coding_of(header: str | None) -> str | None:
    """How a body is packed, as Content-Encoding says; None for not at all.

    Raises:
      Refusal: 415, in a way that is not understood; the answer lists those that are (RFC 9110, 15.5.16).
    """
    name = (header or "").strip().lower()
    if not name or name == "identity":
        return None
    name = "gzip" if name == "x-gzip" else name
    known = ("gzip", "deflate", "zstd") if is_installed("zstd") else ("gzip", "deflate")
    if name in known:
        return name
    text = f"Content-Encoding {name[:40]!r} is not supported; expected one of {', '.join(known)}"
    raise Refusal(415, text, [("Accept-Encoding", ", ".join(known))])


def unpacked(body: bytes, coding: str | None, limits: Limits) -> bytes:
    """What a body holds; in gzip and zstd it may be several archives, one after the other.

    Args:
      body: all of it.
      coding: as `coding_of` gives it.
      limits: of the server.

    Raises:
      Refusal: 413, it is larger than the server's `body_size`; 400, it is damaged, cut off or followed by something.
    """
    if coding is None or not body:
        return body
    parts: list[bytes] = []
    size, members, unpacker = 0, 0, None
    for start in range(0, len(body), _STEP):
        rest = body[start : start + _STEP]
        while rest:
            if unpacker is None:
                members += 1
                if members > 1 and coding == "deflate":
                    raise _damaged(coding, "something follows its end")
                if members > MAX_MEMBERS:
                    raise _damaged(coding, f"it consists of more than {MAX_MEMBERS} archives")
                unpacker = _unpacker(coding, rest)
            try:
                parts.append(unpacker.decompress(rest, limits.body_size + 1 - size))
            except _errors(coding) as error:
                raise _damaged(coding, error) from None
            size += len(parts[-1])
            limits.check_size(size)
            rest = b""  # all was taken: what stops it before is the limit, or the end of an archive
            if unpacker.eof:
                rest, unpacker = unpacker.unused_data, None
    if unpacker is not None:
        raise _damaged(coding, "it ends too early")
    return b"".join(parts)


def takes_long(coding: str | None, size: int) -> bool:
    """Whether an event loop must not wait until so many packed bytes are unpacked.

    A kilobyte of gzip or deflate holds a megabyte at most, one of zstd more than any limit.
    """
    return coding is not None and (size > _SMALL or coding == "zstd")


def not_by_bits(coding: str) -> Refusal:
    """What to say (415) of a packed body where one is read bit by bit, as it is stored."""
    return Refusal(415, f"Content-Encoding {coding!r} is not supported here", [("Accept-Encoding", "identity")])


def _damaged(coding: str, cause: object) -> Refusal:
    return Refusal(400, f"The request body is not valid {coding}: {cause}")


def _unpacker(coding: str, start: bytes) -> Any:
    if coding == "zstd":
        zstd = _zstd()
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
    if coding == "gzip":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # "deflate" means the format of zlib (RFC 9110, 8.4.1.2); some clients leave out its two bytes of a header.
    has_header = start[0] & 0x0F == zlib.DEFLATED and int.from_bytes(start[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _errors(coding: str) -> type[Exception]:
    error: type[Exception] = _zstd().ZstdError if coding == "zstd" else zlib.error
    return error


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
