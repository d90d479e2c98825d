"""Whose API key the request came with, as methods ask."""

from __future__ import annotations

from endpoints.users import InvalidGetUserCall
from protorpc._request_state import current_request


def get_current_consumer() -> str | None:
    """The consumer of the API key that the running method was called with.

    Returns:
        The name given to `endpoints keys create --consumer`; None where no key was checked: the method requires none,
        or control is off. A key that is sent to a method that requires none says nothing about the caller.

    Raises:
        InvalidGetUserCall: no request is being answered here.
    """
    request = current_request.get()
    if request is None:
        raise InvalidGetUserCall("get_current_consumer was called where no request is being answered")
    inquiry = request.inquiry
    if inquiry is None or inquiry.consumer is None:
        return None
    name: str | None = inquiry.consumer.name
    return name
