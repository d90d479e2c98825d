"""Quotas, as Google counts them: allocated for the first call of a consumer, and once a second for those that follow.

To ask for every call would cost every call a round trip. Google's own gateway allocates likewise: calls are let through
on the last answer, and paid together a moment later. A limit can so be passed by what one second brings.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from google.cloud import servicecontrol_v1

from endpoints.control.contract import Balance, Consumer, ControlUnavailable, Method
from endpoints.control.google.connection import Connection
from endpoints.control.google.service import AGENT, Service, consumer_id
from endpoints.control.minutes import MINUTE

INTERVAL: Final = 1.0
"""Seconds from one allocation for a consumer to the next."""
_GRANTED: Final = 2.5
"""Seconds for which a grant counts; it is renewed before, as long as calls come and somebody answers."""
_REFUSED: Final = 1.0
"""Seconds for which a refusal counts."""
_MOST: Final = 10_000

_Modes: Final = servicecontrol_v1.QuotaOperation.QuotaMode
_EXHAUSTED: Final = servicecontrol_v1.QuotaError.Code.RESOURCE_EXHAUSTED
_log = logging.getLogger("endpoints.control")


class _Name(NamedTuple):
    consumer: str
    method: Method


class _Account:
    """What is known of one consumer and one method.

    Attributes:
        exhausted: the metric that there was too little of at the last answer, or None.
        answered: when that was.
        asking: whether a call asks at the moment.
        unpaid: calls that were let through since.
        minute, calls: how many were let through in this minute.
    """

    __slots__ = ("answered", "asking", "calls", "exhausted", "minute", "unpaid")

    def __init__(self) -> None:
        self.exhausted: str | None = None
        self.answered = float("-inf")
        self.asking = False
        self.unpaid = 0
        self.minute = 0
        self.calls = 0


class Allocations:
    """Asks for quota.

    Args:
        connection: to Service Control.
        service: whose methods are called.
        clock: tells the time in seconds since 1970.
    """

    def __init__(self, connection: Connection, service: Service, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._service = service
        self._clock = clock
        self._lock = threading.Lock()
        self._accounts: OrderedDict[_Name, _Account] = OrderedDict()

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        """As `Control.charge`, for a consumer whom Google knows. `remaining` is what this process knows of."""
        name = _Name(consumer_id(consumer) or "", method)
        with self._lock:
            account = self._account(name)
            age = self._clock() - account.answered
            lasting = age < (_REFUSED if account.exhausted else _GRANTED)
            if lasting or account.asking:
                granted = account.exhausted is None
                account.unpaid += granted
                return self._balance(account, method)
            account.asking = True
        try:
            exhausted = self._allocate(name, 1, _Modes.NORMAL)
        finally:
            account.asking = False
        with self._lock:
            self._note(account, exhausted)
            return self._balance(account, method)

    def settle(self) -> None:
        """Pay for the calls that were let through meanwhile. Called in the background."""
        with self._lock:
            unpaid = [(name, account, account.unpaid) for name, account in self._accounts.items() if account.unpaid]
            for _, account, _ in unpaid:
                account.unpaid = 0
        for index, (name, account, calls) in enumerate(unpaid):
            try:
                exhausted = self._allocate(name, calls, _Modes.BEST_EFFORT)
            except ControlUnavailable as error:
                lost = sum(calls for _, _, calls in unpaid[index:])
                _log.error("%d calls are not counted: %s", lost, error)
                return
            with self._lock:
                self._note(account, exhausted)

    def _account(self, name: _Name) -> _Account:
        account = self._accounts.get(name)
        if account is None:
            account = self._accounts[name] = _Account()
            if len(self._accounts) > _MOST:
                self._accounts.popitem(last=False)
        return account

    def _allocate(self, name: _Name, calls: int, mode: Any) -> str | None:
        """Ask for what some calls cost; returns the metric that there is too little of."""
        costs = name.method.costs
        operation = servicecontrol_v1.QuotaOperation(
            operation_id=str(uuid.uuid4()),
            method_name=self._service.selector(name.method),
            consumer_id=name.consumer,
            labels=AGENT,
            quota_metrics=[
                {"metric_name": each.metric, "metric_values": [{"int64_value": each.amount * calls}]} for each in costs
            ],
            quota_mode=mode,
        )
        response = self._connection.allocate(
            servicecontrol_v1.AllocateQuotaRequest(
                service_name=self._service.name,
                allocate_operation=operation,
                service_config_id=self._service.config_id,
            )
        )
        for error in response.allocate_errors:
            if error.code != _EXHAUSTED:
                raise ControlUnavailable(f"Service Control: {getattr(error.code, 'name', error.code)}")
            told = f"{error.subject} {error.description}"
            return next((each.metric for each in costs if each.metric in told), costs[0].metric)
        return None

    def _balance(self, account: _Account, method: Method) -> Balance:
        """Count a call that is let through; what Google has counted elsewhere it does not tell."""
        now = self._clock()
        minute, reset = int(now // MINUTE), MINUTE - now % MINUTE
        if minute != account.minute:
            account.minute, account.calls = minute, 0
        if account.exhausted is not None:
            limit = next(each.limit for each in method.costs if each.metric == account.exhausted)
            return Balance(False, account.exhausted, limit, 0, reset)
        account.calls += 1
        left = [max(0, each.limit - each.amount * account.calls) for each in method.costs]
        tightest = method.costs[left.index(min(left))]
        return Balance(True, tightest.metric, tightest.limit, min(left), reset)

    def _note(self, account: _Account, exhausted: str | None) -> None:
        account.exhausted = exhausted
        account.answered = self._clock()
