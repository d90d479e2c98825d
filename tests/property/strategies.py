"""Messages of every kind of field, and JSON that is almost what they are read from."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from protorpc import message_types, messages, util

Variant = messages.Variant


class Color(messages.Enum):
    RED = 1
    BLUE = 2
    ZERO = 0


class Leaf(messages.Message):
    text = messages.StringField(1)
    number = messages.IntegerField(2, variant=Variant.INT32)


class Everything(messages.Message):
    text = messages.StringField(1)
    flag = messages.BooleanField(2)
    i32 = messages.IntegerField(3, variant=Variant.INT32)
    s32 = messages.IntegerField(4, variant=Variant.SINT32)
    u32 = messages.IntegerField(5, variant=Variant.UINT32)
    i64 = messages.IntegerField(6)
    s64 = messages.IntegerField(7, variant=Variant.SINT64)
    u64 = messages.IntegerField(8, variant=Variant.UINT64)
    single = messages.FloatField(9, variant=Variant.FLOAT)
    double = messages.FloatField(10)
    color = messages.EnumField(Color, 11)
    data = messages.BytesField(12)
    when = message_types.DateTimeField(13)
    leaf = messages.MessageField(Leaf, 14)
    self = messages.MessageField("Everything", 15)
    default = messages.StringField(16, default="unsaid")
    color_or_red = messages.EnumField(Color, 17, default=Color.RED)


class Lists(messages.Message):
    texts = messages.StringField(1, repeated=True)
    flags = messages.BooleanField(2, repeated=True)
    i32 = messages.IntegerField(3, variant=Variant.INT32, repeated=True)
    u64 = messages.IntegerField(4, variant=Variant.UINT64, repeated=True)
    i64 = messages.IntegerField(5, repeated=True)
    doubles = messages.FloatField(6, repeated=True)
    colors = messages.EnumField(Color, 7, repeated=True)
    data = messages.BytesField(8, repeated=True)
    dates = message_types.DateTimeField(9, repeated=True)
    leaves = messages.MessageField(Leaf, 10, repeated=True)
    selves = messages.MessageField("Lists", 11, repeated=True)


class Plain(messages.Message):
    """Nothing in it needs to be converted."""

    text = messages.StringField(1)
    i32 = messages.IntegerField(2, variant=Variant.INT32)
    leaves = messages.MessageField(Leaf, 3, repeated=True)


class Needy(messages.Message):
    need = messages.StringField(1, required=True)
    number = messages.IntegerField(2, required=True)
    inner = messages.MessageField("Needy", 3)


CLASSES: list[Any] = [Leaf, Everything, Lists, Plain, Needy]

_RANGES = {
    Variant.INT32: (-(2**31), 2**31 - 1),
    Variant.SINT32: (-(2**31), 2**31 - 1),
    Variant.UINT32: (0, 2**32 - 1),
    Variant.INT64: (-(2**63), 2**63 - 1),
    Variant.SINT64: (-(2**63), 2**63 - 1),
    Variant.UINT64: (0, 2**64 - 1),
}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
offsets: SearchStrategy[Any] = st.none() | st.integers(-1380, 1380).map(util.TimeZoneOffset)
# JSON has no fold, and what is a day before year 1 somewhere is no date. Naive ones are meant too.
datetimes = st.datetimes(min_value=datetime(1, 1, 2), timezones=offsets).map(  # noqa: DTZ001
    lambda when: when.replace(fold=0)
)
_BY_VARIANT: dict[Any, SearchStrategy[Any]] = {
    Variant.STRING: texts,
    Variant.BYTES: st.binary(max_size=8),
    Variant.BOOL: st.booleans(),
}


def _values(field: Any, depth: int, *, finite: bool = False) -> SearchStrategy[Any]:
    """What a field may hold, written as JSON and read again as the same."""
    if field.variant in _RANGES:
        return st.integers(*_RANGES[field.variant])
    if isinstance(field, message_types.DateTimeField):
        return datetimes
    if isinstance(field, messages.MessageField):
        return messages_of(field.message_type, depth - 1)
    if isinstance(field, messages.EnumField):
        return st.sampled_from(list(field.type))
    if isinstance(field, messages.FloatField):
        return st.floats(allow_nan=False, allow_infinity=not finite)
    return _BY_VARIANT[field.variant]


def messages_of(message: Any, depth: int = 3) -> SearchStrategy[Any]:
    """Any message of a class, nested up to `depth`, that can be sent."""
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for field in message.all_fields():
        if isinstance(field, messages.MessageField) and not depth:
            continue
        values = _values(field, depth)
        # With themselves in them messages of many fields grow faster than anybody can look at them.
        values = st.lists(values, max_size=2 if depth > 1 else 1) if field.repeated else values
        (required if field.required else optional)[field.name] = values
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: message(**values))


any_message = st.sampled_from(CLASSES).flatmap(messages_of)

# ------------------------------------------------------------------------------------------------------------- JSON

_ODD_NUMBERS = [0, -1, 2**31, -(2**31) - 1, 2**32, 2**63, -(2**63) - 1, 2**64, 10**30, 1.5, -0.0, 1e300, 1e-300]
_ODD_TEXTS = [
    *["", " ", "0", " 5 ", "-5", "+5", "1_0", "1.0", "1e3", "\u0661", "0x10", "007", "9" * 30, "-9223372036854775809"],
    *["nan", "NaN", "Infinity", "-Infinity", "inf", "true", "null", "RED", "red", "GREEN", "1"],
    *["aGk=", "aGk", "-_8=", "-_8", "+/8=", "a", "a=", "=", "!!!", "aG k=", "aGk=\n", "\u00e9"],
    *["2012-08-30T12:53:21", "2012-08-30T12:53:21Z", "2012-08-30t12:53:21z", "2012-08-30 12:53:21"],
    *[
        "2012-08-30T12:53:21.123456789+01:30",
        "2012-08-30T12:53:21,5",
        "2012-08-30T12:53:21.5",
        "2012-08-30T12:53:21+0130",
    ],
    *[
        "2012-8-3T1:5:9",
        "2012-08-30T24:00:00",
        "2012-02-30T00:00:00",
        "0000-01-01T00:00:00",
        "9999-12-31T23:59:59-23:59",
    ],
    *["2012-08-30", "20120830T125321", "2012-W35-4T12:53:21", "2012-08-30T12:53:60Z", "2012-08-30T12:53", "T"],
    *["2012-08-30T12:53:21+24:00", "2012-08-30T12:53:21-00:00", "2012-08-30T12:53:21.", "2012-08-30T12:53:21.1234567"],
]
# Dates of every length, whole and broken, with fractions and offsets in all their spellings.
date_times = st.builds(
    lambda *pieces: "".join(pieces),
    st.sampled_from(["2012-08-30", "2012-8-30", "0001-01-01", "9999-12-31", "20120830"]),
    st.sampled_from(["T", "t", " ", ""]),
    st.sampled_from(["12:53:21", "12:53", "24:00:00", "23:59:60", "1:2:3", "125321", "12:53:1"]),
    st.just("") | st.text("0123456789-+:Z ", max_size=7).map(lambda digits: "." + digits),
    st.sampled_from(["", "", "Z", "z", "+01:00", "-01:00", "+0100", "+01", "-00:00", "+24:00", "+1:00", " "]),
)
scalars: SearchStrategy[Any] = st.one_of(
    date_times,
    st.none(),
    st.booleans(),
    st.sampled_from(_ODD_NUMBERS),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(_ODD_TEXTS),
    texts,
    datetimes.map(datetime.isoformat),
)
names = st.sampled_from(sorted({field.name for each in CLASSES for field in each.all_fields()})) | texts
json_values: SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


def objects_of(message: Any, depth: int = 3) -> SearchStrategy[dict[str, Any]]:
    """JSON objects with the members of a class, some of which are not what they should be."""
    members: dict[str, SearchStrategy[Any]] = {}
    for field in message.all_fields():
        if isinstance(field, messages.MessageField):
            well_formed: SearchStrategy[Any] = objects_of(field.message_type, depth - 1) if depth else st.just({})
        else:
            well_formed = _values(field, 0, finite=True).map(_as_json)
        odd = date_times if isinstance(field, message_types.DateTimeField) else scalars
        single = st.one_of(well_formed, well_formed, odd, scalars)
        members[field.name] = st.lists(single, max_size=2) if field.repeated else single
    known = st.fixed_dictionaries({}, optional=members)
    others = st.dictionaries(names, json_values, max_size=1)
    return st.builds(lambda one, other: {**one, **other}, known, st.one_of(st.just({}), st.just({}), others))


def _as_json(value: Any) -> Any:
    if isinstance(value, messages.Enum):
        return value.name
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def _dumped(value: Any, compact: bool, ascii_only: bool) -> bytes:
    separators = (",", ":") if compact else (", ", " : ")
    return json.dumps(value, separators=separators, ensure_ascii=ascii_only).encode()


def json_of(values: SearchStrategy[Any]) -> SearchStrategy[bytes]:
    """Values as JSON text, in one spelling or another."""
    return st.builds(_dumped, values, st.booleans(), st.booleans())


def _damaged(text: bytes, place: int, cut: int, inserted: bytes) -> bytes:
    place %= len(text) + 1
    return text[:place] + inserted + text[place + cut :]


def damaged(bodies: SearchStrategy[bytes]) -> SearchStrategy[bytes]:
    """The same with a few bytes taken out or put in somewhere."""
    pieces = st.sampled_from(
        [b"", b",", b'"', b"}", b"{", b"[", b"]", b"null", b"\x00", b"\xff", b"\\ud800", b"1", b" "]
    )
    return st.builds(_damaged, bodies, st.integers(0, 200), st.integers(0, 3), pieces | st.binary(max_size=3))
