"""Messages of a stream with what server-sent events say beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from protorpc.messages import Message

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Event(Generic[M]):
    """One message of a stream, as a server-sent event (HTML standard, 9.2); other formats send the message alone.

    ```python
    def watch(self, request) -> Iterator[endpoints.Event[Greeting]]:
        yield endpoints.Event(Greeting(message="hello"), id="7")
    ```

    Args:
        message: what is sent.
        id: a browser that connects anew says the last one in its `Last-Event-ID` header.
        event: type of the event; `message` by default.
        retry: milliseconds after which a browser connects anew.

    Raises:
        ValueError: a text with a line break in it, an id with a NUL, or a negative time.
    """

    message: M
    id: str | None = None
    event: str | None = None
    retry: int | None = None

    def __post_init__(self) -> None:
        for name in ("id", "event"):
            text = getattr(self, name)
            if text is not None and any(mark in text for mark in "\r\n\0"):
                raise ValueError(f"Event: {name} must be a text without line breaks and NULs, not {text!r}")
        if self.retry is not None and self.retry < 0:
            raise ValueError(f"Event: retry must be milliseconds, from 0 on, not {self.retry}")
