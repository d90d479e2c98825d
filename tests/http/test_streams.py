"""Methods that answer with a stream of messages."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Response, Serve

PATH = "/_ah/api/counter/v1/"


class Number(messages.Message):
    n = messages.IntegerField(1, variant=messages.Variant.INT32, required=True)
    name = messages.StringField(2)


class Asked(messages.Message):
    upto = messages.IntegerField(1, variant=messages.Variant.INT32)


api = endpoints.api(name="counter", version="v1")


@api.api_class()
class Counter(remote.Service):
    @endpoints.method(http_method="GET")
    def annotated(self, request, upto: int = 3) -> Iterator[Number]:  # type: ignore[no-untyped-def]
        for n in range(upto):
            yield Number(n=n, name="<é>")

    @endpoints.method(http_method="GET")
    async def annotated_async(self, request, upto: int = 3) -> AsyncIterator[Number]:  # type: ignore[no-untyped-def]
        for n in range(upto):
            yield Number(n=n, name="<é>")

    @endpoints.method(Asked, Number)
    def old(self, request: Asked) -> Any:
        for n in range(request.upto or 0):
            yield Number(n=n)

    @endpoints.method(message_types.VoidMessage, Number, http_method="GET", stream=True)
    def plain(self, request: Any) -> Any:
        return [Number(n=7)]

    @endpoints.method(message_types.VoidMessage, Number, http_method="GET", stream=True)
    async def coroutine(self, request: Any) -> Any:
        return iter([Number(n=7)])

    @endpoints.method(http_method="GET", blocking=False)
    def events(self, request: Any) -> Iterator[endpoints.Event[Number]]:
        yield endpoints.Event(Number(n=1), id="a", event="tick", retry=5)
        yield endpoints.Event(Number(n=2))

    @endpoints.method(http_method="GET")
    def fails(self, request, after: int, how: str = "known") -> Iterator[Number]:  # type: ignore[no-untyped-def]
        for n in range(after):
            yield Number(n=n)
        if how == "known":
            raise endpoints.NotFoundException("no more")
        if how == "invalid":
            yield Number()
        if how == "other":
            yield Asked()  # type: ignore[misc]
        raise RuntimeError("secret")

    @endpoints.method(message_types.VoidMessage, Number, http_method="GET", stream=True)
    def nothing(self, request: Any) -> Any:
        return None

    @endpoints.method(http_method="GET", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
    def guarded(self, request: Any) -> Iterator[Number]:
        yield Number(n=1)


def lines(response: Response) -> list[Any]:
    assert response.headers["content-type"] == "application/x-ndjson", response
    assert "content-length" not in response.headers
    return [json.loads(line) for line in response.body.splitlines()]


NUMBERS = [{"n": 0, "name": "<é>"}, {"n": 1, "name": "<é>"}, {"n": 2, "name": "<é>"}]


@pytest.mark.parametrize("method", ["annotated", "annotated_async"])
def test_messages_are_lines_by_default(serve: Serve, method: str) -> None:
    response = serve(api).get(PATH + method)
    assert lines(response) == NUMBERS
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"


def test_generators_of_old_declarations_stream(serve: Serve) -> None:
    assert lines(serve(api).post(PATH + "old", json={"upto": 2})) == [{"n": 0}, {"n": 1}]


@pytest.mark.parametrize("method", ["plain", "coroutine"])
def test_a_method_may_return_an_iterator(serve: Serve, method: str) -> None:
    assert lines(serve(api).get(PATH + method)) == [{"n": 7}]


def test_a_stream_may_be_empty(serve: Serve) -> None:
    client = serve(api)
    assert lines(client.get(PATH + "annotated?upto=0")) == []
    assert client.get(PATH + "annotated?upto=0&alt=json").json() == []


FORMS = [
    pytest.param("", "", "application/x-ndjson", id="nothing"),
    pytest.param("*/*", "", "application/x-ndjson", id="anything"),
    pytest.param("application/x-ndjson", "", "application/x-ndjson", id="lines"),
    pytest.param("text/event-stream", "", "text/event-stream", id="events"),
    pytest.param("application/json", "", "application/json", id="array"),
    pytest.param("application/json, text/plain, */*", "", "application/json", id="array named, all taken"),
    pytest.param("text/event-stream;q=0.5, application/json", "", "application/json", id="quality"),
    pytest.param("text/*, application/x-ndjson;q=0.1", "", "text/event-stream", id="range"),
    pytest.param("*/*, application/x-ndjson;q=0", "", "text/event-stream", id="refused by name"),
    pytest.param("nonsense", "", "application/x-ndjson", id="unreadable"),
    pytest.param("", "?alt=sse", "text/event-stream", id="alt=sse"),
    pytest.param("text/event-stream", "?alt=json", "application/json", id="alt=json goes first"),
]


@pytest.mark.parametrize(("accept", "query", "expected"), FORMS)
def test_the_caller_chooses_the_form(serve: Serve, accept: str, query: str, expected: str) -> None:
    response = serve(api).get(PATH + "annotated" + query, headers={"accept": accept} if accept else {})
    assert (response.status, response.headers["content-type"]) == (200, expected)


def test_406_when_no_form_is_accepted(serve: Serve) -> None:
    response = serve(api).get(PATH + "annotated", headers={"accept": "image/png"})
    assert response.status == 406
    assert "application/x-ndjson, text/event-stream, application/json" in response.json()["error"]["message"]


def test_an_array_is_json(serve: Serve) -> None:
    assert serve(api).get(PATH + "annotated", headers={"accept": "application/json"}).json() == NUMBERS


def test_events_as_the_standard_has_them(serve: Serve) -> None:
    response = serve(api).get(PATH + "events", headers={"accept": "text/event-stream"})
    assert response.text == 'event: tick\nid: a\nretry: 5\ndata: {"n":1}\n\ndata: {"n":2}\n\n'
    assert lines(serve(api).get(PATH + "events")) == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize("how", ["known", "invalid", "other", "unknown"])
def test_what_fails_before_the_first_message_is_an_ordinary_error(serve: Serve, how: str) -> None:
    response = serve(api).get(PATH + f"fails?after=0&how={how}")
    if how in ("invalid", "other"):  # found when the message is written
        assert [each["error"]["code"] for each in lines(response)] == [503]
    else:
        assert response.status == (404 if how == "known" else 503)
        assert "secret" not in response.text


@pytest.mark.parametrize(("how", "code"), [("known", 404), ("invalid", 503), ("other", 503), ("unknown", 503)])
def test_what_fails_later_is_the_last_line(serve: Serve, how: str, code: int) -> None:
    response = serve(api).get(PATH + f"fails?after=2&how={how}")
    *before, last = lines(response)
    assert before == [{"n": 0}, {"n": 1}]
    assert last["error"]["code"] == code
    assert "secret" not in response.text


def test_what_fails_later_is_an_event_or_an_element(serve: Serve) -> None:
    client = serve(api)
    events = client.get(PATH + "fails?after=1", headers={"accept": "text/event-stream"}).text
    assert events.startswith('data: {"n":0}\n\nevent: error\ndata: {"error":{"code":404')
    assert events.endswith("}\n\n")
    array = client.get(PATH + "fails?after=1&alt=json").json()
    assert array[0] == {"n": 0}
    assert array[1]["error"]["message"] == "no more"


def test_a_method_that_returns_no_iterator(serve: Serve) -> None:
    assert serve(api).get(PATH + "nothing").status == 503


def test_bad_input_is_400(serve: Serve) -> None:
    assert serve(api).get(PATH + "annotated?upto=x").status == 400
    assert serve(api).post(PATH + "old", body=b"{").status == 400


def test_callers_are_judged_first(serve: Serve) -> None:
    assert serve(api).get(PATH + "guarded").status == 401


def test_partial_messages(serve: Serve) -> None:
    client = serve(api)
    assert lines(client.get(PATH + "annotated?fields=n")) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert client.get(PATH + "annotated?fields=x").status == 400


@pytest.mark.parametrize("method", ["annotated", "old"])
def test_a_decorated_generator_can_be_called(method: str) -> None:
    service = Counter()
    if method == "old":
        assert [each.n for each in service.old(Asked(upto=2))] == [0, 1]
        return
    request_type = Counter.annotated.remote.request_type  # type: ignore[attr-defined]
    assert [each.n for each in service.annotated(request_type(upto=1))] == [0]


def test_the_caller_is_known_within_the_stream(serve: Serve) -> None:
    @endpoints.api(name="who", version="v1", issuers={}, audiences={})
    class Who(remote.Service):
        @endpoints.method(http_method="GET")
        def sync(self, request: Any) -> Iterator[Number]:
            for n in range(2):
                yield Number(n=n, name=repr(endpoints.get_current_user()))

        @endpoints.method(http_method="GET")
        async def asynchronous(self, request: Any) -> AsyncIterator[Number]:
            for n in range(2):
                yield Number(n=n, name=repr(endpoints.get_current_user()))

    client = serve(Who)
    for method in ("sync", "asynchronous"):
        assert [each["name"] for each in lines(client.get(f"/_ah/api/who/v1/{method}"))] == ["None", "None"]


def test_head_runs_nothing(serve: Serve) -> None:
    run = threading.Event()

    @endpoints.api(name="heads", version="v1")
    class Heads(remote.Service):
        @endpoints.method(http_method="HEAD")
        def look(self, request: Any) -> Iterator[Number]:
            run.set()
            yield Number(n=1)

    response = serve(Heads).request("HEAD", "/_ah/api/heads/v1/look")
    assert (response.status, response.body, run.is_set()) == (200, b"", False)


def test_a_stream_of_nothing_is_a_mistake() -> None:
    with pytest.raises(TypeError, match=r"empty: a stream needs the class of its messages"):

        @endpoints.method()
        def empty(self: Any, request: Any) -> Any:  # noqa: ARG001
            yield None

    with pytest.raises(TypeError, match=r"bad: the return annotation must be a message class or None, not int"):

        @endpoints.method()
        def bad(self: Any, request: Any) -> Iterator[int]:  # noqa: ARG001
            yield 1


@pytest.mark.parametrize("argument", [{"id": "a\nb"}, {"event": "a\rb"}, {"id": "\0"}, {"retry": -1}], ids=str)
def test_events_that_would_break_the_stream_are_refused(argument: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(argument))):
        endpoints.Event(Number(n=1), **argument)


def test_documents_say_that_an_answer_is_a_stream(serve: Serve) -> None:
    client = serve(api)
    described = client.get("/_ah/api/discovery/v1/apis/counter/v1/openapi.json").json()
    content = described["paths"]["/counter/v1/annotated"]["get"]["responses"]["200"]["content"]
    assert content.keys() == {"application/x-ndjson", "text/event-stream"}
    (reference,) = {each["schema"]["$ref"].rpartition("/")[2] for each in content.values()}
    assert described["components"]["schemas"][reference]["required"] == ["n"]
    discovery = client.get("/_ah/api/discovery/v1/apis/counter/v1/rest").json()
    assert discovery["methods"]["annotated"]["response"] == {"$ref": reference}
