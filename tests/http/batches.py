"""Batches, written as clients write them, and their answers, read as strictly as the strictest client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.client import Client, Headers, Response

BATCH = "/_ah/api/batch"
BOUNDARY = "a_boundary"
TYPE = f'multipart/mixed; boundary="{BOUNDARY}"'


def request(line: str, headers: Mapping[str, str] | None = None, body: bytes = b"", *, newline: str = "\r\n") -> bytes:
    """A request: its line, headers, and a body."""
    lines = [line, *(f"{name}: {value}" for name, value in (headers or {}).items()), "", ""]
    return newline.join(lines).encode("latin-1") + body


def part(message: bytes, content_id: str | None = None, *, newline: str = "\r\n") -> bytes:
    """A part that holds a request."""
    named = [] if content_id is None else [f"Content-ID: {content_id}"]
    return newline.join(["Content-Type: application/http", *named, "", ""]).encode("latin-1") + message


def written(parts: Iterable[bytes], *, newline: str = "\r\n", boundary: str = BOUNDARY) -> bytes:
    """The body of a batch."""
    end = newline.encode()
    mark = f"--{boundary}".encode()
    return b"".join(mark + end + each + end for each in parts) + mark + b"--" + end


def send(
    client: Client, parts: Iterable[bytes], *, path: str = BATCH, headers: Headers = (), query: str = ""
) -> Response:
    """Send a batch of parts."""
    pairs = [*(headers.items() if isinstance(headers, Mapping) else headers), ("Content-Type", TYPE)]
    return client.post(path, query, body=written(parts), headers=pairs)


def answers(response: Response) -> list[tuple[str | None, Response]]:
    """Content-ID and answer of each part."""
    assert response.status == 200, response
    assert response.headers["x-content-type-options"] == "nosniff"
    media_type, _, boundary = response.headers["content-type"].partition("; boundary=")
    assert media_type == "multipart/mixed"
    first, *parts, last = (b"\r\n" + response.body).split(b"\r\n--" + boundary.encode())
    assert (first, last) == (b"", b"--\r\n")
    return [_answer(each.removeprefix(b"\r\n")) for each in parts]


def calls(client: Client, *messages: bytes, **options: Any) -> list[Response]:
    """Send requests as a batch; returns their answers."""
    sent = [part(message, f"<id + {number}>") for number, message in enumerate(messages)]
    found = answers(send(client, sent, **options))
    assert [name for name, _ in found] == [f"<response-id + {number}>" for number in range(len(messages))]
    return [answer for _, answer in found]


def _answer(text: bytes) -> tuple[str | None, Response]:
    headers, _, message = text.partition(b"\r\n\r\n")
    named = dict(_pairs(headers))
    assert named.pop("Content-Type") == "application/http"
    content_id = named.pop("Content-ID", None)
    assert named == {}
    head, _, body = message.partition(b"\r\n\r\n")
    line, _, lines = head.partition(b"\r\n")
    version, status, reason = line.decode().split(" ", 2)
    assert version == "HTTP/1.1"
    answer = Response(int(status), reason, tuple(_pairs(lines)), body)
    if answer.status not in (204, 304):
        assert answer.headers["content-length"] == str(len(body))
    return content_id, answer


def _pairs(head: bytes) -> list[tuple[str, str]]:
    pairs = []
    for line in head.split(b"\r\n"):
        name, colon, value = line.decode("latin-1").partition(": ")
        assert colon and "\r" not in value and "\n" not in value, line
        pairs.append((name, value))
    return pairs
