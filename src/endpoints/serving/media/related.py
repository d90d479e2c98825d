"""multipart/related bodies (RFC 2387): a JSON part and a media part, read as they come.

Google's clients send them with CRLF or LF at the ends of lines (its Python client sends LF), and apitools puts the
boundary between apostrophes in the header but not in the body.
"""

from __future__ import annotations

import binascii
import re
from email.message import Message
from email.parser import BytesParser
from enum import Enum
from typing import Final

from endpoints.serving.failures import Refusal

MAX_HEADERS: Final = 16 * 1024
"""Bytes before the first part, and of the headers of each part."""
_END_OF_LINE: Final = re.compile(rb"[ \t]*\r?\n")
_MAYBE_END_OF_LINE: Final = re.compile(rb"[ \t]{0,100}\r?\Z")


class _Place(Enum):
    PREAMBLE = 0
    HEADERS = 1
    CONTENT = 2
    EPILOGUE = 3


class RelatedReader:
    """Takes a body in pieces of any size, and tells metadata and media apart.

    Args:
      boundary: as the header names it.
      metadata_limit: bytes that the JSON part may have.

    Attributes:
      metadata: the JSON part, as far as it has come.
      headers: of the media part; None before it begins.
    """

    def __init__(self, boundary: bytes, metadata_limit: int) -> None:
        self.metadata = bytearray()
        self.headers: Message | None = None
        self._limit = metadata_limit
        self._boundary = boundary
        self._delimiter = b""
        self._line_end = b""
        self._buffer = bytearray()
        self._place = _Place.PREAMBLE
        self._part = 0
        self._seen = 0
        self._lines = bytearray()
        self._skipped = 0
        self._decode: _Base64 | None = None

    def feed(self, piece: bytes) -> bytes:
        """Take the next bytes of the body, and give back those of the media.

        Raises:
          Refusal: 400, this is no multipart body of two parts; 413, the JSON part is too large.
        """
        self._buffer += piece
        media = bytearray()
        steps = {_Place.PREAMBLE: self._preamble, _Place.HEADERS: self._headers}
        while self._place is not _Place.EPILOGUE:
            if self._place is _Place.CONTENT:
                if not self._content(media):
                    break
            elif not steps[self._place]():
                break
        else:
            self._buffer.clear()
        return bytes(media)

    def finish(self) -> bytes:
        """The rest of the media, when the body is over. Raises Refusal (400) when it is not complete."""
        if self._place is not _Place.EPILOGUE:
            raise Refusal(400, "The multipart body ended before its closing boundary")
        if self._part < 2:
            raise Refusal(400, "The multipart body must hold two parts, the JSON metadata and the media; found one")
        return self._decode.finish() if self._decode else b""

    def _preamble(self) -> bool:
        line = self._line()
        if line is None:
            return False
        self._seen += len(line)
        text = line.rstrip(b" \t\r\n")
        for boundary in {self._boundary, self._boundary.strip(b"'")}:
            if text == b"--" + boundary:
                self._line_end = b"\r\n" if line.endswith(b"\r\n") else b"\n"
                self._delimiter = self._line_end + b"--" + boundary
                self._begin_part()
        return True

    def _begin_part(self) -> None:
        self._part += 1
        if self._part > 2:
            raise Refusal(400, "The multipart body must hold two parts, the JSON metadata and the media; found more")
        self._place = _Place.HEADERS
        self._seen = 0
        self._lines = bytearray()

    def _line(self) -> bytes | None:
        """The next whole line, None as long as it is not there."""
        end = self._buffer.find(b"\n") + 1
        if self._seen + (end or len(self._buffer)) > MAX_HEADERS:
            what = "headers of a part are" if self._place is _Place.HEADERS else "text before the first boundary is"
            raise Refusal(400, f"The multipart body is not as its boundary says: the {what} too long")
        if not end:
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[:end]
        return line

    def _headers(self) -> bool:
        line = self._line()
        if line is None:
            return False
        self._seen += len(line)
        if line.strip(b"\r\n"):
            self._lines += line
            return True
        found = BytesParser().parsebytes(bytes(self._lines), headersonly=True)
        if self._part == 2:
            self.headers = found
            self._decode = _transfer_decoder(found)
        # The empty line may be the one before the delimiter as well, if the part is empty.
        self._buffer[:0] = self._line_end
        self._skipped = len(self._line_end)
        self._place = _Place.CONTENT
        return True

    def _content(self, media: bytearray) -> bool:
        buffer, delimiter, begin = self._buffer, self._delimiter, 0
        while (found := buffer.find(delimiter, begin)) >= 0:
            after = found + len(delimiter)
            if buffer.startswith(b"--", after):
                self._take(found, media)
                self._place = _Place.EPILOGUE
                return True
            end = _END_OF_LINE.match(buffer, after)
            if end:
                self._take(found, media)
                del buffer[: end.end() - found]
                self._begin_part()
                return True
            if _MAYBE_END_OF_LINE.match(buffer, after) or bytes(buffer[after:]) == b"-":
                self._take(found, media)
                return False
            begin = found + 1
        self._take(max(begin, len(buffer) - len(delimiter) + 1), media)
        return False

    def _take(self, end: int, media: bytearray) -> None:
        """Let the part have the buffer up to `end`, which then begins the buffer."""
        if end < self._skipped:
            return
        content = bytes(self._buffer[self._skipped : end])
        del self._buffer[:end]
        self._skipped = 0
        if self._part == 2:
            media += self._decode.feed(content) if self._decode else content
            return
        self.metadata += content
        if len(self.metadata) > self._limit:
            raise Refusal(413, f"The JSON part is larger than {self._limit} bytes")


def _transfer_decoder(headers: Message) -> _Base64 | None:
    encoding = str(headers.get("content-transfer-encoding", "binary")).strip().lower()
    if encoding in ("binary", "7bit", "8bit"):
        return None
    if encoding == "base64":
        return _Base64()
    raise Refusal(415, f"Content-Transfer-Encoding {encoding[:40]!r} is not supported; send binary or base64")


class _Base64:
    """Decodes pieces of base64 text, which pages send that cannot send bytes."""

    def __init__(self) -> None:
        self._left = b""
        self._is_over = False

    def feed(self, text: bytes) -> bytes:
        """The bytes of whole groups of four characters."""
        text = self._left + text.translate(None, b" \t\r\n")
        whole = len(text) // 4 * 4
        self._left = text[whole:]
        if text and self._is_over:
            raise Refusal(400, "The media is not valid base64: something follows its end")
        self._is_over = text[:whole].endswith(b"=")
        try:
            return binascii.a2b_base64(text[:whole], strict_mode=True)
        except binascii.Error as error:
            raise Refusal(400, f"The media is not valid base64: {error}") from None

    def finish(self) -> bytes:
        """Nothing. Raises Refusal (400) when characters are missing."""
        if self._left:
            raise Refusal(400, "The media is not valid base64: its length is no multiple of 4")
        return b""
