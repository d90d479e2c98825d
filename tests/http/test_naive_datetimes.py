"""`api_server(naive_datetimes="utc")`: every date that is answered carries an offset."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from protorpc.util import TimeZoneOffset
from tests.client import Serve

NAIVE = datetime.datetime(2014, 2, 8, 3, 9, 5, 250000)  # noqa: DTZ001 - without a time zone is what this is about


class Inner(messages.Message):
    when = message_types.DateTimeField(1)


class Dates(messages.Message):
    when = message_types.DateTimeField(1)
    all = message_types.DateTimeField(2, repeated=True)
    inner = messages.MessageField(Inner, 3)
    inners = messages.MessageField(Inner, 4, repeated=True)


class WithNumber(messages.Message):
    when = message_types.DateTimeField(1)
    number = messages.IntegerField(2)


@endpoints.api(name="dates", version="v1")
class DatesApi(remote.Service):
    @endpoints.method(message_types.VoidMessage, Dates, path="all", http_method="GET")
    def everywhere(self, request: Any) -> Dates:
        aware = NAIVE.replace(tzinfo=TimeZoneOffset(datetime.timedelta(hours=-3, minutes=-30)))
        inner = Inner(when=NAIVE)
        return Dates(when=NAIVE, all=[NAIVE, aware], inner=inner, inners=[inner, Inner()])

    @endpoints.method(WithNumber, WithNumber, path="echo")
    def echo(self, request: Any) -> WithNumber:
        return WithNumber(when=request.when, number=request.number)

    @endpoints.method(Dates, Dates, path="back")
    def back(self, request: Any) -> Any:
        return request


def test_dates_without_a_time_zone_are_those_of_utc(serve: Serve) -> None:
    answer = serve(DatesApi, naive_datetimes="utc").get("/_ah/api/dates/v1/all").json()
    utc = "2014-02-08T03:09:05.250000+00:00"
    assert answer == {
        "when": utc,
        "all": [utc, "2014-02-08T03:09:05.250000-03:30"],
        "inner": {"when": utc},
        "inners": [{"when": utc}, {}],
    }


def test_by_default_they_are_written_as_they_are(serve: Serve) -> None:
    answer = serve(DatesApi).get("/_ah/api/dates/v1/all").json()
    assert answer["when"] == "2014-02-08T03:09:05.250000"


def test_one_message_class_can_be_served_both_ways(serve: Serve) -> None:
    plain, utc = serve(DatesApi), serve(DatesApi, naive_datetimes="utc")
    for sent, answered in [("2014-02-08T03:09:05", "+00:00"), ("2014-02-08T03:09:05+02:00", "")]:
        body = {"when": sent, "number": "7"}
        assert plain.post("/_ah/api/dates/v1/echo", json=body).json() == body
        assert utc.post("/_ah/api/dates/v1/echo", json=body).json() == {"when": sent + answered, "number": "7"}


def test_answers_with_unrecognized_fields_too(serve: Serve) -> None:
    body = {"when": "2014-02-08T03:09:05", "all": ["2014-02-08T03:09:05"], "stranger": 1}
    answer = serve(DatesApi, naive_datetimes="utc").post("/_ah/api/dates/v1/back", json=body).json()
    assert answer["when"] == "2014-02-08T03:09:05+00:00" == answer["all"][0]
    assert answer["stranger"] == 1


def test_documents_promise_dates_only_then(serve: Serve) -> None:
    def when(**options: Any) -> Any:
        document = serve(DatesApi, **options).get("/_ah/api/discovery/v1/apis/dates/v1/openapi.json").json()
        (schema,) = (found for name, found in document["components"]["schemas"].items() if name.endswith("Inner"))
        return schema["properties"]["when"].get("format")

    assert when(naive_datetimes="utc") == "date-time" and when() is None


@pytest.mark.parametrize("value", ["local", True, 1], ids=str)
def test_other_settings_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="api_server: naive_datetimes must be 'utc' or None, not"):
        endpoints.api_server([DatesApi], naive_datetimes=value)
