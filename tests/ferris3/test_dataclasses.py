"""`ferris3.messages` over dataclasses."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

import pytest

import endpoints
from ferris3 import hvild, messages


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Size(messages.Enum):
    S = 1
    L = 2


class Note(messages.Message):
    text = messages.StringField(1)


@dataclass
class Wheel:
    inches: float
    spokes: int = 36


@dataclass
class Bike:
    name: str
    wheels: list[Wheel]
    price: decimal.Decimal
    fee: decimal.Decimal = decimal.Decimal("0.50")
    colour: Colour = Colour.RED
    id: int | None = None
    size: Size | None = None
    spare: Wheel | None = None
    tags: Sequence[str] = ()
    rating: float = 1
    serial: Optional[uuid.UUID] = None  # noqa: UP045 - as older code has it
    made: datetime.date | None = None
    sold: datetime.datetime | None = None
    opens: datetime.time | None = None
    photo: bytes = b""
    new: bool = True
    note: Note | None = None
    gears: list[int] = field(default_factory=lambda: [3])
    tested: datetime.datetime = field(default_factory=lambda: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    extra: dict[str, str] = field(default_factory=dict)
    either: int | str = 0
    age: int = field(init=False, default=4)


BikeMessage: Any = messages.model_message(Bike)
UTC_NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)


def test_the_fields_of_a_dataclass() -> None:
    fields = sorted(BikeMessage.all_fields(), key=lambda each: each.number)
    assert [(each.number, each.name, type(each).__name__) for each in fields] == [
        (1, "id", "StringField"),
        (2, "name", "StringField"),
        (3, "wheels", "MessageField"),
        (4, "price", "StringField"),
        (5, "fee", "StringField"),
        (6, "colour", "EnumField"),
        (7, "size", "EnumField"),
        (8, "spare", "MessageField"),
        (9, "tags", "StringField"),
        (10, "rating", "FloatField"),
        (11, "serial", "StringField"),
        (12, "made", "MessageField"),
        (13, "sold", "DateTimeField"),
        (14, "opens", "MessageField"),
        (15, "photo", "BytesField"),
        (16, "new", "BooleanField"),
        (17, "note", "MessageField"),
        (18, "gears", "IntegerField"),
        (19, "tested", "DateTimeField"),
        # A dict and a choice of types have no field, and keep their numbers.
        (22, "age", "IntegerField"),
    ]
    assert [each.name for each in fields if each.required] == ["name", "price"]
    assert [each.name for each in fields if each.repeated] == ["wheels", "tags", "gears"]
    assert (BikeMessage.size.type, BikeMessage.note.type) == (Size, Note)
    assert BikeMessage.wheels.type is messages.model_message(Wheel)
    assert (BikeMessage.rating.default, str(BikeMessage.colour.default), BikeMessage.fee.default) == (
        1.0,
        "RED",
        "0.50",
    )


def test_there_and_back() -> None:
    bike = Bike(
        id=7,
        name="Fast",
        wheels=[Wheel(28), Wheel(26.5, 32)],
        price=decimal.Decimal("1.10"),
        colour=Colour.BLUE,
        size=Size.L,
        spare=Wheel(20),
        tags=["a"],
        serial=uuid.UUID(int=1),
        made=datetime.date(2026, 1, 2),
        sold=UTC_NOON,
        opens=datetime.time(1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=-1))),
        photo=b"x",
        note=Note(text="n"),
        gears=[1, 2],
    )
    message = messages.serialize(BikeMessage, bike)
    assert (message.id, message.age, message.opens.time_zone_offset) == ("7", 4, -60)
    assert messages.deserialize(Bike, message) == bike


def test_a_new_one_and_a_replaced_one() -> None:
    message = BikeMessage(name="Slow", price="2")
    made = messages.deserialize(Bike, message)
    assert made == Bike(name="Slow", price=decimal.Decimal(2), wheels=[], tags=[], gears=[])
    known = Bike(id=1, name="Fast", price=decimal.Decimal(1), wheels=[], spare=Wheel(20), new=False, tested=UTC_NOON)
    messages.deserialize(known, message)
    assert (known.id, known.spare, known.new, known.tested) == (1, None, True, UTC_NOON)
    assert messages.deserialize(known, BikeMessage(name="x", price="1", id="2")).id == 2


@dataclass
class Tree:
    branches: list[Tree]


@dataclass
class Keyless:
    text: str


@dataclass
class Odd:
    id: list[int]


@dataclass
class Numbered:
    id: int


@dataclass
class MaybeNumbered:
    id: int | None


@dataclass
class Broken:
    x: Nothing  # type: ignore[name-defined] # noqa: F821


def test_a_dataclass_without_a_key() -> None:
    message_type: Any = messages.model_message(Keyless)
    assert [(each.number, each.name) for each in message_type.all_fields()] == [(2, "text")]
    assert messages.deserialize(Keyless, message_type(text="x")) == Keyless("x")

    class Own(messages.Message):
        id = messages.StringField(1)
        text = messages.StringField(2)

    assert messages.deserialize(Keyless, Own(id="1", text="x")) == Keyless("x")
    assert messages.serialize(Own, Keyless("x")).id is None


@pytest.mark.parametrize(
    ("model", "said"),
    [
        pytest.param(Tree, "^Tree: branches leads back to Tree; leave it out$", id="a circle"),
        pytest.param(Broken, "^Broken: name 'Nothing' is not defined; the types of its fields", id="unknown type"),
    ],
)
def test_mistakes(model: type, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        messages.model_message(model)


def test_circles_are_left_out_and_odd_keys_are_none() -> None:
    assert not list(messages.model_message(Tree, exclude=["branches"]).all_fields())
    assert not list(messages.model_message(Odd).all_fields())


def test_values_that_cannot_be() -> None:
    message = BikeMessage(name="x", price="1", wheels=[messages.model_message(Wheel)(inches=2.0, spokes=1)])
    message.id = "x"
    with pytest.raises(endpoints.BadRequestException, match=r"^id: 'x' cannot be a key of Bike$"):
        messages.deserialize(Bike, message)


def test_a_key_that_is_needed() -> None:
    message_type: Any = messages.model_message(Numbered)
    assert messages.deserialize(Numbered, message_type(id="4")) == Numbered(4)
    with pytest.raises(endpoints.BadRequestException, match=r"^Numbered: id is missing$"):
        messages.deserialize(Numbered, message_type())
    assert messages.deserialize(MaybeNumbered, message_type()) == MaybeNumbered(None)


def test_no_database_keeps_them() -> None:
    with pytest.raises(TypeError, match=r"^hvild.list\(Bike\): Bike is a dataclass, which no database keeps$"):
        hvild.list(Bike)
