"""Partial answers: what `fields` chooses, what it refuses, and what it leaves alone."""

from __future__ import annotations

import datetime
import json
from typing import Any, ClassVar

import pytest

import endpoints
from endpoints.serving.field_masks import MAX_DEPTH, MAX_LENGTH
from endpoints.serving.partial import MAX_CHOICES, Selection
from protorpc import message_types, messages, remote
from protorpc._codec import codec
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/magazines/v1/"
Void = message_types.VoidMessage
# A mask is applied in another way from the third call on.
CALLS = 4


class Person(messages.Message):
    name = messages.StringField(1)
    email = messages.StringField(2)


class Section(messages.Message):
    title = messages.StringField(1)
    sections = messages.MessageField("Section", 2, repeated=True)
    editor = messages.MessageField(Person, 3)
    appendix = messages.MessageField("Section", 4)


class Article(messages.Message):
    id = messages.IntegerField(1)
    title = messages.StringField(2)
    author = messages.MessageField(Person, 3)
    tags = messages.StringField(4, repeated=True)
    sections = messages.MessageField(Section, 5, repeated=True)
    printed = message_types.DateTimeField(6)
    sold = messages.MessageField(message_types.DateTimeMessage, 7)
    score = messages.FloatField(8)
    cover = messages.BytesField(9)
    empty = messages.MessageField(Void, 10)


class Issue(messages.Message):
    nextPageToken = messages.StringField(1)  # noqa: N815 - as Google names it
    items = messages.MessageField(Article, 2, repeated=True)
    best = messages.MessageField(Article, 3)
    kind = messages.StringField(4, default="issue")


class Odd(messages.Message):
    locals()["class"] = messages.StringField(1)
    self = messages.StringField(2)
    pass_ = messages.StringField(3)
    café = messages.StringField(4)  # noqa: PLC2401 - odd


class Strict(messages.Message):
    a = messages.StringField(1)
    needed = messages.StringField(2, required=True)


class Fields(messages.Message):
    fields = messages.StringField(1)
    other = messages.StringField(2)


def _issue() -> Issue:
    printed = datetime.datetime(2024, 5, 17, 12, 30, tzinfo=datetime.UTC)
    first = Article(
        id=2**53,
        title="Sea \u00e9",
        author=Person(name="Ada", email="ada@example.com"),
        tags=["a", "b"],
        sections=[Section(title="One", sections=[Section(title="Two", editor=Person(name="Eve"))])],
        printed=printed,
        sold=message_types.DateTimeMessage(milliseconds=5, time_zone_offset=60),
        score=1e16,
        cover=b"\xff\xfe",
        empty=Void(),
    )
    return Issue(nextPageToken="next", items=[first, Article(id=2, score=float("inf"))], best=Article(title="Best"))


@endpoints.api("magazines", "v1")
class Magazines(remote.Service):
    called: ClassVar[list[str | None]] = []

    @endpoints.method(Void, Issue, path="issue", http_method="GET")
    def issue(self, _request: Any) -> Issue:
        return _issue()

    @endpoints.method(Void, Issue, path="issue_async", http_method="GET")
    async def issue_async(self, _request: Any) -> Issue:
        return _issue()

    @endpoints.method(Void, Issue, path="none", http_method="GET")
    def none(self, _request: Any) -> Issue:
        return Issue()

    @endpoints.method(Void, Void, path="void", http_method="DELETE")
    def void(self, _request: Any) -> Any:
        return Void()

    @endpoints.method(Person, Person, path="people", http_method="POST")
    def person(self, request: Person) -> Person:
        self.called.append(request.name)
        return request

    @endpoints.method(Void, Odd, path="odd", http_method="GET")
    def odd(self, _request: Any) -> Odd:
        return Odd(**{"class": "a", "self": "b", "pass_": "c", "caf\u00e9": "d"})

    @endpoints.method(Void, Strict, path="strict", http_method="GET")
    def strict(self, _request: Any) -> Strict:
        return Strict(a="a")

    @endpoints.method(Fields, Fields, path="own", http_method="GET")
    def own(self, request: Fields) -> Fields:
        return request

    @endpoints.method(Fields, Fields, path="own", http_method="POST")
    def own_in_body(self, request: Fields) -> Fields:
        return request

    @endpoints.method(Person, Person, path="unwritable", http_method="POST")
    def unwritable(self, _request: Person) -> Person:
        return Person(name="\ud800", email="e")


@pytest.fixture
def magazines(serve: Serve) -> Client:
    Magazines.called.clear()
    return serve(Magazines, control="off")


_FIRST_SECTIONS = [{"title": "One", "sections": [{"title": "Two", "editor": {"name": "Eve"}}]}]
_CHOSEN: dict[str, Any] = {
    "nextPageToken": {"nextPageToken": "next"},
    "nextPageToken,best": {"nextPageToken": "next", "best": {"title": "Best"}},
    "best/title": {"best": {"title": "Best"}},
    "best.title": {"best": {"title": "Best"}},
    "best(title)": {"best": {"title": "Best"}},
    "best/author/name": {"best": {}},
    "items/id": {"items": [{"id": "9007199254740992"}, {"id": "2"}]},
    "items(id,author/name),nextPageToken": {
        "nextPageToken": "next",
        "items": [{"id": "9007199254740992", "author": {"name": "Ada"}}, {"id": "2"}],
    },
    " items ( id ,\n author / name ) , nextPageToken ": {
        "nextPageToken": "next",
        "items": [{"id": "9007199254740992", "author": {"name": "Ada"}}, {"id": "2"}],
    },
    "items/author,items/id": {
        "items": [{"id": "9007199254740992", "author": {"name": "Ada", "email": "ada@example.com"}}, {"id": "2"}]
    },
    "items/author/name,items/author": {"items": [{"author": {"name": "Ada", "email": "ada@example.com"}}, {}]},
    "items/*/name": {"items": [{"author": {"name": "Ada"}}, {}]},
    "*/title": {"items": [{"title": "Sea \u00e9"}, {}], "best": {"title": "Best"}},
    "*/author(name),best/*": {"items": [{"author": {"name": "Ada"}}, {}], "best": {"title": "Best"}},
    "items/author/*": {"items": [{"author": {"name": "Ada", "email": "ada@example.com"}}, {}]},
    "items/tags": {"items": [{"tags": ["a", "b"]}, {}]},
    "items/sections": {"items": [{"sections": _FIRST_SECTIONS}, {}]},
    "items/sections/sections/editor": {"items": [{"sections": [{"sections": [{"editor": {"name": "Eve"}}]}]}, {}]},
    "items/sections/*/*/name": {"items": [{"sections": [{"sections": [{"editor": {"name": "Eve"}}]}]}, {}]},
    "items(printed,score)": {"items": [{"printed": "2024-05-17T12:30:00+00:00", "score": 1e16}, {"score": "Infinity"}]},
    "items/sold/milliseconds": {"items": [{"sold": {"milliseconds": "5"}}, {}]},
    "items(cover,empty/*)": {"items": [{"cover": "//4=", "empty": {}}, {}]},
    "kind": {},
}


@pytest.mark.parametrize("path", ["issue", "issue_async"])
@pytest.mark.parametrize(("mask", "chosen"), _CHOSEN.items())
def test_chosen(magazines: Client, path: str, mask: str, chosen: Any) -> None:
    answers = [magazines.get(ROOT + path, query={"fields": mask}) for _ in range(CALLS)]
    assert [answer.json() for answer in answers] == [chosen] * CALLS
    assert len({answer.body for answer in answers}) == 1
    assert {answer.status for answer in answers} == {200}


@pytest.mark.parametrize("mask", ["", " ", "*", "*,items/id", "items(*),best,nextPageToken,kind"])
def test_all_is_chosen(magazines: Client, mask: str) -> None:
    full = magazines.get(ROOT + "issue")
    for _ in range(CALLS):
        assert magazines.get(ROOT + "issue", query={"fields": mask}).body == full.body


def test_the_order_is_that_of_the_message(magazines: Client) -> None:
    for _ in range(CALLS):
        text = magazines.get(ROOT + "issue?fields=best(author,title),nextPageToken").text
        assert text == '{"nextPageToken":"next","best":{"title":"Best"}}'


def test_nothing_is_there(magazines: Client) -> None:
    for _ in range(CALLS):
        assert magazines.get(ROOT + "none?fields=items(id),best/title").text == "{}"


@pytest.mark.parametrize(
    ("mask", "name"),
    [
        ("nothing", "nothing"),
        ("items/nothing", "nothing"),
        ("items(id,nothing),best", "nothing"),
        ("items,items/nothing", "nothing"),
        ("*,nothing", "nothing"),
        ("nextPageToken/x", "x"),
        ("nextPageToken/*", "*"),
        ("items/tags/x", "x"),
        ("items/printed/milliseconds", "milliseconds"),
        ("*/nothing", "nothing"),
        ("Items", "Items"),
        ("unrecognized", "unrecognized"),
        ("_v_items", "_v_items"),
    ],
)
def test_names_that_stand_for_no_field(magazines: Client, mask: str, name: str) -> None:
    entry = error_of(magazines.get(ROOT + "issue", query={"fields": mask}), 400, "invalidParameter")
    assert entry["message"] == f"Invalid field selection {name}"
    assert (entry["locationType"], entry["location"]) == ("parameter", "fields")


@pytest.mark.parametrize(
    ("mask", "wrong"),
    [
        ("items(id", "expected a comma or a closing parenthesis at character 9"),
        ("items)", "expected a comma or the end at character 6"),
        ("items()", "expected a name at character 7"),
        (",items", "expected a name at character 1"),
        ("items,", "expected a name at character 7"),
        ("items//id", "expected a name at character 7"),
        ("items/", "expected a name at character 7"),
        ("items id", "expected a comma or the end at character 7"),
        ("items(id)author", "expected a comma or the end at character 10"),
        ("items(id)/author", "expected a comma or the end at character 10"),
    ],
)
def test_masks_that_are_none(magazines: Client, mask: str, wrong: str) -> None:
    entry = error_of(magazines.get(ROOT + "issue", query={"fields": mask}), 400, "invalidParameter")
    assert entry["message"] == f"Invalid field selection {mask}: {wrong}"
    assert entry["location"] == "fields"


@pytest.mark.parametrize(
    ("mask", "wrong"),
    [
        ("id," * MAX_LENGTH + "id", f"it is longer than {MAX_LENGTH} characters"),
        ("/".join(["a"] * (MAX_DEPTH + 1)), f"it is nested more than {MAX_DEPTH} deep"),
        ("a(" * 1000 + "a" + ")" * 1000, f"it is nested more than {MAX_DEPTH} deep"),
        ("/a" * 3000, "expected a name at character 1"),
        (
            ",".join("items/sections" + "/*" * depth + "/sections" + "/*" * (9 - depth) for depth in range(9)),
            f"it chooses from more than {MAX_CHOICES} kinds of objects",
        ),
    ],
    ids=["long", "deep-path", "deep-parentheses", "slashes", "wildcards"],
)
def test_limits(magazines: Client, mask: str, wrong: str) -> None:
    entry = error_of(magazines.get(ROOT + "issue", query={"fields": mask}), 400, "invalidParameter")
    assert entry["message"].startswith("Invalid field selection ")
    assert entry["message"].endswith(wrong)
    assert len(entry["message"]) < 200


def test_the_deepest(magazines: Client) -> None:
    mask = "items" + "/sections" * (MAX_DEPTH - 2) + "/title"
    for _ in range(CALLS):
        assert magazines.get(ROOT + "issue", query={"fields": mask}).json()["items"][1] == {}


def test_a_bad_mask_calls_nothing(magazines: Client) -> None:
    error_of(magazines.post(ROOT + "people?fields=nothing", json={"name": "Ada"}), 400, "invalidParameter")
    assert Magazines.called == []
    assert magazines.post(ROOT + "people?fields=name", json={"name": "Ada", "email": "e"}).json() == {"name": "Ada"}
    assert Magazines.called == ["Ada"]


def test_unknown_fields_are_chosen_with_all(magazines: Client) -> None:
    sent = {"name": "Ada", "email": "e", "more": [1]}
    for _ in range(CALLS):
        assert magazines.post(ROOT + "people?fields=name,email", json=sent).json() == {"name": "Ada", "email": "e"}
        assert magazines.post(ROOT + "people?fields=*", json=sent).json() == {**sent, "fields": "*"}
        error_of(magazines.post(ROOT + "people?fields=more", json=sent), 400, "invalidParameter")


def test_what_only_json_of_the_standard_library_writes(magazines: Client) -> None:
    for _ in range(CALLS):
        assert json.loads(magazines.post(ROOT + "unwritable?fields=name", json={}).body) == {"name": "\ud800"}
        assert json.loads(magazines.post(ROOT + "unwritable?fields=email", json={}).body) == {"email": "e"}


def test_empty_answers_stay_empty(magazines: Client) -> None:
    for query in ("fields=", "fields=*", "fields"):
        answer = magazines.request("DELETE", f"{ROOT}void?{query}")
        assert (answer.status, answer.body) == (204, b"")
    error_of(magazines.request("DELETE", ROOT + "void?fields=id"), 400, "invalidParameter")


@pytest.mark.parametrize(
    ("mask", "chosen"),
    [
        ("class", {"class": "a"}),
        ("self,pass_", {"self": "b", "pass_": "c"}),
        ("caf\u00e9", {"caf\u00e9": "d"}),
        ("class,self,pass_,caf\u00e9", {"class": "a", "self": "b", "pass_": "c", "caf\u00e9": "d"}),
    ],
)
def test_odd_names(magazines: Client, mask: str, chosen: Any) -> None:
    for _ in range(CALLS):
        assert magazines.get(ROOT + "odd", query={"fields": mask}).json() == chosen


def test_an_answer_that_is_not_complete_is_no_answer(magazines: Client) -> None:
    whole = magazines.get(ROOT + "strict")
    for _ in range(CALLS):
        assert magazines.get(ROOT + "strict?fields=a").status == whole.status >= 500


@pytest.mark.parametrize(
    "query",
    [
        "fields=nextPageToken",
        "%66ields=nextPageToken",
        "fields=next%50ageToken",
        "fields=nextPageToken&fields=nothing",
        "a=%20;fields=nextPageToken",
        "fields=nextPageToken&alt=json&quotaUser=a",
        "alt=media&fields=nextPageToken",
    ],
)
def test_where_the_mask_is_found(magazines: Client, query: str) -> None:
    assert magazines.get(f"{ROOT}issue?{query}").json() == {"nextPageToken": "next"}


@pytest.mark.parametrize("query", ["Fields=nothing", "fields.x=nothing", "xfields=nothing", "x=fields%3Dnothing"])
def test_what_is_no_mask(magazines: Client, query: str) -> None:
    assert magazines.get(f"{ROOT}issue?{query}").body == magazines.get(ROOT + "issue").body


def test_indented(magazines: Client) -> None:
    text = magazines.get(ROOT + "issue?fields=nextPageToken&prettyPrint=true").text
    assert text == '{\n  "nextPageToken": "next"\n}'


@pytest.mark.parametrize("query", ["", "?alt=json", "?key=a%20key"])
def test_a_long_get_that_is_sent_as_a_form(magazines: Client, query: str) -> None:
    answer = magazines.post(
        ROOT + "issue" + query,
        body=b"fields=items%2Fid&alt=json",
        headers={"X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.json() == {"items": [{"id": "9007199254740992"}, {"id": "2"}]}


def test_methods_with_such_a_parameter_of_their_own(magazines: Client) -> None:
    assert magazines.get(ROOT + "own?fields=nothing&other=a").json() == {"fields": "nothing", "other": "a"}
    assert magazines.post(ROOT + "own?fields=nothing", json={"other": "a"}).json()["other"] == "a"


def test_a_mask_that_comes_again_writes_what_it_chooses_only() -> None:
    selection, written = Selection(Person, "name", naive_as_utc=False), []

    def encode(answer: Person) -> bytes:
        written.append(answer)
        return codec(Person).encode(answer)

    parts = {selection.encode(Person(name="Ada", email="e"), encode) for _ in range(10)}
    assert parts == {b'{"name":"Ada"}'}
    assert len(written) < CALLS


def test_dates_of_utc(serve: Serve) -> None:
    @endpoints.api("dates", "v1")
    class Dates(remote.Service):
        @endpoints.method(Void, Article, path="date", http_method="GET")
        def date(self, _request: Any) -> Article:
            return Article(id=1, printed=datetime.datetime(2024, 5, 17))  # noqa: DTZ001

    client = serve(Dates, control="off", naive_datetimes="utc")
    for _ in range(CALLS):
        answer = client.get("/_ah/api/dates/v1/date?fields=printed")
        assert answer.json() == {"printed": "2024-05-17T00:00:00+00:00"}
