"""Methods that are called only for those who mean the present state (RFC 9110, 13.1.1 and 13.1.2)."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

import endpoints
from endpoints import ApiConfigurationError
from protorpc import messages, remote
from tests.client import Client, Response, Serve
from tests.http.error_object import error_of
from tests.http.library import BOOK, LOOKED_UP, NAME, ROOT, SHELF, Book, BooksApi, Void, fill_shelf, found, tag

OTHER = '"0123456789abcdef"'
KINDS = pytest.mark.parametrize("place", ["books", "async"])


@pytest.fixture(autouse=True)
def shelf() -> None:
    fill_shelf()


def put(client: Client, path: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request("PUT", ROOT + path, json={"edition": 2}, headers=named)


SENT = [
    ("{tag}", 200),
    (f"{OTHER}, {{tag}}", 200),
    ("{gzip}", 200),
    ("*", 200),
    (OTHER, 412),
    ("W/{tag}", 412),
    ("{bare}", 412),
    ("", 412),
    ('"*"', 412),
]


@KINDS
@pytest.mark.parametrize(("sent", "status"), SENT)
def test_the_state_that_is_meant(serve: Serve, place: str, sent: str, status: int) -> None:
    client = serve(BooksApi)
    known = tag(client.get(f"{ROOT}{place}/emma"))
    sent = sent.format(tag=known, gzip=f'{known[:-1]}-gzip"', bare=known.strip('"'))
    response = put(client, f"{place}/emma", If_Match=sent)
    assert response.status == status
    assert SHELF["emma"].edition == (2 if status == 200 else 1)
    if status == 412:
        entry = error_of(response, 412, "conditionNotMet")
        assert (entry["locationType"], entry["location"]) == ("header", "If-Match")


@KINDS
def test_somebody_else_was_faster(serve: Serve, place: str) -> None:
    client = serve(BooksApi)
    known = tag(client.get(f"{ROOT}{place}/emma"))
    assert put(client, f"{place}/emma", If_Match=known).status == 200
    assert put(client, f"{place}/emma", If_Match=known).status == 412
    assert put(client, f"{place}/emma", If_Match=tag(client.get(f"{ROOT}{place}/emma"))).status == 200


@KINDS
def test_without_a_condition(serve: Serve, place: str) -> None:
    assert put(serve(BooksApi), f"{place}/emma").status == 200
    assert LOOKED_UP == []


@KINDS
@pytest.mark.parametrize("name", ["nobody", "burnt"])
@pytest.mark.parametrize("sent", ["*", OTHER])
def test_nothing_is_no_state(serve: Serve, place: str, name: str, sent: str) -> None:
    error_of(put(serve(BooksApi), f"{place}/{name}", If_Match=sent), 412, "conditionNotMet")
    assert name not in SHELF


@KINDS
@pytest.mark.parametrize("header", ["If_Match", "If_None_Match"])
def test_what_else_the_getter_raises(serve: Serve, place: str, header: str) -> None:
    error_of(put(serve(BooksApi), f"{place}/secret", **{header: "*"}), 403, "forbidden")


@KINDS
@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [("new", "*", 200), ("emma", "*", 412), ("new", OTHER, 200), ("emma", OTHER, 200), ("emma", "W/{tag}", 412)],
)
def test_only_what_is_not_there(serve: Serve, place: str, name: str, sent: str, status: int) -> None:
    client = serve(BooksApi)
    sent = sent.format(tag=tag(client.get(f"{ROOT}{place}/emma")))
    response = put(client, f"{place}/{name}", If_None_Match=sent)
    assert response.status == status
    if status == 412:
        assert error_of(response, 412, "conditionNotMet")["location"] == "If-None-Match"


@KINDS
@pytest.mark.parametrize(
    ("meant", "not_meant", "location"),
    [
        ("*", OTHER, None),
        ("{tag}", OTHER, None),
        ("*", "{tag}", "If-None-Match"),
        ("{tag}", "*", "If-None-Match"),
        (OTHER, OTHER, "If-Match"),
        (OTHER, "{tag}", "If-Match"),
    ],
)
def test_both_conditions(serve: Serve, place: str, meant: str, not_meant: str, location: str | None) -> None:
    """RFC 9110, 13.2.2: If-None-Match is looked at after If-Match, not in its place."""
    client = serve(BooksApi)
    known = tag(client.get(f"{ROOT}{place}/emma"))
    headers = {"If_Match": meant.format(tag=known), "If_None_Match": not_meant.format(tag=known)}
    response = put(client, f"{place}/emma", **headers)
    assert response.status == (200 if location is None else 412)
    assert location is None or error_of(response, 412, "conditionNotMet")["location"] == location


@KINDS
@pytest.mark.parametrize("sent", ["query", "body", "both"])
def test_the_state_of_what_the_method_sees(serve: Serve, place: str, sent: str) -> None:
    """Where query or body say another name than the path, which they may, it is that one's state that counts."""
    client = serve(BooksApi)
    SHELF["other"] = Book(name="other", edition=7)
    query = "?name=other" if sent != "body" else ""
    body = {"edition": 2, **({"name": "other"} if sent != "query" else {})}
    for known, status in ((tag(client.get(f"{ROOT}books/emma")), 412), (tag(client.get(f"{ROOT}books/other")), 200)):
        response = client.request("PUT", f"{ROOT}{place}/emma{query}", json=body, headers={"If-Match": known})
        assert response.status == status
        assert SHELF["other"].edition == (7 if status == 412 else 2)
    assert SHELF["emma"].edition == 1


def test_a_condition_that_is_required(serve: Serve) -> None:
    client = serve(BooksApi)
    error_of(client.request("DELETE", ROOT + "books/emma"), 428, "preconditionRequired")
    error_of(client.request("DELETE", ROOT + "books/emma", headers={"If-Match": OTHER}), 412, "conditionNotMet")
    known = tag(client.get(ROOT + "books/emma"))
    assert client.request("DELETE", ROOT + "books/emma", headers={"If-Match": known}).status == 204
    error_of(client.request("DELETE", ROOT + "books/emma", headers={"If-Match": known}), 412, "conditionNotMet")


@pytest.mark.parametrize("query", ["fields=name", "prettyPrint=true"])
def test_the_tag_of_another_form_is_none(serve: Serve, query: str) -> None:
    client = serve(BooksApi)
    known = tag(client.get(f"{ROOT}books/emma?{query}"))
    assert put(client, "books/emma", If_Match=known).status == 412
    known = tag(client.get(f"{ROOT}books/emma"))
    assert put(client, f"books/emma?{query}", If_Match=known).status == 200


@pytest.mark.parametrize(
    ("name", "sent", "status"), [("emma", "{tag}", 200), ("emma", "*", 200), ("emma", OTHER, 412), ("new", "*", 412)]
)
def test_in_a_transaction(serve: Serve, name: str, sent: str, status: int) -> None:
    client = serve(BooksApi)
    sent = sent.format(tag=tag(client.get(f"{ROOT}books/emma")))
    response = put(client, f"transactions/{name}", If_Match=sent)
    assert response.status == status
    if status == 412:
        error_of(response, 412, "conditionNotMet")


@pytest.mark.parametrize("naive_datetimes", [None, "utc"])
def test_dates_without_a_time_zone(serve: Serve, naive_datetimes: Any) -> None:
    client = serve(BooksApi, naive_datetimes=naive_datetimes)
    printed = datetime.datetime(2024, 5, 17)  # noqa: DTZ001
    for path in ("transactions/emma", "books/emma"):
        SHELF["emma"] = Book(name="emma", printed=printed)
        assert put(client, path, If_Match=tag(client.get(ROOT + "books/emma"))).status == 200


def test_outside_of_any_request() -> None:
    endpoints.check_if_match(None)
    endpoints.check_if_match(Book(name="x"))


@endpoints.api("users", "v1", audiences=["x"], auth_level=endpoints.AUTH_LEVEL.REQUIRED)
class StrictApi(remote.Service):
    @endpoints.method(NAME, Book, path="books/{name}", http_method="GET")
    def get(self, request: Any) -> Book:
        LOOKED_UP.append(request.name)
        return Book(name=request.name)

    @endpoints.method(BOOK, Book, path="books/{name}", http_method="PUT", if_match=get)
    def put(self, request: Any) -> Book:
        return Book(name=request.name)


def test_strangers_learn_nothing(serve: Serve) -> None:
    response = serve(StrictApi).request("PUT", "/_ah/api/users/v1/books/emma", json={}, headers={"If-Match": "*"})
    assert (response.status, LOOKED_UP) == (401, [])


@endpoints.api("seen", "v1", audiences=["x"])
class SeenApi(remote.Service):
    @endpoints.method(NAME, Book, path="books/{name}", http_method="GET")
    def get(self, request: Any) -> Book:
        return Book(name=str(endpoints.get_current_user()))

    @endpoints.method(BOOK, Void, path="books/{name}", http_method="PUT", if_match=get)
    def put(self, request: Any) -> Void:
        return Void()


def test_the_getter_may_ask_who_is_calling(serve: Serve) -> None:
    response = serve(SeenApi).request("PUT", "/_ah/api/seen/v1/books/emma", json={}, headers={"If-Match": "*"})
    assert response.status == 204


METER = [endpoints.LimitDefinition("calls", "Calls", 5)]


@endpoints.api("meter", "v1", limit_definitions=METER)
class MeteredApi(remote.Service):
    @endpoints.method(NAME, Book, path="books/{name}", http_method="GET", metric_costs={"calls": 1})
    def get(self, request: Any) -> Book:
        return Book(name=request.name)

    @endpoints.method(BOOK, Book, path="books/{name}", http_method="PUT", if_match=get, metric_costs={"calls": 2})
    def put(self, request: Any) -> Book:
        return Book(name=request.name)


def test_looking_costs_nothing(serve: Serve) -> None:
    client = serve(MeteredApi)
    headers = {"If-Match": "*", "Origin": "https://app.example"}
    response = client.request("PUT", "/_ah/api/meter/v1/books/emma", json={}, headers=headers)
    assert (response.status, response.headers["ratelimit-remaining"]) == (200, "3")
    assert "RateLimit-Remaining" in response.headers["access-control-expose-headers"]


PLACE = endpoints.ResourceContainer(Void, a=messages.StringField(1), b=messages.StringField(2))
SHOWN = endpoints.ResourceContainer(Void, name=messages.StringField(1), shown=messages.StringField(2, required=True))


@endpoints.api("two", "v1")
class TwoApi(remote.Service):
    @endpoints.method(PLACE, Book, path="{b}/of/{a}", http_method="GET")
    def get(self, request: Any) -> Book:
        return Book(name=f"{request.a} {request.b}")

    @endpoints.method(PLACE, Void, path="{a}/then/{b}", if_match=get)
    def post(self, request: Any) -> Void:
        return Void()


class DerivedApi(TwoApi):
    def get(self, request: Any) -> Book:
        return Book(name="derived")


@pytest.mark.parametrize("api", [TwoApi, DerivedApi])
def test_parameters_in_another_order(serve: Serve, api: Any) -> None:
    client = serve(api)
    known = tag(client.get("/_ah/api/two/v1/2/of/1"))
    assert client.post("/_ah/api/two/v1/1/then/2", headers={"If-Match": known}).status == 204
    response = client.post("/_ah/api/two/v1/2/then/1", headers={"If-Match": known})
    assert response.status == (412 if api is TwoApi else 204)


NUMBER = endpoints.ResourceContainer(Void, name=messages.IntegerField(1))


class Held(messages.Message):
    book = messages.MessageField(Book, 1)
    note = messages.StringField(2)


@endpoints.api("held", "v1")
class HeldApi(remote.Service):
    @endpoints.method(Held, Book, path="held/{book.name}", http_method="GET")
    def get(self, request: Any) -> Book:
        return found(request.book and request.book.name)

    @endpoints.method(Held, Book, path="held/{book.name}", http_method="PUT", if_match=get)
    def put(self, request: Any) -> Book:
        return Book(name=request.note)


@pytest.mark.parametrize(
    ("body", "sent", "status"),
    [({"note": "x"}, "*", 200), ({"note": "x"}, OTHER, 412), ({"book": {"name": "nobody"}}, "*", 412)],
)
def test_variables_within_messages(serve: Serve, body: dict[str, Any], sent: str, status: int) -> None:
    client = serve(HeldApi)
    response = client.request("PUT", "/_ah/api/held/v1/held/emma", json=body, headers={"If-Match": sent})
    assert response.status == status
    response = client.request("PUT", "/_ah/api/held/v1/held/emma", json={"book": None}, headers={"If-Match": sent})
    assert response.status in (200, 412)


class Getters(remote.Service):
    @endpoints.method(NAME, Book, path="get/{name}", http_method="GET")
    def get(self, request: Any) -> Book:
        return Book()

    @endpoints.method(NAME, Book, path="async/{name}", http_method="GET")
    async def get_async(self, request: Any) -> Book:
        return Book()

    @endpoints.method(NAME, Book, path="post/{name}")
    def post(self, request: Any) -> Book:
        return Book()

    @endpoints.method(NAME, path="void/{name}", http_method="GET")
    def void(self, request: Any) -> Void:
        return Void()

    @endpoints.method(SHOWN, Book, path="shown/{name}", http_method="GET")
    def get_shown(self, request: Any) -> Book:
        return Book()

    @endpoints.method(PLACE, Book, path="place/{a}/{b}", http_method="GET")
    def get_place(self, request: Any) -> Book:
        return Book()

    @endpoints.method(NUMBER, Book, path="numbers/{name}", http_method="GET")
    def get_number(self, request: Any) -> Book:
        return Book()

    def plain(self, request: Any) -> Book:
        return Book()


@pytest.mark.parametrize(
    ("getter", "message"),
    [
        ("nowhere", "must be an endpoints.method of the same class, or its name; 'nowhere' is none"),
        ("plain", "'plain' is none"),
        (BooksApi.get, "'BooksApi.get' is none"),
        (len, "'len' is none"),
        ("post", "names BadApi.post, which is called by POST; expected a GET method"),
        ("void", "names BadApi.void, which answers no message"),
        ("get_async", "names BadApi.get_async, and only one of the two is an `async def` function"),
        ("get_shown", "which cannot be called without 'shown'"),
        ("get_number", "the variables of whose path are not fields of the same types in both requests"),
        ("get_place", "whose path has 'a', 'b', which 'change/{name}' has not"),
    ],
)
def test_getters_that_will_not_do(getter: Any, message: str) -> None:
    @endpoints.api("bad", "v1")
    class BadApi(Getters):
        @endpoints.method(BOOK, Book, path="change/{name}", http_method="PUT", if_match=getter)
        def change(self, request: Any) -> Book:
            return Book()

    with pytest.raises(ApiConfigurationError, match=f"BadApi.change: if_match .*{re.escape(message)}"):
        endpoints.api_server([BadApi])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"if_match": 5}, "change: if_match must be a method of the class or the name of one, not 5"),
        (
            {"if_match": "get", "http_method": "GET"},
            "change: if_match is for methods that change something, not for GET",
        ),
        ({"if_match_required": True}, "change: if_match_required needs if_match"),
        ({"if_match": "get", "if_match_required": "yes"}, "change: if_match_required must be True or False, not 'yes'"),
    ],
)
def test_mistakes(settings: Any, message: str) -> None:
    def change(_self: Any, _request: Any) -> Book:
        return Book()

    with pytest.raises((TypeError, ValueError), match=message):
        endpoints.method(BOOK, Book, **settings)(change)
