"""One missing line of CPython 3.11, made up for."""

from __future__ import annotations

import sys


def inherit_vectorcall(metaclass: type) -> None:
    """Let a metaclass written in Python keep the fast calls of the C metaclass it derives from.

    3.12 does so by itself. Before, arguments are packed into a dict on the way to a constructor that takes them
    unpacked, which more than doubles the time to make a message (174 to 421 ns with six arguments). The metaclass must
    not define ``__call__``. The flags are changed only where they are found to be what ``__flags__`` says.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython" or sys.maxsize < 2**32:
        return
    import ctypes  # costs 3 ms of start-up, which newer versions need not pay

    have_vectorcall, offset_of_flags = 1 << 11, 168
    flags = ctypes.c_ulong.from_address(id(metaclass) + offset_of_flags)
    if flags.value == metaclass.__flags__:
        flags.value |= have_vectorcall
