"""Keys and quotas of a server, wired: what checks requests, what reports them, and what ends with the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from endpoints.consistency import check_metrics
from endpoints.control.contract import Control, Observer
from endpoints.control.locations import open_control
from endpoints.operations import Api
from endpoints.serving.admission import Gates, gates
from endpoints.serving.observing import Observe, observed


class Controlled(NamedTuple):
    """What control adds to a server."""

    gate: Gates
    observe: Observe | None
    close: Callable[[], None] | None


def controlled(
    apis: Sequence[Api], control: str | Control | None, observers: Sequence[Observer], trust_forwarded: bool
) -> Controlled:
    """Open a control for APIs.

    Args:
      apis: what is served.
      control: as for `endpoints.api_server`.
      observers: the same.
      trust_forwarded: the same.

    Raises:
      ApiConfigurationError: `control` is none, or a method costs something that nobody can count.
      TypeError: an observer is none.
    """
    for each in observers:
        if not callable(getattr(each, "finished", None)):
            raise TypeError(f"api_server: observers must have a method finished(outcome), which {each!r} has not")
    opened = open_control(control)
    if opened is None:
        return Controlled(gates(None, trust_forwarded), observed(observers), None)
    check_metrics(apis)
    reporter = opened.observer
    told = [*observers] if reporter is None else [reporter, *observers]
    # Uvicorn ends by the signal that it was sent, so that nothing would be done at the exit of the process.
    return Controlled(gates(opened, trust_forwarded), observed(told), getattr(opened, "close", None))
