"""Credentials, addresses and names: what changes in a document, and what is said of it in either direction."""

from __future__ import annotations

import pytest

from tests.diff.edits import DELETE, GET, POST, PUT, Edit, check, in_turn, methods, move, name_api, secure

KEY = "an API key ('key' in the query)"
BEARER = "a token of https://a.example for one"
OAUTH = "an OAuth 2 token"

ROWS = [
    pytest.param(
        "openapi2",
        None,
        secure({"key": []}),
        [f"access-tightened | {GET} | needs no credentials -> {KEY}"],
        [f"access-loosened | {GET} | needs {KEY} -> no credentials"],
        id="key",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: d.update(security=[{"key": []}]),
        [
            f"access-tightened | {GET} | needs no credentials -> {KEY}",
            f"access-tightened | {POST} | needs no credentials -> {KEY}",
            f"access-tightened | {DELETE} | needs no credentials -> {KEY}",
            f"access-tightened | {PUT} | needs no credentials -> {KEY}",
        ],
        [
            f"access-loosened | {GET} | needs {KEY} -> no credentials",
            f"access-loosened | {POST} | needs {KEY} -> no credentials",
            f"access-loosened | {DELETE} | needs {KEY} -> no credentials",
            f"access-loosened | {PUT} | needs {KEY} -> no credentials",
        ],
        id="key, for all operations",
    ),
    pytest.param(
        "openapi3",
        None,
        secure({"key": []}, {}),
        [f"access-loosened | {GET} | needs no credentials -> {KEY} or no credentials"],
        [f"access-loosened | {GET} | needs {KEY} or no credentials -> no credentials"],
        id="optional key",
    ),
    pytest.param(
        "openapi2",
        secure({"token": []}),
        secure({"token": [], "key": []}),
        [f"access-tightened | {GET} | needs {BEARER} -> {BEARER} and {KEY}"],
        [f"access-loosened | {GET} | needs {BEARER} and {KEY} -> {BEARER}"],
        id="key beside a token",
    ),
    pytest.param(
        "openapi2",
        secure({"token": []}),
        secure({"token": []}, {"key": []}),
        [f"access-loosened | {GET} | needs {BEARER} -> {BEARER} or {KEY}"],
        [f"access-tightened | {GET} | needs {BEARER} or {KEY} -> {BEARER}"],
        id="one more way in",
    ),
    pytest.param(
        "openapi3",
        secure({"oauth": ["read"]}),
        secure({"oauth": ["read", "write"]}),
        [f"access-tightened | {GET} | needs {OAUTH} with read -> {OAUTH} with read, write"],
        [f"access-loosened | {GET} | needs {OAUTH} with read, write -> {OAUTH} with read"],
        id="one more scope",
    ),
    pytest.param(
        "openapi2",
        secure({"token": []}),
        lambda d: d["securityDefinitions"]["token"].update({"x-google-audiences": "one,two"}),
        [f"access-loosened | {GET} | needs {BEARER} -> {BEARER}, two"],
        [f"access-tightened | {GET} | needs {BEARER}, two -> {BEARER}"],
        id="one more audience",
    ),
    pytest.param(
        "openapi2",
        secure({"token": []}),
        lambda d: d["securityDefinitions"]["token"].update({"x-google-issuer": "https://b.example"}),
        [f"access-tightened | {GET} | needs {BEARER} -> a token of https://b.example for one"],
        [f"access-tightened | {GET} | needs a token of https://b.example for one -> {BEARER}"],
        id="issuer",
    ),
    pytest.param(
        "openapi2",
        secure({"token": []}),
        in_turn(
            lambda d: d["securityDefinitions"].update(other=d["securityDefinitions"]["token"]), secure({"other": []})
        ),
        [],
        [],
        id="name of a security scheme",
    ),
    pytest.param(
        "openapi3",
        secure({"token": []}),
        secure({"unknown": []}),
        [f"access-tightened | {GET} | needs HTTP authentication (bearer) -> the undefined unknown"],
        [f"access-tightened | {GET} | needs the undefined unknown -> HTTP authentication (bearer)"],
        id="bearer token",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: methods(d)["list"].update(scopes=["https://scope"]),
        [f"access-tightened | {GET} | needs no credentials -> {OAUTH} with https://scope"],
        [f"access-loosened | {GET} | needs {OAUTH} with https://scope -> no credentials"],
        id="scopes of a method",
    ),
    pytest.param(
        "discovery",
        lambda d: methods(d)["list"].update(scopes=["a"]),
        lambda d: methods(d)["list"].update(scopes=["a", "b"]),
        [f"access-loosened | {GET} | needs {OAUTH} with a -> {OAUTH} with a or {OAUTH} with b"],
        [f"access-tightened | {GET} | needs {OAUTH} with a or {OAUTH} with b -> {OAUTH} with a"],
        id="either scope of a method",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: d["servers"][0].update(url="https://other.example.com/api"),
        [
            "server-removed | API | server https://shop.example.com removed",
            "server-added | API | server https://other.example.com added",
        ],
        [
            "server-removed | API | server https://other.example.com removed",
            "server-added | API | server https://shop.example.com added",
        ],
        id="server",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: d["servers"].append(
            {"url": "https://{where}.example.com/api", "variables": {"where": {"default": "eu"}}}
        ),
        ["server-added | API | server https://eu.example.com added"],
        ["server-removed | API | server https://eu.example.com removed"],
        id="one more server",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: d.update(host="other.example.com"),
        [
            "server-removed | API | server https://shop.example.com removed",
            "server-added | API | server https://other.example.com added",
        ],
        [
            "server-removed | API | server https://other.example.com removed",
            "server-added | API | server https://shop.example.com added",
        ],
        id="host",
    ),
    pytest.param("openapi2", None, lambda d: d.pop("host"), [], [], id="no host"),
    pytest.param(
        "openapi2", None, lambda d: d.update(host="localhost:8080", schemes=["http"]), [], [], id="host of this machine"
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: d.update(schemes=["https", "http"]),
        ["server-added | API | server http://shop.example.com added"],
        ["server-removed | API | server http://shop.example.com removed"],
        id="scheme",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: d.update(rootUrl="https://other.example.com/api/"),
        [
            "server-removed | API | server https://shop.example.com removed",
            "server-added | API | server https://other.example.com added",
        ],
        [
            "server-removed | API | server https://other.example.com removed",
            "server-added | API | server https://shop.example.com added",
        ],
        id="root",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: d.update(basePath="/v"),
        ["base-path-changed | API | base path /api -> /v"],
        ["base-path-changed | API | base path /v -> /api"],
        id="base path",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: d["servers"][0].update(url="https://shop.example.com/v/"),
        ["base-path-changed | API | base path /api -> /v"],
        ["base-path-changed | API | base path /v -> /api"],
        id="base path of a server",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: d.update(rootUrl="https://shop.example.com/v/"),
        ["base-path-changed | API | base path /api -> /v"],
        ["base-path-changed | API | base path /v -> /api"],
        id="base path of a root",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: d.update(basePath="/", paths={f"/api{path}": item for path, item in d["paths"].items()}),
        [],
        [],
        id="base path in the paths",
    ),
    pytest.param(
        "discovery",
        None,
        name_api,
        ["api-renamed | API | name shop -> store"],
        ["api-renamed | API | name store -> shop"],
        id="name",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: [
            d["info"].update(title="store"),
            *(move(d, path, path.replace("shop", "store")) for path in list(d["paths"])),
        ],
        [
            "api-renamed | API | name shop -> store",
            "api-text-changed | API | title, description or documentation changed",
        ],
        [
            "api-renamed | API | name store -> shop",
            "api-text-changed | API | title, description or documentation changed",
        ],
        id="name in paths",
    ),
    pytest.param(
        "openapi3",
        None,
        lambda d: d["info"].update(title="The shop"),
        ["api-text-changed | API | title, description or documentation changed"],
        ["api-text-changed | API | title, description or documentation changed"],
        id="title",
    ),
    pytest.param(
        "discovery",
        None,
        lambda d: d.update(canonicalName="Shop"),
        ["package-renamed | API | canonicalName none -> Shop"],
        ["package-renamed | API | canonicalName Shop -> none"],
        id="package",
    ),
    pytest.param(
        "openapi2",
        None,
        lambda d: d.update(
            {"x-google-management": {"quota": {"limits": [{"metric": "reads", "values": {"STANDARD": 100}}]}}}
        ),
        ["quota-changed | API | limit of reads none -> 100"],
        ["quota-changed | API | limit of reads 100 -> none"],
        id="limit of calls",
    ),
    pytest.param(
        "openapi2",
        secure({"token": []}),
        lambda d: d["securityDefinitions"].update(token={"type": "basic"}),
        [f"access-tightened | {GET} | needs {BEARER} -> HTTP authentication (basic)"],
        [f"access-tightened | {GET} | needs HTTP authentication (basic) -> {BEARER}"],
        id="password",
    ),
    pytest.param(
        "openapi3",
        secure({"token": []}),
        lambda d: d["components"]["securitySchemes"].update(
            token={"type": "openIdConnect", "openIdConnectUrl": "https://a.example/x"}
        ),
        [f"access-tightened | {GET} | needs HTTP authentication (bearer) -> a token by https://a.example/x"],
        [f"access-tightened | {GET} | needs a token by https://a.example/x -> HTTP authentication (bearer)"],
        id="OpenID",
    ),
]


@pytest.mark.parametrize(("name", "both", "edit", "there", "back"), ROWS)
def test_rule(name: str, both: Edit | None, edit: Edit, there: list[str], back: list[str]) -> None:
    check(name, both, edit, there, back)
