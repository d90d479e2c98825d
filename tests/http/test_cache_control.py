"""For how long answers may be kept, where a method says so (RFC 9111)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import endpoints
from tests.client import Serve
from tests.http.library import LARGE, ROOT, BooksApi, Text, Void, tag

KEPT = "public, max-age=60"


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}, {"Origin": "https://app.example"}], ids=str)
@pytest.mark.parametrize("verb", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("kept?size=5", KEPT),
        (f"kept?size={LARGE}", KEPT),
        ("kept?size=5&prettyPrint=true", KEPT),
        ("async_text?size=5", "no-cache"),
        ("text?size=5", None),
        ("kept?size=404", None),
        ("kept?size=x", None),
        ("nothing", None),
    ],
)
def test_what_is_said(serve: Serve, verb: str, path: str, said: str | None, headers: dict[str, str]) -> None:
    assert serve(BooksApi).request(verb, ROOT + path, headers=headers).headers.get("cache-control") == said


def test_said_again_to_those_who_have_it(serve: Serve) -> None:
    client, path = serve(BooksApi), f"{ROOT}kept?size=5"
    response = client.get(path, headers={"If-None-Match": tag(client.get(path))})
    assert (response.status, response.headers["cache-control"]) == (304, KEPT)


@pytest.mark.parametrize("origin", [None, "https://app.example"])
@pytest.mark.parametrize("coding", [None, "gzip"])
def test_kept_answers_are_not_handed_to_pages_of_other_origins(
    serve: Serve, origin: str | None, coding: str | None
) -> None:
    """A cache must not answer a page with what it has from a caller of no origin, which does not let the page read."""
    headers = {"Origin": origin, "Accept-Encoding": coding}
    client, path = serve(BooksApi), f"{ROOT}kept?size={LARGE}"
    response = client.get(path, headers={name: value for name, value in headers.items() if value})
    assert response.headers["vary"].split(", ") == ["Origin", *(["Accept-Encoding"] if coding else [])]
    again = {"If-None-Match": tag(response), **{name: value for name, value in headers.items() if value}}
    assert client.get(path, headers=again).headers["vary"] == response.headers["vary"]


def test_not_said_to_a_post_that_stands_for_a_get(serve: Serve) -> None:
    response = serve(BooksApi).post(f"{ROOT}kept?size=5", headers={"X-HTTP-Method-Override": "GET"})
    assert response.status == 200 and "cache-control" not in response.headers


@pytest.mark.parametrize(
    "value",
    [
        "no-store",
        "private,max-age=0",
        'private="set-cookie", max-age=5',
        "max-age=1 ,\tstale-while-revalidate=5",
        "x=1",
    ],
)
def test_what_can_be_said(value: str) -> None:
    method = endpoints.method(Void, Text, http_method="get", cache_control=value)(_answer)
    assert method.method_info.cache_control == value  # type: ignore[attr-defined]


def _answer(_self: Any, _request: Any) -> Text:
    return Text()


async def _stream(_self: Any, _request: Any) -> Any:
    yield Text()


def _steps(_self: Any, _request: Any) -> Iterator[Text]:
    yield Text()


@pytest.mark.parametrize(
    ("function", "settings", "error", "message"),
    [
        (
            _answer,
            {"cache_control": 60, "http_method": "GET"},
            TypeError,
            "_answer: cache_control must be a string, not 60",
        ),
        (_answer, {"cache_control": KEPT}, ValueError, "_answer: cache_control is for GET methods, not for POST"),
        (_answer, {"cache_control": KEPT, "http_method": "HEAD"}, ValueError, "not for HEAD"),
        (_steps, {"cache_control": KEPT, "http_method": "GET"}, ValueError, "_steps: .* this one is a stream"),
        (_stream, {"cache_control": KEPT, "http_method": "GET"}, ValueError, "_stream: .* this one is a stream"),
        *[
            (
                _answer,
                {"cache_control": value, "http_method": "GET"},
                ValueError,
                "_answer: cache_control must be directives",
            )
            for value in (
                "",
                "max-age=60\r\nX: y",
                "public; max-age=60",
                "public,,no-cache",
                "max-age=",
                "\u00e4",
                'a="b',
            )
        ],
    ],
)
def test_mistakes(function: Callable[..., Any], settings: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        endpoints.method(Void, Text, **settings)(function)
