"""A chain with the tools of ferris3 in it."""

from __future__ import annotations

import importlib
from typing import Self

from ferris3 import messages
from ferris3.absent import reason
from ferris3.chain import Chain, Steps


class ToolChain(Chain):
    """`ToolChain(key).ndb.get().raise_if(None, NotFoundException()).messages.serialize(BookMessage).value()`."""

    @property
    def messages(self) -> Steps[Self]:
        """The functions of `ferris3.messages`."""
        return Steps(messages, self._step)

    @property
    def ndb(self) -> Steps[Self]:
        """The functions of `ferris3.ndb`, which needs Google Cloud NDB."""
        return Steps(importlib.import_module("ferris3.ndb"), self._step)

    @property
    def search(self) -> Steps[Self]:
        """Says what to use in place of `ferris3.search`."""
        raise ImportError(reason("search"))
