"""Ready-made methods over models of SQLAlchemy and of google-cloud-ndb.

```python
@ferris3.auto_service
class PostsService(ferris3.Service):
    list = hvild.list(Post)
    get = hvild.get(Post)
```
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import endpoints
from endpoints import ApiConfigurationError, BadRequestException, NotFoundException, ResourceContainer
from ferris3.definition import auth_level
from ferris3.exceptions import ConventionError
from ferris3.models.messages import KEY_FIELD, converters_of, list_message, model_message
from ferris3.models.selection import kind_of
from ferris3.models.serialization import deserialize, serialize, serialize_list
from ferris3.paging import check_limit
from ferris3.stores.contract import Store, Work
from ferris3.stores.selection import store_of
from protorpc import messages
from protorpc.message_types import VoidMessage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from ferris3.stores.sessions import SessionFactory

_Method = Callable[[Any, Any], Any]
_Messages = type[messages.Message] | None


def use(session: SessionFactory) -> None:
    """Say where the sessions of SQLAlchemy come from, for all methods that are not given a `session` of their own.

    Args:
        session: a `sessionmaker`, a `scoped_session`, or any function that returns a session. Called for each request.

    Raises:
        TypeError: it cannot be called, or makes sessions for asyncio.
    """
    from ferris3.stores import sessions

    sessions.use(session)


def session(factory: SessionFactory | None = None) -> contextlib.AbstractContextManager[Session]:
    """Work as the methods here do: commit at the end of the block, roll back if it raises, close the session.

    Args:
        factory: makes the session; by default what `use` was told.

    Raises:
        endpoints.ConflictException: a constraint of the database is broken, or a row has changed meanwhile.
        endpoints.BadRequestException: a value does not fit its column.
    """
    from ferris3.stores import sessions

    return sessions.session(factory)


def list(  # noqa: A001 - as in the original
    Model: type,  # noqa: N803
    Message: _Messages = None,  # noqa: N803
    ListMessage: _Messages = None,  # noqa: N803
    query: Any = None,
    name: str = "list",
    *,
    session: SessionFactory | None = None,
    **options: Any,
) -> _Method:
    """Make a method that answers with all that a query finds, however much.

    Args:
        Model: a model of SQLAlchemy or of google-cloud-ndb.
        Message: message class of one entity; `model_message(Model)` by default.
        ListMessage: message class of the answer; `list_message(Message)` by default.
        query: a SELECT statement or an NDB query, or a function that returns one and is called for each request; all
            entities by default.
        name: name of the method, and its path.
        session: makes the sessions of SQLAlchemy; what `use` was told by default.
        **options: for `endpoints.method`, such as `auth_level`, `scopes`, `http_method` and `path`.

    Raises:
        TypeError: the model, the query or the session cannot be one.
    """
    where = _where("list", Model)
    store = store_of(where, Model, session)
    chosen, answer = _query(store, query, paged=False), _list_message(Model, Message, ListMessage)

    def call(_service: Any, _request: Any) -> Any:
        with store.work() as work:
            return serialize_list(answer, work.all(chosen()))

    return _declared(
        call, where, f"Lists {Model.__name__} entities.", ResourceContainer(), answer, {"name": name} | options
    )


def paginated_list(  # noqa: PLR0917 - as in the original
    Model: type,  # noqa: N803
    Message: _Messages = None,  # noqa: N803
    ListMessage: _Messages = None,  # noqa: N803
    query: Any = None,
    limit: int = 50,
    name: str = "paginated_list",
    *,
    session: SessionFactory | None = None,
    **options: Any,
) -> _Method:
    """Make a method that answers with one page; its parameter `pageToken` is the `nextPageToken` of the page before.

    Without a query the pages follow the key, and rows that come and go meanwhile are neither skipped nor repeated. The
    pages of a SELECT statement follow its order, then the key, and are counted from its beginning.

    Args:
        Model: a model of SQLAlchemy or of google-cloud-ndb.
        Message: message class of one entity; `model_message(Model)` by default.
        ListMessage: message class of the answer; `list_message(Message)` by default.
        query: as for `list`.
        limit: entities on a page, 1 to 1000.
        name: name of the method, and its path.
        session: makes the sessions of SQLAlchemy; what `use` was told by default.
        **options: for `endpoints.method`.

    Raises:
        TypeError: the model, the query or the session cannot be one.
        ValueError: the limit is out of bounds.
    """
    where = _where("paginated_list", Model)
    store, size = store_of(where, Model, session), check_limit(where, limit)
    chosen, answer = _query(store, query, paged=True), _list_message(Model, Message, ListMessage)

    def call(_service: Any, request: Any) -> Any:
        with store.work() as work:
            return serialize_list(answer, work.page(chosen(), size, request.pageToken))

    container = ResourceContainer(pageToken=messages.StringField(1, default=""))
    return _declared(
        call, where, f"Lists {Model.__name__} entities by pages.", container, answer, {"name": name} | options
    )


def searchable_list(*_args: Any, **_options: Any) -> NoReturn:
    """Refuse: this was over the text search of App Engine.

    Raises:
        ApiConfigurationError: always.
    """
    raise ApiConfigurationError(
        "hvild.searchable_list needs App Engine's text search, which is no more; write an auto_method that asks your "
        "database's own (SQLAlchemy's Column.match) or a search server such as Elasticsearch with its client"
    )


def get(
    Model: type,  # noqa: N803
    Message: _Messages = None,  # noqa: N803
    name: str = "get",
    *,
    session: SessionFactory | None = None,
    **options: Any,
) -> _Method:
    """Make a method that answers with the entity whose key is the parameter `itemId`, or with 404.

    Args:
        Model: a model of SQLAlchemy or of google-cloud-ndb.
        Message: message class of the entity; `model_message(Model)` by default.
        name: name of the method, and its path.
        session: makes the sessions of SQLAlchemy; what `use` was told by default.
        **options: for `endpoints.method`.

    Raises:
        TypeError: the model or the session cannot be one.
    """
    where = _where("get", Model)
    store, answer = store_of(where, Model, session), Message or model_message(Model)

    def call(_service: Any, request: Any) -> Any:
        with store.work() as work:
            return serialize(answer, _existing(Model, work, request.itemId))

    return _declared(call, where, f"Gets one {Model.__name__}.", _with_item_id(), answer, {"name": name} | options)


def insert(
    Model: type,  # noqa: N803
    Message: _Messages = None,  # noqa: N803
    name: str = "insert",
    *,
    session: SessionFactory | None = None,
    **options: Any,
) -> _Method:
    """Make a method that stores the entity in the body and answers with it, its `id` included.

    Args:
        Model: a model of SQLAlchemy or of google-cloud-ndb.
        Message: message class of the entity; `model_message(Model)` by default.
        name: name of the method, and its path.
        session: makes the sessions of SQLAlchemy; what `use` was told by default.
        **options: for `endpoints.method`.

    Raises:
        TypeError: the model or the session cannot be one.
    """
    where = _where("insert", Model)
    store, answer = store_of(where, Model, session), Message or model_message(Model)

    def call(_service: Any, request: Any) -> Any:
        with store.work() as work:
            entity: Any = deserialize(Model, request, converters_of(answer))
            work.save(entity)
            return serialize(answer, entity)

    container = ResourceContainer(answer)
    return _declared(call, where, f"Inserts one {Model.__name__}.", container, answer, {"name": name} | options)


def update(
    Model: type,  # noqa: N803
    Message: _Messages = None,  # noqa: N803
    name: str = "update",
    *,
    session: SessionFactory | None = None,
    **options: Any,
) -> _Method:
    """Make a method that replaces the entity whose key is the parameter `itemId` by that in the body.

    What the body leaves out is emptied, as `deserialize` says. The answer is the entity, or 404. An `id` in the body
    has to be the same key.

    Args:
        Model: a model of SQLAlchemy or of google-cloud-ndb.
        Message: message class of the entity; `model_message(Model)` by default.
        name: name of the method, and its path.
        session: makes the sessions of SQLAlchemy; what `use` was told by default.
        **options: for `endpoints.method`.

    Raises:
        TypeError: the model or the session cannot be one.
    """
    where = _where("update", Model)
    store, answer = store_of(where, Model, session), Message or model_message(Model)

    def call(_service: Any, request: Any) -> Any:
        with store.work() as work:
            entity = _existing(Model, work, request.itemId)
            said, known = getattr(request, KEY_FIELD, None), kind_of(Model).key_text(entity)
            if has_key and said not in (None, known):
                raise BadRequestException(f"{KEY_FIELD}: {said!r} is not the itemId of the request, {known!r}")
            deserialize(entity, request, converters_of(answer), key_field=None)
            work.save(entity)
            return serialize(answer, entity)

    has_key = any(field.name == KEY_FIELD for field in answer.all_fields())
    return _declared(
        call, where, f"Replaces one {Model.__name__}.", _with_item_id(answer), answer, {"name": name} | options
    )


def delete(
    Model: type,  # noqa: N803
    name: str = "delete",
    *,
    session: SessionFactory | None = None,
    **options: Any,
) -> _Method:
    """Make a method, with the verb DELETE, that deletes the entity whose key is the parameter `itemId`.

    The answer is 204, also when there was none.

    Args:
        Model: a model of SQLAlchemy or of google-cloud-ndb.
        name: name of the method, and its path.
        session: makes the sessions of SQLAlchemy; what `use` was told by default.
        **options: for `endpoints.method`.

    Raises:
        TypeError: the model or the session cannot be one.
    """
    where = _where("delete", Model)
    store = store_of(where, Model, session)

    def call(_service: Any, request: Any) -> Any:
        with store.work() as work, _keyed(Model, request.itemId):
            work.delete(request.itemId)
        return VoidMessage()

    options = {"http_method": "DELETE", "name": name} | options
    return _declared(call, where, f"Deletes one {Model.__name__}.", _with_item_id(), VoidMessage, options)


def _declared(  # noqa: PLR0917 - every caller has them in this order
    call: _Method,
    where: str,
    description: str,
    request: ResourceContainer,
    answer: type[messages.Message],
    options: dict[str, Any],
) -> _Method:
    call.__qualname__, call.__doc__ = where, description
    level = auth_level(where, options.get("auth_level"))
    settings = {"path": options["name"]} | options | {"auth_level": level}
    try:
        decorate = endpoints.method(request, answer, **settings)
    except TypeError as error:
        raise ConventionError(f"{where}: {error}") from error
    return decorate(call)


def _where(function: str, model: Any) -> str:
    return f"hvild.{function}({getattr(model, '__name__', repr(model))})"


def _with_item_id(body: type[messages.Message] = VoidMessage) -> ResourceContainer:
    return ResourceContainer(body, itemId=messages.StringField(1, required=True))


def _list_message(model: type, message: _Messages, list_type: _Messages) -> type[messages.Message]:
    return list_type or list_message(message or model_message(model))


def _query(store: Store, query: Any, *, paged: bool) -> Callable[[], Any]:
    """Return what gives the query of a request, checked here if it is always the same."""

    def called() -> Any:
        found = query()
        store.check_query(found, paged=paged)
        return found

    if callable(query):
        return called
    if query is not None:
        store.check_query(query, paged=paged)
    return lambda: query


def _existing(model: type, work: Work, item_id: str) -> Any:
    with _keyed(model, item_id):
        found = work.get(item_id)
    if found is None:
        raise _missing(model, item_id)
    return found


@contextlib.contextmanager
def _keyed(model: type, item_id: str) -> Iterator[None]:
    """What cannot be a key is the key of nothing."""
    try:
        yield
    except ValueError:
        raise _missing(model, item_id) from None


def _missing(model: type, item_id: str) -> NotFoundException:
    return NotFoundException(f"There is no {model.__name__} with the itemId {item_id!r}")
