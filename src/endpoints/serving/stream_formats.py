"""The forms in which a stream of messages is answered, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from endpoints.events import Event
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request
from protorpc._accept import AcceptError, AcceptItem, parse_accept_header


class Lines:
    """JSON objects, each on a line of its own (https://github.com/ndjson/ndjson-spec)."""

    media_type = "application/x-ndjson"
    opening = closing = keep_alive = b""

    def message(self, content: bytes, event: Event[object] | None, is_first: bool) -> bytes:  # type: ignore[type-var]
        """One message, which `content` is as JSON."""
        return content + b"\n"

    def error(self, content: bytes, is_first: bool) -> bytes:
        """What ends a stream that failed: an error object."""
        return content + b"\n"


class Array(Lines):
    """A JSON array, as Google's servers answer streams (https://google.aip.dev/127)."""

    media_type = "application/json"
    opening, closing = b"[", b"]\n"

    def message(self, content: bytes, event: Event[object] | None, is_first: bool) -> bytes:  # type: ignore[type-var]
        """One element."""
        return content if is_first else b",\n" + content

    def error(self, content: bytes, is_first: bool) -> bytes:
        """The last element."""
        return self.message(content, None, is_first)


class ServerSentEvents(Lines):
    """Server-sent events (HTML standard, 9.2)."""

    media_type = "text/event-stream"
    keep_alive = b": keep-alive\n\n"

    def message(self, content: bytes, event: Event[object] | None, is_first: bool) -> bytes:  # type: ignore[type-var]
        """One event."""
        lines = b"data: " + content + b"\n\n"
        if event is not None:
            named = (("event", event.event), ("id", event.id), ("retry", event.retry))
            lines = b"".join(f"{name}: {value}\n".encode() for name, value in named if value is not None) + lines
        return lines

    def error(self, content: bytes, is_first: bool) -> bytes:
        """An event of the type `error`."""
        return b"event: error\ndata: " + content + b"\n\n"


FORMATS: Final[Sequence[Lines]] = (Lines(), ServerSentEvents(), Array())
"""The first one is for callers who do not mind."""


def chosen_format(request: Request, alt: str | None) -> Lines:
    """The form that the caller wants most (RFC 9110, 12.5.1).

    Args:
      request: its Accept header counts.
      alt: the parameter of that name; `sse` and `json` choose, as at Google's servers.

    Raises:
      Refusal: 406, there is none that the caller takes.
    """
    if alt in ("sse", "json"):
        return FORMATS[1 if alt == "sse" else 2]
    try:
        items = parse_accept_header(",".join(request.header_values("accept")) or "*/*")
    except AcceptError:
        return FORMATS[0]
    best = max(FORMATS, key=lambda each: _wish(items, each.media_type))  # among equals the first
    if _wish(items, best.media_type)[0] <= 0:
        offered = ", ".join(each.media_type for each in FORMATS)
        raise Refusal(406, f"This method streams its answer as {offered}; the Accept header admits none of them")
    return best


def _wish(items: Sequence[AcceptItem], media_type: str) -> tuple[float, bool, bool]:
    """How much a media type is wanted, and how exactly that is said."""
    said = [(item.main_type is not None, item.sub_type is not None, item.q) for item in items if item.match(media_type)]
    main, sub, quality = max(said, default=(False, False, 0.0))
    return quality, sub, main
