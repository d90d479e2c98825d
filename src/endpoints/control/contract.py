"""What decides about keys and quotas, as the framework sees it: one Protocol, and the values that cross it.

`endpoints.control.admission` asks a `Control` in this order: `check`, for methods that require a key, then `charge`,
for methods that cost something. Both may be called from many threads at a time. Where `waits` is True they are called
in threads of the admission's own, and given up after `BUDGET` if nobody has begun to do them. A control with an
attribute `bounded` that is True is called in the thread of its caller, where that may wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

BUDGET: Final = 0.25
"""Seconds that a request waits for a control in all, for its key and its quota together."""


class Cost(NamedTuple):
    """What one call takes of one metric."""

    metric: str
    amount: int
    """1 or more."""
    limit: int
    """How much of the metric a consumer may use in a minute; 0 or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method, as far as control goes. Made once, when the server is built."""

    api: str
    """Name of the API: `bookstore`. Quotas are counted by it; all versions of an API share them."""
    version: str
    id: str
    """`bookstore.shelves.list`."""
    name: str
    """Class and method: `BookstoreApi.list`."""
    key_required: bool
    costs: tuple[Cost, ...]
    """All of them are paid, or none. Empty for a method that costs nothing."""


class Consumer(msgspec.Struct, frozen=True):
    """Who is charged for a call.

    Args:
        counter: what counters are kept by; its beginning says what it is: `project:`, `user:` or `address:`.
        name: of the project whose key was checked; None for a call without a checked key.
        key_id: what the key is called in logs; never the key itself.
        api_key: the key, for controls that have to pass it on; never to be logged.
        quota_user: whom the caller says the call is made for: `quotaUser`, else `userIp`. Anybody may say anything, so
            that nobody has an allowance of his own by it: it may lower what a caller is granted, never raise it.
    """

    counter: str
    name: str | None = None
    key_id: str | None = None
    api_key: str | None = None
    quota_user: str | None = None

    def __repr__(self) -> str:
        return f"Consumer(counter={self.counter!r}, name={self.name!r}, key_id={self.key_id!r})"


class Balance(NamedTuple):
    """What a charge has led to, told by the metric of which the least is left."""

    granted: bool
    """Whether the call was paid; else nothing was taken, and `metric` is the first that there is too little of."""
    metric: str
    limit: int
    remaining: int
    """What is left in this minute."""
    reset: float
    """Seconds to the next minute."""


KeyProblem = Literal["keyInvalid", "keyExpired", "keyNotForApi"]
"""Unknown or revoked (400); expired (400); good, but for another API (403)."""


class KeyRefused(Exception):  # noqa: N818 - no error, but an answer
    """A key was looked up, and does not count.

    Args:
        problem: why.
        key_id: what the key is called in logs, where it is known.
        consumer: whose key it is, where that is known.
    """

    def __init__(self, problem: KeyProblem, key_id: str | None = None, consumer: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.key_id = key_id
        self.consumer = consumer


class ControlUnavailable(Exception):  # noqa: N818 - says what is, and is answered by a policy
    """The store cannot be asked; the text says why, for the log. Keys then fail closed, metering open (D10)."""


class Control(Protocol):
    """Keys and quotas of a server."""

    @property
    def waits(self) -> bool:
        """Whether `check` or `charge` may wait for another process or machine."""
        ...

    @property
    def fail_closed(self) -> bool:
        """Whether a call that cannot be charged is refused (503) instead of let through.

        A key that cannot be checked is always refused.
        """
        ...

    @property
    def observer(self) -> Observer | None:
        """Told of every finished request; None for nobody."""
        ...

    def check(self, api_key: str, method: Method) -> Consumer:
        """Look up a key.

        Args:
            api_key: as it was sent: any text but the empty one.
            method: which method is called with it; it requires a key.

        Returns:
            The consumer; `name` is set, and `counter` begins with `project:`.

        Raises:
            KeyRefused: the key does not count, here.
            ControlUnavailable: nobody can tell.
        """
        ...

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        """Take what a call costs from what is left to its consumer in this UTC minute: all of it, or nothing.

        Args:
            consumer: as `check` returned it; for a call without a checked key one that is made of the verified user or
                the client's address, with the name None.
            method: costs something.

        Raises:
            ControlUnavailable: it cannot be counted.
        """
        ...


Refusal = Literal[
    "keyMissing", "keyAmbiguous", "keyInvalid", "keyExpired", "keyNotForApi", "unavailable", "quotaExceeded"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished request."""

    method: Method | None
    """None for an address that leads to no method."""
    consumer: Consumer | None
    """None where neither a key nor a quota was looked at."""
    status: int
    """HTTP status of the answer."""
    begun: float
    """When the request came, in seconds since 1970."""
    latency: float
    """Seconds from the request to the answer."""
    refusal: Refusal | None
    """Why control refused it; None where it did not."""
    failure: Literal["key", "quota"] | None
    """What the store could not be asked for, whether the request was refused for that or not."""
    quota_user: str | None = None
    """Whom the caller says the call was made for: `quotaUser`, else `userIp`. Nobody has checked it."""


class Observer(Protocol):
    """Wants to know of finished requests: to count them, or to report them somewhere."""

    def finished(self, outcome: Outcome) -> None:
        """Take note. Called in the thread or on the event loop that answers, so it must neither wait nor raise."""
        ...
