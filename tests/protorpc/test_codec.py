"""The generated codec on examples; tests/property compares the codecs on drawn messages."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import json
import math
import pickle
import types
from collections.abc import Callable
from typing import Any

import pytest

from protorpc import message_types, messages
from protorpc._codec import codec
from protorpc._reading import REFUSED
from protorpc._writing import encode_carefully
from protorpc.messages import Variant
from protorpc.protojson import EndpointsProtoJson
from protorpc.util import TimeZoneOffset


class Shade(messages.Enum):
    DARK = 0
    LIGHT = 5


class Leaf(messages.Message):
    name = messages.StringField(1)
    size = messages.IntegerField(2, variant=Variant.INT32)


class Sample(messages.Message):
    text = messages.StringField(1)
    flag = messages.BooleanField(2)
    data = messages.BytesField(3)
    single = messages.FloatField(4, variant=Variant.FLOAT)
    double = messages.FloatField(5)
    int32 = messages.IntegerField(6, variant=Variant.INT32)
    uint32 = messages.IntegerField(7, variant=Variant.UINT32)
    sint32 = messages.IntegerField(8, variant=Variant.SINT32)
    int64 = messages.IntegerField(9)
    uint64 = messages.IntegerField(10, variant=Variant.UINT64)
    sint64 = messages.IntegerField(11, variant=Variant.SINT64)
    shade = messages.EnumField(Shade, 12)
    when = message_types.DateTimeField(13)
    leaf = messages.MessageField(Leaf, 14)
    preset = messages.IntegerField(15, default=9)
    shade_preset = messages.EnumField(Shade, 16, default="LIGHT")


class Many(messages.Message):
    text = messages.StringField(1, repeated=True)
    flag = messages.BooleanField(2, repeated=True)
    data = messages.BytesField(3, repeated=True)
    double = messages.FloatField(4, repeated=True)
    int32 = messages.IntegerField(5, variant=Variant.INT32, repeated=True)
    uint64 = messages.IntegerField(6, variant=Variant.UINT64, repeated=True)
    shade = messages.EnumField(Shade, 7, repeated=True)
    when = message_types.DateTimeField(8, repeated=True)
    leaf = messages.MessageField(Leaf, 9, repeated=True)


class Plain(messages.Message):
    """Without 64-bit integers, which are written in another way."""

    double = messages.FloatField(1)
    when = message_types.DateTimeField(2)
    leaves = messages.MessageField(Leaf, 3, repeated=True)
    inner = messages.MessageField("Plain", 4)


class Chain(messages.Message):
    value = messages.IntegerField(1)
    next = messages.MessageField("Chain", 2)


class Tree(messages.Message):
    class Branch(messages.Message):
        trees = messages.MessageField("Tree", 1, repeated=True)
        note = messages.StringField(2)

    branches = messages.MessageField(Branch, 1, repeated=True)
    when = message_types.DateTimeField(2)


class Needy(messages.Message):
    text = messages.StringField(1, required=True)
    preset = messages.IntegerField(2, required=True, default=3)


class NeedyOuter(messages.Message):
    one = messages.MessageField(Needy, 1, required=True)
    many = messages.MessageField(Needy, 2, repeated=True)
    outer = messages.MessageField("NeedyOuter", 3)


def define(body: dict[str, Any]) -> Any:
    namespace = {"__module__": __name__} | body
    return types.new_class("Made", (messages.Message,), exec_body=lambda made: made.update(namespace))


WideInner = define({f"f{number}": messages.IntegerField(number) for number in range(1, 50)})
# More fields than are read and written by one function.
Wide = define(
    {
        **{f"f{number}": messages.StringField(number) for number in range(1, 50)},
        "inner": messages.MessageField(WideInner, 50),
        "inners": messages.MessageField(WideInner, 51, repeated=True),
    }
)
OddNames = define(
    {
        name: messages.IntegerField(number)
        for number, name in enumerate(["class", "None", "self", "m", "f0", "é", "name", "type", "x1", "care"], start=1)
    }
)
MOMENT = dt.datetime(2014, 2, 28, 23, 59, 59)  # noqa: DTZ001


class Text(str):
    __slots__ = ()


class Whole(int):
    pass


class Real(float):
    pass


class Data(bytes):
    pass


class Moment(dt.datetime):
    pass


careful = EndpointsProtoJson()

EXAMPLES = {
    "empty": Sample(),
    "text": Sample(text='€ \\ " \n \x00'),
    "falsy": Sample(text="", flag=False, data=b"", single=0, double=-0.0, int32=0, int64=0, shade=Shade.DARK),
    "bytes": Sample(data=bytes(range(256))),
    "floats": Sample(single=1.5, double=1e300),
    "lowest": Sample(int32=-(2**31), uint32=0, sint32=-(2**31), int64=-(2**63), uint64=0, sint64=-(2**63)),
    "highest": Sample(
        int32=2**31 - 1, uint32=2**32 - 1, sint32=2**31 - 1, int64=2**63 - 1, uint64=2**64 - 1, sint64=2**63 - 1
    ),
    "defaults-that-were-set": Sample(preset=9, shade_preset=Shade.LIGHT),
    "naive": Sample(when=MOMENT),
    "microseconds": Sample(when=MOMENT.replace(microsecond=1)),
    "utc": Sample(when=MOMENT.replace(tzinfo=TimeZoneOffset(0))),
    "offset": Sample(when=MOMENT.replace(microsecond=500000, tzinfo=TimeZoneOffset(-90))),
    "nested": Sample(leaf=Leaf(name="a", size=5)),
    "empty-inside": Sample(leaf=Leaf()),
    "no-list": Many(),
    "lists": Many(
        text=["a", ""],
        flag=[True, False],
        data=[b"hi", b""],
        double=[1, 2.5],
        int32=[-1],
        uint64=[0, 2**64 - 1],
        shade=[Shade.LIGHT, Shade.DARK],
        when=[MOMENT, MOMENT.replace(tzinfo=TimeZoneOffset(60))],
        leaf=[Leaf(), Leaf(name="a")],
    ),
    "plain": Plain(double=0.5, when=MOMENT, leaves=[Leaf(name="a")]),
    "plain-with-offset-inside": Plain(inner=Plain(inner=Plain(when=MOMENT.replace(tzinfo=TimeZoneOffset(60))))),
    "chain": functools.reduce(lambda inner, value: Chain(value=value, next=inner), range(99), Chain()),
    "tree": Tree(
        branches=[
            Tree.Branch(trees=[Tree(when=MOMENT), Tree()], note="a"),
            Tree.Branch(trees=[Tree(branches=[Tree.Branch(note="b")])]),
        ]
    ),
    "required": NeedyOuter(one=Needy(text=""), many=[Needy(text="a", preset=4)], outer=NeedyOuter(one=Needy(text="b"))),
    "wide": Wide(f1="a", f49="b", inner=WideInner(f1=1, f49=2**60), inners=[WideInner(f3=3), WideInner()]),
    "odd-names": OddNames(**{"class": 1, "None": 2, "self": 3, "m": 4, "f0": 5, "é": 6, "type": 7, "care": 8}),
    "nothing-in-it": message_types.VoidMessage(),
}
examples = pytest.mark.parametrize("message", EXAMPLES.values(), ids=EXAMPLES)


def same(one: Any, other: Any) -> bool:
    """Equality that tells 1 from 1.0, and offsets of one moment."""
    return bool(one == other and repr(one) == repr(other) and type(one) is type(other))


def loads(text: str | bytes) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


class TestExamples:
    @examples
    def test_are_written_as_with_care(self, message: Any) -> None:
        written = codec(type(message)).encode(message)
        assert loads(written) == loads(encode_carefully(message)) == loads(careful.encode_message(message))

    @examples
    def test_are_read_as_with_care(self, message: Any) -> None:
        text = careful.encode_message(message).encode()
        read = codec(type(message)).read(text)
        assert same(read, message)
        assert same(read, careful.decode_message(type(message), text))

    @examples
    def test_can_be_written_after_they_were_read(self, message: Any) -> None:
        """Reading the fields makes lists of another class, which are not to be written when empty."""
        read = codec(type(message)).read(codec(type(message)).encode(message))
        repr(read)
        assert codec(type(message)).encode(read) == codec(type(message)).encode(message)

    @examples
    def test_required_fields_are_checked(self, message: Any) -> None:
        outer = define(
            {"inner": messages.MessageField(type(message), 1), "need": messages.StringField(2, required=True)}
        )
        with pytest.raises(messages.ValidationError, match="Message Made is missing required field need"):
            codec(outer).encode(outer(inner=message))
        assert loads(codec(outer).encode(outer(inner=message, need="a")))["need"] == "a"


def test_there_is_one_codec_for_a_class() -> None:
    assert codec(Leaf) is codec(Leaf)
    assert codec(Leaf) is not codec(Sample)


class TestRead:
    def test_gives_a_message_like_any_other(self) -> None:
        read: Any = codec(Many).read(b'{"text": ["a"], "leaf": [{"name": "b"}]}')
        for made in (read, copy.deepcopy(read), pickle.loads(pickle.dumps(read))):  # noqa: S301
            assert isinstance(made.text, messages.FieldList)
            assert type(made.leaf[0]) is Leaf
            made.text.append("c")
            with pytest.raises(messages.ValidationError):
                made.text.append(5)
            with pytest.raises(messages.ValidationError):
                made.int32 = ["x"]
            with pytest.raises(AttributeError):
                made.nope = 1
            assert made == Many(text=["a", "c"], leaf=[Leaf(name="b")])

    def test_a_fresh_class_can_be_assigned_to(self) -> None:
        made = define({"text": messages.StringField(1), "other": messages.StringField(2, default="preset")})
        read = codec(made).read(b"{}")
        assert (read.text, read.other) == (None, "preset")
        read.text = "a"
        assert read == made(text="a")
        with pytest.raises(messages.ValidationError, match="for field text, found 5 "):
            read.text = 5

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            pytest.param(b' { "text" : "a" } ', Sample(text="a"), id="space"),
            pytest.param(b'{"text": "\\u20ac\\ud83d\\ude00"}', Sample(text="€😀"), id="escapes"),
            pytest.param(b'{"text": "a", "text": "b"}', Sample(text="b"), id="twice"),
            pytest.param(b'{"text": null, "preset": null, "leaf": null}', Sample(), id="null"),
            pytest.param(b'{"double": 5, "single": 1e2}', Sample(double=5.0, single=100.0), id="whole-numbers"),
            pytest.param(b'{"int64": 5, "uint64": 7, "sint64": "-5"}', Sample(int64=5, uint64=7, sint64=-5), id="64"),
            pytest.param(b'{"data": "-_8"}', Sample(data=b"\xfb\xff"), id="url-safe-and-unpadded"),
            pytest.param(
                b'{"when": "2014-02-28t23:59:59.123456789+0130"}',
                Sample(when=MOMENT.replace(microsecond=123456, tzinfo=TimeZoneOffset(90))),
                id="all-of-rfc-3339",
            ),
        ],
    )
    def test_takes_json_as_clients_write_it(self, text: bytes, expected: Sample) -> None:
        assert same(codec(Sample).read(text), expected)
        assert same(careful.decode_message(Sample, text), expected)

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            pytest.param(Sample, b"", id="blank"),
            pytest.param(Sample, b'{"other": 1}', id="unknown-field"),
            pytest.param(Sample, b'{"int32": "5"}', id="integer-in-text"),
            pytest.param(Sample, b'{"int64": "+5"}', id="sign"),
            pytest.param(Sample, b'{"double": "1.5"}', id="float-in-text"),
            pytest.param(Sample, b'{"shade": 5}', id="enum-by-number"),
            pytest.param(Many, b'{"text": "a"}', id="single-for-list"),
            pytest.param(Many, b'{"text": null}', id="null-for-list"),
            pytest.param(Many, b'{"leaf": [{"other": 1}]}', id="unknown-field-inside"),
        ],
    )
    def test_what_is_accepted_is_never_read_otherwise(self, kind: Any, text: bytes) -> None:
        expected = careful.decode_message(kind, text)
        try:
            read = codec(kind).read(text)
        except REFUSED:
            return
        assert same(read, expected)

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            pytest.param(Sample, b"{", id="no-json"),
            pytest.param(Sample, b"{} {}", id="two"),
            pytest.param(Sample, b'{"text": "\xff"}', id="no-utf-8"),
            pytest.param(Sample, b"[]", id="list"),
            pytest.param(Sample, b"null", id="null"),
            pytest.param(Sample, b'{"text": 5}', id="text"),
            pytest.param(Sample, b'{"flag": 1}', id="boolean"),
            pytest.param(Sample, b'{"int32": 2147483648}', id="int32-range"),
            pytest.param(Sample, b'{"uint32": -1}', id="uint32-range"),
            pytest.param(Sample, b'{"int64": 9223372036854775808}', id="int64-range"),
            pytest.param(Sample, b'{"int64": "9223372036854775808"}', id="int64-range-in-text"),
            pytest.param(Sample, b'{"uint64": 18446744073709551616}', id="uint64-range"),
            pytest.param(Sample, b'{"uint64": "-1"}', id="uint64-range-in-text"),
            pytest.param(Sample, b'{"int64": "1_0"}', id="underscore"),
            pytest.param(Sample, b'{"int64": 5.0}', id="integer-with-point"),
            pytest.param(Sample, b'{"shade": "dark"}', id="enum"),
            pytest.param(Sample, b'{"data": "a"}', id="bytes"),
            pytest.param(Sample, b'{"when": "2014-02-30T00:00:00"}', id="no-such-day"),
            pytest.param(Sample, b'{"when": "2014-02-28 23:59:59"}', id="no-t"),
            pytest.param(Sample, b'{"when": "2014-02-28T24:00:00"}', id="hour-24"),
            pytest.param(Sample, b'{"leaf": "a"}', id="message"),
            pytest.param(Many, b'{"int32": [1, null]}', id="null-in-list"),
            pytest.param(Many, b'{"leaf": [null]}', id="null-in-list-of-messages"),
            pytest.param(Needy, b"{}", id="required"),
            pytest.param(Needy, b'{"text": null}', id="required-null"),
            pytest.param(NeedyOuter, b'{"one": {}}', id="required-inside"),
            pytest.param(NeedyOuter, b'{"one": {"text": "a"}, "many": [{}]}', id="required-in-a-list"),
            pytest.param(NeedyOuter, b'{"one": {"text": "a"}, "outer": {}}', id="required-in-itself"),
            pytest.param(Chain, b'{"next": ' * 100 + b"{}" + b"}" * 100, id="too-deep"),
            pytest.param(Chain, b'{"next": ' * 100_000 + b"{}" + b"}" * 100_000, id="much-too-deep"),
        ],
    )
    def test_refuses_what_is_wrong(self, kind: Any, text: bytes) -> None:
        with pytest.raises(REFUSED):
            codec(kind).read(text)
        with pytest.raises((ValueError, messages.DecodeError, messages.ValidationError)):
            careful.decode_message(kind, text)


class TestEncode:
    def test_is_compact(self) -> None:
        assert codec(Sample).encode(
            Sample(text="a", int64=5, shade=Shade.DARK, when=MOMENT.replace(tzinfo=dt.UTC))
        ) == (b'{"text":"a","int64":"5","shade":"DARK","when":"2014-02-28T23:59:59+00:00"}')

    @pytest.mark.parametrize("message", [5, None, {}, Leaf(), Sample], ids=["int", "none", "dict", "message", "class"])
    def test_writes_its_class_only(self, message: Any) -> None:
        with pytest.raises(messages.EncodeError, match="Expected a message of class Sample, found "):
            codec(Sample).encode(message)

    @pytest.mark.parametrize(
        ("message", "text"),
        [
            pytest.param(Needy(), "Message Needy is missing required field text", id="top"),
            pytest.param(NeedyOuter(), "Message NeedyOuter is missing required field one", id="message"),
            pytest.param(NeedyOuter(one=Needy()), "Message Needy is missing required field text", id="inside"),
            pytest.param(
                NeedyOuter(one=Needy(text="a"), many=[Needy(text="b"), Needy()]),
                "Message Needy is missing required field text",
                id="in-a-list",
            ),
            pytest.param(
                NeedyOuter(one=Needy(text="a"), outer=NeedyOuter(outer=NeedyOuter())),
                "Message NeedyOuter is missing required field one",
                id="in-itself",
            ),
        ],
    )
    def test_required_fields(self, message: Any, text: str) -> None:
        for encode in (codec(type(message)).encode, encode_carefully):
            with pytest.raises(messages.ValidationError) as caught:
                encode(message)
            assert str(caught.value) == text

    @pytest.mark.parametrize(
        ("number", "word"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")], ids=str
    )
    @pytest.mark.parametrize(
        "message",
        [
            pytest.param(lambda number: Sample(double=number), id="top"),
            pytest.param(lambda number: Many(double=[1.5, number]), id="list"),
            pytest.param(lambda number: Plain(double=number), id="plain"),
            pytest.param(lambda number: Plain(inner=Plain(inner=Plain(double=number))), id="inside"),
        ],
    )
    def test_numbers_that_json_lacks_are_words(self, message: Callable[[float], Any], number: float, word: str) -> None:
        made = message(number)
        assert f'"{word}"'.encode() in codec(type(made)).encode(made)
        assert loads(codec(type(made)).encode(made)) == loads(encode_carefully(made))

    @pytest.mark.parametrize("numbers", [[1e308, 1e308], [math.inf, -math.inf], [1e308, math.inf]], ids=str)
    def test_large_numbers_are_no_infinity(self, numbers: list[float]) -> None:
        words = {math.inf: "Infinity", -math.inf: "-Infinity"}
        assert loads(codec(Many).encode(Many(double=numbers))) == {
            "double": [words.get(each, each) for each in numbers]
        }

    def test_lists_that_were_only_looked_at_are_left_out(self) -> None:
        many, plain = Many(leaf=[Leaf()]), Plain(inner=Plain())
        looked_at: list[Any] = [many.text, many.when, plain.leaves, plain.inner.leaves]
        assert looked_at == [[]] * 4
        assert codec(Many).encode(many) == b'{"leaf":[{}]}'
        assert codec(Plain).encode(plain) == b'{"inner":{}}'

    def test_lists_changed_in_place(self) -> None:
        many = Many(text=["a"])
        many.text.append("b")
        many.leaf.append(Leaf(name="c"))
        many.flag.extend([True])
        assert loads(codec(Many).encode(many)) == {"text": ["a", "b"], "leaf": [{"name": "c"}], "flag": [True]}

    @pytest.mark.parametrize(
        "message",
        [
            pytest.param(Sample(text=Text("a"), data=Data(b"hi")), id="text-and-bytes"),
            pytest.param(Sample(int32=Whole(5), int64=Whole(7), double=Real(1.5)), id="numbers"),
            pytest.param(Sample(when=Moment(2014, 2, 28)), id="datetime"),
            pytest.param(
                Many(text=[Text("a")], double=[Real(1)], when=[Moment(2014, 2, 28, tzinfo=dt.UTC)]), id="lists"
            ),
            pytest.param(Plain(double=Real(1.5), when=Moment(2014, 2, 28)), id="plain"),
        ],
    )
    def test_values_of_subclasses(self, message: Any) -> None:
        written = codec(type(message)).encode(message)
        assert loads(written) == loads(encode_carefully(message))
        assert codec(type(message)).read(written) == message

    @pytest.mark.parametrize(
        ("message", "expected"),
        [
            pytest.param(Sample(int32=10**30), {"int32": 10**30}, id="integer-of-any-size"),
            pytest.param(Sample(int64=-(10**30)), {"int64": str(-(10**30))}, id="integer-of-any-size-in-text"),
            pytest.param(Leaf(name="a\ud800"), {"name": "a\ud800"}, id="lone-surrogate"),
        ],
    )
    def test_what_only_the_standard_library_writes(self, message: Any, expected: dict[str, Any]) -> None:
        assert loads(codec(type(message)).encode(message)) == expected
        assert loads(encode_carefully(message)) == expected

    def test_unrecognized_fields_are_written_with_care_only(self) -> None:
        read = careful.decode_message(Leaf, '{"name": "a", "other": [1, 2]}')
        assert loads(encode_carefully(read)) == {"name": "a", "other": [1, 2]}
        assert codec(Leaf).encode(read) == b'{"name":"a"}'

    def test_leaves_the_message_as_it_was(self) -> None:
        for message in EXAMPLES.values():
            before = repr(message)
            codec(type(message)).encode(message)
            assert repr(message) == before
