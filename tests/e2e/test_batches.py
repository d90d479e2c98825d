"""Google's Python clients send batches to each server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Protocol

import google_auth_httplib2  # type: ignore[import-untyped]
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from tests.e2e.processes import HERE, Server
from tests.e2e.test_apitools import PYTHON, generate, run

pytestmark = pytest.mark.e2e


class Build(Protocol):
    def __call__(self, api: str, version: str = "v1", **options: Any) -> Any: ...


@pytest.fixture
def build(kit: Server) -> Iterator[Build]:
    """Build clients of APIs of the server; their connections end with the test."""
    with ExitStack() as stack:

        def build_one(api: str, version: str = "v1", **options: Any) -> Any:
            url = kit.discovery_url(api, version)
            made = discovery.build(api, version, discoveryServiceUrl=url, cache_discovery=False, **options)
            return stack.enter_context(made)

        yield build_one


class Answers:
    """Keeps what the callbacks of a batch are told."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self.errors: dict[str, HttpError] = {}

    def __call__(self, request_id: str, response: Any, error: HttpError | None) -> None:
        if error is None:
            self.found[request_id] = response
        else:
            self.errors[request_id] = error


def test_a_thousand_calls(build: Build) -> None:
    echo, seen = build("echo"), Answers()
    batch = echo.new_batch_http_request(callback=seen)
    for number in range(1000):
        batch.add(echo.echo(body={"content": f"grüß Gott {number}"}))
    batch.execute()
    assert seen.errors == {}
    assert seen.found == {str(number + 1): {"content": f"grüß Gott {number}"} for number in range(1000)}


def test_calls_of_several_apis_with_failures_and_names(build: Build) -> None:
    echo, errors, book, seen = build("echo"), build("errors"), build("guestbook", "v0.2"), Answers()
    special: list[Any] = []
    batch = book.new_batch_http_request(callback=seen)
    batch.add(echo.echo(body={"content": "a"}), request_id="a name + of <some> length, which is folded in the header")
    batch.add(errors.raise_(kind="conflict", message="what is wrong: ü"), request_id="ü")
    batch.add(book.greetings().get(id="9001"), callback=lambda *told: special.append(told))
    batch.add(book.greetings().get(id="1"), request_id="missing")
    batch.execute()
    assert seen.found["a name + of <some> length, which is folded in the header"] == {"content": "a"}
    conflict, missing = seen.errors["ü"], seen.errors["missing"]
    assert (conflict.status_code, conflict.reason, missing.status_code) == (409, "what is wrong: ü", 404)
    assert [told[1:] for told in special] == [({"id": "9001", "message": "Hello, world!"}, None)]


def test_empty_answers_and_long_addresses(build: Build) -> None:
    params, alltypes, seen = build("params"), build("alltypes"), Answers()
    text = "ä+ " + "x" * 10_000
    batch = params.new_batch_http_request(callback=seen)
    batch.add(params.needed().delete(a="x", b=1), request_id="empty")
    batch.add(alltypes.query(s=text), request_id="long")
    batch.execute()
    assert seen.errors == {}
    assert seen.found["empty"] == "" and f"s: text {text}" in seen.found["long"]["lines"]


def test_credentials_of_calls(build: Build) -> None:
    """Calls have the credentials that they were made with, others those of the batch."""
    watch, seen = build("watch"), Answers()
    batch = watch.new_batch_http_request(callback=seen)
    for name in ("ada", "bob"):
        http = google_auth_httplib2.AuthorizedHttp(Credentials(token=name))  # type: ignore[no-untyped-call]
        call = watch.authorization()
        call.http = http
        batch.add(call, request_id=name)
    batch.add(watch.authorization(), request_id="batch")
    with closing(google_auth_httplib2.AuthorizedHttp(Credentials(token="eve"))) as http:  # type: ignore[no-untyped-call]  # noqa: S106
        batch.execute(http=http)
    told = {name: answer["caller"] for name, answer in seen.found.items()}
    assert told == {"ada": "Bearer ada", "bob": "Bearer bob", "batch": "Bearer eve"}


def test_the_address_of_one_api(kit: Server, build: Build) -> None:
    echo, seen = build("echo"), Answers()
    batch = BatchHttpRequest(callback=seen, batch_uri=f"{kit.url}/_ah/api/batch/echo/v1")
    batch.add(echo.echo(body={"content": "a"}), request_id="echo")
    batch.add(build("watch").waiting(), request_id="watch")
    with closing(httplib2.Http()) as http:
        batch.execute(http=http)
    assert seen.found == {"echo": {"content": "a"}} and seen.errors["watch"].status_code == 400


def test_apitools(kit: Server, tmp_path: Path) -> None:
    for api, version in (("fields", "v1"), ("guestbook", "v0.2")):
        generate(kit, api, version, tmp_path)
    shutil.copy(HERE / "apitools_batch.py", tmp_path)
    run((*PYTHON, "apitools_batch.py", f"{kit.url}/_ah/api/batch"), tmp_path)
