from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from protorpc import message_types, messages, protojson
from protorpc.messages import Variant
from protorpc.protojson import EndpointsProtoJson, ProtoJson
from protorpc.util import TimeZoneOffset


class Shade(messages.Enum):
    DARK = 0
    LIGHT = 5


class Leaf(messages.Message):
    name = messages.StringField(1)
    data = messages.BytesField(2)


class Sample(messages.Message):
    text = messages.StringField(1)
    flag = messages.BooleanField(2)
    data = messages.BytesField(3)
    double = messages.FloatField(4)
    int32 = messages.IntegerField(5, variant=Variant.INT32)
    uint32 = messages.IntegerField(6, variant=Variant.UINT32)
    int64 = messages.IntegerField(7)
    uint64 = messages.IntegerField(8, variant=Variant.UINT64)
    sint64 = messages.IntegerField(9, variant=Variant.SINT64)
    shade = messages.EnumField(Shade, 10)
    when = message_types.DateTimeField(11)
    leaf = messages.MessageField(Leaf, 12)
    preset = messages.StringField(13, default="preset")
    numbers = messages.IntegerField(14, repeated=True)
    leaves = messages.MessageField(Leaf, 15, repeated=True)


class Needy(messages.Message):
    text = messages.StringField(1, required=True)


class NeedyOuter(messages.Message):
    many = messages.MessageField(Needy, 1, repeated=True)


class Chain(messages.Message):
    next = messages.MessageField("Chain", 1)


plain, endpoints = ProtoJson(), EndpointsProtoJson()
both = pytest.mark.parametrize("codec", [plain, endpoints], ids=["plain", "endpoints"])
MOMENT = dt.datetime(2014, 2, 28, 23, 59, 59)  # noqa: DTZ001


def chain_text(length: int) -> str:
    return '{"next": ' * (length - 1) + "{}" + "}" * (length - 1)


class TestEncode:
    @both
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            pytest.param({}, {}, id="nothing"),
            pytest.param({"text": "€"}, {"text": "€"}, id="text"),
            pytest.param(
                {"text": "", "flag": False, "double": 0}, {"text": "", "flag": False, "double": 0}, id="falsy"
            ),
            pytest.param({"text": None, "numbers": []}, {}, id="unset"),
            pytest.param({"preset": "preset"}, {"preset": "preset"}, id="default-that-was-set"),
            pytest.param({"shade": Shade.DARK}, {"shade": "DARK"}, id="enum"),
            pytest.param({"data": b"\xfb\xff"}, {"data": "+/8="}, id="bytes"),
            pytest.param({"int32": -5}, {"int32": -5}, id="int32"),
            pytest.param({"when": MOMENT}, {"when": "2014-02-28T23:59:59"}, id="naive"),
            pytest.param(
                {"when": MOMENT.replace(microsecond=1, tzinfo=TimeZoneOffset(-90))},
                {"when": "2014-02-28T23:59:59.000001-01:30"},
                id="offset",
            ),
            pytest.param({"when": MOMENT.replace(tzinfo=dt.UTC)}, {"when": "2014-02-28T23:59:59+00:00"}, id="utc"),
            pytest.param(
                {"leaf": Leaf(), "leaves": [Leaf(name="a")]}, {"leaf": {}, "leaves": [{"name": "a"}]}, id="in"
            ),
        ],
    )
    def test_writes(self, codec: ProtoJson, values: dict[str, Any], expected: dict[str, Any]) -> None:
        assert json.loads(codec.encode_message(Sample(**values))) == expected

    @pytest.mark.parametrize("name", ["int64", "uint64", "sint64"])
    def test_64_bits_are_a_string_to_endpoints(self, name: str) -> None:
        message = Sample(**{name: 2**53 + 1})
        assert json.loads(plain.encode_message(message)) == {name: 9007199254740993}
        assert json.loads(endpoints.encode_message(message)) == {name: "9007199254740993"}

    def test_lists_of_64_bits(self) -> None:
        assert json.loads(endpoints.encode_message(Sample(numbers=[1, -2]))) == {"numbers": ["1", "-2"]}
        assert json.loads(plain.encode_message(Sample(numbers=[1, -2]))) == {"numbers": [1, -2]}

    @both
    @pytest.mark.parametrize("message", [Needy(), NeedyOuter(many=[Needy(text="a"), Needy()])], ids=["top", "nested"])
    def test_required_fields(self, codec: ProtoJson, message: messages.Message) -> None:
        with pytest.raises(messages.ValidationError, match="Message Needy is missing required field text"):
            codec.encode_message(message)

    @both
    def test_unrecognized_fields_are_written(self, codec: ProtoJson) -> None:
        text = '{"name": "a", "other": [1, 2.5], "7": "x"}'
        assert json.loads(codec.encode_message(codec.decode_message(Leaf, text))) == json.loads(text)


class TestDecode:
    @both
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            pytest.param("{}", Sample(), id="nothing"),
            pytest.param('{"text": "\\u20ac"}', Sample(text="€"), id="text"),
            pytest.param('{"text": null, "numbers": null}', Sample(), id="null"),
            pytest.param('{"text": "a", "text": null}', Sample(), id="null-comes-last"),
            pytest.param('{"numbers": [], "leaves": []}', Sample(), id="empty-lists"),
            pytest.param('{"numbers": 5, "leaves": {}}', Sample(numbers=[5], leaves=[Leaf()]), id="single-for-list"),
            pytest.param('{"shade": "LIGHT"}', Sample(shade=Shade.LIGHT), id="enum"),
            pytest.param('{"shade": 0}', Sample(shade=Shade.DARK), id="enum-by-number"),
            pytest.param('{"double": 1}', Sample(double=1.0), id="whole-number"),
            pytest.param('{"double": "-1e-3"}', Sample(double=-0.001), id="float-in-text"),
            pytest.param('{"int32": "5", "int64": "-7"}', Sample(int32=5, int64=-7), id="integers-in-text"),
            pytest.param('{"uint64": "18446744073709551615"}', Sample(uint64=2**64 - 1), id="largest"),
            pytest.param('{"data": "aGk="}', Sample(data=b"hi"), id="bytes"),
            pytest.param('{"when": "2014-02-28T23:59:59"}', Sample(when=MOMENT), id="naive"),
            pytest.param('{"when": "2014-02-28t23:59:59z"}', Sample(when=MOMENT.replace(tzinfo=dt.UTC)), id="zulu"),
            pytest.param(
                '{"when": "2014-02-28T23:59:59.123456789+0130"}',
                Sample(when=MOMENT.replace(microsecond=123456, tzinfo=TimeZoneOffset(90))),
                id="all-of-rfc-3339",
            ),
            pytest.param('{"leaf": {"name": "a"}}', Sample(leaf=Leaf(name="a")), id="nested"),
        ],
    )
    def test_reads(self, codec: ProtoJson, text: str, expected: Sample) -> None:
        assert codec.decode_message(Sample, text) == expected
        assert codec.decode_message(Sample, text.encode()) == expected

    @both
    @pytest.mark.parametrize("text", ["", " ", "\r\n\t", b"", b" \n"])
    def test_blank_is_an_empty_message(self, codec: ProtoJson, text: str | bytes) -> None:
        assert codec.decode_message(Sample, text) == Sample()
        with pytest.raises(messages.ValidationError, match="Message Needy is missing required field text"):
            codec.decode_message(Needy, text)

    @both
    @pytest.mark.parametrize("text", ["{", "{} {}", "x", "{'text': 1}", b'{"text": "\xff"}'])
    def test_no_json(self, codec: ProtoJson, text: str | bytes) -> None:
        with pytest.raises(ValueError, match=r"line 1 column|can't decode"):
            codec.decode_message(Sample, text)

    @both
    @pytest.mark.parametrize("text", ["[]", "5", "null", '"text"', "[{}]"])
    def test_no_object(self, codec: ProtoJson, text: str) -> None:
        with pytest.raises(messages.DecodeError, match="Expected an object for message Sample"):
            codec.decode_message(Sample, text)

    @both
    @pytest.mark.parametrize("text", ["5", '"text"', "true"])
    def test_no_object_inside(self, codec: ProtoJson, text: str) -> None:
        with pytest.raises(messages.DecodeError, match="Expected an object for message Leaf"):
            codec.decode_message(Sample, f'{{"leaf": {text}}}')

    @both
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ('{"shade": "dark"}', 'Invalid enum value "dark"'),
            ('{"shade": "5"}', 'Invalid enum value "5"'),
            ('{"shade": 4}', 'Invalid enum value "4"'),
            ('{"shade": 5.0}', 'Invalid enum value "5.0"'),
            ('{"shade": ""}', 'Invalid enum value ""'),
            ('{"data": "a"}', "Base64 decoding error: Incorrect padding"),
            ('{"data": "\\u00e9"}', "Base64 decoding error: "),
            ('{"data": 5}', "Base64 decoding error: "),
            ('{"when": "x"}', "Expected a date-time such as"),
            ('{"when": "2014-02-30T00:00:00"}', "is not a date-time"),
            ('{"when": 5}', "Expected a date-time in a string"),
            ('{"when": {"milliseconds": 5}}', "Expected a date-time in a string"),
            ('{"leaves": [null]}', "Expected an object for message Leaf"),
            ('{"leaf": {"data": "a"}}', "Base64 decoding error: Incorrect padding"),
        ],
    )
    def test_values_that_cannot_be_read(self, codec: ProtoJson, text: str, reason: str) -> None:
        with pytest.raises(messages.DecodeError) as caught:
            codec.decode_message(Sample, text)
        assert reason in str(caught.value)

    @both
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("text", "5"),
            ("text", "{}"),
            ("flag", "1"),
            ("flag", '"true"'),
            ("double", '"x"'),
            ("double", '"1_0"'),
            ("int32", "5.0"),
            ("int64", '"0x10"'),
            ("int64", '"1_0"'),
            ("int64", '""'),
            ("numbers", "[1.5]"),
        ],
    )
    def test_values_of_the_wrong_type(self, codec: ProtoJson, name: str, value: str) -> None:
        with pytest.raises(messages.ValidationError, match=f"for field {name}, found "):
            codec.decode_message(Sample, f'{{"{name}": {value}}}')

    @both
    def test_null_in_a_list(self, codec: ProtoJson) -> None:
        with pytest.raises(messages.ValidationError, match="Repeated values for field numbers may not be None"):
            codec.decode_message(Sample, '{"numbers": [1, null]}')

    @both
    @pytest.mark.parametrize("text", ["{}", '{"text": null}', '{"other": "a"}'])
    def test_required_fields(self, codec: ProtoJson, text: str) -> None:
        with pytest.raises(messages.ValidationError, match="Message Needy is missing required field text"):
            codec.decode_message(Needy, text)
        with pytest.raises(messages.ValidationError, match="Message Needy is missing required field text"):
            codec.decode_message(NeedyOuter, f'{{"many": [{{"text": "a"}}, {text}]}}')

    @both
    def test_dictionaries_need_not_be_complete(self, codec: ProtoJson) -> None:
        assert codec.decode_dictionary(NeedyOuter, {"many": {}}) == NeedyOuter(many=[Needy()])

    @both
    def test_single_values(self, codec: ProtoJson) -> None:
        values = {"leaf": {"name": "a"}, "leaves": {"name": "b"}, "shade": "LIGHT", "numbers": "5", "text": "c"}
        decoded = [codec.decode_field(Sample.field_by_name(name), value) for name, value in values.items()]
        assert decoded == [Leaf(name="a"), Leaf(name="b"), Shade.LIGHT, 5, "c"]

    @both
    def test_depth(self, codec: ProtoJson) -> None:
        assert codec.decode_message(Chain, chain_text(100)).is_initialized()
        with pytest.raises(messages.DecodeError, match="Messages are nested more than 100 deep"):
            codec.decode_message(Chain, chain_text(101))
        for text in (chain_text(100_000), "[" * 100_000):
            with pytest.raises(messages.DecodeError, match="nested"):
                codec.decode_message(Chain, text)


class TestBytesOfEndpoints:
    @pytest.mark.parametrize("text", ["+/+/", "-_-_", "-/+_"])
    def test_either_alphabet(self, text: str) -> None:
        assert endpoints.decode_message(Leaf, json.dumps({"data": text})).data == b"\xfb\xff\xbf"

    @pytest.mark.parametrize(("text", "data"), [("aGk", b"hi"), ("_w", b"\xff"), ("", b""), ("aGk=", b"hi")])
    def test_padded_or_not(self, text: str, data: bytes) -> None:
        assert endpoints.decode_message(Leaf, json.dumps({"data": text})).data == data

    def test_padding_is_needed_otherwise(self) -> None:
        with pytest.raises(messages.DecodeError, match="Incorrect padding"):
            plain.decode_message(Leaf, '{"data": "aGk"}')


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("int32", -(2**31), 2**31 - 1),
        ("uint32", 0, 2**32 - 1),
        ("int64", -(2**63), 2**63 - 1),
        ("sint64", -(2**63), 2**63 - 1),
        ("uint64", 0, 2**64 - 1),
    ],
)
@pytest.mark.parametrize("form", ['{{"{}": {}}}', '{{"{}": "{}"}}'], ids=["number", "text"])
def test_endpoints_checks_the_range_of_integers(form: str, name: str, low: int, high: int) -> None:
    for value in (low, high):
        assert getattr(endpoints.decode_message(Sample, form.format(name, value)), name) == value
    for value in (low - 1, high + 1):
        assert getattr(plain.decode_message(Sample, form.format(name, value)), name) == value
        with pytest.raises(messages.DecodeError, match=f"{name} is out of range for {name.upper()}: {low} to {high}"):
            endpoints.decode_message(Sample, form.format(name, value))


@both
class TestUnrecognizedFields:
    @pytest.mark.parametrize(
        ("value", "variant"),
        [
            ("true", Variant.BOOL),
            ("5", Variant.INT64),
            ("1.5", Variant.DOUBLE),
            ('"x"', Variant.STRING),
            ("[1, 2]", Variant.INT64),
            ("[1, 2.5]", Variant.DOUBLE),
            ('[1, 2.5, "x"]', Variant.STRING),
        ],
    )
    def test_are_kept(self, codec: ProtoJson, value: str, variant: Variant) -> None:
        message = codec.decode_message(Leaf, f'{{"name": "a", "other": {value}}}')
        assert message == Leaf(name="a")
        assert message.get_unrecognized_field_info("other") == (json.loads(value), variant)

    def test_named_by_digits_are_numbers(self, codec: ProtoJson) -> None:
        assert codec.decode_message(Leaf, '{"12": "a", "1x": "b"}').all_unrecognized_fields() == [12, "1x"]

    def test_named_by_very_many_digits_are_none(self, codec: ProtoJson) -> None:
        name = "9" * 5000
        assert codec.decode_message(Leaf, f'{{"{name}": "a"}}').all_unrecognized_fields() == [name]

    @pytest.mark.parametrize("value", ["[true]", "[1, false]"])
    def test_lists_of_booleans_are_refused(self, codec: ProtoJson, value: str) -> None:
        with pytest.raises(messages.DecodeError, match="Expected numbers or strings in an unrecognized list"):
            codec.decode_message(Leaf, f'{{"other": {value}}}')

    @pytest.mark.parametrize("value", ["{}", '{"name": "x"}', "[]", "[[]]"])
    def test_that_have_no_variant_are_dropped(
        self, codec: ProtoJson, value: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING):
            message = codec.decode_message(Leaf, f'{{"other": {value}}}')
        assert message.all_unrecognized_fields() == []
        assert "No variant found for unrecognized field: other" in caplog.text

    def test_null_is_nothing(self, codec: ProtoJson) -> None:
        assert codec.decode_message(Leaf, '{"other": null}').all_unrecognized_fields() == []

    @pytest.mark.parametrize("name", ["__class__", "check_initialized", "_v_name", "__raw__", "__init__"])
    def test_never_become_attributes(self, codec: ProtoJson, name: str) -> None:
        message = codec.decode_message(Leaf, json.dumps({name: "x"}))
        assert getattr(message, name) != "x"
        assert message.get_unrecognized_field_info(name) == ("x", Variant.STRING)


class Shouting(ProtoJson):
    """Text in capitals, dates as numbers; all else as usual."""

    def encode_field(self, field: Any, value: Any) -> Any:
        if isinstance(field, messages.StringField):
            return [item.upper() for item in value] if field.repeated else value.upper()
        if isinstance(field, message_types.DateTimeField):
            return field.value_to_message(value).milliseconds
        return super().encode_field(field, value)

    def decode_field(self, field: Any, value: Any) -> Any:
        if isinstance(field, messages.StringField):
            return value.lower()
        if isinstance(field, message_types.DateTimeField):
            return field.value_from_message(message_types.DateTimeMessage(milliseconds=value))
        return super().decode_field(field, value)


class TestSubclass:
    def test_decides_how_fields_are_written(self) -> None:
        message = Sample(text="a", data=b"hi", when=MOMENT, leaves=[Leaf(name="b")])
        assert json.loads(Shouting().encode_message(message)) == {
            "text": "A",
            "data": "aGk=",
            "when": 1393631999000,
            "leaves": [{"name": "B"}],
        }

    def test_decides_how_fields_are_read(self) -> None:
        text = '{"text": "A", "data": "aGk=", "when": 1393631999000, "leaves": [{"name": "B"}]}'
        expected = Sample(text="a", data=b"hi", when=MOMENT, leaves=[Leaf(name="b")])
        assert Shouting().decode_message(Sample, text) == expected

    def test_is_used_by_the_json_encoder(self) -> None:
        written = json.dumps([Leaf(name="a")], cls=protojson.MessageJSONEncoder, protojson_protocol=Shouting())
        assert json.loads(written) == [{"name": "A"}]


class TestJsonEncoder:
    def test_writes_what_messages_hold(self) -> None:
        values = {"message": Leaf(data=b"hi"), "member": Shade.DARK, "bytes": b"\xc3\xa9"}
        written = json.dumps(values, cls=protojson.MessageJSONEncoder)
        assert json.loads(written) == {"message": {"data": "aGk="}, "member": "DARK", "bytes": "é"}

    def test_refuses_what_json_refuses(self) -> None:
        with pytest.raises(TypeError, match="not JSON serializable"):
            json.dumps(object(), cls=protojson.MessageJSONEncoder)


@pytest.fixture
def default_restored() -> Iterator[None]:
    before = ProtoJson.get_default()
    yield
    ProtoJson.set_default(before)


@pytest.mark.usefixtures("default_restored")
class TestDefault:
    def test_is_one_plain_codec(self) -> None:
        assert type(ProtoJson.get_default()) is ProtoJson
        assert ProtoJson.get_default() is ProtoJson.get_default() is EndpointsProtoJson.get_default()

    def test_is_what_the_functions_use(self) -> None:
        assert json.loads(protojson.encode_message(Leaf(name="a"))) == {"name": "a"}
        ProtoJson.set_default(Shouting())
        assert json.loads(protojson.encode_message(Leaf(name="a"))) == {"name": "A"}
        assert protojson.decode_message(Leaf, '{"name": "A"}') == Leaf(name="a")
        assert json.loads(json.dumps(Leaf(name="a"), cls=protojson.MessageJSONEncoder)) == {"name": "A"}
        assert json.loads(plain.encode_message(Leaf(name="a"))) == {"name": "a"}

    @pytest.mark.parametrize("wrong", [None, ProtoJson, protojson, object()])
    def test_is_a_codec(self, wrong: Any) -> None:
        before = ProtoJson.get_default()
        with pytest.raises(TypeError, match="Expected protocol of type ProtoJson"):
            ProtoJson.set_default(wrong)
        assert ProtoJson.get_default() is before


def test_module_is_a_protocol() -> None:
    assert protojson.CONTENT_TYPE == ProtoJson.CONTENT_TYPE == "application/json"
    assert "text/javascript" in protojson.ALTERNATIVE_CONTENT_TYPES
    assert protojson.CONTENT_TYPE not in protojson.ALTERNATIVE_CONTENT_TYPES
    assert all(hasattr(protojson, name) for name in protojson.__all__)
