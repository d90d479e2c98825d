"""The two JSON codecs: what is written is read as the same, and they never disagree."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from protorpc import messages
from protorpc._codec import codec
from protorpc._reading import REFUSED
from protorpc._writing import encode_carefully
from protorpc.protojson import EndpointsProtoJson, ProtoJson
from tests.property.strategies import (
    CLASSES,
    Everything,
    Lists,
    Needy,
    any_message,
    damaged,
    date_times,
    json_of,
    json_values,
    messages_of,
    objects_of,
    texts,
)

careful = EndpointsProtoJson()
REFUSALS = (ValueError, messages.DecodeError, messages.ValidationError)

bodies = st.sampled_from(CLASSES).flatmap(lambda each: st.tuples(st.just(each), json_of(objects_of(each))))
odd_bodies = st.sampled_from(CLASSES).flatmap(
    lambda each: st.tuples(
        st.just(each), st.one_of(damaged(json_of(objects_of(each))), json_of(json_values), st.binary(max_size=30))
    )
)


def _same(one: Any, other: Any) -> bool:
    """Equality that tells 1 from 1.0 and an offset from another of the same moment, but takes NaN for NaN."""
    return type(one) is type(other) and repr(one) == repr(other) and _unrecognized(one) == _unrecognized(other)


def _unrecognized(message: Any) -> dict[Any, str]:
    return {name: repr(message.get_unrecognized_field_info(name)) for name in message.all_unrecognized_fields()}


@given(any_message)
def test_written_by_field_and_read_again(message: Any) -> None:
    for protocol in (careful, ProtoJson()):
        assert _same(protocol.decode_message(type(message), protocol.encode_message(message)), message)


@given(any_message)
def test_written_by_generated_code_and_read_by_either(message: Any) -> None:
    written = codec(type(message)).encode(message)
    assert _same(careful.decode_message(type(message), written), message)
    try:
        read = codec(type(message)).read(written)
    except REFUSED:
        return
    assert _same(read, message)


@given(messages_of(Lists) | messages_of(Everything) | messages_of(Needy))
def test_generated_code_reads_what_it_writes(message: Any) -> None:
    """It may leave odd things to the other, but not what programs send: that would only be slow."""
    written = codec(type(message)).encode(message)
    assume(b"Infinity" not in written)
    assert _same(codec(type(message)).read(written), message)


@given(any_message)
def test_both_write_the_same(message: Any) -> None:
    written = codec(type(message)).encode(message)
    by_field = encode_carefully(message)
    assert json.loads(written) == json.loads(by_field)
    assert json.loads(written, parse_constant=_refuse) is not None
    msgspec.json.decode(written)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@given(any_message, st.dictionaries(texts, texts, max_size=2))
def test_unrecognized_fields_are_written_with_care(message: Any, unrecognized: dict[str, str]) -> None:
    for name, value in unrecognized.items():
        assume(name not in type(message).__fields__ and not name.isdecimal())
        message.set_unrecognized_field(name, value, messages.Variant.STRING)
    assert _same(careful.decode_message(type(message), encode_carefully(message)), message)


@given(st.one_of(bodies, odd_bodies))
def test_they_never_disagree(body: tuple[Any, bytes]) -> None:
    """What generated code accepts, the careful codec accepts, and reads as the same."""
    kind, text = body
    try:
        read = codec(kind).read(text)
    except REFUSED:
        return
    expected = careful.decode_message(kind, text)
    assert _same(read, expected)
    assert read == expected or "nan" in repr(read)
    read.check_initialized()


@given(st.one_of(bodies, odd_bodies))
def test_refusals_are_of_the_declared_kinds(body: tuple[Any, bytes]) -> None:
    kind, text = body
    try:
        message = careful.decode_message(kind, text)
    except REFUSALS:
        return
    message.check_initialized()
    assert json.loads(encode_carefully(message), parse_constant=_refuse) is not None


@given(bodies)
def test_what_was_read_can_be_changed_like_any_message(body: tuple[Any, bytes]) -> None:
    kind, text = body
    try:
        message = codec(kind).read(text)
    except REFUSED:
        return
    for field in kind.all_fields():
        with pytest.raises(messages.ValidationError):
            setattr(message, field.name, object())
    copied = kind(
        **{field.name: getattr(message, field.name) for field in kind.all_fields() if _is_set(message, field)}
    )
    assert copied == message


def _is_set(message: Any, field: Any) -> bool:
    return message.get_assigned_value(field.name) not in (None, [])


@pytest.mark.parametrize("depth", [1, 50, 99, 101, 500, 1000, 20_000])
@pytest.mark.parametrize(
    ("kind", "around", "innermost"),
    [
        (Needy, '{"need":"x","number":1,"inner":', '{"need":"x","number":1}'),
        (Lists, '{"selves":[', "{}"),
        (Everything, '{"self":', "{}"),
        (Everything, '{"unknown":', "{}"),
        (Everything, '{"text":', '"x"'),
    ],
)
def test_depth(kind: Any, around: str, innermost: str, depth: int) -> None:
    closing = "]}" if around.endswith("[") else "}"
    text = (around * depth + innermost + closing * depth).encode()
    try:
        read = codec(kind).read(text)
    except REFUSED:
        read = None
    try:
        expected = careful.decode_message(kind, text)
    except REFUSALS:
        expected = None
    if "unknown" not in around and "text" not in around:
        assert (expected is not None) == (depth < 100)
        assert (read is not None) == (depth < 100)
    assert read is None or _same(read, expected)


@given(date_times)
@example("2012-08-30T12:53:21.12345Z")  # once read as another offset of the same moment, or where none was allowed
@example("2012-08-30T12:53:21.1+0100")
@example("2012-08-30T12:53:21.123+01")
def test_both_read_a_date_time_as_the_same(text: str) -> None:
    body = json.dumps({"when": text}).encode()
    try:
        read = codec(Everything).read(body)
    except REFUSED:
        return
    assert _same(read, careful.decode_message(Everything, body))
