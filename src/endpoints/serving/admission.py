"""The caller of a request, as API keys and quotas know callers: the keys that were sent, and who calls without one."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from endpoints.control.admission import Admission, Inquiry
from endpoints.control.contract import Consumer, Control, Cost, Method
from endpoints.control.waiting import WaitingRoom
from endpoints.operations import Operation
from endpoints.serving.failures import Refusal
from endpoints.serving.http import Request
from endpoints.serving.parameters import check_query, query_pairs, value_of
from endpoints.users import User, get_current_user

KEY_PARAMETERS: Final = ("key", "api_key")  # as Google's gateway has them by default
KEY_HEADER: Final = "x-api-key"
MAX_QUOTA_USER: Final = 40
"""Characters of `quotaUser` and `userIp` that count, as documents say."""


def method_of(operation: Operation) -> Method:
    """An operation, as far as control goes. Metrics for which the API defines no limit are not counted."""
    info = operation.api_info
    limits = {each.metric_name: each.default_limit for each in info.limit_definitions or ()}
    return Method(
        api=info.name,
        version=info.api_version,
        id=operation.id,
        name=operation.rpc_name,
        key_required=operation.api_key_required,
        costs=tuple(
            Cost(metric, amount, limits[metric])
            for metric, amount in operation.metric_costs.items()
            if metric in limits
        ),
    )


class Gate:
    """Admits the requests for one operation, and notes what was found in `request.inquiry`.

    Args:
      operation: which requires a key or costs something.
      control: decides.
      room: where a control that waits is asked.
      trust_forwarded: whether a proxy in front says who is calling, in the last entry of X-Forwarded-For.

    Attributes:
      waits: whether a request may have to wait for another process or machine.
    """

    def __init__(self, operation: Operation, control: Control, room: WaitingRoom, trust_forwarded: bool) -> None:
        method = method_of(operation)
        self._admission = Admission(method, control, room)
        self._key_required = method.key_required
        self._knows_users = operation.asks_for_auth
        self._trust_forwarded = trust_forwarded
        self.waits = self._admission.waits

    def enter(self, request: Request, query: str) -> None:
        """Check the key and charge the caller.

        Raises:
          ServiceException, Refusal: the request is refused.
        """
        self._admission.admit(self._inquiry(request, query))

    async def enter_async(self, request: Request, query: str) -> None:
        """The same on an event loop, which goes on."""
        await self._admission.admit_async(self._inquiry(request, query))

    def _inquiry(self, request: Request, query: str) -> Inquiry:
        check_query(query)  # before anything is paid for
        if not self._key_required:
            # Tokens of methods that declare nothing about callers are nobody's business.
            user = get_current_user() if self._knows_users else None
            consumer = _address(request, self._trust_forwarded) if user is None else _user(user)
            request.inquiry = inquiry = Inquiry(None, consumer, quota_user=quota_user(query))
            return inquiry
        request.inquiry = inquiry = Inquiry(None, None, quota_user=quota_user(query))
        keys = _keys(request, query)
        if len(keys) != 1:
            self._admission.refuse(inquiry, "keyAmbiguous" if keys else "keyMissing")
        (inquiry.api_key,) = keys
        return inquiry


def quota_user(query: str) -> str | None:
    """Whom the caller says the call is made for: `quotaUser`, which goes before `userIp`; None for nobody.

    Of a query that cannot be read it is nobody: to say what is wrong is the business of those who read it in full.
    """
    try:
        said = value_of(query, "quotaUser") or value_of(query, "userIp")
    except Refusal:
        return None
    return said[:MAX_QUOTA_USER] if said else None


Gates = Callable[[Operation], Gate | None]


def gates(control: Control | None, trust_forwarded: bool) -> Gates:
    """What makes the gate of an operation; None for one that anyone may call as often as he likes."""
    room = WaitingRoom()

    def gate(operation: Operation) -> Gate | None:
        method = method_of(operation)
        if control is None or not (method.key_required or method.costs):
            return None
        return Gate(operation, control, room, trust_forwarded)

    return gate


def _keys(request: Request, query: str) -> set[str]:
    """All different keys that were sent; an empty one is none."""
    keys = set(request.header_values(KEY_HEADER))
    if "%" in query or "+" in query or ";" in query:
        keys.update(value for name, value in query_pairs(query) if name in KEY_PARAMETERS)
    elif "key=" in query:  # PERF: as programs usually send it
        for part in query.split("&"):
            name, _, value = part.partition("=")
            if name in KEY_PARAMETERS:
                keys.add(value)
    keys.discard("")
    return keys


def _user(user: User) -> Consumer:
    return Consumer(f"user:{user.issuer} {user.user_id() or user.email()}")


def _address(request: Request, trust_forwarded: bool) -> Consumer:
    address = request.client_address
    if trust_forwarded:
        # The proxy adds whom it speaks with at the end; what comes before that is the caller's own word.
        address = (request.header("x-forwarded-for") or "").rpartition(",")[2].strip() or address
    return Consumer(_counter(address or ""))


@lru_cache(maxsize=4096)
def _counter(address: str) -> str:
    """What is counted for an address. Of IPv6 a customer gets a network, in which he may choose his addresses."""
    try:
        found = ipaddress.ip_address(_without_port(address))
    except ValueError:
        return "address:unknown"
    if found.version == 4:
        return f"address:{found}"
    if found.ipv4_mapped is not None:
        return f"address:{found.ipv4_mapped}"
    return f"address:{ipaddress.ip_network((int(found), 64), strict=False)}"


def _without_port(address: str) -> str:
    """The address of one that some proxies write with a port: `192.0.2.1:443`, `[2001:db8::1]:443`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _, _ = address.partition("%")
    return host.partition(":")[0] if host.count(":") == 1 else host
