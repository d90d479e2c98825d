"""Date-times as RFC 3339 writes them, and the time zone that such a text can name."""

from __future__ import annotations

import datetime as dt
import functools
import re

# Group 1 is what datetime.fromisoformat may read. That function takes much more than RFC 3339 (week dates, "24:00",
# a comma, no seconds), so the expression decides what is accepted and fromisoformat only converts.
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_EDGE_YEARS = (dt.MINYEAR, dt.MAXYEAR)
_DAY = dt.timedelta(days=1)
_LONGEST_ECHO = 80


class TimeZoneOffset(dt.tzinfo):
    """A fixed distance from UTC, the only kind of time zone that messages carry.

    Values are immutable, compare by their distance and can be copied and pickled.
    """

    __slots__ = ("_offset",)

    def __init__(self, offset: dt.timedelta | float) -> None:
        """Make a time zone.

        Args:
            offset: Distance east of UTC, a timedelta or a number of minutes; negative to the west.

        Raises:
            ValueError: The distance is a day or more, which no datetime can use.
        """
        self._offset = offset if isinstance(offset, dt.timedelta) else dt.timedelta(minutes=offset)
        if not -_DAY < self._offset < _DAY:
            raise ValueError(f"A time zone is less than 24 hours from UTC, found {self._offset}")

    def utcoffset(self, _moment: dt.datetime | None) -> dt.timedelta:
        """Distance from UTC; the same for every moment."""
        return self._offset

    def dst(self, _moment: dt.datetime | None) -> dt.timedelta:
        """Always zero: a date-time text says nothing of daylight saving time."""
        return dt.timedelta(0)

    def tzname(self, _moment: dt.datetime | None) -> str:
        """`'UTC'`, `'UTC+05:30'` and so on; the same for every moment."""
        return str(dt.timezone(self._offset))

    def __getinitargs__(self) -> tuple[dt.timedelta]:
        return (self._offset,)

    def __eq__(self, other: object) -> bool:
        return self._offset == other._offset if isinstance(other, TimeZoneOffset) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._offset)

    def __repr__(self) -> str:
        return f"TimeZoneOffset({self._offset / dt.timedelta(minutes=1):g})"


def total_seconds(offset: dt.timedelta) -> float:
    """Seconds in `offset`, as `timedelta.total_seconds` gives them; kept because code written for ProtoRPC calls it."""
    return offset.total_seconds()


def decode_datetime(encoded_datetime: str) -> dt.datetime:
    """Read an RFC 3339 date-time (section 5.6).

    Beyond the RFC a text may leave out the offset (the result is then naive) or the colon in it. `T` and `Z` may be
    lower-case. Fractions of a second may be of any length and are cut to microseconds. Refused: anything else around
    or inside, numbers without their leading zeros, the leap second 23:59:60, which a datetime cannot hold, and
    moments outside the years 1 to 9999 of UTC.

    Args:
        encoded_datetime: For example `'2014-02-28T23:59:59.25+05:30'`.

    Returns:
        A datetime; its `tzinfo` is a TimeZoneOffset where the text has an offset, else None.

    Raises:
        ValueError: The text is not such a date-time, or there is no such date.
        TypeError: `encoded_datetime` is not a str.
    """
    match = _DATE_TIME.fullmatch(encoded_datetime)
    if match is None:
        raise ValueError(f"Expected a date-time such as '2014-02-28T23:59:59Z', found {_echo(encoded_datetime)}")
    try:
        return _moment(*match.groups())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{_echo(encoded_datetime)} is not a date-time: {error}") from None


def _moment(local: str, offset: str | None) -> dt.datetime:
    moment = dt.datetime.fromisoformat(local)
    if offset is None:
        return moment
    zone = _time_zone(offset)
    if moment.year in _EDGE_YEARS:
        # Overflows here, and not in the first method that converts the value to another zone.
        moment - zone.utcoffset(moment)
    # PERF: 0.17 us; moment.replace(tzinfo=zone) takes 0.7 us for the same value.
    return dt.datetime.combine(moment, moment.time(), zone)


@functools.lru_cache(maxsize=128)
def _time_zone(offset: str) -> TimeZoneOffset:
    if offset in "Zz":
        return TimeZoneOffset(0)
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return TimeZoneOffset(-minutes if offset[0] == "-" else minutes)


def _echo(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "...")
