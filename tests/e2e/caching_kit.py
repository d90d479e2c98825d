"""A service with what clients keep: documents of any size, one of which changes."""

from __future__ import annotations

from typing import Any

import endpoints
from protorpc import message_types, messages, remote


class Book(messages.Message):
    name = messages.StringField(1)
    text = messages.StringField(2)


NAMED = endpoints.ResourceContainer(message_types.VoidMessage, name=messages.StringField(1))
SENT = endpoints.ResourceContainer(Book, name=messages.StringField(1))
SHELF = {"thin": Book(name="thin", text="short"), "thick": Book(name="thick", text="long " * 5000)}
READ = {"count": 0}


@endpoints.api(name="shelf", version="v1")
class ShelfApi(remote.Service):
    @endpoints.method(NAMED, Book, path="books/{name}", http_method="GET")
    def get(self, request: Any) -> Book:
        if request.name not in SHELF:
            raise endpoints.NotFoundException("no such book " * 200)
        READ["count"] += 1
        return SHELF[request.name]

    @endpoints.method(NAMED, Book, path="kept/{name}", http_method="GET", cache_control="private, max-age=60")
    def kept(self, request: Any) -> Book:
        READ["count"] += 1
        return SHELF[request.name]

    @endpoints.method(SENT, Book, path="books/{name}", http_method="PUT", if_match=get)
    def update(self, request: Any) -> Book:
        SHELF[request.name] = Book(name=request.name, text=request.text)
        return SHELF[request.name]

    @endpoints.method(response_message=Book, path="read")
    def read(self, request: Any) -> Book:
        """How many books were read since the last time."""
        count, READ["count"] = READ["count"], 0
        return Book(text=str(count))


app = endpoints.api_server([ShelfApi])
