"""The folder where uploads are kept until a method has them. Several processes may share it."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from endpoints.exceptions import ApiConfigurationError
from endpoints.serving.failures import Refusal
from endpoints.upload_folder import VARIABLE, UploadFolder

MEDIA: Final = ".media"
RECORD: Final = ".session"
NEW: Final = ".new"
SPOOL: Final = "spool-"
_OWN: Final = re.compile(r"(?:[\w-]{43}|spool-\w+)(?:\.[0-9a-f]{8})?\.(?:media|session|new)", re.ASCII)
_BETWEEN_SWEEPS: Final = 60.0


class Folder:
    """The folder itself.

    Attributes:
      path: where it is.
      lifetime: seconds after which what nobody touches is removed.

    Raises:
      ApiConfigurationError: it cannot be made, or written to, or others could read it.
    """

    def __init__(self, setting: UploadFolder) -> None:
        chosen = setting.path or os.environ.get(VARIABLE)
        self.path = Path(chosen or Path(tempfile.gettempdir(), f"endpoints-uploads-{os.getuid()}")).absolute()
        self.lifetime = setting.lifetime
        self._swept = float("-inf")
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self.path.stat() if chosen else self.path.lstat()
        except OSError as error:
            raise ApiConfigurationError(f"api_server: uploads: cannot make the folder {self.path}: {error}") from None
        # Anyone may make folders among the temporary files, and a link to where he can read.
        private = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077
        if not (chosen or private):
            raise ApiConfigurationError(f"api_server: uploads: {self.path} is not a folder of this user alone")
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise ApiConfigurationError(f"api_server: uploads: the folder {self.path} cannot be written to")

    def spool(self, limit: int) -> Spool:
        """A new file for media of at most `limit` bytes."""
        self.sweep_now_and_then()
        with as_refusal():
            number, name = tempfile.mkstemp(MEDIA, SPOOL, self.path)
        return Spool(Path(name), os.fdopen(number, "r+b", buffering=0), limit)

    def sweep_now_and_then(self) -> None:
        """The same as `sweep`, but not for every upload: it looks at all files."""
        if time.monotonic() - self._swept > _BETWEEN_SWEEPS:
            self.sweep()

    def sweep(self) -> None:
        """Remove what nobody has touched for too long: left by callers who went away, and by processes that died."""
        now = time.time()
        self._swept = time.monotonic()
        for name in self.names(MEDIA, RECORD, NEW):
            path, owner = self.path / name, name.partition(".")[0]
            with suppress(OSError):
                # A record is as young as its media, and the other way round: neither goes before the other.
                both = [self.path / (owner + suffix) for suffix in (MEDIA, RECORD)]
                newest = max(each.stat().st_mtime for each in (path, *both) if each.exists())
                if newest + self.lifetime < now:
                    path.unlink()

    def names(self, *suffixes: str) -> list[str]:
        """The files that were made here and end so. What else is kept in the folder is none of our business."""
        # PERF: every beginning of an upload looks at all of them; as paths they take ten times as long.
        with os.scandir(self.path) as found:
            return [each.name for each in found if each.name.endswith(suffixes) and _OWN.fullmatch(each.name)]


class Spool:
    """A file that media is written to, and read from by a method.

    Args:
      path: of the file.
      file: open for reading and writing, unbuffered.
      limit: bytes that it may have.

    Attributes:
      path: as given.
      file: as given.
      size: bytes written.
    """

    def __init__(self, path: Path, file: BinaryIO, limit: int) -> None:
        self.path = path
        self.file = file
        self.size = file.seek(0, os.SEEK_END)
        self._limit = limit

    def write(self, piece: bytes) -> None:
        """Add to its end.

        Raises:
          Refusal: 413, it would be too large; 507, the disk is full.
        """
        check_size(self.size + len(piece), self._limit)
        left = memoryview(piece)
        with as_refusal():
            while left:
                written = self.file.write(left)
                self.size += written
                left = left[written:]

    def clear(self) -> None:
        """Begin anew."""
        self.file.truncate(0)
        self.file.seek(0)
        self.size = 0

    def reader(self) -> BinaryIO:
        """The same file, open for reading from its beginning."""
        return self.path.open("rb")

    def close(self) -> None:
        """Close the file, and keep it."""
        self.file.close()

    def remove(self) -> None:
        """Close the file, and remove it."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def check_size(size: int, limit: int) -> None:
    """Raises Refusal (413) for media that is, or says that it is, too large."""
    if size > limit:
        raise too_large(limit)


def too_large(limit: int) -> Refusal:
    """What to say (413) of media that is larger than `limit` bytes."""
    return Refusal(413, f"The media is larger than {limit} bytes")


@contextmanager
def as_refusal() -> Iterator[None]:
    """A full disk, or a file that the system lets nobody make, is answered 507: it is not the caller's fault."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EDQUOT, errno.EFBIG, errno.ENOSPC):
            raise Refusal(507, "There is no room for the media at the moment", [("Retry-After", "60")]) from None
        raise
