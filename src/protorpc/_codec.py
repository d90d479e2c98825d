"""The generated codec of a message class: what the framework serves with. Generation waits for the first use."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from protorpc._nesting import reachable
from protorpc._reading import Adoption, type_hidden_struct
from protorpc._writing import writer

# msgspec may crash when several threads let it look at a class for the first time at once.
_making = threading.RLock()


class Codec:
    """How messages of one class are read and written.

    Attributes:
      decode: bytes -> hidden struct; raises one of `REFUSED`.
      adoption: writes the code that makes a hidden struct the message, and that raises one of `REFUSED`.
      read: bytes -> message, both in one.
      encode: message -> bytes. Raises ValidationError for a missing required field, EncodeError for anything that is
        no such message.
    """

    def __init__(self, message: Any) -> None:
        self.message = message
        self.raw = message.__raw__
        for each in reachable(message):
            type_hidden_struct(each)
        self.decode = msgspec.json.Decoder(self.raw).decode
        self.adoption = Adoption(message)
        self.read = self.adoption.reader(self.decode)
        self.encode = writer(message)

    @cached_property
    def encode_utc(self) -> Callable[[Any], bytes]:
        """The same as `encode`; a date without a time zone is one of UTC, and written with its offset."""
        return writer(self.message, naive_as_utc=True)


def codec(message: Any) -> Codec:
    """The codec of a message class, made when first asked for."""
    made = message.__generated__.codec
    if made is None:
        with _making:
            made = message.__generated__.codec
            if made is None:
                made = message.__generated__.codec = Codec(message)
    return made  # type: ignore[no-any-return]


def _forget_threads() -> None:
    """The child of a fork has none of the threads, of which one may have had the lock."""
    global _making  # noqa: PLW0603 - begins anew
    _making = threading.RLock()


os.register_at_fork(after_in_child=_forget_threads)
