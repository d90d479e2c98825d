"""Models of Google Cloud NDB: their messages, their hooks, and ready-made methods over a Datastore in memory."""

from __future__ import annotations

import datetime
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import serialization
from google.auth.credentials import AnonymousCredentials

import endpoints
import ferris3
from ferris3 import Behavior, Model, hvild, messages, ndb
from protorpc import remote
from tests.auth.issuing import rsa_key
from tests.client import Client, Response, Serve
from tests.ferris3.datastore_server import running

pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")  # in NDB itself
HAPPENED: list[tuple[Any, ...]] = []


class Watching(Behavior):
    made: ClassVar[list[Any]] = []

    def __init__(self, Model: Any) -> None:  # noqa: N803 - as ferris3 has it
        super().__init__(Model)
        self.made.append(Model)

    def before_put(self, item: Any) -> None:
        HAPPENED.append(("before_put", item.title))

    def after_get(self, item: Any) -> None:
        HAPPENED.append(("after_get", item.title))


class Place(ndb.Model):
    street = ndb.StringProperty()


class Book(Model):
    class Meta:
        behaviors = (Watching,)

    title = ndb.StringProperty(required=True)
    pages = ndb.IntegerProperty(required=True)
    isbn = ndb.StringProperty("i")
    text = ndb.TextProperty()
    cover = ndb.BlobProperty()
    sold = ndb.BooleanProperty(default=False)
    price = ndb.FloatProperty()
    bought = ndb.DateTimeProperty()
    created = ndb.DateTimeProperty(auto_now_add=True)
    day = ndb.DateProperty()
    clock = ndb.TimeProperty()
    reader = ndb.UserProperty()
    where = ndb.GeoPtProperty()
    follows = ndb.KeyProperty(kind="Book")
    blob = ndb.BlobKeyProperty()
    json = ndb.JsonProperty()
    pickle = ndb.PickleProperty()
    upper = ndb.ComputedProperty(lambda self: self.title.upper())
    shop = ndb.StructuredProperty(Place)
    shops = ndb.LocalStructuredProperty(Place, repeated=True)
    tags = ndb.StringProperty(repeated=True)

    def before_put(self) -> None:
        HAPPENED.append(("own before_put", self.title))

    def after_put(self, key: Any) -> None:
        HAPPENED.append(("own after_put", key.kind()))

    @classmethod
    def before_delete(cls, key: Any) -> None:
        HAPPENED.append(("before_delete", key.kind()))

    @classmethod
    def after_delete(cls, key: Any) -> None:
        HAPPENED.append(("after_delete", key.kind()))

    @classmethod
    def before_get(cls, key: Any) -> None:
        HAPPENED.append(("before_get", key.kind()))

    @classmethod
    def after_get(cls, key: Any, item: Any) -> None:
        HAPPENED.append(("own after_get", item and item.title, key.kind()))


class Shelf(Model):
    number = ndb.IntegerProperty()


BookMessage: Any = messages.model_message(Book)
DAY = datetime.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - NDB keeps no time zone


@pytest.fixture
def datastore(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an empty Datastore, which is used by all contexts."""
    with running() as address:
        monkeypatch.setenv("DATASTORE_EMULATOR_HOST", address)
        anonymous: Any = AnonymousCredentials
        client = ndb.Client(project="test", credentials=anonymous())
        monkeypatch.setattr("ferris3.datastore._clients", [])
        ndb.use(client)
        HAPPENED.clear()
        yield client
        client.stub.grpc_channel.close()


@pytest.fixture
def context(datastore: Any) -> Iterator[None]:
    with ndb.context() as entered:
        assert entered.client is datastore
        yield


def test_the_fields_of_a_model() -> None:
    fields = sorted(BookMessage.all_fields(), key=lambda field: field.number)
    assert [(field.number, field.name, type(field).__name__) for field in fields] == [
        (1, "id", "StringField"),
        (2, "title", "StringField"),
        (3, "pages", "IntegerField"),
        (4, "isbn", "StringField"),
        (5, "text", "StringField"),
        (6, "cover", "BytesField"),
        (7, "sold", "BooleanField"),
        (8, "price", "FloatField"),
        (9, "bought", "DateTimeField"),
        (10, "created", "DateTimeField"),
        (11, "day", "MessageField"),
        (12, "clock", "MessageField"),
        (13, "reader", "MessageField"),
        (14, "where", "MessageField"),
        (15, "follows", "StringField"),
        (16, "blob", "StringField"),
        # JSON, a pickle and a computed value have no field, and keep their numbers.
        (20, "shop", "MessageField"),
        (21, "shops", "MessageField"),
        (22, "tags", "StringField"),
    ]
    assert [field.name for field in fields if field.required] == ["title"], "of texts only"
    assert [field.name for field in fields if field.repeated] == ["shops", "tags"]
    assert BookMessage.shop.type is messages.model_message(Place)


@pytest.mark.usefixtures("context")
def test_there_and_back() -> None:
    book = Book(
        id=7,
        title="Fish",
        pages=3,
        isbn="1",
        text="long",
        cover=b"\x01",
        sold=True,
        price=1.5,
        bought=DAY,
        created=DAY,
        day=DAY.date(),
        clock=DAY.time(),
        reader=ndb.User("ann@example.com", "gmail.com", "1"),
        where=ndb.GeoPt(1, 2),
        follows=ndb.Key("Book", 6),
        blob=ndb.BlobKey(b"key"),
        shop=Place(street="a"),
        shops=[Place(street="b")],
        tags=["x", "y"],
    )
    message = messages.serialize(BookMessage, book)
    assert message.id == book.key.urlsafe().decode() and message.follows == book.follows.urlsafe().decode()
    assert messages.deserialize(Book, message) == book


@pytest.mark.usefixtures("context")
def test_an_update_replaces() -> None:
    book = Book(id=7, title="Fish", pages=3, sold=True, created=DAY, tags=["x"])
    messages.deserialize(book, BookMessage(title="Fowl"))
    assert (book.title, book.pages, book.sold, book.tags) == ("Fowl", None, None, [])
    assert (book.key.id(), book.created) == (7, DAY)
    assert messages.deserialize(Book, BookMessage(title="Fowl")).sold is False


@pytest.mark.usefixtures("context")
def test_values_that_cannot_be() -> None:
    for values, said in [
        ({"id": "x"}, "id: 'x' cannot be a key of Book"),
        ({"id": ndb.Key("Shelf", 1).urlsafe().decode()}, "id: .* cannot be a key of Book"),
        ({"id": ndb.Key("Book", 1, app="other").urlsafe().decode()}, "id: .* cannot be a key of Book"),
        ({"id": ndb.Key("Book", 1, namespace="other").urlsafe().decode()}, "id: .* cannot be a key of Book"),
        ({"follows": ndb.Key("Shelf", 1).urlsafe().decode()}, "follows: this is the key of a Shelf"),
        ({"isbn": "x" * 1501}, "Book: .* at most 1500 bytes"),
        ({"where": {"lat": 91.0, "lon": 0.0}}, "where: a place needs a lat"),
        ({"reader": {"user_id": "1"}}, "reader: a user needs an email"),
    ]:
        fields = {
            name: BookMessage.field_by_name(name).type(**value) if isinstance(value, dict) else value
            for name, value in values.items()
        }
        with pytest.raises(endpoints.BadRequestException, match=f"^{said}"):
            messages.deserialize(Book, BookMessage(title="x", **fields))


@pytest.mark.usefixtures("context")
def test_the_functions_and_the_hooks() -> None:
    book = ndb.put(Book(title="Fish", pages=3))
    key = book.key.urlsafe().decode()
    assert ndb.get(key) == ndb.get(book.key) == book and ndb.key(book) == ndb.key(key) == book.key
    ndb.delete(key)
    assert ndb.get(key) is None
    assert [
        ("before_put", "Fish"),
        ("own before_put", "Fish"),
        ("own after_put", "Book"),
        *[("before_get", "Book"), ("after_get", "Fish"), ("own after_get", "Fish", "Book")] * 2,
        ("before_delete", "Book"),
        ("after_delete", "Book"),
        ("before_get", "Book"),
        ("own after_get", None, "Book"),
    ] == HAPPENED
    assert Watching.made == [Book]


@pytest.mark.usefixtures("context")
def test_what_the_functions_take() -> None:
    book = ndb.put(Book(title="Fish", pages=3))
    assert ndb.get(book.key.urlsafe()) == book, "bytes, as NDB writes them now"
    assert ndb.get(Book.query()) == book and ndb.get(Shelf.query()) is None
    assert ndb.delete(book) is book
    assert ndb.get(Book.query()) is None
    for wrong in (3, None, Book):
        with pytest.raises(TypeError, match=r"^a key must be an ndb.Key, an entity or urlsafe text, not "):
            ndb.key(wrong)


@pytest.mark.usefixtures("context")
def test_pages_of_a_query() -> None:
    for number in (1, 2, 3):
        ndb.put(Shelf(number=number))
    query = Shelf.query().order(Shelf.number)
    items, token = ndb.paginate(query, limit=2)
    assert [each.number for each in items] == [1, 2]
    rest, last = ndb.paginate(query, page_token=token)
    assert [each.number for each in rest] == [3] and last is None
    assert ndb.paginate(query, page_token=ndb.Cursor(urlsafe=token)).items == rest


@pytest.mark.usefixtures("context")
def test_kinds() -> None:
    book = Book(id=1, title="Fish")
    assert ndb.check_kind(Book, book) is book and ndb.check_kind(Book, book.key) is book.key
    for wrong in (book, book.key, book.key.urlsafe().decode()):
        with pytest.raises(ValueError, match=r"^this is a Book, not a Shelf$") as caught:
            ndb.check_kind(Shelf, wrong)
        assert isinstance(caught.value, endpoints.NotFoundException)
    for text in ("", "x", "é", "aaaa", "!!!!", "agR0ZXN0", "\0"):
        with pytest.raises(ndb.KeyMismatchError, match="is no key"):
            ndb.key(text)


def test_contexts(datastore: Any) -> None:
    with ndb.context() as outer, ndb.context() as inner:
        assert outer is inner and outer.client is datastore
    assert ndb.get_context(False) is None


class Call:
    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(self, name: str, body: object = None, **query: str) -> Response:
        verb = "DELETE" if name == "delete" else "POST"
        options: dict[str, Any] = {} if body is None else {"json": body}
        return self._client.request(verb, f"/_ah/api/stored/v1/{name}", query, **options)


@endpoints.api("stored", "v1")
class Shelves(remote.Service):
    list = hvild.list(Shelf)
    paginated_list = hvild.paginated_list(Shelf, query=Shelf.query, limit=2)
    get = hvild.get(Shelf)
    insert = hvild.insert(Shelf)
    update = hvild.update(Shelf)
    delete = hvild.delete(Shelf)
    insert_book = hvild.insert(Book, name="insert_book")


@pytest.mark.usefixtures("datastore")
def test_ready_made_methods(serve: Serve) -> None:
    call = Call(serve(Shelves))
    made = [call("insert", {"number": str(number)}).json() for number in (1, 2, 3)]
    key = made[0]["id"]
    assert [each["number"] for each in made] == ["1", "2", "3"]
    assert call("list").json() == {"items": made}
    first = call("paginated_list").json()
    assert first["items"] == made[:2]
    assert call("paginated_list", pageToken=first["nextPageToken"]).json() == {"items": made[2:]}
    assert call("paginated_list", pageToken="x").status == 400
    assert call("get", itemId=key).json() == made[0]
    assert call("update", {"number": "9"}, itemId=key).json() == {"id": key, "number": "9"}
    assert call("update", {"id": made[1]["id"]}, itemId=key).status == 400
    for _ in range(2):
        assert call("delete", itemId=key).status == 204
    assert call("get", itemId=key).status == 404
    assert call("update", {}, itemId=key).status == 404
    assert (
        call("insert_book", {"title": "x"}).json()["error"]["message"] == "Entity has uninitialized properties: pages"
    )


@pytest.mark.usefixtures("datastore")
@pytest.mark.parametrize("name", ["get", "update", "delete"])
def test_keys_of_nothing(name: str, serve: Serve) -> None:
    call = Call(serve(Shelves))
    with ndb.context():
        others = [ndb.Key("Book", 1), ndb.Key("Shelf", 1, namespace="other"), ndb.Key("Shelf", 1, app="other")]
    for text in ["", "x", "é", "\0", *(key.urlsafe().decode() for key in others)]:
        assert call(name, {} if name == "update" else None, itemId=text).status == 404, text


@pytest.mark.usefixtures("datastore")
def test_the_middleware_gives_each_request_a_context(interface: str) -> None:
    @endpoints.api("own", "v1")
    class Own(remote.Service):
        @endpoints.method(http_method="GET")
        def count(self, request: Any, number: int) -> BookMessage:
            ndb.put(Shelf(number=number))
            return BookMessage(title="x", pages=len(Shelf.query().fetch()))

    server = ndb.middleware(endpoints.api_server([Own]))
    assert server.apis[0].name == "own"
    with Client(server if interface == "wsgi" else server.asgi, interface) as client:  # type: ignore[arg-type]
        assert client.get("/_ah/api/own/v1/count?number=1").status == 200
        assert client.get("/_ah/api/own/v1/count?number=2").json() == {"title": "x", "pages": "2"}


def test_the_middleware_closes_what_it_read(datastore: Any) -> None:
    closed = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(ndb.get_context().client is datastore)

    assert ndb.middleware(lambda _environ, _start: Body([b"x"]))({}, None) == [b"x"]
    assert closed == [True]


@pytest.mark.usefixtures("context")
def test_a_cursor_that_is_none() -> None:
    with pytest.raises(endpoints.BadRequestException, match=r"^pageToken: 'x' was not given"):
        ndb.paginate(Shelf.query(), page_token="x")  # noqa: S106 - a place in a list


def test_the_usual_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = rsa_key().private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {"type": "service_account", "project_id": "ours", "private_key": key.decode(), "client_email": "a@b.c"}
    (tmp_path / "key.json").write_text(json.dumps(account | {"token_uri": "https://localhost/token"}))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    monkeypatch.setattr("ferris3.datastore._clients", [])
    with ndb.context() as first:
        assert first.client.project == "ours"
    with ndb.context() as second:
        assert second.client is first.client


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ferris3.ndb")
    monkeypatch.setitem(sys.modules, "google.cloud.ndb", None)
    with pytest.raises(ImportError, match=r"needs Google Cloud NDB, pip install endpoints-frameworks\[ndb\]"):
        importlib.import_module("ferris3.ndb")


def test_queries_and_sessions_are_checked() -> None:
    with pytest.raises(TypeError, match=r"^hvild.list\(Shelf\): query must be one such as Shelf.query\(\), not 7$"):
        hvild.list(Shelf, query=7)
    with pytest.raises(TypeError, match=r"session= is for SQLAlchemy models$"):
        hvild.get(Shelf, session=lambda: None)  # type: ignore[arg-type, return-value]


def test_names() -> None:
    assert ferris3.Model is ndb.Model is Model and ferris3.Behavior is ndb.Behavior
    assert ndb.StringProperty.__name__ == "StringProperty"
    with pytest.raises(AttributeError):
        ndb.no_such_name  # noqa: B018
