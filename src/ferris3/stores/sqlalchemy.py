"""SQLAlchemy models in their database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from endpoints import BadRequestException
from ferris3.models import keys
from ferris3.models.messages import KEY_FIELD
from ferris3.models.sqlalchemy import KIND, key_names, needs_key
from ferris3.paging import PaginationResults, bad_token, page_token, position_of
from ferris3.stores import sessions
from ferris3.stores.contract import Work
from ferris3.stores.sessions import SessionFactory


class SQLAlchemyStore:
    """The rows of a model.

    Args:
        where: names the method in messages.
        model: the mapped class.
        session: makes sessions; None for those of the application.

    Raises:
        TypeError: there are no sessions, or the primary key cannot be written as text.
    """

    def __init__(self, where: str, model: type, session: SessionFactory | None) -> None:
        sessions.check(where, session)
        KIND.has_key(model)
        self._where = where
        self._model = model
        self._session = session

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Begin a transaction, as `ferris3.stores.sessions.session` does."""
        with sessions.session(self._session) as session:
            yield _Transaction(self._model, session)

    def check_query(self, query: Any) -> None:
        """Raise TypeError if a value is no SELECT statement."""
        if not isinstance(query, Select):
            name = self._model.__name__
            raise TypeError(f"{self._where}: query must be a statement such as select({name}), not {query!r}")


class _Transaction:
    def __init__(self, model: type, session: Session) -> None:
        self._model = model
        self._session = session
        self._keys: list[Any] = [getattr(model, name) for name in key_names(model)]
        self._scope = f"{model.__module__}.{model.__qualname__}"

    def all(self, query: Select[Any] | None) -> Iterable[Any]:
        return self._entities(sqlalchemy.select(self._model).order_by(*self._keys) if query is None else query)

    def page(self, query: Select[Any] | None, limit: int, token: str) -> PaginationResults:
        if query is None:
            return self._page_after(limit, token)
        start = position_of(self._scope, token) if token else 0
        if type(start) is not int or not 0 <= start <= keys.LARGEST_INTEGER:
            raise bad_token(token)
        # The key comes last, so that rows that the query holds for equal have an order.
        found = self._entities(query.order_by(*self._keys).offset(start).limit(limit + 1))
        return PaginationResults(found[:limit], page_token(self._scope, start + limit) if len(found) > limit else None)

    def get(self, text: str) -> Any:
        return self._session.get(self._model, KIND.read_key(self._model, text))

    def save(self, entity: Any) -> None:
        if needs_key(entity):
            raise BadRequestException(f"{KEY_FIELD}: a new {self._model.__name__} needs one")
        self._session.add(entity)
        self._session.flush()

    def delete(self, text: str) -> None:
        entity = self.get(text)
        if entity is not None:
            self._session.delete(entity)
            self._session.flush()

    def _page_after(self, limit: int, token: str) -> PaginationResults:
        """Return a page of all rows by their key: rows that come and go meanwhile shift nothing."""
        query: Select[Any] = sqlalchemy.select(self._model).order_by(*self._keys)
        if token:
            position = position_of(self._scope, token)
            try:
                last = KIND.read_key(self._model, position if isinstance(position, str) else "")
            except ValueError:
                raise bad_token(token) from None
            query = query.where(self._after(last))
        found = self._entities(query.limit(limit + 1))
        if len(found) <= limit:
            return PaginationResults(found)
        return PaginationResults(found[:limit], page_token(self._scope, KIND.key_text(found[limit - 1])))

    def _after(self, values: tuple[Any, ...]) -> ColumnElement[bool]:
        """Return the condition for keys beyond one; not every database compares rows of values."""
        terms = []
        for index, (key, value) in enumerate(zip(self._keys, values, strict=True)):
            equal = [each == other for each, other in zip(self._keys[:index], values[:index], strict=True)]
            terms.append(sqlalchemy.and_(*equal, key > value))
        return sqlalchemy.or_(*terms)

    def _entities(self, query: Select[Any]) -> list[Any]:
        # A joined collection repeats its owner.
        return list(self._session.scalars(query).unique())
