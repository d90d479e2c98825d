"""The functions of `ferris3.ndb`: contexts, keys, entities, pages."""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any, TypeVar

import google.cloud.ndb as ndb  # noqa: PLR0402 - mypy finds it only so

from endpoints import ApiServer, NotFoundException
from ferris3.models.ndb import key_of
from ferris3.paging import PaginationResults, bad_token

_E = TypeVar("_E")
_clients: list[ndb.Client] = []


class KeyMismatchError(NotFoundException, ValueError):
    """A key is none, or one of another kind: 404 when a method lets it pass."""


def use(client: ndb.Client) -> None:
    """Say with which client contexts are made; by default one that finds project and credentials as Google's do."""
    _clients[:] = [client]


def context() -> AbstractContextManager[Any]:
    """Enter a context of NDB, or stay in the one that there is."""
    present = ndb.get_context(raise_context_error=False)
    return nullcontext(present) if present is not None else (_clients[0] if _clients else _usual_client()).context()


@cache
def _usual_client() -> ndb.Client:
    return ndb.Client()


def key(value: Any) -> Any:
    """Return a key for a key, an entity, or the urlsafe text of a key, which may be bytes.

    Raises:
        KeyMismatchError: a text is none of this project and namespace.
        TypeError: the value is something else.
    """
    if isinstance(value, ndb.Key):
        return value
    if isinstance(value, ndb.Model):
        return value.key
    if not isinstance(value, (str, bytes)):
        raise TypeError(f"a key must be an ndb.Key, an entity or urlsafe text, not {value!r}")
    try:
        return key_of(value if isinstance(value, str) else value.decode("latin-1"))
    except ValueError as error:
        raise KeyMismatchError(str(error)) from None


def get(value: Any, **options: Any) -> Any:
    """Return the entity with a key (see `key`), or the first one that a query finds; None if there is none.

    Args:
        value: a key, its urlsafe text, or a query.
        **options: for NDB's own `Key.get` or `Query.get`.
    """
    return (value if isinstance(value, ndb.Query) else key(value)).get(**options)


def put(entity: _E, **options: Any) -> _E:
    """Store an entity and return it.

    Args:
        entity: an instance of a model.
        **options: for NDB's own `Model.put`.
    """
    stored: Any = entity
    stored.put(**options)
    return entity


def delete(value: _E, **options: Any) -> _E:
    """Delete the entity with a key (see `key`), if there is one, and return the value given.

    Args:
        value: a key, its urlsafe text, or the entity.
        **options: for NDB's own `Key.delete`.
    """
    key(value).delete(**options)
    return value


def check_kind(Model: Any, value: _E) -> _E:  # noqa: N803 - as the other functions of ferris3
    """Return a key or an entity if it is one of a model.

    Raises:
        KeyMismatchError: it is one of another model.
    """
    kind, wanted = key(value).kind() if not isinstance(value, ndb.Model) else value._get_kind(), Model._get_kind()
    if kind != wanted:
        raise KeyMismatchError(f"this is a {kind}, not a {wanted}")
    return value


def paginate(query: Any, limit: int = 50, page_token: str | ndb.Cursor | None = None) -> PaginationResults:
    """Return one page of a query.

    Args:
        query: an NDB query.
        limit: entities on the page.
        page_token: the `next_page_token` of the page before, or a cursor; none for the first page.

    Raises:
        endpoints.BadRequestException: the token is no cursor.
    """
    cursor = page_token or None
    try:
        if isinstance(cursor, str):
            cursor = ndb.Cursor(urlsafe=cursor)
    except (binascii.Error, ValueError):
        raise bad_token(str(page_token)) from None
    items, following, more = query.fetch_page(limit, start_cursor=cursor)
    return PaginationResults(list(items), following.urlsafe().decode() if more and following else None)


class _InContext(ApiServer):
    """Another server, in all that a server has: this one is set up by none of its own."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with context():
            body = self._app(environ, start_response)
            try:
                return list(body)
            finally:
                if hasattr(body, "close"):
                    body.close()

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app.asgi(scope, receive, send)
            return
        with context():
            await self._app.asgi(scope, receive, send)


def middleware(app: Any) -> Any:
    """Give each request a context of NDB.

    The methods of `ferris3.hvild` have one without it.

    Args:
        app: what `endpoints.api_server` or `ferris3.application` returned.

    Returns:
        A WSGI application, and an ASGI application as its `asgi`; all else is as with `app`.
    """
    return _InContext(app)
