"""Entity tags, and answers that the caller has already (RFC 9110, 8.8.3, 13 and 15.4.5)."""

from __future__ import annotations

import re

import pytest

from tests.client import Serve
from tests.http.error_object import error_of
from tests.http.library import LARGE, ROOT, BooksApi, fill_shelf, tag

DOCUMENT = "/_ah/api/discovery/v1/apis/books/v1/rest"
DIRECTORY = "/_ah/api/discovery/v1/apis"
PATHS = [
    f"{ROOT}text?size=5",
    f"{ROOT}text?size={LARGE}",
    f"{ROOT}async_text?size=5",
    f"{ROOT}kept?size=5",
    f"{ROOT}books/emma",
    DOCUMENT,
    DIRECTORY,
]
OTHER = '"0123456789abcdef"'


@pytest.fixture(autouse=True)
def shelf() -> None:
    fill_shelf()


@pytest.mark.parametrize("path", PATHS)
def test_answers_to_get_have_a_tag(serve: Serve, path: str) -> None:
    client = serve(BooksApi)
    first = client.get(path)
    assert re.fullmatch(r'"[0-9a-f]{32,}"', tag(first))
    assert tag(client.get(path)) == tag(first)


def test_the_tag_is_that_of_the_body(serve: Serve) -> None:
    client = serve(BooksApi)
    queries = ["size=5", "size=6", "size=5&prettyPrint=true", "size=5&fields=nothing"]
    answers = [client.get(f"{ROOT}text?{query}") for query in queries]
    assert len({tag(answer) for answer in answers if answer.status == 200}) == 3
    whole, part = client.get(f"{ROOT}books/emma"), client.get(f"{ROOT}books/emma?fields=name")
    assert (part.json(), tag(part) != tag(whole)) == ({"name": "emma"}, True)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_each_coding_has_a_tag_of_its_own(serve: Serve, coding: str) -> None:
    client, path = serve(BooksApi), f"{ROOT}text?size={LARGE}"
    plain = tag(client.get(path))
    assert tag(client.get(path, headers={"Accept-Encoding": coding})) == f'{plain[:-1]}-{coding}"'
    small = f"{ROOT}text?size=5"
    assert tag(client.get(small, headers={"Accept-Encoding": coding})) == tag(client.get(small))


@pytest.mark.parametrize("path", ["kept?size=404", "nowhere", "books/nobody", "nothing"])
def test_other_answers_have_none(serve: Serve, path: str) -> None:
    response = serve(BooksApi).get(ROOT + path, headers={"If-None-Match": "*"})
    assert response.status != 304 and "etag" not in response.headers


def test_answers_to_other_verbs_have_none(serve: Serve) -> None:
    client = serve(BooksApi)
    response = client.post(ROOT + "echo", json={"text": "x"}, headers={"If-None-Match": "*"})
    assert response.status == 200 and "etag" not in response.headers
    override = {"X-HTTP-Method-Override": "GET", "If-None-Match": "*"}
    response = client.post(f"{ROOT}text?size=5", headers=override)
    assert response.status == 200 and "etag" not in response.headers


@pytest.mark.parametrize("path", PATHS)
def test_what_the_caller_has_is_not_sent_again(serve: Serve, path: str) -> None:
    client = serve(BooksApi)
    first = client.get(path)
    known = tag(first)
    response = client.get(path, headers={"If-None-Match": known})
    assert (response.status, response.body, tag(response)) == (304, b"", known)
    assert response.headers.get("vary") == first.headers.get("vary")
    assert response.reason == "Not Modified" or client.interface == "asgi"
    assert not {"content-type", "content-length", "content-encoding"} & response.headers.keys()


MATCHES = [
    ("{tag}", 304),
    ("W/{tag}", 304),
    ("*", 304),
    (" * ", 304),
    (f"{OTHER}, {{tag}}", 304),
    (f"{OTHER},{{tag}},", 304),
    (f'W/{OTHER} , "", W/{{tag}}', 304),
    ('"a, b", {tag}', 304),
    (OTHER, 200),
    ("", 200),
    ('""', 200),
    ("{bare}", 200),
    ("{gzip}", 200),
    ("{unknown}", 200),
    ('"*"', 200),
    ("w/*", 200),
    ('"' * 5000, 200),
]


@pytest.mark.parametrize(("sent", "status"), MATCHES, ids=[repr(sent)[:30] for sent, _ in MATCHES])
@pytest.mark.parametrize("path", [f"{ROOT}text?size={LARGE}", DOCUMENT])
def test_if_none_match(serve: Serve, path: str, sent: str, status: int) -> None:
    client = serve(BooksApi)
    known = tag(client.get(path))
    kinds = {"tag": known, "bare": known.strip('"'), "gzip": f'{known[:-1]}-gzip"', "unknown": f'{known[:-1]}-x"'}
    response = client.get(path, headers={"If-None-Match": sent.format(**kinds)})
    assert response.status == status
    assert tag(response) == known


def test_several_headers_are_one_list(serve: Serve) -> None:
    client, path = serve(BooksApi), f"{ROOT}text?size=5"
    headers = [("If-None-Match", OTHER), ("If-None-Match", tag(client.get(path))), ("If-None-Match", '"x"')]
    assert client.get(path, headers=headers).status == 304


VARIANTS = [
    # what the caller has, what he understands, what he is told
    ("gzip", "gzip", "gzip"),
    ("gzip", "gzip, br", "gzip"),
    ("br", "gzip, br", "br"),
    ("", "gzip", ""),
    ("", None, ""),
    ("gzip", None, None),
    ("gzip", "br", None),
    ("gzip", "gzip;q=0, br", None),
    ("gzip", "identity", None),
]


@pytest.mark.parametrize(("had", "wishes", "told"), VARIANTS)
def test_variants(serve: Serve, had: str, wishes: str | None, told: str | None) -> None:
    client, path = serve(BooksApi), f"{ROOT}text?size={LARGE}"
    variants = {coding: tag(client.get(path, headers={"Accept-Encoding": coding})) for coding in ("gzip", "br", "")}
    headers = {"If-None-Match": variants[had]}
    response = client.get(path, headers=headers if wishes is None else {**headers, "Accept-Encoding": wishes})
    assert response.status == (200 if told is None else 304)
    assert told is None or tag(response) == variants[told]
    assert response.headers.get("vary") == ("Accept-Encoding" if wishes not in (None, "identity") else None)


def test_pages_of_other_origins(serve: Serve) -> None:
    client, path = serve(BooksApi), f"{ROOT}text?size={LARGE}"
    known = tag(client.get(path, headers={"Accept-Encoding": "gzip"}))
    headers = {"Accept-Encoding": "gzip", "Origin": "https://app.example", "If-None-Match": known}
    response = client.get(path, headers=headers)
    assert (response.status, response.headers["vary"]) == (304, "Accept-Encoding, Origin")
    assert response.headers["access-control-allow-origin"] == "https://app.example"
    assert "ETag" in response.headers["access-control-expose-headers"].split(",")


@pytest.mark.parametrize(
    ("sent", "status"),
    [("{tag}", 200), ("*", 200), (f"{OTHER}, {{tag}}", 200), (OTHER, 412), ("W/{tag}", 412), ("", 412)],
)
@pytest.mark.parametrize("path", [f"{ROOT}text?size=5", DOCUMENT])
def test_if_match_on_get(serve: Serve, path: str, sent: str, status: int) -> None:
    client = serve(BooksApi)
    known = tag(client.get(path))
    condition = {"If-Match": sent.format(tag=known)}
    response = client.get(path, headers=condition)
    assert response.status == client.get(path, headers={**condition, "If-None-Match": OTHER}).status == status
    if status == 412:
        assert error_of(response, 412, "conditionNotMet")["location"] == "If-Match"


def test_if_match_goes_first(serve: Serve) -> None:
    client, path = serve(BooksApi), f"{ROOT}text?size=5"
    headers = {"If-Match": OTHER, "If-None-Match": tag(client.get(path))}
    assert client.get(path, headers=headers).status == 412


def test_a_method_without_a_body_decides_nothing_by_conditions(serve: Serve) -> None:
    assert serve(BooksApi).get(ROOT + "nothing", headers={"If-Match": OTHER}).status == 204
