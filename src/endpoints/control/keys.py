"""API keys: made, told apart by digest, and judged.

A key is `epk_`, an id that may be seen, and 256 random bits. Only its SHA-256 digest is kept: so much randomness cannot
be guessed, so that a slow hash would protect nothing, and a lookup by digest tells nothing by the time it takes.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from endpoints.control.contract import Consumer, KeyRefused, Method

MAX_NAME: Final = 100  # characters
_ID_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # none that are mistaken for one another
_FORM: Final = re.compile(rf"epk_([{_ID_LETTERS}]{{10}})_[A-Za-z0-9_-]{{43}}")
LONGEST: Final = 256  # characters of a key, also of one from elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """What is known of a key. Times are whole seconds since 1970."""

    id: str
    """What it is called in lists and logs."""
    digest: str
    """SHA-256 of the key, in hexadecimal digits."""
    consumer: str
    """Whose it is."""
    apis: tuple[str, ...] = ()
    """Names of the APIs that it is for; empty for all."""
    created: int
    expires: int | None = None
    """From when on it does not count."""
    revoked: int | None = None
    """The same, decided afterwards."""


class KeyStore(Protocol):
    """Where keys are kept. Every method raises ControlUnavailable when the store cannot be asked."""

    def find(self, digest: str) -> KeyRecord | None:
        """The key with this digest."""
        ...

    def all(self) -> Sequence[KeyRecord]:
        """All keys, the oldest first."""
        ...

    def add(self, record: KeyRecord) -> None:
        """Keep a new key."""
        ...

    def revoke(self, key_id: str, at: int) -> None:
        """Let a key count no longer from a moment on; one that is revoked earlier already stays so."""
        ...


def made(consumer: str, apis: Sequence[str], now: float, expires: int | None = None) -> tuple[str, KeyRecord]:
    """Make a key.

    Args:
        consumer: whose it is.
        apis: names of the APIs that it is for; empty for all.
        now: seconds since 1970.
        expires: the same, from when on it does not count; None for never.

    Returns:
        The key, which is to be shown once, and what is kept of it.
    """
    key_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(10))
    key = f"epk_{key_id}_{secrets.token_urlsafe(32)}"
    record = KeyRecord(
        id=key_id, digest=digest_of(key), consumer=consumer, apis=tuple(apis), created=int(now), expires=expires
    )
    return key, record


def digest_of(key: str) -> str:
    """What a key is kept by."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def public_id(key: str) -> str | None:
    """What may be logged of a key that nobody knows: its id, where it has the form of one."""
    found = _FORM.fullmatch(key)
    return found and found[1]


def judge(record: KeyRecord, method: Method, now: float) -> Consumer:
    """Whose key it is.

    Raises:
        KeyRefused: it does not count, or not for this method's API.
    """
    if record.revoked is not None and now >= record.revoked:
        raise KeyRefused("keyInvalid", record.id, record.consumer)
    if record.expires is not None and now >= record.expires:
        raise KeyRefused("keyExpired", record.id, record.consumer)
    if record.apis and method.api not in record.apis:
        raise KeyRefused("keyNotForApi", record.id, record.consumer)
    return Consumer(f"project:{record.consumer}", record.consumer, record.id)
