"""What the methods of `ferris3.hvild` need of a database."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from ferris3.paging import PaginationResults


class Work(Protocol):
    """One transaction, or what comes nearest."""

    def all(self, query: Any) -> Iterable[Any]:
        """Return what a query finds; with None, all entities of the model."""
        ...

    def page(self, query: Any, limit: int, token: str) -> PaginationResults:
        """Return a page of what a query finds: the first one for an empty token.

        Raises:
            endpoints.BadRequestException: the token is none of this list.
        """
        ...

    def get(self, text: str) -> Any:
        """Return the entity with a key, or None.

        Raises:
            ValueError: no key of the model looks like that.
        """
        ...

    def save(self, entity: Any) -> None:
        """Store a new entity or a changed one, so that it has its key and all that the database fills in."""
        ...

    def delete(self, text: str) -> None:
        """Delete the entity with a key, if there is one. Raises ValueError as `get` does."""
        ...


class Store(Protocol):
    """Where the entities of one model are."""

    def work(self) -> AbstractContextManager[Work]:
        """Begin to work: what is done is kept when the block ends, and undone when it raises.

        Raises:
            endpoints.BadRequestException: the database does not take a value.
            endpoints.ConflictException: the database refuses, because of what it holds.
        """
        ...

    def check_query(self, query: Any, *, paged: bool) -> None:
        """Raise TypeError if a value is no query.

        Args:
            query: the value.
            paged: whether `page` will get it, in place of `all`.
        """
        ...
