"""Whether a call is admitted, as far as keys and quotas go: one `Admission` for each method that has either.

In this order: the key, then the quota. A refused call costs nothing, and a call whose key does not count is charged to
nobody. What the caller is told is worded like Google's gateway.
"""

from __future__ import annotations

import logging
import math
import time
from typing import Any, Final, Literal, NoReturn

import msgspec

from endpoints.control.contract import (
    Balance,
    Consumer,
    Control,
    ControlUnavailable,
    KeyProblem,
    KeyRefused,
    Method,
    Refusal,
)
from endpoints.control.waiting import End, WaitingRoom
from endpoints.exceptions import ServiceException, TooManyRequestsException

_log = logging.getLogger("endpoints.control")

_UNREGISTERED: Final = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
    "form of API consumer identity to call this API."
)
_ANSWERS: Final[dict[str, tuple[int, str]]] = {
    "keyMissing": (401, _UNREGISTERED),
    "keyAmbiguous": (400, "Several different API keys are sent. Please pass one API key."),
    "keyInvalid": (400, "API key not valid. Please pass a valid API key."),
    "keyExpired": (400, "API key expired. Please renew the API key."),
    "keyNotForApi": (403, "API {api} is not enabled for the project."),
    "unavailable": (503, "Unable to check the API key or the quota at the moment. Please try again later."),
}


class Inquiry(msgspec.Struct):
    """One call, and what control says of it."""

    api_key: str | None
    consumer: Consumer | None
    """Who is charged. Of a call with a key, whose key it is, as soon as that is known."""
    balance: Balance | None = None
    refused: KeyRefused | None = None
    failure: Literal["key", "quota"] | None = None
    """What could not be asked."""
    cause: str = "no answer in time"
    """Why that could not be asked, for the log."""
    refusal: Refusal | None = None
    is_late: bool = False
    """Whether so many calls were before it that its turn did not come: no reason to let it through uncounted."""
    quota_user: str | None = None
    """As `Consumer.quota_user`."""

    def __repr__(self) -> str:
        return f"Inquiry(consumer={self.consumer!r}, balance={self.balance!r}, refusal={self.refusal!r})"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What the answer tells of the quota (draft-ietf-httpapi-ratelimit-headers-03)."""
        if self.balance is None:
            return []
        _, _, limit, remaining, reset = self.balance
        return [
            ("RateLimit-Limit", str(limit)),
            ("RateLimit-Remaining", str(remaining)),
            ("RateLimit-Reset", str(math.ceil(reset))),
        ]


class Refused(ServiceException):
    """A key that is missing or does not count, or a store that cannot be asked.

    Args:
        status: of the answer.
        message: text for the caller.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.http_status = status  # type: ignore[misc]


class Admission:
    """Admits calls of one method.

    Args:
        method: which requires a key or costs something.
        control: decides.
        room: where a control that waits is asked.

    Attributes:
        method: as given.
        waits: whether a call may have to wait for another process or machine.
    """

    def __init__(self, method: Method, control: Control, room: WaitingRoom) -> None:
        self.method = method
        self.waits = control.waits
        self._direct = not control.waits or getattr(control, "bounded", False)
        self._control = control
        self._room = room
        self._extra = {"api": method.api, "method": method.id}
        self._next_line = 0.0

    def admit(self, inquiry: Inquiry) -> None:
        """Check the key and pay for the call. Waits for `BUDGET` at most, but for its turn among many calls.

        Raises:
            ServiceException: 401, 400, 403, 429 or 503.
        """
        if self._direct:
            self._ask(inquiry)
        else:
            self._end(inquiry, self._room.run(self._ask, inquiry))
        self._conclude(inquiry)

    async def admit_async(self, inquiry: Inquiry) -> None:
        """The same on an event loop, which goes on."""
        if not self.waits:
            self._ask(inquiry)
        else:
            self._end(inquiry, await self._room.run_async(self._ask, inquiry))
        self._conclude(inquiry)

    def refuse(self, inquiry: Inquiry, refusal: Refusal, key_id: str | None = None) -> NoReturn:
        """Turn a call away.

        Raises:
            ServiceException: always.
        """
        inquiry.refusal = refusal
        consumer = inquiry.consumer
        told: dict[str, Any] = {
            "refusal": refusal,
            "consumer": consumer and consumer.counter,
            "key_id": key_id or (consumer and consumer.key_id),
            "metric": inquiry.balance and inquiry.balance.metric,
        }
        _log.warning(
            "%s refused: %s",
            self.method.id,
            " ".join(f"{k}={v!r}" for k, v in told.items() if v),
            extra=self._extra | told,
        )
        if refusal == "quotaExceeded" and inquiry.balance is not None:
            raise _quota_exceeded(inquiry.balance)
        status, text = _ANSWERS[refusal]
        raise Refused(status, text.format(api=self.method.api))

    def _ask(self, inquiry: Inquiry) -> bool:
        """Ask what there is to ask; return whether there was an answer."""
        if inquiry.api_key is not None:
            try:
                inquiry.consumer = self._control.check(inquiry.api_key, self.method)
            except KeyRefused as refused:
                inquiry.refused = refused
                return True
            except Exception as error:  # noqa: BLE001 - whatever it is: nobody has said that the key is good
                inquiry.failure, inquiry.cause = "key", _said(error)
                return False
        if self.method.costs and inquiry.consumer is not None:
            if inquiry.quota_user is not None:
                inquiry.consumer = msgspec.structs.replace(inquiry.consumer, quota_user=inquiry.quota_user)
            try:
                inquiry.balance = self._control.charge(inquiry.consumer, self.method)
            except Exception as error:  # noqa: BLE001 - a control that fails is one that cannot count
                inquiry.failure, inquiry.cause = "quota", _said(error)
                return False
        return True

    def _end(self, inquiry: Inquiry, end: End) -> None:
        if end is End.DONE:
            return
        inquiry.is_late = end is End.BUSY
        if inquiry.refused is None and inquiry.balance is None:
            inquiry.failure = "key" if inquiry.consumer is None else "quota"

    def _conclude(self, inquiry: Inquiry) -> None:
        """Refuse what is to be refused. A method that requires a key is not called but for a consumer with a name."""
        if inquiry.refused is not None:
            problem: KeyProblem = inquiry.refused.problem
            if inquiry.refused.consumer is not None:
                name = inquiry.refused.consumer
                inquiry.consumer = Consumer(f"project:{name}", name, inquiry.refused.key_id)
            self.refuse(inquiry, problem, inquiry.refused.key_id)
        if inquiry.failure is not None:
            self._log_failure(inquiry)
            if inquiry.failure == "key" or self._control.fail_closed or inquiry.is_late:
                self.refuse(inquiry, "unavailable")
        elif inquiry.balance is not None and not inquiry.balance.granted:
            self.refuse(inquiry, "quotaExceeded")
        if self.method.key_required and (inquiry.consumer is None or inquiry.consumer.name is None):
            self.refuse(inquiry, "unavailable")

    def _log_failure(self, inquiry: Inquiry) -> None:
        now = time.monotonic()
        if now < self._next_line:  # a store that is down is down for every call
            return
        self._next_line = now + 1.0
        told = self._extra | {"failure": inquiry.failure}
        _log.error("%s: the %s cannot be checked: %s", self.method.id, inquiry.failure, inquiry.cause, extra=told)


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, ControlUnavailable) else f"{type(error).__name__}: {error}"


def _quota_exceeded(balance: Balance) -> TooManyRequestsException:
    text = f"Quota exceeded for quota metric {balance.metric!r}: the limit is {balance.limit} per minute."
    return TooManyRequestsException(text, retry_after=balance.reset)
