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

    def check_query(self, query: Any, *, paged: bool) -> None:
        """Raise TypeError if a value is no SELECT statement of the model, or none that pages can be cut from."""
        if not (isinstance(query, Select) and _is_of(self._model, query)):
            name = self._model.__name__
            raise TypeError(
                f"{self._where}: query must be a statement that selects {name}, such as select({name}), not {query!r}"
            )
        if paged and query._has_row_limiting_clause:  # noqa: SLF001 - nothing public tells; pages would undo it
            raise TypeError(f"{self._where}: a query for pages has no LIMIT or OFFSET of its own; take limit=")


class _Transaction:
    def __init__(self, model: type, session: Session) -> None:
        self._model = model
        self._session = session
        self._keys = _keys(model, model)
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
        ordered = query.order_by(*_keys(self._model, _entity(query)))
        found = self._entities(ordered.offset(start).limit(limit + 1))
        if len(found) > limit:
            return PaginationResults(found[:limit], page_token(self._scope, start + limit))
        following = start + limit + 1  # a join may have repeated entities, and there be more rows
        rest = ordered.offset(following).limit(1).subquery()
        more = found and self._session.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(rest))
        return PaginationResults(found, page_token(self._scope, following) if more else None)

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


def _entity(query: Select[Any]) -> Any:
    """Return the class that a query selects first, or an alias of one; None for a column."""
    found = [each["entity"] for each in query.column_descriptions[:1] if each["expr"] is each.get("entity")]
    return found[0] if found else None


def _is_of(model: type, query: Select[Any]) -> bool:
    entity = _entity(query)
    return entity is not None and issubclass(sqlalchemy.inspect(entity).mapper.class_, model)


def _keys(model: type, entity: Any) -> list[Any]:
    """Return the columns of the primary key, of the model or of an alias."""
    return [getattr(entity, name) for name in key_names(model)]
