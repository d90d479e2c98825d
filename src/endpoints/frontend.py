"""Settings of Google's former API front end. They are checked and kept; nothing in an ordinary server acts on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from endpoints import checks


@dataclass(frozen=True, slots=True)
class ApiAuth:
    """The `auth` argument of `endpoints.api`.

    Raises:
        TypeError: an argument is of another type.
    """

    allow_cookie_auth: bool | None = None
    blocked_regions: Sequence[str] | None = None
    """ISO codes of regions, two letters each."""

    def __post_init__(self) -> None:
        checks.flag("ApiAuth", "allow_cookie_auth", self.allow_cookie_auth)
        checks.texts("ApiAuth", "blocked_regions", self.blocked_regions)


@dataclass(frozen=True, slots=True)
class ApiFrontEndLimitRule:
    """A limit for one kind of traffic without an API key.

    Raises:
        TypeError: an argument is of another type.
    """

    match: str | None = None
    qps: int | None = None
    """Queries per second, together."""
    user_qps: int | None = None
    """Queries per second of one user."""
    daily: int | None = None
    """Queries per day, together."""
    analytics_id: str | None = None
    """Project that the traffic is logged for."""

    def __post_init__(self) -> None:
        for argument in ("match", "analytics_id"):
            checks.text("ApiFrontEndLimitRule", argument, getattr(self, argument))
        for argument in ("qps", "user_qps", "daily"):
            checks.number("ApiFrontEndLimitRule", argument, getattr(self, argument))


@dataclass(frozen=True, slots=True)
class ApiFrontEndLimits:
    """The `frontend_limits` argument of `endpoints.api`: limits of traffic without an API key.

    Raises:
        TypeError: an argument is of another type.
    """

    unregistered_user_qps: int | None = None
    unregistered_qps: int | None = None
    unregistered_daily: int | None = None
    rules: Sequence[ApiFrontEndLimitRule] | None = None

    def __post_init__(self) -> None:
        for argument in ("unregistered_user_qps", "unregistered_qps", "unregistered_daily"):
            checks.number("ApiFrontEndLimits", argument, getattr(self, argument))
        checks.listing("ApiFrontEndLimits", "rules", self.rules, ApiFrontEndLimitRule, "ApiFrontEndLimitRule objects")
