"""What type checkers say of `ferris3.messages` and `ferris3.hvild`."""

from __future__ import annotations

from typing import assert_type

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

import ferris3
from ferris3 import hvild, messages


class Base(DeclarativeBase):
    pass


class Post(Base):
    __tablename__ = "typed_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class PostMessage(messages.Message):
    id = messages.StringField(1)
    title = messages.StringField(2, required=True)


SESSIONS = sessionmaker(create_engine("sqlite://"))


class PostsService(ferris3.Service):
    list = hvild.list(Post, PostMessage, query=select(Post), session=SESSIONS)
    get = hvild.get(Post, session=SESSIONS, http_method="GET")
    delete = hvild.delete(Post, session=Session)


def test_serialization() -> None:
    message = messages.serialize(PostMessage, Post(id=1, title="x"))
    assert_type(message, PostMessage)
    assert_type(messages.serialize(message, Post(title="y")), PostMessage)
    assert_type(messages.deserialize(Post, message), Post)
    assert_type(messages.deserialize(Post(), message), Post)
    assert_type(messages.model_message(Post), type[messages.Message])
    assert message.title == "y"


def test_lists() -> None:
    class Posts(messages.Message):
        items = messages.MessageField(PostMessage, 1, repeated=True)

    assert_type(messages.serialize_list(Posts, [Post(id=1, title="x")]), Posts)
