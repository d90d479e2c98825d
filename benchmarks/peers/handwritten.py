"""msgspec shapes and handlers, shared by the floor and by the peers that have no typed layer of their own."""

from __future__ import annotations

import datetime
from urllib.parse import unquote_plus

import msgspec

from workloads import CREATED


class Echo(msgspec.Struct):
    content: str


class Greeting(msgspec.Struct):
    message: str
    id: int


class Author(msgspec.Struct):
    name: str
    email: str


class Item(msgspec.Struct):
    id: int
    title: str
    tags: list[str]
    price: float
    created: datetime.datetime
    author: Author


class Items(msgspec.Struct):
    items: list[Item]


class Created(msgspec.Struct):
    count: int
    items: list[Item]


encode = msgspec.json.Encoder().encode
decode_echo = msgspec.json.Decoder(Echo).decode
decode_items = msgspec.json.Decoder(Items).decode


def echo(body: Echo, n: int) -> Echo:
    return Echo(" ".join([body.content] * n))


def greeting(id: int) -> Greeting:  # noqa: A002 - the parameter's name on the wire
    return Greeting(f"hello {id}", id)


def listing() -> Items:
    return Items(
        [
            Item(
                id=i,
                title=f"item number {i}",
                tags=["red", "green", "blue"],
                price=i * 1.25 + 0.5,
                created=CREATED,
                author=Author(name="Ada Lovelace", email="ada@example.com"),
            )
            for i in range(100)
        ]
    )


def create(body: Items) -> Created:
    return Created(len(body.items), body.items)


def parameter_n(query: str) -> int:
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        if name == "n":
            return int(unquote_plus(value) if "%" in value or "+" in value else value)
    return 1
