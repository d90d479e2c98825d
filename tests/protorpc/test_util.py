from __future__ import annotations

import copy
import datetime as dt
import pickle
import sys
import types
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protorpc import util
from protorpc.util import AcceptItem, TimeZoneOffset, decode_datetime


def test_exports_nothing_else() -> None:
    public = {name for name, value in vars(util).items() if name[0] != "_" and not isinstance(value, types.ModuleType)}
    assert public == set(util.__all__)


class TestTimeZoneOffset:
    @pytest.mark.parametrize(
        ("offset", "minutes", "name"),
        [
            pytest.param(0, 0, "UTC", id="utc"),
            pytest.param(330, 330, "UTC+05:30", id="east"),
            pytest.param(-90, -90, "UTC-01:30", id="west"),
            pytest.param(dt.timedelta(hours=2), 120, "UTC+02:00", id="timedelta"),
            pytest.param(1439, 1439, "UTC+23:59", id="farthest"),
        ],
    )
    def test_tells_its_distance(self, offset: Any, minutes: int, name: str) -> None:
        moment = dt.datetime(2014, 2, 28, 12, tzinfo=TimeZoneOffset(offset))
        assert moment.utcoffset() == dt.timedelta(minutes=minutes)
        assert moment.dst() == dt.timedelta(0)
        assert moment.tzname() == name
        assert moment.astimezone(dt.UTC) == dt.datetime(2014, 2, 28, 12, tzinfo=dt.UTC) - dt.timedelta(minutes=minutes)

    @pytest.mark.parametrize("minutes", [1440, -1440, 10**6])
    def test_is_less_than_a_day(self, minutes: int) -> None:
        with pytest.raises(ValueError, match="less than 24 hours"):
            TimeZoneOffset(minutes)

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda zone: pickle.loads(pickle.dumps(zone))])  # noqa: S301
    def test_can_be_copied(self, duplicate: Any) -> None:
        assert duplicate(TimeZoneOffset(-330)) == TimeZoneOffset(-330)

    def test_is_a_value(self) -> None:
        assert TimeZoneOffset(60) == TimeZoneOffset(dt.timedelta(hours=1))
        assert len({TimeZoneOffset(60), TimeZoneOffset(60), TimeZoneOffset(61)}) == 2
        assert TimeZoneOffset(60) != 60
        assert repr(TimeZoneOffset(-90)) == "TimeZoneOffset(-90)"

    def test_total_seconds(self) -> None:
        assert util.total_seconds(dt.timedelta(days=1, seconds=2, microseconds=500000)) == 86402.5


MOMENT = dt.datetime(2014, 2, 28, 23, 59, 59)  # noqa: DTZ001


def at(minutes: int, microsecond: int = 0) -> dt.datetime:
    return MOMENT.replace(microsecond=microsecond, tzinfo=TimeZoneOffset(minutes))


class TestDecodeDatetime:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            pytest.param("2014-02-28T23:59:59", MOMENT, id="naive"),
            pytest.param("2014-02-28t23:59:59", MOMENT, id="lower-t"),
            pytest.param("2014-02-28T23:59:59Z", at(0), id="zulu"),
            pytest.param("2014-02-28t23:59:59z", at(0), id="lower-z"),
            pytest.param("2014-02-28T23:59:59-00:00", at(0), id="minus-zero"),
            pytest.param("2014-02-28T23:59:59+05:30", at(330), id="east"),
            pytest.param("2014-02-28T23:59:59-11:45", at(-705), id="west"),
            pytest.param("2014-02-28T23:59:59+23:59", at(1439), id="farthest-offset"),
            pytest.param("2014-02-28T23:59:59+0530", at(330), id="no-colon"),
            pytest.param("2014-02-28T23:59:59.1", MOMENT.replace(microsecond=100000), id="tenth"),
            pytest.param("2014-02-28T23:59:59.123456-01:00", at(-60, 123456), id="microseconds"),
            pytest.param("2014-02-28T23:59:59.1234567Z", at(0, 123456), id="seven-digits"),
            pytest.param("2014-02-28T23:59:59.999999999Z", at(0, 999999), id="nanoseconds-are-cut"),
            pytest.param("2014-02-28T23:59:59." + "0" * 5000 + "Z", at(0), id="very-long-fraction"),
            pytest.param("0001-01-01T00:00:00", dt.datetime(1, 1, 1), id="first"),  # noqa: DTZ001
            pytest.param("9999-12-31T23:59:59", dt.datetime(9999, 12, 31, 23, 59, 59), id="last"),  # noqa: DTZ001
            pytest.param(
                "9999-12-31T23:59:59Z", dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC), id="last-of-utc"
            ),
            pytest.param("2012-02-29T00:00:00", dt.datetime(2012, 2, 29), id="leap-day"),  # noqa: DTZ001
        ],
    )
    def test_reads(self, text: str, expected: dt.datetime) -> None:
        decoded = decode_datetime(text)
        assert decoded == expected
        assert decoded.utcoffset() == expected.utcoffset()
        assert decoded.tzinfo is None or isinstance(decoded.tzinfo, TimeZoneOffset)

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="empty"),
            pytest.param("x", id="word"),
            pytest.param("2014-02-28", id="date"),
            pytest.param("23:59:59", id="time"),
            pytest.param("2014-02-28T23:59", id="no-seconds"),
            pytest.param("2014-02-28T23:59Z", id="no-seconds-zulu"),
            pytest.param("2014-02-28 23:59:59", id="space-for-t"),
            pytest.param("20140228T235959", id="basic-format"),
            pytest.param("2014-W09-5T23:59:59", id="week-date"),
            pytest.param("2014-2-8T3:9:5", id="no-leading-zeros"),
            pytest.param("12014-02-28T23:59:59", id="long-year"),
            pytest.param("2014-02-28T23:59:59.", id="no-digit-after-point"),
            pytest.param("2014-02-28T23:59:59,5", id="comma"),
            pytest.param(" 2014-02-28T23:59:59", id="space-before"),
            pytest.param("2014-02-28T23:59:59Z\n", id="newline-after"),
            pytest.param("2014-02-28T23:59:59 Z", id="space-inside"),
            pytest.param("2014-02-28T23:59:59ZZ", id="two-zones"),
            pytest.param("2014-02-28T23:59:59+5:30", id="short-offset"),
            pytest.param("2014-02-28T23:59:59+05", id="offset-hours-only"),
            pytest.param("2014-02-28T23:59:59+05:30:10", id="offset-with-seconds"),
            pytest.param("٢٠١٤-02-28T23:59:59", id="other-digits"),
            pytest.param("-08:00 2014-02-28T23:59:59", id="offset-first"),
        ],
    )
    def test_refuses_what_is_no_date_time(self, text: str) -> None:
        with pytest.raises(ValueError, match="Expected a date-time such as"):
            decode_datetime(text)

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("2014-02-30T00:00:00", id="february-30"),
            pytest.param("2013-02-29T00:00:00Z", id="no-leap-year"),
            pytest.param("2014-13-01T00:00:00", id="month-13"),
            pytest.param("2014-00-01T00:00:00", id="month-0"),
            pytest.param("0000-01-01T00:00:00", id="year-0"),
            pytest.param("2014-02-28T23:60:00", id="minute-60"),
            pytest.param("2014-02-28T23:59:60Z", id="leap-second"),
            pytest.param("2014-02-28T23:59:59+24:00", id="offset-of-a-day"),
            pytest.param("2014-02-28T23:59:59-99:99", id="offset-of-days"),
            pytest.param("0001-01-01T00:00:00+00:01", id="before-year-1-of-utc"),
            pytest.param("9999-12-31T23:59:59-00:01", id="after-year-9999-of-utc"),
        ],
    )
    def test_refuses_what_does_not_exist(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a date-time: ") as caught:
            decode_datetime(text)
        assert text in str(caught.value)

    @pytest.mark.parametrize("hour", ["24", "25", "99"])
    def test_a_day_has_24_hours(self, hour: str) -> None:
        with pytest.raises(ValueError, match="Expected a date-time"):
            decode_datetime(f"2014-02-28T{hour}:00:00")

    def test_echoes_little(self) -> None:
        with pytest.raises(ValueError, match=r"found 'x{80}\.\.\.'$"):
            decode_datetime("x" * 10**6)

    @pytest.mark.parametrize("value", [None, 5, True, b"2014-02-28T23:59:59", ["2014-02-28T23:59:59"]])
    def test_takes_text_only(self, value: Any) -> None:
        with pytest.raises(TypeError):
            decode_datetime(value)

    @given(st.datetimes(), st.one_of(st.none(), st.integers(-1439, 1439)))
    def test_reads_what_isoformat_writes(self, moment: dt.datetime, minutes: int | None) -> None:
        if minutes is not None and 1 < moment.year < 9999:
            moment = moment.replace(tzinfo=TimeZoneOffset(minutes))
        decoded = decode_datetime(moment.isoformat())
        assert decoded == moment
        assert decoded.tzinfo == moment.tzinfo

    @given(st.text(alphabet="0123456789-+:.TtZz ", max_size=40))
    def test_fails_in_one_way_only(self, text: str) -> None:
        try:
            decoded = decode_datetime(text)
        except ValueError:
            return
        assert decode_datetime(decoded.isoformat()) == decoded


class Sample:
    @util.positional(2)
    def limited(self, first: int, second: int = 2) -> tuple[int, int]:
        """Doc of limited."""
        return first, second


class TestPositional:
    def test_lets_keywords_through(self) -> None:
        assert Sample().limited(1, second=3) == (1, 3)
        assert Sample().limited(first=5) == (5, 2)

    def test_refuses_one_more(self) -> None:
        with pytest.raises(TypeError, match=r"limited\(\) takes at most 2 positional arguments \(3 given\)"):
            Sample().limited(1, 3)

    def test_speaks_of_one_argument(self) -> None:
        @util.positional(1)
        def one(first: int, second: int = 2) -> int:
            return first + second

        with pytest.raises(TypeError, match=r"one\(\) takes at most 1 positional argument \(2 given\)"):
            one(1, 2)

    def test_bare_form_counts_arguments_without_default(self) -> None:
        @util.positional
        def two(first: int, second: int, third: int = 3, *, fourth: int = 4) -> tuple[int, ...]:
            return first, second, third, fourth

        assert two(1, second=2, third=5, fourth=6) == (1, 2, 5, 6)
        with pytest.raises(TypeError, match="at most 2"):
            two(1, 2, 3)

    @pytest.mark.parametrize("function", [lambda: None, lambda first: first], ids=["no-argument", "no-default"])
    def test_bare_form_needs_a_default(self, function: Any) -> None:
        with pytest.raises(ValueError, match="must specify max_positional_args"):
            util.positional(function)

    def test_keeps_what_tools_look_at(self) -> None:
        assert Sample.limited.__doc__ == "Doc of limited."
        assert Sample.limited.__name__ == "limited"


class TestAcceptItem:
    @pytest.mark.parametrize(
        ("entry", "main_type", "sub_type", "q", "values"),
        [
            pytest.param("*/*", None, None, 1, {}, id="anything"),
            pytest.param("text/*", "text", None, 1, {}, id="main-type"),
            pytest.param(" Text/Plain ", "text", "plain", 1, {}, id="case-and-space"),
            pytest.param("text/plain; q=0.3", "text", "plain", 0.3, {"q": "0.3"}, id="q"),
            pytest.param("text/plain;level=2;q=1", "text", "plain", 1, {"level": "2", "q": "1"}, id="two-parameters"),
            pytest.param('text/plain; a="x;\\"y"; b=2;', "text", "plain", 1, {"a": 'x;"y', "b": "2"}, id="quoted"),
        ],
    )
    def test_reads(self, entry: str, main_type: str | None, sub_type: str | None, q: float, values: Any) -> None:
        item = AcceptItem(entry, 7)
        assert (item.main_type, item.sub_type, item.q, item.values, item.index) == (main_type, sub_type, q, values, 7)

    @pytest.mark.parametrize("entry", ["", "text", "text/", "/plain", "a/b/c", "text/plain; q=x", "text/plain; q=nan"])
    def test_refuses(self, entry: str) -> None:
        with pytest.raises(util.AcceptError):
            AcceptItem(entry, 1)

    def test_values_are_a_copy(self) -> None:
        item = AcceptItem("text/plain; a=1", 1)
        item.values["a"] = "2"
        assert item.values == {"a": "1"}

    @pytest.mark.parametrize(
        ("entry", "content_type", "matches"),
        [
            ("*/*", "image/png; q=1", True),
            ("text/*", "tExt/pLain; charset=utf-8", True),
            ("text/*", "image/png", False),
            ("text/plain", "text/plain", True),
            ("text/plain", "text/html", False),
            ("*/*", "nonsense", False),
        ],
    )
    def test_matches(self, entry: str, content_type: str, matches: bool) -> None:
        assert AcceptItem(entry, 1).match(content_type) is matches

    @pytest.mark.parametrize(
        ("entry", "text"),
        [("*/*", "*/*"), ("Text/*", "text/*"), ("text/plain ;q=0.2;level=1", "text/plain; q=0.2; level=1")],
    )
    def test_is_written_as_a_header(self, entry: str, text: str) -> None:
        assert str(AcceptItem(entry, 3)) == text
        assert repr(AcceptItem(entry, 3)) == f"AcceptItem({text!r}, 3)"

    def test_compares_by_wish(self) -> None:
        assert AcceptItem("text/plain", 1) == AcceptItem("image/png", 1)
        assert len({AcceptItem("text/plain", 1), AcceptItem("image/png", 1)}) == 1
        assert AcceptItem("text/plain", 1) < AcceptItem("text/*", 0)
        assert AcceptItem("text/plain", 1) != "text/plain"
        with pytest.raises(TypeError):
            _ = AcceptItem("text/plain", 1) < "text/plain"


def test_accept_header_is_sorted_by_wish() -> None:
    header = "text/*, text/html, text/html; q=0.9, text/xml, text/html; level=1, */*, text/html; q=0.3"
    assert [item.index for item in util.parse_accept_header(header)] == [4, 1, 3, 2, 6, 0, 5]


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        pytest.param("*/*", "application/X-Proto", id="server-prefers-its-first"),
        pytest.param("application/json, */*", "application/json", id="client-names-one"),
        pytest.param("application/x-proto; q=0.1, application/json; q=0.2", "application/json", id="by-q"),
        pytest.param("APPLICATION/x-PROTO", "application/X-Proto", id="case"),
        pytest.param("text/plain", None, id="none"),
    ],
)
def test_choose_content_type(header: str, chosen: str | None) -> None:
    assert util.choose_content_type(header, iter(["application/X-Proto", "application/json"])) == chosen


class TestPackage:
    @pytest.mark.parametrize(
        ("name", "attributes", "package"),
        [
            pytest.param("plain", {}, "plain", id="name"),
            pytest.param("plain", {"package": "my.package"}, "my.package", id="package-attribute"),
            pytest.param("", {}, "", id="no-name"),
            pytest.param("__main__", {"__file__": "/home/me/my_file.py"}, "my_file", id="main"),
            pytest.param("__main__", {"__file__": "/home/me/my.file.pyc"}, "my.file", id="main-with-dots"),
            pytest.param("__main__", {"__file__": "/home/me/my_file"}, "my_file", id="main-without-suffix"),
            pytest.param("__main__", {}, "__main__", id="main-without-file"),
            pytest.param("plain", {"__file__": "/home/me/other.py"}, "plain", id="file-of-another"),
        ],
    )
    def test_of_a_module(self, name: str, attributes: dict[str, str], package: str) -> None:
        module = types.ModuleType(name)
        vars(module).update(attributes)
        assert util.get_package_for_module(module) == package

    def test_of_a_name(self) -> None:
        assert "surely.not.imported" not in sys.modules
        assert util.get_package_for_module("surely.not.imported") is None
        assert util.get_package_for_module("protorpc.util") == "protorpc.util"


@pytest.mark.parametrize(("text", "length"), [("", 512), ("hello", 512), ("x" * 1000, 1000)])
def test_pad_string(text: str, length: int) -> None:
    padded = util.pad_string(text)
    assert padded.rstrip(" ") == text
    assert len(padded) == length
