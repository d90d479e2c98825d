"""How addresses are asked, by whatever function the server was given, and what counts as an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

import msgspec

MAX_SIZE: Final = 1024 * 1024
"""Bytes of an answer; more is no answer."""


class Fetch(Protocol):
    """What `api_server(fetch=...)` takes: asks an address, by GET or, with `data`, by POST."""

    def __call__(
        self, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body, whatever the status. May raise anything."""


class Unanswered(Exception):  # noqa: N818 - no error of ours
    """There is no answer; the text says why."""


class Senseless(Unanswered):
    """There is an answer, but it is not what was asked for."""


class Answer(NamedTuple):
    """What an address has answered."""

    status: int
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes

    def json(self) -> dict[str, Any]:
        """The JSON object in the body. Raises Senseless."""
        if self.status != 200:
            raise Senseless(f"the answer has status {self.status}")
        try:
            found = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Senseless(f"the answer is no JSON: {error}") from None
        if not isinstance(found, dict):
            raise Senseless("the answer is no JSON object")
        return found


def ask(fetch: Fetch, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask an address. Raises Unanswered."""
    try:
        status, sent, body = fetch(url, data, headers)
        answer = Answer(int(status), {str(name).lower(): str(value) for name, value in sent.items()}, bytes(body))
    except BaseException as error:  # SystemExit, asyncio.CancelledError, a Timeout of gevent: no answer, that is all
        raise Unanswered(f"{type(error).__name__}: {error}") from error
    if len(answer.body) > MAX_SIZE:
        raise Unanswered(f"the answer is larger than {MAX_SIZE} bytes")
    return answer
