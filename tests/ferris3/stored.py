"""Models for the tests of messages and of ready-made methods, with a database in memory."""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Any

from sqlalchemy import JSON, Column, Computed, Engine, Enum, ForeignKey, Interval, String, Table, Uuid, create_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    column_property,
    mapped_column,
    relationship,
    validates,
)
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


class Rank(enum.IntEnum):
    LOW = 10
    HIGH = 20


def now() -> datetime.datetime:
    return datetime.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - a column without a time zone


tagged = Table(
    "tagged",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("tag", ForeignKey("tag.name"), primary_key=True),
)


class Author(Base):
    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(10), unique=True)
    email: Mapped[str | None]
    posts: Mapped[list[Post]] = relationship(back_populates="author")

    @validates("email")
    def check_email(self, _key: str, value: str | None) -> str | None:
        if value is not None and "@" not in value:
            raise ValueError(f"{value!r} is no email address")
        return value


class Tag(Base):
    __tablename__ = "tag"

    name: Mapped[str] = mapped_column(primary_key=True)


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column()
    words: Mapped[int | None]
    score: Mapped[float] = mapped_column(default=0.5)
    price: Mapped[decimal.Decimal | None]
    public: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime.datetime] = mapped_column(default=now)
    day: Mapped[datetime.date | None]
    clock: Mapped[datetime.time | None]
    picture: Mapped[bytes | None]
    mood: Mapped[Mood] = mapped_column(default=Mood.GOOD)
    rank: Mapped[Rank | None]
    size: Mapped[str | None] = mapped_column(Enum("s", "x-l"))
    reference: Mapped[uuid.UUID | None]
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    lasted: Mapped[datetime.timedelta | None] = mapped_column(Interval)
    twice: Mapped[int | None] = mapped_column(Computed("words * 2"))
    _hidden: Mapped[str | None] = mapped_column("hidden")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author | None] = relationship(back_populates="posts")
    tags: Mapped[list[Tag]] = relationship(secondary=tagged)

    shout = column_property(title + "!")


class Seat(Base):
    """A composite key."""

    __tablename__ = "seat"

    row: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(primary_key=True)
    taken: Mapped[bool] = mapped_column(default=False)


class Token(Base):
    __tablename__ = "token"

    key: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    text: Mapped[str]


class Animal(Base):
    """What it is and how often it was changed is not for callers to say."""

    __tablename__ = "animal"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column()
    changes: Mapped[int] = mapped_column(nullable=False)
    name: Mapped[str]
    chip: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))

    __mapper_args__ = {  # noqa: RUF012 - as SQLAlchemy has it
        "polymorphic_on": kind,
        "polymorphic_identity": "animal",
        "version_id_col": changes,
    }


class Coin(MappedAsDataclass, Base):
    __tablename__ = "coin"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str]
    worth: Mapped[int | None] = mapped_column(default=None)


def engine() -> Engine:
    """A new database, the same for all threads."""
    made = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(made)
    return made
