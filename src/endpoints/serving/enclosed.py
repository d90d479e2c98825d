"""HTTP messages inside of bodies (`application/http`, RFC 9112, 10.2): a request to be read, a response to be written.

What clients write there is read: lines may end with LF alone, the version may be missing, and so may the empty line of
a request without a body. Where a message ends is known from outside.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from endpoints.error_table import phrase
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Response

MAX_HEAD: Final = 96 * 1024
"""Bytes of a request line and headers; the longest query that is read fits in."""
MAX_FIELDS: Final = 100

Fields = list[tuple[str, str]]
"""Header names in lower case, and their values."""

_EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n")
_FOLD: Final = re.compile(rb"\r?\n([ \t])")
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_REQUEST_LINE: Final = re.compile(rb"([A-Za-z]{1,20}) +([!-~]+)(?: +HTTP/[0-9](?:\.[0-9])?)?[ \t]*")
_ABSOLUTE: Final = re.compile(r"https?://([^/?#]*)(.*)", re.IGNORECASE)


class EnclosedRequest(NamedTuple):
    """A request, read."""

    method: str
    authority: str | None
    """Host and port of a target that is an absolute address."""
    path: str
    """As it was sent, percent-encoded; begins with a slash."""
    query: str
    """As it was sent."""
    fields: Fields
    body: bytes

    @property
    def path_bytes(self) -> bytes:
        """The path, percent-decoded once."""
        return unquote_to_bytes(self.path)


def fields_and_rest(message: bytes) -> tuple[Fields, bytes]:
    """Header fields, and what follows the empty line after them.

    Raises:
      Refusal: 400, a line is no header; 431, they are too many or too long.
    """
    if message.startswith((b"\r\n", b"\n")):
        return [], message[message.index(b"\n") + 1 :]
    head, rest = _head(message)
    return _fields(head), rest


def request(message: bytes) -> EnclosedRequest:
    """Read a request.

    Raises:
      Refusal: 400, it is none; 431, its headers are too many or too long.
    """
    head, rest = _head(message.lstrip(b"\r\n"))
    first, _, following = head.partition(b"\n")
    line = _REQUEST_LINE.fullmatch(first.removesuffix(b"\r"))
    if line is None:
        raise Refusal(400, f"The part holds no HTTP request; its first line is {_shown(first)}")
    authority, target = None, line[2].decode("ascii")
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:
        authority, target = absolute[1], absolute[2] if absolute[2].startswith("/") else "/" + absolute[2]
    if not target.startswith("/") or "#" in target:
        raise Refusal(400, f"The address of the request must begin with a slash and have no fragment: {target[:80]!r}")
    path, _, query = target.partition("?")
    fields = _fields(following)
    return EnclosedRequest(line[1].decode("ascii"), authority, path, query, fields, _body(fields, rest))


def written(response: Response) -> bytes:
    """A response that is held in memory, as a message."""
    status, headers, body, *_ = response
    lines = [f"HTTP/1.1 {status} {phrase(status) or _usual_phrase(status)}"]
    # Whatever HTTP leaves out of the answer to a HEAD: how long the body is, is here how long it is.
    lines += [f"{name.title()}: {value}" for name, value in headers if name.lower() != "content-length"]
    if status not in (204, 304):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _head(message: bytes) -> tuple[bytes, bytes]:
    """What is before the first empty line, and what follows it."""
    end = _EMPTY_LINE.search(message, 0, MAX_HEAD)
    if end is not None:
        return message[: end.start()], message[end.end() :]
    if len(message) > MAX_HEAD:
        raise Refusal(431, f"The request line and headers are longer than {MAX_HEAD} bytes")
    return message.rstrip(b"\r\n"), b""


def _fields(head: bytes) -> Fields:
    if head.count(b"\n") >= MAX_FIELDS:
        raise Refusal(431, f"The headers have more than {MAX_FIELDS} lines")
    # Python's email package folds long headers, as the Content-IDs of Google's client.
    lines = _FOLD.sub(rb"\1", head).split(b"\n") if head else []
    return [_field(line.removesuffix(b"\r")) for line in lines]


def _field(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b":")
    if not colon or not _NAME.fullmatch(name) or _CONTROL.search(value):
        raise Refusal(400, f"This is no valid header: {_shown(line)}")
    return name.decode("ascii").lower(), value.strip(b" \t").decode("latin-1")


def _body(fields: Fields, rest: bytes) -> bytes:
    """The body of a request, whose length may be announced but is known."""
    names = [name for name, _ in fields]
    if "transfer-encoding" in names:
        raise Refusal(400, "A request in a part has no Transfer-Encoding")
    announced = {value for name, value in fields if name == "content-length"}
    # What follows is no body but the author's way of ending a part (as in Google's own examples).
    if not announced:
        return rest if rest.strip(b"\r\n") else b""
    (length, *others) = announced
    if others or not (length.isascii() and length.isdecimal() and len(length) < 20):
        raise Refusal(400, f"Content-Length is no number: {', '.join(sorted(announced))[:40]!r}")
    if int(length) > len(rest) or rest[int(length) :].strip(b"\r\n"):
        raise Refusal(400, f"The body of the request has {len(rest)} bytes, but Content-Length says {length}")
    return rest[: int(length)]


def _usual_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _shown(line: bytes) -> str:
    return repr(line[:80].decode("latin-1"))
