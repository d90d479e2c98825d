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
DATES = endpoints.ResourceContainer(
    message_types.VoidMessage, dates=message_types.DateTimeField(1, repeated=True), text=messages.StringField(2)
)


@endpoints.api(name="clock", version="v1")
class ClockApi(remote.Service):
    @endpoints.method(WHEN, Said, path="tell", http_method="GET")
    def tell(self, request: Any) -> Said:
        return Said(text=f"{request.when} {request.period and request.period.start}")

    @endpoints.method(DATES, Said, path="count", http_method="GET")
    def count(self, request: Any) -> Said:
        return Said(text=" ".join(str(each) for each in request.dates))


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


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", ""),
        ("dates=2014-02-08T03:09:05", "2014-02-08 03:09:05"),
        ("dates=2014-02-08T03:09:05&dates=2015-02-08T03:09:05Z", "2014-02-08 03:09:05 2015-02-08 03:09:05+00:00"),
        ("dates=2014-02-08T03:09:05&text=a&dates=2015-02-08T03:09:05", "2014-02-08 03:09:05 2015-02-08 03:09:05"),
    ],
)
@pytest.mark.parametrize("rest", ["", "&unknown.name=1"], ids=["quickly", "carefully"])
def test_several_date_times(api: Client, query: str, text: str, rest: str) -> None:
    assert api.get(f"/_ah/api/clock/v1/count?{query}{rest}").json()["text"] == text


def test_each_of_several_has_to_be_one(api: Client) -> None:
    error = error_of(api.get("/_ah/api/clock/v1/count?dates=2014-02-08T03:09:05&dates=soon"), 400, "badRequest")
    assert "dates[1]" in error["message"]
