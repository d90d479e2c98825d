from __future__ import annotations

import pytest

from endpoints.clients import ClientError
from endpoints.clients.document import parsed
from endpoints.clients.names import checked_npm_name, default_name, module_name, package_version
from tests.clients import documents


@pytest.mark.parametrize(
    ("name", "module"),
    [
        pytest.param("guestbook-client", "guestbook_client", id="dash"),
        pytest.param("My.Client_2", "my_client_2", id="dot, underscore, capitals"),
        pytest.param("a--b", "a_b", id="two dashes"),
    ],
)
def test_import_names(name: str, module: str) -> None:
    assert module_name(name) == module


@pytest.mark.parametrize("name", ["", "-a", "a-", "2fast", "class", "a b", "../a", "a/b", 'a"b', "é", "a\nb", "a\n"])
def test_names_that_make_no_python_package(name: str) -> None:
    with pytest.raises(ClientError, match="is no name of a Python package; expected one such as guestbook-client"):
        module_name(name)


@pytest.mark.parametrize("name", ["guestbook-client", "@example/guestbook", "a.b_c~d", "2fast"])
def test_names_for_npm(name: str) -> None:
    assert checked_npm_name(name) == name


@pytest.mark.parametrize("name", ["", "Guestbook", ".a", "_a", "a b", "../a", "a/b", "@a/b/c", "a\n", "é", "a" * 215])
def test_names_that_npm_does_not_take(name: str) -> None:
    with pytest.raises(ClientError, match="is no name of an npm package; expected lower-case letters"):
        checked_npm_name(name)


@pytest.mark.parametrize(
    ("version", "packaged"),
    [
        pytest.param("v1", "1.0.0", id="path version"),
        pytest.param("v0.2", "0.2.0", id="two numbers"),
        pytest.param("2.7.1", "2.7.1", id="SemVer"),
        pytest.param("2.7.1-rc.1", "2.7.1", id="pre-release"),
        pytest.param("v01", "1.0.0", id="leading zero"),
        pytest.param("v2beta1", "2.0.0", id="beta"),
        pytest.param("next", "0.0.0", id="word"),
        pytest.param("", "0.0.0", id="empty"),
    ],
)
def test_versions(version: str, packaged: str) -> None:
    assert package_version(version) == packaged


@pytest.mark.parametrize(
    ("operation", "title", "name"),
    [
        pytest.param({}, "The Shop!", "shop-client", id="by its API"),
        pytest.param({"x-method-id": None}, "The Shop! (v2)", "the-shop-v2-client", id="by its title"),
        pytest.param({"x-method-id": None}, "☃", "client", id="by nothing"),
    ],
)
def test_default_names(operation: dict[str, None], title: str, name: str) -> None:
    document = documents.made(operation, info={"title": title, "version": "v1"})
    assert default_name(parsed(document)) == name
