"""`ferris3.hvild` over SQLAlchemy sessions, on both server interfaces."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import sqlalchemy
from sqlalchemy import Engine, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

import endpoints
import ferris3
from ferris3 import hvild, messages
from ferris3.stores import sessions
from protorpc import remote
from tests.client import Client, Response, Serve
from tests.ferris3.stored import Animal, Author, Coin, Post, Seat, Tag, Token, engine

Call = Callable[..., Response]
FIVE = [{"id": str(number), "name": name} for number, name in enumerate("edcba", start=1)]


@pytest.fixture
def database() -> Iterator[Engine]:
    made = engine()
    yield made
    made.dispose()


@pytest.fixture
def sessions_of(database: Engine, monkeypatch: pytest.MonkeyPatch) -> sessionmaker[Session]:
    monkeypatch.setattr(sessions, "_default", [])
    made = sessionmaker(database)
    hvild.use(made)
    return made


class Asynchronous:
    """Looks like `async_sessionmaker`, which cannot be imported without greenlet."""

    __module__ = "sqlalchemy.ext.asyncio.session"

    def __call__(self) -> Any: ...


def service(model: type, **members: Any) -> type[remote.Service]:
    api = endpoints.api("stored", "v1")
    made = type("StoredService", (ferris3.Service,), members or everything(model))
    return api.api_class(resource_name="things", path="things")(made)


def everything(model: type) -> dict[str, Any]:
    return {
        "list": hvild.list(model),
        "paginated_list": hvild.paginated_list(model, limit=2),
        "get": hvild.get(model),
        "insert": hvild.insert(model),
        "update": hvild.update(model),
        "delete": hvild.delete(model),
    }


def caller(client: Client) -> Call:
    def call(name: str, body: object = None, **query: str) -> Response:
        verb = "DELETE" if name == "delete" else "POST"
        options: dict[str, Any] = {} if body is None else {"json": body}
        return client.request(verb, f"/_ah/api/stored/v1/things/{name}", query, **options)

    return call


@pytest.fixture
def call(serve: Serve, sessions_of: object) -> Call:  # noqa: ARG001 - the service needs them
    return caller(serve(service(Author)))


@pytest.fixture
def five(call: Call) -> Call:
    for each in FIVE:
        assert call("insert", {"name": each["name"]}).json() == each
    return call


def test_from_insert_to_delete(call: Call) -> None:
    assert call("insert", {"name": "Ann", "email": "ann@x"}).json() == {"id": "1", "name": "Ann", "email": "ann@x"}
    assert call("get", itemId="1").json() == {"id": "1", "name": "Ann", "email": "ann@x"}
    assert call("update", {"name": "Eve", "id": "1"}, itemId="1").json() == {"id": "1", "name": "Eve"}
    assert call("list").json() == {"items": [{"id": "1", "name": "Eve"}]}
    for _ in range(2):
        gone = call("delete", itemId="1")
        assert (gone.status, gone.body) == (204, b"")
    assert call("get", itemId="1").status == 404
    assert call("list").json() == {}


@pytest.mark.usefixtures("sessions_of")
def test_the_declarations(serve: Serve) -> None:
    document = serve(service(Author)).get("/_ah/api/discovery/v1/apis/stored/v1/rest").json()
    found = document["resources"]["things"]["methods"]
    assert {name: (each["id"], each["httpMethod"], each["path"]) for name, each in found.items()} == {
        name: (f"stored.things.{name}", "DELETE" if name == "delete" else "POST", f"things/{name}")
        for name in everything(Author)
    }
    assert found["get"]["parameters"] == {"itemId": {"type": "string", "location": "query", "required": True}}
    assert found["paginated_list"]["parameters"] == {"pageToken": {"type": "string", "location": "query"}}
    assert found["get"]["description"] == "Gets one Author."


def pages(call: Call, name: str = "paginated_list") -> Iterator[list[str]]:
    token = ""
    while True:
        page = call(name, pageToken=token).json()
        yield [item["id"] for item in page["items"]]
        token = page.get("nextPageToken", "")
        if not token:
            return


def test_pages(five: Call) -> None:
    assert list(pages(five)) == [["1", "2"], ["3", "4"], ["5"]]
    assert five("delete", itemId="5").status == 204
    assert list(pages(five)) == [["1", "2"], ["3", "4"]], "a last page that is full leads nowhere"


def test_rows_that_go_meanwhile_shift_nothing(five: Call) -> None:
    reader = pages(five)
    assert next(reader) == ["1", "2"]
    five("delete", itemId="1")
    five("delete", itemId="2")
    assert list(reader) == [["3", "4"], ["5"]]


@pytest.mark.usefixtures("sessions_of")
def test_pages_of_a_composite_key(serve: Serve) -> None:
    call = caller(serve(service(Seat)))
    for key in ("2,a", "1,b", "1,a%2C", "1,c", "3,a"):
        assert call("insert", {"id": key, "taken": True}).json()["taken"] is True
    assert list(pages(call)) == [["1,a%2C", "1,b"], ["1,c", "2,a"], ["3,a"]]
    assert call("get", itemId="1,b").json() == {"id": "1,b", "taken": True}
    assert call("update", {}, itemId="1,b").json() == {"id": "1,b", "taken": False}


@pytest.mark.usefixtures("sessions_of")
def test_queries(serve: Serve) -> None:
    wanted = ["a", "c", "e"]
    by_name = select(Author).where(Author.name.in_(["a", "b", "c", "d"])).order_by(Author.name)
    call = caller(
        serve(
            service(
                Author,
                insert=hvild.insert(Author),
                value=hvild.list(Author, query=by_name, name="value"),
                asked=hvild.list(Author, query=lambda: select(Author).where(Author.name.in_(wanted)), name="asked"),
                paged=hvild.paginated_list(Author, query=by_name, limit=3, name="paged"),
            )
        )
    )
    for each in FIVE:
        call("insert", {"name": each["name"]})
    assert [item["name"] for item in call("value").json()["items"]] == ["a", "b", "c", "d"]
    assert {item["name"] for item in call("asked").json()["items"]} == {"a", "c", "e"}
    wanted.remove("c")
    assert {item["name"] for item in call("asked").json()["items"]} == {"a", "e"}
    assert list(pages(call, "paged")) == [["5", "4", "3"], ["2"]]


@pytest.mark.usefixtures("sessions_of")
def test_a_list_may_have_a_limit(serve: Serve) -> None:
    newest = hvild.list(Author, query=select(Author).order_by(Author.id.desc()).limit(2), name="newest")
    paged = hvild.paginated_list(Author, query=lambda: select(Author).limit(2), name="paged")
    call = caller(serve(service(Author, insert=hvild.insert(Author), newest=newest, paged=paged)))
    for each in FIVE:
        call("insert", {"name": each["name"]})
    assert call("newest").json() == {"items": FIVE[:2:-1]}
    assert call("paged").status == 503, "the mistake of a function shows when it is called"


@pytest.mark.usefixtures("sessions_of")
def test_rows_that_a_query_holds_for_equal_have_an_order(serve: Serve) -> None:
    paged = hvild.paginated_list(Token, query=select(Token).order_by(Token.text), limit=1, name="paged")
    call = caller(serve(service(Token, insert=hvild.insert(Token), paged=paged)))
    keys = [str(uuid.UUID(int=number)) for number in (3, 1, 2)]
    for key in keys:
        call("insert", {"id": key, "text": "x"})
    assert [key for page in pages(call, "paged") for key in page] == sorted(keys)


@pytest.mark.usefixtures("sessions_of")
def test_a_query_of_an_alias(serve: Serve) -> None:
    other = sqlalchemy.orm.aliased(Author)
    query = select(other, other.name).where(other.name < "e").order_by(other.name)
    members = {"listed": hvild.list(Author, query=query, name="listed"), "insert": hvild.insert(Author)}
    call = caller(
        serve(service(Author, paged=hvild.paginated_list(Author, query=query, limit=3, name="paged"), **members))
    )
    for each in FIVE:
        call("insert", {"name": each["name"]})
    assert [item["id"] for item in call("listed").json()["items"]] == ["5", "4", "3", "2"]
    assert list(pages(call, "paged")) == [["5", "4", "3"], ["2"]]


@pytest.mark.usefixtures("sessions_of")
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7])
def test_rows_that_a_join_repeats_hide_none(serve: Serve, limit: int) -> None:
    joined = select(Post).join(Post.tags).order_by(Post.title)
    call = caller(serve(service(Post, paged=hvild.paginated_list(Post, query=joined, limit=limit, name="paged"))))
    tags = [Tag(name=name) for name in "abc"]
    with hvild.session() as session:
        session.add_all([Post(id=number, title=str(number), tags=tags[:number]) for number in (1, 2, 3)])
    found = list(pages(call, "paged"))
    assert list(dict.fromkeys(key for page in found for key in page)) == ["1", "2", "3"]
    assert all(len(page) == len(set(page)) <= limit for page in found)


def forged(token: str, position: bytes) -> str:
    """A token whose digest is right only if the position is that of `token`."""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return base64.urlsafe_b64encode(raw[:6] + position).decode().rstrip("=")


@pytest.mark.parametrize("token", ["x", "é", "AAAA", "A" * 2000, "!", "a=b", "\0", "0", "-1", "None", "' OR 1=1"])
def test_tokens_that_are_none(five: Call, token: str) -> None:
    refused = five("paginated_list", pageToken=token)
    assert refused.status == 400
    assert re.match("pageToken: .* was not given by this list", refused.json()["error"]["message"])


@pytest.mark.parametrize("position", [b'"3"', b'"x"', b"3", b"null", b"[", b"[" * 9000, b"\xff", b""])
def test_tokens_that_are_changed(five: Call, position: bytes) -> None:
    token = five("paginated_list").json()["nextPageToken"]
    assert five("paginated_list", pageToken=forged(token, b'"2"')).status == 200
    assert five("paginated_list", pageToken=forged(token, position)).status == 400


@pytest.mark.parametrize("position", [b"3", b"null", b'"x"', b"[", b"[" * 9000, b"\xff", b'"9"'])
def test_tokens_that_are_made_up(five: Call, position: bytes) -> None:
    digest = hashlib.blake2b(position, digest_size=6, key=b"tests.ferris3.stored.Author").digest()
    token = base64.urlsafe_b64encode(digest + position).decode().rstrip("=")
    found = five("paginated_list", pageToken=token)
    assert found.status == (200 if position == b'"9"' else 400)
    assert len(found.text) < 500


@pytest.mark.usefixtures("sessions_of")
def test_tokens_of_another_list(serve: Serve) -> None:
    class Stored(ferris3.Service):
        authors = hvild.paginated_list(Author, limit=1, name="authors")
        tags = hvild.paginated_list(Tag, limit=1, name="tags")
        counted = hvild.paginated_list(Author, limit=1, query=select(Author), name="counted")

    call = caller(serve(service(Author, **{name: vars(Stored)[name] for name in ("authors", "tags", "counted")})))
    with hvild.session() as session:
        session.add_all([Author(name="a"), Author(name="b"), Tag(name="a"), Tag(name="b")])
    tokens = {name: call(name).json()["nextPageToken"] for name in ("authors", "tags", "counted")}
    statuses = {(name, of): call(name, pageToken=token).status for name in tokens for of, token in tokens.items()}
    assert {pair for pair, status in statuses.items() if status == 200} == {(name, name) for name in tokens}
    assert set(statuses.values()) == {200, 400}


@pytest.mark.parametrize("item_id", ["99", "x", "", "-1", "1.0", "01", "9" * 19, "9" * 40, "é", "\0", "1 OR 1=1"])
@pytest.mark.parametrize("name", ["get", "update", "delete"])
def test_keys_of_nothing(five: Call, name: str, item_id: str) -> None:
    found = five(name, {"name": "x"} if name == "update" else None, itemId=item_id)
    unknown = name == "delete" and item_id in ("99", "-1")
    assert found.status == (204 if unknown else 404)
    if not unknown:
        assert found.json()["error"]["message"] == f"There is no Author with the itemId {item_id!r}"
    assert len(five("list").json()["items"]) == 5


@pytest.mark.usefixtures("sessions_of")
def test_a_text_as_key(serve: Serve) -> None:
    call = caller(serve(service(Tag)))
    assert call("insert", {"id": "a b/é"}).json() == call("get", itemId="a b/é").json() == {"id": "a b/é"}
    assert call("get", itemId="a\0b").status == 404
    assert call("insert", {"id": "a\0b"}).status == 400
    refused = call("insert", {})
    assert (refused.status, refused.json()["error"]["message"]) == (400, "id: a new Tag needs one")
    assert caller(serve(service(Seat)))("insert", {}).status == 400


@pytest.mark.parametrize("name", ["get", "update", "delete"])
def test_a_key_is_needed(call: Call, name: str) -> None:
    assert call(name, {"name": "x"} if name == "update" else None).status == 400


@pytest.mark.parametrize(
    ("name", "body", "status", "said"),
    [
        pytest.param("insert", {"name": "a"}, 409, "This conflicts with what is stored", id="unique"),
        pytest.param("insert", {"id": "1", "name": "z"}, 409, "This conflicts with what is stored", id="known key"),
        pytest.param("update", {"name": "a"}, 409, "This conflicts with what is stored", id="made not unique"),
        pytest.param("insert", {}, 400, "missing required field name", id="nothing"),
        pytest.param("insert", {"id": "x", "name": "z"}, 400, "id: 'x' cannot be a key of Author", id="no key"),
        pytest.param("insert", {"name": "z", "email": "z"}, 400, "'z' is no email address", id="refused by the model"),
        pytest.param("update", {"name": "z" * 11}, 400, "name: 11 characters are more than the 10", id="long"),
        pytest.param("update", {"id": "2", "name": "z"}, 400, "id: '2' is not the itemId", id="two keys"),
    ],
)
def test_refusals(five: Call, name: str, body: object, status: int, said: str) -> None:
    refused = five(name, body, **({"itemId": "1"} if name == "update" else {}))
    assert refused.status == status and said in refused.json()["error"]["message"]
    assert not re.search("(?i)sql|constraint|author\\.", refused.text)
    assert five("list").json() == {"items": FIVE}


def test_a_key_chosen_by_the_caller(call: Call, serve: Serve) -> None:
    assert call("insert", {"id": "7", "name": "a"}).json() == {"id": "7", "name": "a"}
    token = caller(serve(service(Token)))
    made = token("insert", {"text": "x"}).json()
    assert token("get", itemId=made["id"].upper()).json() == made
    coin = caller(serve(service(Coin)))
    assert coin("insert", {"name": "Euro"}).json() == {"id": "1", "name": "Euro"}


@pytest.mark.usefixtures("sessions_of")
def test_what_the_mapper_fills_in_is_not_asked_for(serve: Serve) -> None:
    call = caller(serve(service(Animal)))
    first = {"id": "1", "kind": "animal", "changes": "1", "name": "Rex"}
    assert call("insert", {"name": "Rex"}).json() == first
    assert call("update", {"name": "Max", "kind": "plant", "changes": "9"}, itemId="1").json() == first | {
        "changes": "2",
        "name": "Max",
    }


@pytest.mark.usefixtures("sessions_of")
def test_a_uuid_that_is_text(serve: Serve) -> None:
    call, chip = caller(serve(service(Animal))), str(uuid.uuid4())
    assert call("insert", {"name": "Rex", "chip": chip.upper()}).json()["chip"] == chip
    assert call("get", itemId="1").json()["chip"] == chip
    refused = call("insert", {"name": "Rex", "chip": "x"})
    assert (refused.status, refused.json()["error"]["message"]) == (400, "chip: 'x' is no UUID")


@pytest.mark.usefixtures("sessions_of")
def test_related_entities_are_shown(serve: Serve) -> None:
    full = messages.model_message(Post, only=("title", "author", "tags"), name="FullPost")
    by_title = sqlalchemy.select(Post).options(sqlalchemy.orm.joinedload(Post.tags)).order_by(Post.title)
    call = caller(
        serve(service(Post, get=hvild.get(Post, full), list=hvild.list(Post, full, query=by_title, auth_level=None)))
    )
    with hvild.session() as session:
        session.add(Post(title="x", author=Author(name="Ann"), tags=[Tag(name="a"), Tag(name="b")]))
    shown = {"id": "1", "title": "x", "author": {"id": "1", "name": "Ann"}, "tags": [{"id": "a"}, {"id": "b"}]}
    assert call("get", itemId="1").json() == shown
    assert call("list").json() == {"items": [shown]}


@pytest.mark.usefixtures("sessions_of")
def test_other_verbs_and_paths(serve: Serve) -> None:
    members = {
        "insert": hvild.insert(Author, path="new"),
        "get": hvild.get(Author, http_method="GET", path="{itemId}"),
        "delete": hvild.delete(Author, http_method="POST", name="remove"),
    }
    found = serve(service(Author, **members))
    assert found.post("/_ah/api/stored/v1/things/new", json={"name": "Ann"}).json()["id"] == "1"
    assert found.get("/_ah/api/stored/v1/things/1").json() == {"id": "1", "name": "Ann"}
    assert found.post("/_ah/api/stored/v1/things/remove?itemId=1").status == 204


@pytest.mark.usefixtures("sessions_of")
def test_levels_are_words_here_too(serve: Serve) -> None:
    members = {"list": hvild.list(Author, auth_level="required"), "get": hvild.get(Author, auth_level="none")}
    call = caller(serve(service(Author, **members)))
    assert (call("list").status, call("get", itemId="1").status) == (401, 404)


@pytest.mark.usefixtures("sessions_of")
def test_where_sessions_come_from(serve: Serve) -> None:
    other = engine()
    scoped = scoped_session(sessionmaker(other))
    own = caller(serve(service(Author, insert=hvild.insert(Author, session=scoped))))
    usual = caller(serve(service(Author, list=hvild.list(Author))))
    assert own("insert", {"name": "Ann"}).status == 200
    assert not scoped.registry.has()
    assert usual("list").json() == {}
    hvild.use(scoped)
    assert usual("list").json() == {"items": [{"id": "1", "name": "Ann"}]}
    other.dispose()


def test_every_session_is_closed(database: Engine, serve: Serve) -> None:
    ended: list[str] = []

    class Watched(Session):
        def commit(self) -> None:
            ended.append("commit")
            super().commit()

        def rollback(self) -> None:
            ended.append("rollback")
            super().rollback()

        def close(self) -> None:
            ended.append("close")
            super().close()

    call = caller(serve(service(Author, insert=hvild.insert(Author, session=lambda: Watched(database)))))
    call("insert", {"name": "Ann"})
    call("insert", {"name": "Ann"})
    assert ended == ["commit", "close", "rollback", "close"]


def test_a_session_for_methods_of_ones_own(sessions_of: sessionmaker[Session]) -> None:
    def fails() -> None:
        with hvild.session() as session:
            session.add(Author(name="Ann"))
            raise ZeroDivisionError

    def does_not_fit() -> None:
        with hvild.session() as session:
            session.add(Post(title="x", day="today"))

    def changes_what_is_gone() -> None:
        with hvild.session() as session:
            author = Author(name="Ann")
            session.add(author)
            session.flush()
            session.execute(sqlalchemy.delete(Author), execution_options={"synchronize_session": False})
            author.name = "Eve"

    def asks_nowhere() -> None:
        with hvild.session() as session:
            session.execute(sqlalchemy.text("SELECT 1 FROM nowhere"))

    for work, error, said in [
        (fails, ZeroDivisionError, None),
        (does_not_fit, endpoints.BadRequestException, "does not fit its column"),
        (changes_what_is_gone, endpoints.ConflictException, "changed or deleted"),
        (asks_nowhere, sqlalchemy.exc.OperationalError, "nowhere"),
    ]:
        with pytest.raises(error, match=said):
            work()
    with hvild.session(sessions_of) as session:
        assert session.scalars(select(Author)).all() == []


@pytest.mark.usefixtures("sessions_of")
def test_a_failing_database_says_nothing_to_the_caller(serve: Serve) -> None:
    nowhere = lambda: select(Author).where(sqlalchemy.text("no_such_column = 1"))  # noqa: E731
    failed = caller(serve(service(Author, list=hvild.list(Author, query=nowhere))))("list")
    assert failed.status == 503 and "no_such_column" not in failed.text


@pytest.mark.usefixtures("sessions_of")
@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        pytest.param(lambda: hvild.get(int), TypeError, "int'> is no model", id="no model"),
        pytest.param(
            lambda: hvild.get(Author, session=cast(Any, Session())), TypeError, "must be a sessionmaker", id="session"
        ),
        pytest.param(lambda: hvild.get(Author, session=Asynchronous()), TypeError, "asyncio", id="asyncio"),
        pytest.param(lambda: hvild.use(None), TypeError, "must be a sessionmaker .* not None", id="none to use"),  # type: ignore[arg-type]
        pytest.param(lambda: hvild.list(Author, query=Author.name), TypeError, r"select\(Author\)", id="query"),
        pytest.param(
            lambda: hvild.list(Author, query=select(Author.name)),
            TypeError,
            r"select\(Author\)",
            id="query of a column",
        ),
        pytest.param(
            lambda: hvild.list(Author, query=select(Tag, Author)), TypeError, r"select\(Author\)", id="query of others"
        ),
        pytest.param(
            lambda: hvild.list(Author, query=select(sqlalchemy.func.count())),
            TypeError,
            r"select\(Author\)",
            id="query of a number",
        ),
        pytest.param(lambda: hvild.list(Author, query=select()), TypeError, r"select\(Author\)", id="empty query"),
        pytest.param(
            lambda: hvild.paginated_list(Author, query=select(Author).limit(3)),
            TypeError,
            r"^hvild.paginated_list\(Author\): a query for pages has no LIMIT or OFFSET of its own; take limit=$",
            id="limit of the query",
        ),
        pytest.param(
            lambda: hvild.paginated_list(Author, query=select(Author).offset(3)), TypeError, "OFFSET", id="offset"
        ),
        pytest.param(
            lambda: hvild.delete(Author, auth_level="requird"),
            endpoints.ApiConfigurationError,
            r"^hvild.delete\(Author\): auth_level must be one of .*; did you mean required\?$",
            id="level",
        ),
        pytest.param(
            lambda: hvild.delete(Author, nme="x"),
            TypeError,
            r"^hvild.delete\(Author\): .*unexpected keyword argument 'nme'",
            id="option",
        ),
        pytest.param(lambda: hvild.paginated_list(Author, limit=0), ValueError, "from 1 to 1000, not 0", id="limit"),
        pytest.param(lambda: hvild.paginated_list(Author, limit=1001), ValueError, "not 1001", id="large limit"),
        pytest.param(
            lambda: hvild.searchable_list(Author), endpoints.ApiConfigurationError, "text search", id="search"
        ),
    ],
)
def test_mistakes(make: Callable[[], Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make()


def test_without_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_default", [])
    with pytest.raises(TypeError, match=r"^hvild.get\(Author\): no session; give session=, or call ferris3.hvild.use"):
        hvild.get(Author)
    assert issubclass(sqlalchemy.exc.DataError, StatementError)
