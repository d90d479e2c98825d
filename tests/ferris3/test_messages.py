"""`ferris3.messages` over SQLAlchemy models: the message classes, and what is put into them."""

from __future__ import annotations

import datetime
import decimal
import subprocess
import sys
import uuid
from typing import Any

import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Enum,
    ForeignKey,
    Integer,
    Numeric,
    PickleType,
    String,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, WriteOnlyMapped, mapped_column, relationship
from sqlalchemy.types import UserDefinedType

import endpoints
import ferris3
from ferris3 import messages
from ferris3.messages import Converter, Message
from protorpc import protojson
from tests.ferris3.stored import Author, Coin, Mood, Post, Rank, Seat, Tag, Token

PostMessage: Any = messages.model_message(Post)
AuthorMessage: Any = messages.model_message(Author)
NOON = datetime.datetime(2026, 1, 1, 12)  # noqa: DTZ001 - a column without a time zone


def described(message_type: type[Message]) -> list[tuple[int, str, str, str]]:
    """Number, name, class, and what else is set of all fields, by number."""
    return [
        (
            field.number,
            field.name,
            type(field).__name__,
            ("repeated" if field.repeated else "required" if field.required else "")
            + ("" if field.default is None or field.default == [] else str(field.default)),
        )
        for field in sorted(message_type.all_fields(), key=lambda field: field.number)
    ]


def test_the_fields_of_a_model() -> None:
    assert PostMessage.__name__ == "PostMessage"
    assert described(PostMessage) == [
        (1, "id", "StringField", ""),
        (2, "title", "StringField", "required"),
        (3, "words", "IntegerField", ""),
        (4, "score", "FloatField", "0.5"),
        (5, "price", "StringField", ""),
        (6, "public", "BooleanField", "True"),
        (7, "created", "DateTimeField", ""),
        (8, "day", "MessageField", ""),
        (9, "clock", "MessageField", ""),
        (10, "picture", "BytesField", ""),
        (11, "mood", "EnumField", "GOOD"),
        (12, "rank", "EnumField", ""),
        (13, "size", "StringField", ""),
        (14, "reference", "StringField", ""),
        # JSON and an interval have no field, and keep their number.
        (17, "author_id", "IntegerField", ""),
    ]
    assert [(each.name, each.number) for each in PostMessage.mood.type] == [("GOOD", 1), ("BAD", 2)]
    assert [(each.name, each.number) for each in PostMessage.rank.type] == [("LOW", 10), ("HIGH", 20)]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        pytest.param({"only": ("title", "words")}, ["id", "title", "words"], id="only"),
        pytest.param({"only": "title"}, ["id", "title"], id="only one"),
        pytest.param({"only": ["title", "author"]}, ["id", "title", "author"], id="a relationship is asked for"),
        pytest.param({"only": {"title", "mood"}, "exclude": {"mood"}}, ["id", "title"], id="both"),
        pytest.param({"only": ("title",), "exclude": ("id",)}, ["title"], id="no key"),
        pytest.param({"only": ("title",), "key_field": None}, ["title"], id="no key field"),
        pytest.param({"only": ("title",), "key_field": "key"}, ["key", "title"], id="another key field"),
    ],
)
def test_a_choice_of_fields(options: dict[str, Any], names: list[str]) -> None:
    chosen = messages.model_message(Post, **options)
    assert [name for _, name, _, _ in described(chosen)] == names
    assert chosen is not PostMessage


@pytest.mark.parametrize("argument", ["only", "exclude"])
def test_a_name_that_is_not_there(argument: str) -> None:
    with pytest.raises(ValueError, match=f"^{argument}: Author has no property 'nmae', but name, email$"):
        messages.model_message(Author, **{argument: ["nmae"]})  # type: ignore[arg-type]


def test_the_same_model_has_the_same_message() -> None:
    assert messages.model_message(Post) is PostMessage
    assert messages.list_message(PostMessage) is messages.list_message(PostMessage)
    assert ferris3.model_message is messages.model_message and ferris3.list_message is messages.list_message
    assert messages.model_message(Author, name="Writer").__name__ == "Writer"


def test_lists_and_compositions() -> None:
    found = messages.list_message(PostMessage)
    assert found.__name__ == "PostMessageCollection" and messages.collection_message is messages.list_message
    assert described(found) == [(1, "items", "MessageField", "repeated"), (2, "nextPageToken", "StringField", "")]

    class Stamp(Message):
        name = messages.IntegerField(7)
        stamp = messages.StringField(1)

    both = messages.compose(AuthorMessage, Stamp)
    assert both.__name__ == "ComposedAuthorMessageStamp"
    assert [(name, kind) for _, name, kind, _ in described(both)] == [
        ("id", "StringField"),
        ("name", "IntegerField"),
        ("email", "StringField"),
        ("stamp", "StringField"),
    ]
    for make in (messages.list_message, messages.compose):
        with pytest.raises(TypeError, match=r"takes .*message class"):
            make(Post)  # type: ignore[arg-type]


FULL = Post(
    id=7,
    title="Fish",
    words=3,
    score=1.0,
    price=decimal.Decimal("12.50"),
    public=False,
    created=NOON,
    day=datetime.date(2026, 2, 3),
    clock=datetime.time(4, 5, 6, 7),
    picture=b"\x01",
    mood=Mood.BAD,
    rank=Rank.HIGH,
    size="x-l",
    reference=uuid.UUID(int=1),
    author=Author(id=3, name="Ann"),
    tags=[Tag(name="a"), Tag(name="b")],
)
JSON = (
    b'{"id":"7","title":"Fish","words":"3","score":1.0,"price":"12.50","public":false,"created":"2026-01-01T12:00:00",'
    b'"day":{"year":"2026","month":"2","day":"3"},"clock":{"hour":"4","minute":"5","second":"6","microsecond":"7"},'
    b'"picture":"AQ==","mood":"BAD","rank":"HIGH","size":"x-l","reference":"00000000-0000-0000-0000-000000000001"}'
)


def test_there_and_back() -> None:
    message = messages.serialize(PostMessage, FULL)
    assert endpoints.protojson.EndpointsProtoJson().encode_message(message).encode().replace(b" ", b"") == JSON
    back = messages.deserialize(Post, message)
    names = [name for _, name, _, _ in described(PostMessage)]
    assert {name: getattr(back, name) for name in names} == {name: getattr(FULL, name) for name in names}


def test_related_entities_are_shown_and_never_assigned() -> None:
    message_type: Any = messages.model_message(Post, only=("title", "author", "tags"), name="Deep")
    assert message_type.author.type is AuthorMessage and message_type.tags.repeated
    message = messages.serialize(message_type, FULL)
    assert (message.author.name, [tag.id for tag in message.tags]) == ("Ann", ["a", "b"])
    other = Author(name="Ben")
    assert messages.deserialize(Post(author=other), message).author is other


def test_what_is_none_stays_unset_and_a_message_is_filled() -> None:
    message = AuthorMessage(id="9", email="before@example.com")
    assert messages.serialize(message, Author(name="Ann")) is message
    assert (message.id, message.name, message.email) == (None, "Ann", "before@example.com")


def test_an_update_replaces() -> None:
    post = Post(
        id=7,
        title="Fish",
        words=3,
        score=9.0,
        created=NOON,
        mood=Mood.BAD,
    )
    changed = messages.deserialize(post, PostMessage(title="Fowl"))
    assert changed is post
    assert (post.id, post.title, post.words) == (7, "Fowl", None)
    assert (post.score, post.mood) == (0.5, Mood.GOOD), "defaults that a message can say"
    assert post.created == NOON, "made by a function"
    assert messages.deserialize(post, PostMessage(title="x", id="8"), exclude=["id"]).id == 7
    assert messages.deserialize(post, PostMessage(title="y", id="8"), only=["words"]).title == "x"
    assert post.id == 8


def test_a_new_entity_has_the_defaults_of_its_columns() -> None:
    made: Any = messages.deserialize(Post, PostMessage(title="x"))
    assert (made.id, made.title, made.score, made.created) == (None, "x", 0.5, None)
    assert messages.deserialize(Coin, messages.model_message(Coin)(name="Euro", id="4")).id == 4


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param({"id": "seven"}, "id: 'seven' cannot be a key of Post", id="key"),
        pytest.param({"price": "dear"}, "price: 'dear' is no decimal number", id="decimal"),
        pytest.param({"price": "NaN"}, "price: 'NaN' is no finite number", id="not a number"),
        pytest.param({"reference": "1"}, "reference: '1' is no UUID", id="UUID"),
        pytest.param({"size": "m"}, "size: 'm' is none of s, x-l", id="word"),
        pytest.param({"title": "a\0b"}, "title: a text cannot hold a NUL", id="NUL"),
        pytest.param({"day": messages.DateMessage(year=2026, month=2, day=30)}, "day: day is out of", id="date"),
        pytest.param({"day": messages.DateMessage(year=2**62, month=2, day=3)}, "day: ", id="large year"),
        pytest.param({"clock": messages.TimeMessage(hour=24, minute=0)}, "clock: hour must be in", id="time"),
        pytest.param(
            {"clock": messages.TimeMessage(hour=1, minute=0, time_zone_offset=1440)}, "clock: a time zone", id="zone"
        ),
        pytest.param(
            {"created": datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))},
            "created: .* is not between the years",
            id="before the first year",
        ),
    ],
)
def test_values_that_cannot_be(values: dict[str, Any], said: str) -> None:
    message = PostMessage(**({"title": "x"} | values))
    with pytest.raises(endpoints.BadRequestException, match=f"^{said}"):
        messages.deserialize(Post, message)


@pytest.mark.parametrize("target", [pytest.param(Author, id="new"), pytest.param(Author(name="Ann"), id="known")])
def test_what_models_refuse(target: Any) -> None:
    with pytest.raises(endpoints.BadRequestException, match=r"^Author: 'x' is no email address$"):
        messages.deserialize(target, AuthorMessage(name="Ann", email="x"))
    with pytest.raises(endpoints.BadRequestException, match=r"^name: 11 characters are more than the 10 that"):
        messages.deserialize(target, AuthorMessage(name="Ann" * 3 + "ie"))


def test_points_in_time_are_kept_in_utc() -> None:
    two = datetime.timezone(datetime.timedelta(hours=2))
    sent = PostMessage(title="x", created=datetime.datetime(2026, 1, 1, 14, tzinfo=two))
    assert messages.deserialize(Post, sent).created == NOON


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        pytest.param(Seat(row=7, letter="a,b/é", taken=True), "7,a%2Cb%2F%C3%A9", id="composite"),
        pytest.param(Seat(row=-7, letter="", taken=True), "-7,", id="empty part"),
        pytest.param(Token(key=uuid.UUID(int=5), text="x"), str(uuid.UUID(int=5)), id="UUID"),
        pytest.param(Tag(name="a,b"), "a,b", id="text"),
    ],
)
def test_keys(entity: Any, text: str) -> None:
    message_type: Any = messages.model_message(type(entity))
    message = messages.serialize(message_type, entity)
    assert message.id == text
    assert messages.serialize(message_type, messages.deserialize(type(entity), message)) == message


@pytest.mark.parametrize("text", ["", "7", "7,a,b", "x,a", "07,a", "7,%ff", f"{2**63},a", "٣,a"])
def test_texts_that_are_no_keys(text: str) -> None:
    with pytest.raises(endpoints.BadRequestException, match=r"^id: .* cannot be a key of Seat$"):
        messages.deserialize(Seat, messages.model_message(Seat)(id=text))


class Minutes:
    """As converters were written for NDB: three static methods that take four values."""

    @staticmethod
    def to_field(Model: Any, property: Any, count: int) -> Any:  # noqa: A002, N803
        assert (Model, property.name, property.nullable) == (Post, "lasted", True)
        return messages.IntegerField(count)

    @staticmethod
    def to_message(Model: Any, property: Any, field: Any, value: Any) -> Any:  # noqa: A002, ARG004, N803
        return value // datetime.timedelta(minutes=1)

    @staticmethod
    def to_model(Message: Any, property: Any, field: Any, value: Any) -> Any:  # noqa: A002, ARG004, N803
        if value < 0:
            raise ValueError("time does not run backwards")
        return datetime.timedelta(minutes=value)


@pytest.mark.parametrize("globally", [False, True])
def test_converters(globally: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    own: dict[str, Converter | None] = {"Interval": Minutes, "String": None}
    if globally:
        for name, converter in own.items():
            monkeypatch.setitem(messages.converters, name, converter)
    options: Any = {"name": "Timed"} if globally else {"converters": own}
    message_type: Any = messages.model_message(Post, **options)
    assert (16, "lasted", "IntegerField", "") in described(message_type)
    assert not any(name == "title" for _, name, _, _ in described(message_type))
    message = messages.serialize(message_type, Post(lasted=datetime.timedelta(minutes=90)))
    assert message.lasted == 90
    assert messages.deserialize(Post, message).lasted == datetime.timedelta(minutes=90)
    with pytest.raises(endpoints.BadRequestException, match=r"^lasted: time does not run backwards$"):
        messages.deserialize(Post, message_type(lasted=-1))


def test_messages_written_by_hand() -> None:
    class Colour(messages.Enum):
        GOOD = 5
        BAD = 6

    class Short(Message):
        price = messages.FloatField(1)
        mood = messages.EnumField(Colour, 2)
        rank = messages.StringField(3)
        comment = messages.StringField(4)

    message = messages.serialize(Short, FULL)
    assert (message.price, message.mood, message.rank, message.comment) == (12.5, Colour.BAD, "HIGH", None)
    back = messages.deserialize(Post, message)
    assert (back.price, back.mood, back.rank) == (decimal.Decimal("12.5"), Mood.BAD, Rank.HIGH)
    with pytest.raises(endpoints.BadRequestException, match=r"^rank: 'x' is none of LOW, HIGH$"):
        messages.deserialize(Post, Short(rank="x"))


def test_lists_of_entities() -> None:
    list_type: Any = messages.list_message(AuthorMessage)
    entities = [Author(id=1, name="a"), Author(id=2, name="b")]
    found = messages.serialize_list(list_type, iter(entities))
    assert ([item.id for item in found.items], found.nextPageToken) == (["1", "2"], None)
    page = messages.PaginationResults(entities, "more")
    items, token = page
    assert (items, token) == (entities, "more") == (page.items, page.next_page_token)
    assert messages.serialize_list(list_type, page, exclude=["name"]).nextPageToken == "more"


@pytest.mark.parametrize("model", [int, "Post", Post(), None])
def test_what_is_no_model(model: Any) -> None:
    with pytest.raises(TypeError, match="is no model: take a SQLAlchemy model, a dataclass, or"):
        messages.model_message(model)


def test_nothing_is_imported_that_is_not_needed() -> None:
    code = (
        "import sys, ferris3, dataclasses\n"
        "@dataclasses.dataclass\nclass Point:\n    x: int\n"
        "ferris3.model_message(Point)\n"
        "print({'sqlalchemy', 'google.cloud.ndb'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "set()\n"


def test_old_wire() -> None:
    assert protojson.encode_message(AuthorMessage(id="1", name="Ann")) == '{"id": "1", "name": "Ann"}'


class Elsewhere(DeclarativeBase):
    """Models that SQLite has no types for, and models with mistakes."""


class Loud(TypeDecorator[str]):
    impl = String
    cache_ok = True


class NoType(UserDefinedType[Any]):
    """A type of which SQLAlchemy knows no Python type."""

    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        raise NotImplementedError


class Measured(Elsewhere):
    __tablename__ = "measured"

    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    until: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    values: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    grid: Mapped[list[list[int]]] = mapped_column(ARRAY(Integer, dimensions=2))
    rough: Mapped[float] = mapped_column(Numeric(asdecimal=False))
    loud: Mapped[str] = mapped_column(Loud(3))
    pickled: Mapped[object] = mapped_column(PickleType)
    parts: WriteOnlyMapped[Part] = relationship()


class Part(Elsewhere):
    __tablename__ = "part"

    id: Mapped[int] = mapped_column(primary_key=True)
    of: Mapped[datetime.datetime] = mapped_column(ForeignKey("measured.at"))


class Pictured(Elsewhere):
    __tablename__ = "pictured"

    key: Mapped[bytes] = mapped_column(primary_key=True)


class Spatial(Elsewhere):
    __tablename__ = "spatial"

    key: Mapped[Any] = mapped_column(NoType(), primary_key=True)


class Vague(Elsewhere):
    __tablename__ = "vague"

    id: Mapped[int] = mapped_column(primary_key=True)
    other: Mapped[Any] = mapped_column(ForeignKey("nowhere.id"))


class Slugged(Elsewhere):
    __tablename__ = "slugged"

    slug: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[int]


class Ticket(Elsewhere):
    __tablename__ = "ticket"

    chip: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    size: Mapped[str] = mapped_column(Enum("s", "m"), primary_key=True)
    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(primary_key=True)


def test_a_key_fits_its_columns() -> None:
    chip, message_type = str(uuid.uuid4()), messages.model_message(Ticket)
    made: Any = messages.deserialize(Ticket, message_type(id=f"{chip.upper()},s,abc,2026-01-01T14:00:00%2B02:00"))
    assert (made.chip, made.size, made.code, made.at) == (chip, "s", "abc", NOON)
    for wrong in ("x,s,abc,2026-01-01", f"{chip},x,abc,2026-01-01", f"{chip},s,abcd,2026-01-01"):
        with pytest.raises(endpoints.BadRequestException, match=rf"^id: '{wrong}' cannot be a key of Ticket$"):
            messages.deserialize(Ticket, message_type(id=wrong))


def test_types_beyond_sqlite() -> None:
    message_type: Any = messages.model_message(Measured)
    assert described(message_type) == [
        (1, "id", "StringField", ""),
        (2, "until", "DateTimeField", "required"),
        (3, "values", "IntegerField", "repeated"),
        (5, "rough", "FloatField", "required"),
        (6, "loud", "StringField", "required"),
    ]
    message = message_type(id="2026-01-01T12:00:00+00:00", until=NOON, values=[1, 2], rough=0.5, loud="abc")
    made = messages.deserialize(Measured, message)
    assert (made.at, made.until) == (NOON.replace(tzinfo=datetime.UTC),) * 2
    assert messages.serialize(message_type, made).id == message.id
    with pytest.raises(endpoints.BadRequestException, match=r"^loud: 4 characters are more than the 3"):
        messages.deserialize(Measured, message_type(loud="abcd"))
    with pytest.raises(ValueError, match=r"^only: Measured has no property 'parts'"):
        messages.model_message(Measured, only=["parts"])


@pytest.mark.parametrize(
    ("model", "said"),
    [
        pytest.param(Pictured, r"^Pictured: key: a key of type LargeBinary\(\) cannot be written as text$", id="bytes"),
        pytest.param(Spatial, "^Spatial: key: a key of type .* cannot be written as text$", id="no Python type"),
        pytest.param(Vague, "^Vague: other: the type of the column is not known yet; name it in", id="no type"),
        pytest.param(Slugged, "^Slugged: id is a property beside the key; choose another key_field$", id="two ids"),
    ],
)
def test_mistakes(model: type, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        messages.model_message(model)


def test_another_key_field() -> None:
    message_type: Any = messages.model_message(Slugged, key_field="slug")
    message = messages.serialize(message_type, Slugged(slug="a", id=4), key_field="slug")
    assert (message.slug, message.id) == ("a", 4)
    back = messages.deserialize(Slugged, message, key_field="slug")
    assert (back.slug, back.id) == ("a", 4)
