"""What was found out about tokens, kept for a while."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


class Remembered(Generic[Key, Found]):
    """A bounded memory that forgets what was not asked for lately. May be used by any number of threads.

    Two dicts stand for a list in order of use: when the newer one is full, it becomes the older one, and what the older
    one held is forgotten. Each step is one operation of a dict, so that no lock is needed: what two threads do at the
    same time may cost an entry, never mix two.

    Args:
        size: the newer dict holds so many entries at most, the older one as many again.
    """

    __slots__ = ("_newer", "_older", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._newer: dict[Key, Found] = {}
        self._older: dict[Key, Found] = {}

    def get(self, key: Key) -> Found | None:
        """What was kept under `key`, if it is still there."""
        found = self._newer.get(key)
        if found is None:
            found = self._older.get(key)
            if found is not None:
                self.keep(key, found)
        return found

    def keep(self, key: Key, found: Found) -> None:
        """Keep something under `key`."""
        if len(self._newer) >= self._size:
            self._older, self._newer = self._newer, {}
        self._newer[key] = found
