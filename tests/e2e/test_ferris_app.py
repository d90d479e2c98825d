"""The application by convention as a newcomer meets it: served as its README says, called by Google's client."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from googleapiclient import discovery
from googleapiclient.errors import HttpError

from endpoints import API_EXPLORER_CLIENT_ID
from tests.auth.issuing import google_claims, key_set, rsa_key, token
from tests.docs.test_programs import ROOT
from tests.e2e.processes import ENDPOINTS, HERE, PATIENCE, SERVERS, Server, end, start

pytestmark = pytest.mark.e2e

FERRIS_APP = ROOT / "examples" / "ferris_app"
HELLO = "/_ah/api/ferris/v1/hello"
CLIENT = "462711127220-1mr3uha1ukgicv4s0ebvo26bulkpb4k1.apps.googleusercontent.com"
BOOK = {
    "title": "Frankenstein",
    "author": "Mary Shelley",
    "shelf": "FICTION",
    "published": {"year": "1818", "month": "1", "day": "1"},
}


@pytest.fixture(scope="module", params=[*SERVERS, "no target"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("ferris")
    command = SERVERS.get(request.param, (*ENDPOINTS, "serve", "--port", "{port}"))
    database = {"FERRIS_APP_DB": str(folder / "ferris_app.db")}
    running = start(command, folder / "log", app="main:app", cwd=FERRIS_APP, environment=database)
    try:
        yield running
    finally:
        end(running)


@pytest.fixture
def books(server: Server) -> Iterator[Any]:
    """The client of an empty library."""
    url = server.discovery_url("library", "v1")
    with discovery.build("library", "v1", discoveryServiceUrl=url, cache_discovery=False) as library:
        books = library.books()
        while found := books.list().execute().get("items"):
            for book in found:
                books.delete(itemId=book["id"]).execute()
        yield books


def test_its_client_prints_what_it_finds(server: Server) -> None:
    command = (sys.executable, str(FERRIS_APP / "library_client.py"), server.url)
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)  # noqa: S603
    assert done.stdout.splitlines() == ["Frankenstein", "{'books': '1'}", "Frankenstein, by Mary Shelley, 1818"]


def test_a_book_from_begin_to_end(books: Any) -> None:
    written = books.insert(body=BOOK).execute()
    key = written["id"]
    assert written == {**BOOK, "id": key} == books.get(itemId=key).execute()
    changed = {**BOOK, "shelf": "SCIENCE"}
    assert books.update(itemId=key, body=changed).execute() == {**changed, "id": key}
    assert books.list().execute() == {"items": [{**changed, "id": key}]}
    books.delete(itemId=key).execute()
    with pytest.raises(HttpError, match="There is no Book with the itemId") as caught:
        books.get(itemId=key).execute()
    assert caught.value.resp.status == 404


def test_pages(books: Any) -> None:
    with_numbers = [{**BOOK, "title": f"Volume {number}"} for number in range(23)]
    for book in with_numbers:
        books.insert(body=book).execute()
    sizes: list[int] = []
    titles: list[str] = []
    request = books.list()
    while request is not None:
        page = request.execute()
        sizes.append(len(page["items"]))
        titles += [book["title"] for book in page["items"]]
        request = books.list_next(request, page)
    assert sizes == [10, 10, 3]
    assert titles == [book["title"] for book in with_numbers]


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        pytest.param({}, "2", id="all"),
        pytest.param({"author": "Mary Shelley"}, "1", id="of one"),
        pytest.param({"until": 1817}, "1", id="until"),
        pytest.param({"author": "Mary Shelley", "until": 1817}, "0", id="both"),
    ],
)
def test_count(books: Any, parameters: dict[str, Any], count: str) -> None:
    books.insert(body=BOOK).execute()
    books.insert(body={"title": "Emma", "author": "J", "published": {"year": 1815, "month": 12, "day": 23}}).execute()
    assert books.count(**parameters).execute() == {"books": count}


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        pytest.param("insert", {"body": {}}, id="nothing in it"),
        pytest.param("insert", {"body": {**BOOK, "shelf": "COOKERY"}}, id="no such shelf"),
        pytest.param("insert", {"body": {**BOOK, "published": {"year": 1, "month": 13, "day": 1}}}, id="no date"),
        pytest.param("list", {"pageToken": "x"}, id="page token"),
        pytest.param("count", {"until": 0}, id="year 0"),
        pytest.param("count", {"until": 10000}, id="year 10000"),
    ],
)
def test_what_it_refuses(books: Any, call: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(HttpError) as caught:
        getattr(books, call)(**parameters).execute()
    assert caught.value.resp.status == 400


def test_threads_write_into_one_library(books: Any, server: Server) -> None:
    def insert(number: int) -> str:
        answer = server.request("/_ah/api/library/v1/books/insert", json={**BOOK, "title": f"Volume {number}"})
        key: str = answer.json()["id"]
        return key

    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(insert, range(40)))
    assert len(keys) == 40 and books.count().execute() == {"books": "40"}


@pytest.mark.parametrize("method", ["hello", "hello_all", "hello_me"])
def test_the_default_endpoint_wants_a_token(server: Server, method: str) -> None:
    assert server.request(f"{HELLO}/{method}", json={}).status == 401


@pytest.fixture(scope="module")
def with_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application, where Google's keys are ours."""
    folder = tmp_path_factory.mktemp("kit")
    environment = {"FERRIS_APP_DB": str(folder / "ferris_app.db"), "GOOGLE_KEYS": json.dumps(key_set(rsa_key()))}
    running = start(SERVERS["uvicorn"], folder / "log", app="ferris_kit:app", cwd=HERE, environment=environment)
    try:
        yield running
    finally:
        end(running)


@pytest.mark.parametrize(
    ("method", "body", "greeting"),
    [
        pytest.param("hello", {}, "Hello, Unknown!", id="default"),
        pytest.param("hello?name=Ann", {}, "Hello, Ann!", id="parameter"),
        pytest.param("hello_all", {"people": ["Ann", "Ben"]}, "Hello Ann, Ben!", id="body"),
        pytest.param("hello_all?greeting=Goodbye", {"people": ["Ann"]}, "Goodbye Ann!", id="body and parameter"),
        pytest.param("hello_me", {}, "Hello, ada@example.com!", id="caller"),
    ],
)
@pytest.mark.parametrize("client", [CLIENT, API_EXPLORER_CLIENT_ID], ids=["client", "explorer"])
def test_greetings_for_those_with_a_token(
    with_keys: Server, client: str, method: str, body: object, greeting: str
) -> None:
    bearer = token(google_claims(azp=client, aud=client))
    answer = with_keys.request(f"{HELLO}/{method}", json=body, headers={"Authorization": f"Bearer {bearer}"})
    assert (answer.status, answer.json()) == (200, {"greeting": greeting})


def test_a_token_for_another_client(with_keys: Server) -> None:
    bearer = token(google_claims(azp="other", aud="other"))
    headers = {"Authorization": f"Bearer {bearer}"}
    assert with_keys.request(f"{HELLO}/hello", json={}, headers=headers).status in (401, 403)
    assert with_keys.request("/_ah/api/library/v1/books/list", headers=headers).status == 200


def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    environment = {"FERRIS_APP_DB": str(tmp_path / "ferris_app.db")}
    for expected in ("1", "2"):
        server = start(SERVERS["uvicorn"], tmp_path / "log", app="main:app", cwd=FERRIS_APP, environment=environment)
        try:
            assert server.request("/_ah/api/library/v1/books/insert", json=BOOK).json()["id"] == expected
            assert server.stop() == 0
        finally:
            end(server)
