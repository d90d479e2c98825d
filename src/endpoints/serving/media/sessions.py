"""Resumable uploads that are under way: what their callers said at the beginning, and what came since.

A session is two files, by the name of its id: a record, written when something is learned, and the media so far. Who
writes holds a lock on the media, which the system takes from processes that die.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import time
from pathlib import Path
from typing import Final

import msgspec

from endpoints.control.contract import Consumer
from endpoints.serving.failures import Refusal
from endpoints.serving.media.folder import MEDIA, NEW, RECORD, SPOOL, Folder, Spool, as_refusal

_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class Answer(msgspec.Struct):
    """What the method answered, for callers who did not get it the first time."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Record(msgspec.Struct):
    """What is known of an upload."""

    operation: str
    """API, version and id of the method that the media is for."""
    user: str
    """Who began it; empty for a caller without a verified identity."""
    values: tuple[str, ...]
    """Of the variables in the path."""
    query: str
    metadata: bytes
    content_type: str | None
    """As announced; else the first request with media says it."""
    total: int | None
    """Bytes that are to come in all, if they are known."""
    filename: str | None
    consumer: Consumer | None
    """Who was charged."""
    answer: Answer | None = None


class Sessions:
    """The sessions in a folder.

    Args:
      folder: where they are.
      max_sessions: how many there may be.
    """

    def __init__(self, folder: Folder, max_sessions: int) -> None:
        self._folder = folder
        self._max = max_sessions

    def begin(self, record: Record) -> str:
        """Keep a new session, and return its id.

        Raises:
          Refusal: 503, there are too many; 507, the disk is full.
        """
        self._folder.sweep_now_and_then()
        if self._open_ones() >= self._max:
            self._folder.sweep()
        if self._open_ones() >= self._max:
            raise Refusal(503, "Too many uploads are under way; try again later", [("Retry-After", "60")])
        upload_id = secrets.token_urlsafe(32)
        try:
            with as_refusal():
                os.close(os.open(self._path(upload_id, MEDIA), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self.keep(upload_id, record)
        except Exception:
            self.remove(upload_id)
            raise
        return upload_id

    def keep(self, upload_id: str, record: Record) -> None:
        """Write the record anew, at once for all who read it. Raises Refusal (507) when the disk is full."""
        new = self._path(upload_id, f".{secrets.token_hex(4)}{NEW}")
        try:
            with as_refusal():
                with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                    file.write(msgspec.msgpack.encode(record))
                new.replace(self._path(upload_id, RECORD))
        finally:
            new.unlink(missing_ok=True)

    def find(self, upload_id: str) -> Record:
        """The record of a session.

        Raises:
          Refusal: 404, there is none; 410, it was given up; 429, it is just being completed.
        """
        if not _ID.fullmatch(upload_id):
            raise unknown()
        record_path, media = self._path(upload_id, RECORD), self._path(upload_id, MEDIA)
        try:
            record = msgspec.msgpack.decode(record_path.read_bytes(), type=Record)
        except (FileNotFoundError, msgspec.DecodeError):  # the latter of another release of this package
            raise unknown() from None
        try:
            touched = (media if record.answer is None else record_path).stat().st_mtime
        except FileNotFoundError:
            raise self._gone(upload_id) from None
        if touched + self._folder.lifetime < time.time():
            self.remove(upload_id)
            raise Refusal(410, "The upload has expired; begin anew")
        return record

    def size(self, upload_id: str) -> int:
        """Bytes that have come. Raises Refusal: 404, the session is gone; 429, it was just completed."""
        try:
            return self._path(upload_id, MEDIA).stat().st_size
        except FileNotFoundError:
            raise self._gone(upload_id) from None

    def opened(self, upload_id: str, limit: int) -> Spool:
        """The media of a session, to be added to by nobody else until it is closed.

        Raises:
          Refusal: 404, the session is gone; 429, another request adds to it.
        """
        path = self._path(upload_id, MEDIA)
        try:
            file = path.open("r+b", buffering=0)
        except FileNotFoundError:
            raise self._gone(upload_id) from None
        refusal = None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            refusal = _busy()
        if refusal is None and not os.fstat(file.fileno()).st_nlink:
            refusal = self._gone(upload_id)
        if refusal is not None:
            file.close()
            raise refusal
        return Spool(path, file, limit)

    def remove(self, upload_id: str) -> None:
        """Forget a session."""
        self._path(upload_id, RECORD).unlink(missing_ok=True)
        self._path(upload_id, MEDIA).unlink(missing_ok=True)

    def _open_ones(self) -> int:
        # Of an upload that is complete only the record is left.
        return sum(1 for each in self._folder.names(MEDIA) if not each.startswith(SPOOL))

    def _gone(self, upload_id: str) -> Refusal:
        """Why there is no media."""
        return _busy() if self._path(upload_id, RECORD).exists() else unknown()

    def _path(self, upload_id: str, suffix: str) -> Path:
        return self._folder.path / (upload_id + suffix)


def unknown() -> Refusal:
    """What to say (404) of an upload that there is not, or not for this caller."""
    return Refusal(404, "There is no such upload; begin anew")


def _busy() -> Refusal:
    # Google's clients try again after a 429.
    text = "Another request is sending to this upload; try again"
    return Refusal(429, text, [("Retry-After", "1")], reason="conflict")
