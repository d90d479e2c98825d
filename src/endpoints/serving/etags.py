"""Entity tags, by which callers tell whether what they have is what is there (RFC 9110, 8.8.3 and 13.1)."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from hashlib import sha256
from typing import Final

from endpoints.exceptions import PreconditionFailedException
from endpoints.serving.compression import CODINGS
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request
from protorpc._codec import codec
from protorpc._request_state import current_request
from protorpc.messages import Message

_KEPT = 100  # documents whose tags stay known
_TAG = re.compile(r'(W/)?("[!\x23-\x7e\x80-\xff]*")')
_CODED = re.compile(f'-({"|".join(CODINGS)})"')
_CHANGED: Final = "The resource is not, or no longer, the one that was meant"


def entity_tag(body: bytes) -> str:
    """The strong tag of a body that is not packed, with its quotation marks."""
    # PERF: with the instructions that processors have for it this is the fastest of hashlib but for SHA-1, by a hair.
    return f'"{sha256(body).hexdigest()}"'


entity_tag_once = lru_cache(maxsize=_KEPT)(entity_tag)
"""The same for what is sent again and again. To find it costs nothing when it is the same object."""


def coded(tag: str, coding: str | None) -> str:
    """The tag of the same body in a coding, which is another representation."""
    return tag if coding is None else f'{tag[:-1]}-{coding}"'


def first_known(request: Request, tags: Collection[str]) -> str | None:
    """Which of `tags` the caller has, as If-None-Match says; the first one for `*`. Weak tags do (13.1.2)."""
    values = request.header_values("if-none-match")
    if not values:
        return None
    sent = ", ".join(values)
    listed = {tag for _, tag in _TAG.findall(sent)}
    return next((tag for tag in tags if tag in listed or sent.strip() == "*"), None)


def is_meant(request: Request, tag: str | None) -> bool:
    """Whether If-Match names a tag, in whatever coding; weak ones do not do (13.1.1).

    Args:
      request: one that has the header.
      tag: of what is there, not packed; None for nothing, which no header means.
    """
    sent = ", ".join(request.header_values("if-match"))
    if tag is None or sent.strip() == "*":
        return tag is not None
    return any(not weak and _CODED.sub('"', listed) == tag for weak, listed in _TAG.findall(sent))


def changed(header: str = "If-Match") -> Refusal:
    """What to say (412) when the resource is in another state than the caller meant."""
    return Refusal(412, _CHANGED, details={"locationType": "header", "location": header})


def check_if_match(message: Message | None) -> None:
    """Compare what is stored with the state that the caller of the current request means by `If-Match`.

    For methods that do so in a transaction of their own, before they write. A request without the header passes, and
    so does every call outside of any request.

    Args:
      message: what the GET method for the same resource would answer now; None when there is nothing.

    Raises:
      PreconditionFailedException: the caller means another state, or any when there is none.
    """
    request = current_request.get(None)
    if not isinstance(request, Request) or request.header("if-match") is None:
        return
    tags: set[str | None] = {None}
    if message is not None:
        made = codec(type(message))
        tags = {entity_tag(made.encode(message)), entity_tag(made.encode_utc(message))}
    if not any(is_meant(request, tag) for tag in tags):
        raise PreconditionFailedException(_CHANGED)
