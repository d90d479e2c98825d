"""Sources of media as readers, and what of a reader is sent."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from endpoints.media import PIECE, MediaContent

if TYPE_CHECKING:
    from endpoints.serving.threads import ThreadPool


class Reader:
    """Reads a source of media.

    Attributes:
      size: bytes in all; None where that is not known.
      seekable: whether reading can begin anywhere.
      status: of the file, where it is one that was opened by its path.
    """

    size: int | None = None
    seekable = False
    status: os.stat_result | None = None

    def read(self, size: int) -> bytes:
        """The next bytes, some `size` of them; none at the end."""
        raise NotImplementedError

    def seek(self, position: int) -> None:
        """Go on reading there."""
        raise NotImplementedError

    def close(self) -> None:
        """Let the source go."""


def opened(content: MediaContent) -> Reader:
    """The reader of some content. Raises OSError when there is no such file."""
    source: Any = content.source
    if isinstance(source, (bytes, bytearray, memoryview)):
        held = bytes(source)
        return _FileReader(io.BytesIO(held), len(held))
    if isinstance(source, (str, os.PathLike)):
        file = Path(source).open("rb")  # noqa: SIM115 - the reader closes it
        status = os.fstat(file.fileno())
        reader = _FileReader(file, status.st_size)
        reader.status = status
        return reader
    if hasattr(source, "__aiter__"):  # what has a `read` as well has to be awaited
        return AsyncReader(source, content.size)
    if hasattr(source, "read"):
        return _opened_file(source, content.size)
    return _IteratorReader(source, content.size)


def _opened_file(file: BinaryIO, size: int | None) -> Reader:
    seekable = getattr(file, "seekable", None)
    if seekable is None or not seekable():
        return _FileReader(file, size, seekable=False)
    begin = file.tell()
    found = file.seek(0, os.SEEK_END) - begin
    file.seek(begin)
    return _FileReader(file, found, begin=begin)


class _FileReader(Reader):
    def __init__(self, file: BinaryIO, size: int | None, *, begin: int = 0, seekable: bool = True) -> None:
        self._file = file
        self._begin = begin
        self.size = size
        self.seekable = seekable

    def read(self, size: int) -> bytes:
        """The next bytes."""
        return _bytes(self._file.read(size))

    def seek(self, position: int) -> None:
        """Go on there, counted from where the file stood."""
        self._file.seek(self._begin + position)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _IteratorReader(Reader):
    def __init__(self, source: Iterable[bytes], size: int | None) -> None:
        self._source = source
        self._pieces = iter(source)
        self.size = size

    def read(self, size: int) -> bytes:
        """The next piece, as large as it is."""
        for piece in self._pieces:
            if piece:
                return _bytes(piece)
        return b""

    def close(self) -> None:
        """Close the iterator and what it came from, if they can be."""
        with ExitStack() as stack:
            for close in _closings("close", self._source, self._pieces):
                stack.callback(close)


class AsyncReader(Reader):
    """Reads an async iterator: on the event loop, or in a thread on a loop of its own."""

    def __init__(self, source: AsyncIterable[bytes], size: int | None) -> None:
        self._source = source
        self._pieces = aiter(source)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.size = size

    async def read_async(self) -> bytes:
        """The next piece."""
        async for piece in self._pieces:
            if piece:
                return _bytes(piece)
        return b""

    async def close_async(self) -> None:
        """Close the iterator and what it came from, if they can be."""
        async with AsyncExitStack() as stack:
            for close in _closings("aclose", self._source, self._pieces):
                stack.push_async_callback(close)

    def read(self, size: int) -> bytes:
        """The next piece, for a thread without a loop. Servers may ask for each in another thread."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(self.read_async())

    def close(self) -> None:
        """Close the iterator and the loop of its own."""
        loop = self._loop or asyncio.new_event_loop()
        try:
            loop.run_until_complete(self.close_async())
        finally:
            loop.close()


def _closings(name: str, source: Any, pieces: Any) -> list[Callable[[], Any]]:
    """The ways to close a source, and the iterator over it where that is another object."""
    found = [source] if pieces is source else [source, pieces]
    return [close for each in found if (close := getattr(each, name, None)) is not None]


def _bytes(piece: Any) -> bytes:
    """A piece as servers want it. Raises TypeError for one of another type."""
    return piece if isinstance(piece, bytes) else bytes(memoryview(piece))


class Sending:
    """The body of an answer, as an iterator of bytes (WSGI).

    Args:
      reader: where the bytes come from; closed in any case.
      first: those that were read already.
      left: how many come in all; None for all there are.
    """

    def __init__(self, reader: Reader, first: bytes, left: int | None) -> None:
        self.reader = reader
        self._next = first
        self._left = left

    def __iter__(self) -> Sending:
        return self

    def __next__(self) -> bytes:
        piece = self.taken()
        if not piece and self.wanted:
            piece = self.passed(self.reader.read(self.wanted))
        if not piece:
            raise StopIteration
        return piece

    @property
    def wanted(self) -> int:
        """How much to read next."""
        return PIECE if self._left is None else min(PIECE, self._left)

    def taken(self) -> bytes:
        """What was read already, once."""
        piece, self._next = self._next, b""
        return self.passed(piece) if piece else b""

    def passed(self, piece: bytes) -> bytes:
        """What of a piece is sent.

        Raises:
          EOFError: the source ends too early; the caller has been told another length.
        """
        if self._left is None:
            return piece
        piece = piece[: self._left]
        if not piece and self._left:
            raise EOFError(f"the source of the media ended {self._left} bytes early")
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Let the source go."""
        self.reader.close()


class AsyncSending:
    """The same for an event loop (ASGI), which does not wait for disks."""

    def __init__(self, sending: Sending, threads: ThreadPool) -> None:
        self._sending = sending
        self._threads = threads
        self._step: asyncio.Future[Any] | None = None

    def __aiter__(self) -> AsyncSending:
        return self

    async def __anext__(self) -> bytes:
        piece = self._sending.taken()
        if not piece and self._sending.wanted:
            piece = self._sending.passed(await self._read())
        if not piece:
            raise StopAsyncIteration
        return piece

    async def _read(self) -> bytes:
        reader = self._sending.reader
        if isinstance(reader, AsyncReader):
            return await reader.read_async()
        # A thread cannot be stopped; `aclose` waits for it.
        self._step = asyncio.ensure_future(self._threads.run(reader.read, self._sending.wanted))
        piece: bytes = await asyncio.shield(self._step)
        return piece

    async def aclose(self) -> None:
        """Let the source go, when nobody reads it any longer; a caller who leaves does not keep it from that."""
        await to_the_end(self._close())

    async def _close(self) -> None:
        reader = self._sending.reader
        if isinstance(reader, AsyncReader):
            await reader.close_async()
            return
        if self._step is not None:
            await asyncio.wait({self._step})
        await self._threads.run(reader.close)


async def to_the_end(work: Any, undo: Callable[[Any], Awaitable[None]] | None = None) -> Any:
    """The result of work in a thread, which cannot be stopped: who is cancelled waits for its end.

    Else the files that it works with would be closed under its hands.

    Args:
      work: awaitable.
      undo: takes back a result that nobody gets any more.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if undo is not None and task.exception() is None:
            await undo(task.result())
        raise
