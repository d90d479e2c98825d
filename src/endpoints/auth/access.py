"""Who may call an operation, and who is calling: what `serving` and `endpoints.get_current_user` ask.

PERF: nothing here needs what it takes to verify a token. That is loaded when the server is built, if anything is
declared about callers, or else with the first token.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from endpoints.auth.refusals import CHALLENGE
from endpoints.definitions import AUTH_LEVEL
from endpoints.exceptions import UnauthorizedException
from endpoints.operations import Operation

if TYPE_CHECKING:
    from endpoints.auth.asking import Fetch
    from endpoints.auth.callers import Callers
    from endpoints.auth.trust import Trust
    from endpoints.users import User


class Hooks:
    """What a server reaches the world outside by.

    Args:
        fetch: asks an address; over the network by default.
        clock: tells the time in seconds since 1970.

    Raises:
        TypeError: one of them is no function, or an async one.
    """

    def __init__(self, fetch: Fetch | None, clock: Callable[[], float]) -> None:
        for name, value in (("fetch", fetch), ("clock", clock)):
            if not callable(value) and not (name == "fetch" and value is None):
                raise TypeError(f"api_server: {name} must be a function, not {value!r}")
            if inspect.iscoroutinefunction(value):
                raise TypeError(f"api_server: {name} must be an ordinary function; {value!r} is an async one")
        self._fetch = fetch
        self._clock = clock
        self._trust: Trust | None = None
        self._lock = threading.Lock()

    @property
    def trust(self) -> Trust:
        """What all operations of the server share: keys, lookups, verified tokens."""
        from endpoints.auth.trust import Trust  # noqa: PLC0415 - PERF: see above

        with self._lock:
            if self._trust is None:
                self._trust = Trust(self._fetch, self._clock)
        return self._trust


class Access:
    """The auth level of one operation, applied to requests.

    | auth level | before the method is called |
    |---|---|
    | REQUIRED | 401 without a valid token, 403 with one that lacks the client or the scope |
    | OPTIONAL | the same, but no token at all will do |
    | OPTIONAL_CONTINUE, NONE | nothing; a token that is not valid is none |

    Args:
        operation: what is called.
        hooks: of the server.

    Attributes:
        guards: whether a caller may be refused before the method is called.
        declares: whether anything is declared about callers, so that the method is likely to ask who is calling.

    Raises:
        ApiConfigurationError: what is declared about callers makes no sense.
    """

    def __init__(self, operation: Operation, hooks: Hooks) -> None:
        self.guards = operation.auth_level in (AUTH_LEVEL.REQUIRED, AUTH_LEVEL.OPTIONAL)
        self.declares = operation.asks_for_auth
        self._is_required = operation.auth_level == AUTH_LEVEL.REQUIRED
        self._operation = operation
        self._hooks = hooks
        if self.declares:
            _ = self.callers  # mistakes show at once

    @cached_property
    def callers(self) -> Callers:
        """What it takes to verify a token."""
        from endpoints.auth.callers import Callers  # noqa: PLC0415 - PERF: see above

        return Callers(self._operation, self._hooks.trust)

    def identify(self, request: Any) -> User | None:
        """The caller, or None: one whose token is refused is nobody."""
        return self.callers.identify(request) if _may_hold_token(request) else None

    def admit(self, request: Any) -> None:
        """Let a request pass to a method that guards itself, and note who is calling.

        Raises:
            UnauthorizedException: 401, with the header that RFC 6750, section 3 asks for.
            ForbiddenException: 403, the token is valid, but not for this.
        """
        if request.user is UNSET:
            self._note(request, self.callers.admit(request) if _may_hold_token(request) else None)

    async def prepare(self, request: Any) -> None:
        """Note who is calling before a method is called that must not wait itself, being on the event loop.

        Raises:
            UnauthorizedException, ForbiddenException: as `admit`.
        """
        if not _may_hold_token(request):
            self._note(request, None)
        elif self.guards:
            self._note(request, await self.callers.admit_async(request))
        else:
            request.user = await self.callers.identify_async(request)

    def _note(self, request: Any, user: User | None) -> None:
        if user is None and self._is_required:
            raise UnauthorizedException("Login Required", headers={"WWW-Authenticate": CHALLENGE})
        request.user = user


def _may_hold_token(request: Any) -> bool:
    return request.header("authorization") is not None or "token" in request.query
