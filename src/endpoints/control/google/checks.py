"""Keys, as Google judges them."""

from __future__ import annotations

import datetime
import hashlib
import logging
import re
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, NamedTuple

from google.cloud import servicecontrol_v1

from endpoints.control.contract import BUDGET, Consumer, ControlUnavailable, KeyProblem, KeyRefused, Method
from endpoints.control.google.connection import Connection
from endpoints.control.google.service import AGENT, Service

_FRESH: Final = 60.0
"""Seconds for which a verdict counts, as Google asks its clients to do."""
_REFRESHED: Final = 30.0
"""Seconds after which the verdict on a key in use is renewed, while requests go on with the old one."""
_STALE: Final = 600.0
"""Seconds for which a good key counts while nobody answers. Google asks for much longer than a minute; a revoked key
must not count for hours."""
_MOST: Final = 10_000
"""Verdicts that are kept, of good and of bad keys each, so that invented keys push no good one out."""
_KEY: Final = re.compile(r"[!-~]{1,256}")

_Codes: Final = servicecontrol_v1.CheckError.Code
_PROBLEMS: Final[dict[Any, KeyProblem]] = {
    _Codes.API_KEY_INVALID: "keyInvalid",
    _Codes.API_KEY_NOT_FOUND: "keyInvalid",
    _Codes.NOT_FOUND: "keyInvalid",
    _Codes.PROJECT_INVALID: "keyInvalid",
    _Codes.API_KEY_EXPIRED: "keyExpired",
    _Codes.SERVICE_NOT_ACTIVATED: "keyNotForApi",
    _Codes.PERMISSION_DENIED: "keyNotForApi",
    _Codes.API_TARGET_BLOCKED: "keyNotForApi",
    _Codes.IP_ADDRESS_BLOCKED: "keyNotForApi",
    _Codes.REFERER_BLOCKED: "keyNotForApi",
    _Codes.CLIENT_APP_BLOCKED: "keyNotForApi",
    _Codes.BILLING_DISABLED: "keyNotForApi",
    _Codes.PROJECT_DELETED: "keyNotForApi",
    _Codes.CONSUMER_INVALID: "keyNotForApi",
    _Codes.INVALID_CREDENTIAL: "keyNotForApi",
}
"""The rest say that Google itself cannot tell; a key is then not checked, and stays closed."""

_Name = tuple[bytes, str]
_log = logging.getLogger("endpoints.control")


class _Verdict(NamedTuple):
    consumer: Consumer | None
    problem: KeyProblem | None
    at: float


class KeyChecks:
    """Asks once a minute about each key and method; ten minutes of silence are bridged for keys that were good.

    Args:
        connection: to Service Control.
        service: whose methods are called.
        clock: tells the time in seconds; only differences count.
    """

    def __init__(self, connection: Connection, service: Service, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._service = service
        self._clock = clock
        self._lock = threading.Lock()
        self._good: OrderedDict[_Name, _Verdict] = OrderedDict()
        self._bad: OrderedDict[_Name, _Verdict] = OrderedDict()
        self._asked: dict[_Name, Future[_Verdict]] = {}
        self._due: dict[_Name, tuple[str, Method]] = {}

    def check(self, api_key: str, method: Method) -> Consumer:
        """As `Control.check`."""
        if not _KEY.fullmatch(api_key):  # Google never made it, and protocol buffers could not carry all of these
            raise KeyRefused("keyInvalid")
        name = (hashlib.sha256(api_key.encode("ascii")).digest(), method.name)
        verdict = self._good.get(name) or self._bad.get(name)
        age = _STALE if verdict is None else self._clock() - verdict.at
        if verdict is None or age >= _FRESH:
            try:
                verdict = self._ask_once(name, api_key, method)
            except ControlUnavailable as error:
                if verdict is None or verdict.consumer is None or age >= _STALE:
                    raise
                _log.warning("%s: a key goes on that was good %.0f s ago: %s", method.id, age, error)
        elif age >= _REFRESHED and verdict.consumer is not None:
            self._due[name] = (api_key, method)
        if verdict.consumer is None:
            raise KeyRefused(verdict.problem or "keyInvalid")
        return verdict.consumer

    def refresh(self) -> None:
        """Renew the verdicts that are due, as long as somebody answers. Called in the background."""
        while self._due:
            name, (api_key, method) = self._due.popitem()
            try:
                self._ask_once(name, api_key, method)
            except ControlUnavailable:
                self._due.clear()

    def _ask_once(self, name: _Name, api_key: str, method: Method) -> _Verdict:
        """Ask; who wants to know the same at the same time gets the same answer."""
        with self._lock:
            asked = self._asked.get(name)
            if asked is None:
                answer: Future[_Verdict] = Future()
                self._asked[name] = answer
        if asked is not None:
            try:
                return asked.result(BUDGET)
            except TimeoutError:
                raise ControlUnavailable("Service Control: no answer in time") from None
        try:
            verdict = self._ask(api_key, method)
        except BaseException as error:
            answer.set_exception(error)
            raise
        else:
            answer.set_result(verdict)
            self._keep(name, verdict)
            return verdict
        finally:
            with self._lock:
                del self._asked[name]

    def _ask(self, api_key: str, method: Method) -> _Verdict:
        operation = servicecontrol_v1.Operation(
            operation_id=str(uuid.uuid4()),
            operation_name=self._service.selector(method),
            consumer_id=f"api_key:{api_key}",
            start_time=datetime.datetime.now(datetime.UTC),
            labels=AGENT,
        )
        response = self._connection.check(
            servicecontrol_v1.CheckRequest(
                service_name=self._service.name, operation=operation, service_config_id=self._service.config_id
            )
        )
        now = self._clock()
        if not response.check_errors:
            return _Verdict(_consumer(response.check_info, api_key), None, now)
        code = response.check_errors[0].code
        if code not in _PROBLEMS:
            raise ControlUnavailable(f"Service Control: it cannot tell: {getattr(code, 'name', code)}")
        return _Verdict(None, _PROBLEMS[code], now)

    def _keep(self, name: _Name, verdict: _Verdict) -> None:
        with self._lock:
            self._good.pop(name, None)
            self._bad.pop(name, None)
            kept = self._bad if verdict.consumer is None else self._good
            kept[name] = verdict
            if len(kept) > _MOST:
                kept.popitem(last=False)


def _consumer(info: Any, api_key: str) -> Consumer:
    number = info.consumer_info.consumer_number or info.consumer_info.project_number
    key_id = info.api_key_uid or f"sha256:{hashlib.sha256(api_key.encode('ascii')).hexdigest()[:16]}"
    name = str(number) if number else key_id
    return Consumer(f"project:{name}", name, key_id, api_key)
