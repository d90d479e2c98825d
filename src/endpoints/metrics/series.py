"""What is counted, and by what: names of APIs, versions and methods as declared, and closed sets.

Nothing that callers choose, such as a path or a consumer, is a label: each new value would be a new series, for ever.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from endpoints.control.contract import Outcome

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds for latencies, in seconds."""

REQUESTS: Final = "Finished requests, by method and HTTP status."
LATENCY: Final = "Time from a request to its answer, in seconds."
REFUSALS: Final = "Requests refused for their API key or quota, by reason."
FAILURES: Final = "Requests for which the store of keys or quotas did not answer."


class Target(NamedTuple):
    """Which method a request was for; all empty for an address that leads to none."""

    api: str
    version: str
    method: str
    """`guestbook.greetings.list`."""


_NOWHERE: Final = Target("", "", "")


def target_of(outcome: Outcome) -> Target:
    """The method that a finished request was for."""
    method = outcome.method
    return _NOWHERE if method is None else Target(method.api, method.version, method.id)
