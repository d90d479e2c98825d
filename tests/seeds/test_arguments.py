"""The tables of arguments of `endpoints.api` and `endpoints.method`: the examples printed in them are accepted and do
what stands beside them.

A row holds the pages that print the example (004 lost what looks like an address), the example, and what comes of it.
"""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from endpoints import message_types, messages, remote
from tests.client import Serve

WEB, ANDROID = "1-web-apps.apps.googleusercontent.com", "2-android-apps.apps.googleusercontent.com"
EXPLORER = endpoints.API_EXPLORER_CLIENT_ID
AUTH0 = endpoints.Issuer("https://test.auth0.com", "https://test.auth0.com/.well-known/jwks.json")

Row = tuple[str, str, dict[str, Any]]

API: list[Row] = [
    (
        "001 003",
        (
            "allowed_client_ids=['1-web-apps.apps.googleusercontent.com',"
            "'2-android-apps.apps.googleusercontent.com', endpoints.API_EXPLORER_CLIENT_ID]"
        ),
        {"allowed_client_ids": [WEB, ANDROID, EXPLORER]},
    ),
    (
        "004",
        "allowed_client_ids=['','', endpoints.API_EXPLORER_CLIENT_ID]",
        {"allowed_client_ids": ["", "", EXPLORER]},
    ),
    ("001 003 004", "api_key_required=True", {"api_key_required": True}),
    ("001 003", "audiences=['1-web-apps.apps.googleusercontent.com']", {"audiences": [WEB]}),
    ("004", "audiences=['']", {"audiences": [""]}),
    (
        "001 003",
        'audiences={"auth0": ["aud-1.auth0.com", "aud-2.auth0.com"]}',
        {"audiences": {"auth0": ["aud-1.auth0.com", "aud-2.auth0.com"]}},
    ),
    ("004", 'audiences={"auth0": ["", ""]}', {"audiences": {"auth0": ["", ""]}}),
    ("001 003 004", "canonical_name='DFA Analytics'", {"canonical_name": "DFA Analytics"}),
    (
        "001 003 004",
        "description='Sample API for a simple game'",
        {"description": "Sample API for a simple game"},
    ),
    ("001 003 004", "documentation='http://link_to/docs'", {"documentation": "http://link_to/docs"}),
    ("001 003", "hostname='your_app_id.appspot.com'", {"hostname": "your_app_id.appspot.com"}),
    ("004", "hostname=''", {"hostname": ""}),
    (
        "001 003",
        'issuers={"auth0": endpoints.Issuer("https://test.auth0.com", "https://test.auth0.com/.well-known/jwks.json")}',
        {"issuers": {"auth0": AUTH0}},
    ),
    ("004", 'issuers={"auth0": endpoints.Issuer("", "")}', {"issuers": {"auth0": endpoints.Issuer("", "")}}),
    ("001 003 004", "name='yourApi'", {"name": "yourApi"}),
    ("003 004", "name='yourapi'", {"name": "yourapi"}),
    ("001 003", "owner_domain='your-company.com'", {"owner_domain": "your-company.com"}),
    ("004", "owner_domain=''", {"owner_domain": ""}),
    ("001 003 004", "owner_name='Your-Company'", {"owner_name": "Your-Company"}),
    ("001 003", "package_path='cloud/platform'", {"package_path": "cloud/platform"}),
    ("001 003 004", "scopes=['ss0', 'ss1 and_ss2']", {"scopes": ["ss0", "ss1 and_ss2"]}),
    ("001 003 004", "title='My Backend API'", {"title": "My Backend API"}),
    ("001 003 004", "version='v1'", {"api_version": "v1", "path_version": "v1"}),
    ("003 004", "version='2.1.0'", {"api_version": "2.1.0", "path_version": "v2"}),
    # Described without an example.
    ("003 004", "base_path='/'", {"base_path": "/"}),
    (
        "001 003 004",
        "limit_definitions=[endpoints.LimitDefinition('read-requests', 'Read Requests', 1000)]",
        {"limit_definitions": [endpoints.LimitDefinition("read-requests", "Read Requests", 1000)]},
    ),
]

METHOD: list[Row] = [
    (
        "001 003",
        "allowed_client_ids=['1-web-apps.apps.googleusercontent.com', '2-android-apps.apps.googleusercontent.com']",
        {"allowed_client_ids": [WEB, ANDROID]},
    ),
    ("004", "allowed_client_ids=['', '']", {"allowed_client_ids": ["", ""]}),
    ("001 003 004", "api_key_required=True", {"api_key_required": True}),
    ("001 003", "audiences=['1-web-apps.apps.googleusercontent.com']", {"audiences": [WEB]}),
    ("004", "audiences=['']", {"audiences": [""]}),
    ("001 003 004", "metric_costs={'read-requests': 1}", {"metric_costs": {"read-requests": 1}}),
    ("001 003 004", "http_method='GET'", {"http_method": "GET"}),
    ("001 003", "name='yourApi'", {"name": "yourApi"}),
    ("001 003 004", "path='yourapi/path'", {"path": "yourapi/path"}),
]


class YourRequestClass(messages.Message):
    text = messages.StringField(1)


class YourResponseClass(messages.Message):
    text = messages.StringField(1)


def arguments(example: str) -> dict[str, Any]:
    found: dict[str, Any] = eval(f"dict({example})", {"endpoints": endpoints})  # noqa: S307
    return found


def rows(table: list[Row]) -> list[Any]:
    return [
        pytest.param(example, expected, id=f"{example.partition('=')[0]}-{pages.replace(' ', '-')}")
        for pages, example, expected in table
    ]


def api(**given: Any) -> Any:
    @endpoints.api(**({"name": "sample", "version": "v1"} | given))
    class Sample(remote.Service):
        @endpoints.method(http_method="GET", path="answer")
        def answer(self, request: messages.Message) -> None: ...

        @endpoints.method(YourRequestClass, YourResponseClass, path="echo")
        def echo(self, request: YourRequestClass) -> YourResponseClass:
            return YourResponseClass(text=request.text)

    return Sample


@pytest.mark.parametrize(("example", "expected"), rows(API))
def test_argument_of_an_api(example: str, expected: dict[str, Any], serve: Serve) -> None:
    sample = api(**arguments(example))
    info = sample.api_info
    assert {name: getattr(info, name) for name in expected} == expected
    served = serve(sample, control="off")
    answer = served.post(f"{info.base_path}{info.name}/{info.path_version}/echo", json={"text": "hi"})
    assert answer.json() == {"text": "hi"}
    assert served.get(f"{info.base_path}discovery/v1/apis/{info.name}/{info.api_version}/rest").status == 200


@pytest.mark.parametrize(("example", "expected"), rows(METHOD))
def test_argument_of_a_method(example: str, expected: dict[str, Any], serve: Serve) -> None:
    limits = [endpoints.LimitDefinition("read-requests", "Read Requests", 1000)]

    @endpoints.api(name="sample", version="v1", limit_definitions=limits)
    class Sample(remote.Service):
        @endpoints.method(message_types.VoidMessage, YourResponseClass, **arguments(example))
        def answer(self, request: message_types.VoidMessage) -> YourResponseClass:
            return YourResponseClass(text="here")

    info = Sample.answer.method_info  # type: ignore[attr-defined]
    assert {name: getattr(info, name) for name in expected} == expected
    answer = serve(Sample, control="off").request(info.http_method, f"/_ah/api/sample/v1/{info.path}")
    assert answer.json() == {"text": "here"}


def test_documents_show_what_an_api_says_about_itself(serve: Serve) -> None:
    given = {
        "canonical_name": "DFA Analytics",
        "description": "Sample API for a simple game",
        "documentation": "http://link_to/docs",
        "owner_domain": "your-company.com",
        "owner_name": "Your-Company",
        "package_path": "cloud/platform",
        "title": "My Backend API",
        "scopes": ["ss0", "ss1 and_ss2"],
    }
    document = serve(api(**given)).get("/_ah/api/discovery/v1/apis/sample/v1/rest").json()
    shown = {
        "canonicalName": "DFA Analytics",
        "description": "Sample API for a simple game",
        "documentationLink": "http://link_to/docs",
        "ownerDomain": "your-company.com",
        "ownerName": "Your-Company",
        "packagePath": "cloud/platform",
        "title": "My Backend API",
    }
    assert {name: document[name] for name in shown} == shown
    assert set(document["auth"]["oauth2"]["scopes"]) == {"ss0", "ss1 and_ss2"}


def test_only_the_major_number_of_a_semver_version_is_in_the_path(serve: Serve) -> None:
    second = serve(api(name="echo", version="2.1.0"))
    assert second.post("/_ah/api/echo/v2/echo", json={"text": "hi"}).json() == {"text": "hi"}
    assert second.post("/_ah/api/echo/2.1.0/echo", json={"text": "hi"}).status == 404
    third = serve(api(name="echo", version="3.0.0"))
    assert third.post("/_ah/api/echo/v3/echo", json={"text": "hi"}).json() == {"text": "hi"}


def test_without_an_argument_the_documented_default_applies(serve: Serve) -> None:
    @endpoints.api(name="sample", version="v1")
    class Sample(remote.Service):
        @endpoints.method(message_types.VoidMessage, YourResponseClass)
        def named(self, request: message_types.VoidMessage) -> YourResponseClass:
            return YourResponseClass(text="by its own name, with POST")

    assert Sample.api_info.scopes == [endpoints.EMAIL_SCOPE]  # type: ignore[attr-defined]
    assert serve(Sample).post("/_ah/api/sample/v1/named").json() == {"text": "by its own name, with POST"}


def test_settings_of_a_method_override_those_of_the_api() -> None:
    @endpoints.api(name="sample", version="v1", scopes=["api"], audiences=["api"], allowed_client_ids=["api"])
    class Sample(remote.Service):
        @endpoints.method(http_method="GET", scopes=["own"], audiences=["own"], allowed_client_ids=["own"])
        def own(self, request: messages.Message) -> None: ...

        @endpoints.method(http_method="GET")
        def inherited(self, request: messages.Message) -> None: ...

    (served,) = endpoints.api_server([Sample]).apis
    found = {each.function_name: (each.scopes, each.audiences, each.allowed_client_ids) for each in served.operations}
    assert found == {"own": (["own"],) * 3, "inherited": (["api"],) * 3}


def test_message_classes_are_given_by_name(serve: Serve) -> None:
    @endpoints.api(name="sample", version="v1")
    class Sample(remote.Service):
        @endpoints.method("YourRequestClass", "YourResponseClass", path="yourapi/path")
        def echo(self, request: YourRequestClass) -> YourResponseClass:
            return YourResponseClass(text=request.text)

    assert serve(Sample).post("/_ah/api/sample/v1/yourapi/path", json={"text": "hi"}).json() == {"text": "hi"}
