"""What the documentation promises about its samples."""

from __future__ import annotations

from pathlib import Path

import pytest

import endpoints
from tests.client import Client, Connect, Serve
from tests.seeds import samples
from tests.seeds.samples import Run


def method(client: Client, api: str, version: str, *path: str) -> dict[str, object]:
    """What the discovery document of an API says about a method, given by the names of its resources and its own."""
    found = client.get(f"/_ah/api/discovery/v1/apis/{api}/{version}/rest").json()
    for resource in path[:-1]:
        found = found["resources"][resource]
    described: dict[str, object] = found["methods"][path[-1]]
    return described


@pytest.mark.filterwarnings("ignore:API 'mobile_only'")  # page 002 has an underscore in a name
@pytest.mark.parametrize("name", samples.NAMES)
def test_every_sample_can_be_imported_and_served(name: str, run: Run) -> None:
    module = run(name)
    apis = [each for each in vars(module).values() if hasattr(each, "api_info")]
    collection = getattr(module, "api_collection", None)
    assert endpoints.api_server([collection] if collection else apis).apis


def test_every_sample_is_listed_in_the_documentation() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "seeds.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for name in samples.NAMES:
        for heading in samples.headings(name):
            page_number, _, where = heading.removeprefix("page ").partition(", ")
            start = f"| {page_number} | {where} |"
            assert any(row.startswith(start) and f"`{name}`" in row for row in rows), (start, name)


def test_echo(serve: Serve, run: Run) -> None:
    echo = serve(run("echo").EchoApi)
    assert echo.post("/_ah/api/echo/v1/echo?n=3", json={"content": "hi"}).json() == {"content": "hi hi hi"}
    assert echo.post("/_ah/api/echo/v1/echo", json={"content": "once"}).json() == {"content": "once"}
    described = method(echo, "echo", "v1", "echo")
    assert described["httpMethod"] == "POST"
    assert described["parameters"] == {"n": {"type": "string", "format": "int64", "location": "query", "default": "1"}}


@pytest.mark.parametrize(
    ("name", "address", "body"),
    [
        pytest.param("echo_request", "/_ah/api/echo/v1/echo", {"content": "hi"}, id="echo-request"),
        pytest.param("greeting", "/_ah/api/greeting/v1/greet", {"message": "hi"}, id="greeting"),
    ],
)
def test_messages_hold_what_is_in_the_body(
    name: str, address: str, body: dict[str, str], serve: Serve, run: Run
) -> None:
    module = run(name)
    api = serve(getattr(module, "EchoApi", None) or module.GreetingApi)
    assert api.post(address, json=body).json() == body


@pytest.mark.parametrize("name", ["multiply_resource", "multiply_resource_004"])
def test_required_parameter_comes_in_the_path_or_in_the_query(name: str, serve: Serve, run: Run) -> None:
    root, greeting = "/_ah/api/greeting/v1", {"message": "la"}
    api = serve(run(name).GreetingApi)
    assert api.post(f"{root}/yourApi/2", json=greeting).json() == {"message": "lala"}
    assert api.post(f"{root}/yourApi?times=2", json=greeting).json() == {"message": "lala"}
    refused = api.post(f"{root}/yourApi", json=greeting)
    assert refused.status == 400 and "times" in refused.json()["error"]["message"]


@pytest.mark.parametrize("name", ["multiply", "multiply_004"])
def test_multiply(name: str, serve: Serve, run: Run) -> None:
    api = serve(run(name).GreetingApi)
    answer = api.post("/_ah/api/greeting/v1/greetings/multiply/3", json={"message": "la"})
    assert answer.json() == {"message": "lalala"}
    described = method(api, "greeting", "v1", "greetings", "multiply")
    assert described["id"] == "greeting.greetings.multiply"
    assert described["path"] == "greetings/multiply/{times}"
    assert described["parameters"] == {
        "times": {"type": "integer", "format": "int32", "location": "path", "required": True}
    }


def test_library_of_several_classes(client: Connect, run: Run) -> None:
    library = client(run("library").api)
    # The page says library/v1, but the version it declares, v1.0, is no SemVer version and stays as it is.
    assert library.post("/_ah/api/library/v1.0/list").json() == {}
    assert library.post("/_ah/api/library/v1.0/books/bookmark").json() == {}
    assert library.post("/_ah/api/library/v1.0/bookmark").status == 404
    assert method(library, "library", "v1.0", "shelves", "list")["path"] == "list"
    assert method(library, "library", "v1.0", "books", "bookmark")["path"] == "books/bookmark"


def test_path_of_a_class_comes_before_those_of_its_methods(serve: Serve, run: Run) -> None:
    library = serve(run("books").api_collection)
    assert library.post("/_ah/api/library/v1.0/books/bookmark").json() == {}


@pytest.mark.parametrize("name", ["limit", "limit_004"])
def test_limit_definition(name: str, serve: Serve, run: Run) -> None:
    module = run(name)
    (limit,) = module.Bookstore.api_info.limit_definitions
    assert (limit.metric_name, limit.display_name, limit.default_limit) == ("name", "Display name", 1000)
    assert serve(module.Bookstore).get("/_ah/api/bookstore/v1/books").status == 204


@pytest.mark.parametrize("name", ["bookstore", "bookstore_004"])
def test_limit_definitions_of_the_bookstore(name: str, serve: Serve, run: Run) -> None:
    module = run(name)
    assert module.Bookstore.api_info.limit_definitions == [
        endpoints.LimitDefinition("read-requests", "Read Requests", 1000),
        endpoints.LimitDefinition("list-requests", "List Requests", 100),
        endpoints.LimitDefinition("write-requests", "Write Requests", 50),
    ]
    assert serve(module.Bookstore).get("/_ah/api/bookstore/v1/books").status == 204


@pytest.mark.parametrize(
    ("name", "audiences", "issuer"),
    [
        pytest.param(
            "third_party",
            ["aud-1.auth0.com", "aud-2.auth0.com"],
            ("https://test.auth0.com", "https://test.auth0.com/.well-known/jwks.json"),
            id="as-printed",
        ),
        pytest.param("third_party_004", ["", ""], ("", ""), id="with-lost-addresses"),
    ],
)
def test_third_party_issuers(name: str, audiences: list[str], issuer: tuple[str, str], serve: Serve, run: Run) -> None:
    module = run(name)
    assert module.GreetingApi.api_info.audiences == {"auth0": audiences}
    assert module.GreetingApi.api_info.issuers == {"auth0": endpoints.Issuer(*issuer)}
    greeting = serve(module.GreetingApi)
    assert greeting.get("/_ah/api/greeting/v1/greet").status == 204
    assert method(greeting, "greeting", "v1", "greet")["scopes"] == [endpoints.EMAIL_SCOPE]
