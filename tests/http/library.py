"""An API with what the tests of caching need: answers of any size, a thing that changes, ordinary and async methods."""

from __future__ import annotations

from typing import Any

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Response

ROOT = "/_ah/api/books/v1/"
Void = message_types.VoidMessage
SMALL, LARGE, HUGE = 10, 1500, 200_000


class Text(messages.Message):
    text = messages.StringField(1)


class Book(messages.Message):
    name = messages.StringField(1)
    edition = messages.IntegerField(2, variant=messages.Variant.INT32)
    printed = message_types.DateTimeField(3)


SIZE = endpoints.ResourceContainer(Void, size=messages.IntegerField(1, variant=messages.Variant.INT32))
NAME = endpoints.ResourceContainer(Void, name=messages.StringField(1))
BOOK = endpoints.ResourceContainer(Book, name=messages.StringField(1))

SHELF: dict[str, Book] = {}
LOOKED_UP: list[str] = []


def fill_shelf() -> None:
    SHELF.clear()
    SHELF["emma"] = Book(name="emma", edition=1)
    LOOKED_UP.clear()


def found(name: str) -> Book:
    LOOKED_UP.append(name)
    if name == "secret":
        raise endpoints.ForbiddenException("not for you")
    if name == "burnt":
        raise endpoints.GoneException("burnt")
    if name not in SHELF:
        raise endpoints.NotFoundException(f"no book {name}")
    return SHELF[name]


@endpoints.api("books", "v1")
class BooksApi(remote.Service):
    @endpoints.method(SIZE, Text, path="text", http_method="GET")
    def text(self, request: Any) -> Text:
        return Text(text="x" * request.size)

    @endpoints.method(SIZE, Text, path="kept", http_method="GET", cache_control="public, max-age=60")
    def kept(self, request: Any) -> Text:
        if request.size == 404:
            raise endpoints.NotFoundException("x" * LARGE)
        return Text(text="x" * (request.size or 0))

    @endpoints.method(SIZE, Text, path="async_text", http_method="GET", cache_control="no-cache")
    async def async_text(self, request: Any) -> Text:
        return Text(text="x" * request.size)

    @endpoints.method(Text, Text, path="echo")
    def echo(self, request: Any) -> Text:
        return Text(text=request.text)

    @endpoints.method(Void, Void, path="nothing", http_method="GET", cache_control="no-cache")
    def nothing(self, request: Any) -> Void:
        return Void()

    @endpoints.method(NAME, Book, path="books/{name}", http_method="GET")
    def get(self, request: Any) -> Book:
        return found(request.name)

    @endpoints.method(BOOK, Book, path="books/{name}", http_method="PUT", if_match=get)
    def put(self, request: Any) -> Book:
        SHELF[request.name] = Book(name=request.name, edition=request.edition)
        return SHELF[request.name]

    @endpoints.method(NAME, path="books/{name}", http_method="DELETE", if_match="get", if_match_required=True)
    def delete(self, request: Any) -> Void:
        del SHELF[request.name]
        return Void()

    @endpoints.method(BOOK, Book, path="transactions/{name}", http_method="PUT")
    def in_a_transaction(self, request: Any) -> Book:
        endpoints.check_if_match(SHELF.get(request.name))
        SHELF[request.name] = Book(name=request.name, edition=request.edition)
        return SHELF[request.name]

    @endpoints.method(NAME, Book, path="async/{name}", http_method="GET")
    async def get_async(self, request: Any) -> Book:
        return found(request.name)

    @endpoints.method(BOOK, Book, path="async/{name}", http_method="PUT", if_match=get_async)
    async def put_async(self, request: Any) -> Book:
        SHELF[request.name] = Book(name=request.name, edition=request.edition)
        return SHELF[request.name]


def tag(response: Response) -> str:
    return response.headers["etag"]
