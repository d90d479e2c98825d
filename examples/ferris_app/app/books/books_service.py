"""Books: methods that are made for the model, and one that is written, with annotations."""

from __future__ import annotations

import datetime
from typing import Annotated

from sqlalchemy import func, select

import ferris3
from app.books.models import Book
from ferris3 import hvild
from protorpc import messages

BookMessage = ferris3.model_message(Book)
BooksMessage = ferris3.list_message(BookMessage)


class Count(messages.Message):
    """How many there are."""

    books = messages.IntegerField(1, required=True)


@ferris3.auto_service(endpoint="library")
class BooksService(ferris3.Service):
    """Read and write books."""

    list = hvild.paginated_list(Book, BookMessage, BooksMessage, limit=10, name="list", http_method="GET")
    get = hvild.get(Book, BookMessage, http_method="GET")
    insert = hvild.insert(Book, BookMessage)
    update = hvild.update(Book, BookMessage)
    delete = hvild.delete(Book)

    @ferris3.auto_method(http_method="GET")
    def count(
        self,
        request: messages.Message,
        author: Annotated[str | None, "as it is written in the book"] = None,
        until: Annotated[int, messages.IntegerField(1, variant=messages.Variant.INT32), "year of publication"] = 9999,
    ) -> Count:
        """How many books there are, of an author, published until a year."""
        if not 1 <= until <= 9999:
            raise ferris3.BadRequestException(f"until must be from 1 to 9999, found {until}")
        query = select(func.count(Book.id)).where(Book.published <= datetime.date(until, 12, 31))
        if author is not None:
            query = query.where(Book.author == author)
        with hvild.session() as session:
            return Count(books=session.scalar(query))
