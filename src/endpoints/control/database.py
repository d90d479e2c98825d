"""Keys and counters in one SQLite file, for all processes of one machine."""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep, time
from typing import IO, Any, ClassVar, Final, TypeVar

from endpoints.control.contract import BUDGET, Balance, Consumer, ControlUnavailable, Method
from endpoints.control.keys import KeyRecord
from endpoints.control.minutes import MINUTE, Use, charge

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")
_FORMAT: Final = 1
_LONGEST: Final = 10.0  # seconds
_SCHEMA: Final = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS api_key (
    digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, consumer TEXT NOT NULL, apis TEXT NOT NULL,
    created INTEGER NOT NULL, expires INTEGER, revoked INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quota_use (
    api TEXT, counter TEXT, metric TEXT, minute INTEGER NOT NULL, used INTEGER NOT NULL,
    PRIMARY KEY (api, counter, metric)
) WITHOUT ROWID;
PRAGMA user_version = {_FORMAT};
COMMIT;
"""
_COLUMNS: Final = "id, digest, consumer, apis, created, expires, revoked"
_FIND: Final = f"SELECT {_COLUMNS} FROM api_key WHERE digest = ?"  # noqa: S608 - no text from outside
_ALL: Final = f"SELECT {_COLUMNS} FROM api_key ORDER BY created, id"  # noqa: S608
_ADD: Final = f"INSERT INTO api_key ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_REVOKE: Final = "UPDATE api_key SET revoked = min(coalesce(revoked, ?1), ?1) WHERE id = ?2"
_USED: Final = "SELECT metric, used FROM quota_use WHERE api = ? AND counter = ? AND minute = ?"
_ALL_USED: Final = "SELECT api, counter, metric, used FROM quota_use WHERE minute = ? ORDER BY api, counter, metric"
_SET: Final = "INSERT OR REPLACE INTO quota_use (api, counter, metric, minute, used) VALUES (?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM quota_use WHERE minute < ?"


Stamp = tuple[int, int, int]
_FRESH: Final = 0.001  # seconds
_REMEMBERED: Final = 1.0
_MOST_REMEMBERED: Final = 10_000


class Database:
    """A file of keys and counters. It is opened when it is first needed, and made by what writes to it.

    One connection for all threads, behind a lock: a lookup takes 5 us, less than to hand out connections. In WAL mode
    readers never wait for who writes, if that is by another `Database`. A file that has been replaced or deleted since
    is closed, and what is in its place opened.

    Args:
        path: of the file.
    """

    writes: ClassVar = 0
    """How often this process has written to any file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log = f"{path}-wal"
        self._line = f"{path}-lock"
        self._lock = threading.Lock()
        self._writers = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._file: tuple[int, int] | None = None
        self._inherited: list[sqlite3.Connection] = []

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Rows; none while there is no file.

        Raises:
            ControlUnavailable: the file cannot be read.
        """
        try:
            with self._lock:
                connection = self._connected()
                if connection is None:
                    return []
                return _patiently(lambda: connection.execute(sql, values).fetchall(), monotonic() + BUDGET)
        except (sqlite3.Error, OSError) as error:
            raise self._unavailable(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection, in a transaction that no thread and no other process writes beside.

        The file is made where there is none.

        Raises:
            ControlUnavailable: the file cannot be written, or others write to it for longer than `BUDGET`.
        """
        try:
            # Threads of this process wait for one another as long as it takes: each is done or gives up in its time.
            with _held(self._writers, monotonic() + _LONGEST):
                give_up = monotonic() + BUDGET
                # Who reads needs the last of these locks, which is therefore not held while others are waited for.
                with self._turn(give_up), _held(self._lock, give_up):
                    connection = self._connected() or self._made()
                    _patiently(lambda: connection.execute("BEGIN IMMEDIATE"), give_up)
                    try:
                        yield connection
                        connection.execute("COMMIT")
                        Database.writes += 1
                    finally:
                        if connection.in_transaction:
                            connection.execute("ROLLBACK")
        except (sqlite3.Error, OSError) as error:
            raise self._unavailable(error) from error

    def stamp(self) -> Stamp | None:
        """What changes whenever anybody writes to the file; None where that cannot be told.

        In WAL mode all is first written to the log beside the file (sqlite.org/wal.html).
        """
        try:
            status = os.stat(self._log)  # noqa: PTH116 - PERF: a third of the time
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    @property
    def _is_open(self) -> bool:
        return self._connection is not None and self._process == os.getpid()

    @contextmanager
    def _turn(self, give_up: float) -> Iterator[None]:
        """Wait in line with other processes.

        SQLite has none: who finds the file locked tries again after a while, and may be unlucky for as long as others
        are busy. The line is a lock on a file of its own, which the system takes from a process that dies.
        """
        with open(self._line, "a", opener=_private) as line:
            _patiently(lambda: _lock_file(line), give_up)
            yield

    def _connected(self) -> sqlite3.Connection | None:
        """The connection to the file that is there now; None if there is none."""
        file = _identity(self.path)  # before it is opened: a later one is noticed the next time
        if self._connection is not None and not self._is_open:
            # Beyond a fork a connection must neither be used nor closed (sqlite.org/howtocorrupt.html, 2.6).
            self._inherited.append(self._connection)
            self._connection = None
        if self._connection is not None and file != self._file:
            self._connection.close()  # which leaves a log beside another file alone
            self._connection = None
        if self._connection is None and file is not None:
            self._connection = _opened(self.path)
            self._process, self._file = os.getpid(), file
            # Not at the exit of the process, where threads may still be at work with it.
            weakref.finalize(self, self._connection.close).atexit = False
        return self._connection

    def _made(self) -> sqlite3.Connection:
        _make(self.path)
        connection = self._connected()
        if connection is None:
            raise FileNotFoundError("deleted as soon as it was made")
        return connection

    def _unavailable(self, error: Exception) -> ControlUnavailable:
        return ControlUnavailable(f"{self.path}: {error}")


class FileKeys:
    """Keys in a file. Those that were found are remembered, until anybody writes to the file.

    PERF: a lookup takes 6 us, and to ask whether the file was written to 2 us, or more where system calls are slow; so
    that is asked every millisecond only, and at once when this process has written. What file systems do not tell
    (their clocks tick every few milliseconds) is found out within a second.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._records: dict[str, KeyRecord] = {}
        self._stamp: Stamp | None = None
        self._writes = 0
        self._fresh_until = self._known_until = 0.0

    def find(self, digest: str) -> KeyRecord | None:
        """The key with this digest. Raises ControlUnavailable."""
        now = monotonic()
        if now > self._fresh_until or self._writes != Database.writes:
            self._refresh(now)
        records = self._records  # those of now, lest a later state of the file vouch for what was read before
        record = records.get(digest)
        if record is None:
            rows = self._database.query(_FIND, (digest,))
            if not rows:
                return None
            record = records[digest] = _record(rows[0])
        return record

    def _refresh(self, now: float) -> None:
        writes, stamp = Database.writes, self._database.stamp()
        forgotten = now > self._known_until or len(self._records) > _MOST_REMEMBERED
        if forgotten or stamp is None or stamp != self._stamp or writes != self._writes:
            self._records = {}
            self._known_until = now + _REMEMBERED
        self._stamp, self._writes, self._fresh_until = stamp, writes, now + _FRESH

    def all(self) -> Sequence[KeyRecord]:
        """All keys, the oldest first. Raises ControlUnavailable."""
        return [_record(row) for row in self._database.query(_ALL)]

    def add(self, record: KeyRecord) -> None:
        """Keep a new key. Raises ControlUnavailable."""
        apis = "\n".join(record.apis)
        times = (record.created, record.expires, record.revoked)
        with self._database.writing() as connection:
            connection.execute(_ADD, (record.id, record.digest, record.consumer, apis, *times))

    def revoke(self, key_id: str, at: int) -> None:
        """Let a key count no longer from a moment on. Raises ControlUnavailable."""
        with self._database.writing() as connection:
            connection.execute(_REVOKE, (at, key_id))


class FileCounters:
    """Counts in a file: exact for all processes that share it.

    Args:
        database: the file.
        clock: tells the time in seconds since 1970.
    """

    waits: Final = True

    def __init__(self, database: Database, clock: Callable[[], float] = time) -> None:
        self._database = database
        self._clock = clock
        self._minute = 0

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        """As `Control.charge`."""
        name = (method.api, consumer.counter)
        with self._database.writing() as connection:
            now = self._clock()  # in the transaction, so that no process brings an old minute back
            minute = int(now // MINUTE)
            if minute != self._minute:
                self._minute = minute
                connection.execute(_FORGET, (minute,))
            used = dict(connection.execute(_USED, (*name, minute)).fetchall())
            balance = charge(method.costs, used, now)
            if balance.granted:
                for metric, amount, _ in method.costs:
                    connection.execute(_SET, (*name, metric, minute, used.get(metric, 0) + amount))
        return balance

    def used(self) -> Sequence[Use]:
        """What has been used in this minute."""
        return [Use(*row) for row in self._database.query(_ALL_USED, (int(self._clock() // MINUTE),))]


def keep(connection: sqlite3.Connection, minute: int, uses: Sequence[Use]) -> None:
    """Write down what has been used in a minute, and forget what was used before."""
    connection.execute(_FORGET, (minute,))
    connection.executemany(_SET, [(each.api, each.counter, each.metric, minute, each.used) for each in uses])


def _record(row: Any) -> KeyRecord:
    key_id, digest, consumer, apis, created, expires, revoked = row
    return KeyRecord(
        id=key_id,
        digest=digest,
        consumer=consumer,
        apis=tuple(apis.split("\n")) if apis else (),
        created=created,
        expires=expires,
        revoked=revoked,
    )


def _make(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives the files beside it the same rights."""
    with suppress(FileExistsError):  # another process was faster
        os.close(_private(str(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY))


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file is there. No other one can have the same while it is open."""
    try:
        status = os.stat(path)  # noqa: PTH116 - PERF: at every lookup
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _lock_file(file: IO[str]) -> None:
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _held(lock: threading.Lock, give_up: float) -> Iterator[None]:
    if not lock.acquire(timeout=max(0.0, give_up - monotonic())):
        raise TimeoutError("other threads write to it for too long")
    try:
        yield
    finally:
        lock.release()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=0,
        isolation_level=None,
        check_same_thread=False,  # the lock of Database keeps threads apart
    )
    try:
        _patiently(lambda: _prepare(connection), monotonic() + BUDGET)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _FORMAT:
        raise sqlite3.DatabaseError("written by a newer version of endpoints-frameworks")
    if version < _FORMAT:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
    connection.execute("PRAGMA synchronous = NORMAL")  # the default asks the disk at every commit


def _patiently(action: Callable[[], T], give_up: float) -> T:
    """Do what others may be in the way of, as soon as they are not, or not at all after a moment.

    SQLite itself waits in steps of up to 100 ms, in which others may go first again and again.
    """
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                raise
        except BlockingIOError:
            if monotonic() > give_up:
                raise TimeoutError("other processes write to it for too long") from None
        sleep(random.uniform(0.0001, 0.001))  # noqa: S311 - no secret
