"""Date-times in the query: as text, or in the two parts that documents list, as the original did."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of


class Period(messages.Message):
    start = message_types.DateTimeField(1)


class Said(messages.Message):
    text = messages.StringField(1)


WHEN = endpoints.ResourceContainer(
    message_types.VoidMessage, when=message_types.DateTimeField(1), period=messages.MessageField(Period, 2)
)


@endpoints.api(name="clock", version="v1")
class ClockApi(remote.Service):
    @endpoints.method(WHEN, Said, path="tell", http_method="GET")
    def tell(self, request: Any) -> Said:
        return Said(text=f"{request.when} {request.period and request.period.start}")


@pytest.fixture
def api(serve: Serve) -> Client:
    return serve(ClockApi)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("when=2014-02-08T03:09:05", "2014-02-08 03:09:05 None"),
        ("when.milliseconds=1391828945000", "2014-02-08 03:09:05 None"),
        ("when.milliseconds=1391828945000&when.time_zone_offset=90", "2014-02-08 03:09:05+01:30 None"),
        ("period.start.milliseconds=0", "None 1970-01-01 00:00:00"),
        ("period.start=2014-02-08T03:09:05", "None 2014-02-08 03:09:05"),
    ],
)
def test_a_date_time(api: Client, query: str, text: str) -> None:
    assert api.get(f"/_ah/api/clock/v1/tell?{query}").json() == {"text": text}


@pytest.mark.parametrize(
    "query",
    [
        "when.milliseconds=soon",
        "when.milliseconds=9223372036854775807",
        "when.milliseconds=0&when.time_zone_offset=100000",
        "when.time_zone_offset=60",
        "when.month=2",
        "period.start.milliseconds=",
    ],
)
def test_parts_that_are_no_date_time(api: Client, query: str) -> None:
    error = error_of(api.get(f"/_ah/api/clock/v1/tell?{query}"), 400, "badRequest")
    assert "is no date-time" in error["message"]
