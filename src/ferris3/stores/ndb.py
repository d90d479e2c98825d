"""Models of google-cloud-ndb in Datastore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import google.cloud.ndb as ndb  # noqa: PLR0402 - mypy finds it only so
from google.cloud.ndb.exceptions import BadValueError

from endpoints import BadRequestException
from ferris3 import datastore
from ferris3.models.ndb import KIND
from ferris3.paging import PaginationResults, page_token, position_of
from ferris3.stores.contract import Work


class NdbStore:
    """The entities of a model.

    Args:
        where: names the method in messages.
        model: the model.
    """

    def __init__(self, where: str, model: Any) -> None:
        self._where = where
        self._model = model

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Work in the present context, or in one of its own; each entity is a transaction for itself."""
        with datastore.context():
            try:
                yield _Context(self._model)
            except BadValueError as error:
                raise BadRequestException(str(error)) from error

    def check_query(self, query: Any, *, paged: bool) -> None:
        """Raise TypeError if a value is no query."""
        if not isinstance(query, ndb.Query):
            name = self._model.__name__
            raise TypeError(f"{self._where}: query must be one such as {name}.query(), not {query!r}")


class _Context:
    def __init__(self, model: Any) -> None:
        self._model = model
        self._scope = f"{model.__module__}.{model.__qualname__}"

    def all(self, query: Any) -> Iterable[Any]:
        found: list[Any] = self._query(query).fetch()
        return found

    def page(self, query: Any, limit: int, token: str) -> PaginationResults:
        position = str(position_of(self._scope, token)) if token else None
        found = datastore.paginate(self._query(query), limit, position)
        following = found.next_page_token
        return PaginationResults(found.items, following and page_token(self._scope, following))

    def get(self, text: str) -> Any:
        return KIND.read_key(self._model, text).get()

    def save(self, entity: Any) -> None:
        entity.put()

    def delete(self, text: str) -> None:
        KIND.read_key(self._model, text).delete()

    def _query(self, query: Any) -> Any:
        return self._model.query() if query is None else query
