"""Endpoints are found by name, and their files where readers expect them."""

from __future__ import annotations

import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import endpoints
import ferris3
from ferris3.endpoints import ConventionError, EndpointFileNotFoundError, NoDefaultEndpointError

FERRIS = {"name": "ferris", "version": "v1"}


def test_the_surface_of_the_package() -> None:
    assert ferris3.default_endpoint is ferris3.endpoints.default
    assert ferris3.auto_service is ferris3.endpoints.auto_service
    assert ferris3.auto_method is ferris3.endpoints.auto_method
    assert ferris3.Service is endpoints.remote.Service
    assert ferris3.VoidMessage is endpoints.message_types.VoidMessage
    assert ferris3.get_current_user is endpoints.get_current_user
    assert ferris3.NotFoundException is endpoints.NotFoundException
    assert ferris3.BadRequestException is endpoints.BadRequestException


def test_an_endpoint_is_found_by_its_name() -> None:
    added = ferris3.endpoints.add(FERRIS)
    other = ferris3.endpoints.add({"name": "other", "version": "v1"}, default=True)
    assert ferris3.endpoints.get("ferris") is added
    assert ferris3.endpoints.get() is ferris3.endpoints.default() is other
    assert ferris3.endpoints.get_all() == [added, other]


def test_the_last_default_counts() -> None:
    ferris3.endpoints.add(FERRIS, default=True)
    other = ferris3.endpoints.add({"name": "other", "version": "v1"}, True)
    ferris3.endpoints.add({"name": "third", "version": "v1"})
    assert ferris3.endpoints.default() is other


@pytest.mark.parametrize("ask", [ferris3.endpoints.default, ferris3.endpoints.get])
def test_without_a_default_endpoint(ask: Callable[[], Any]) -> None:
    with pytest.raises(RuntimeError, match=r"No default endpoint has been configured: .*; none was added"):
        ask()
    ferris3.endpoints.add(FERRIS)
    with pytest.raises(NoDefaultEndpointError, match="known are 'ferris'"):
        ask()


def test_an_unknown_name() -> None:
    with pytest.raises(ConventionError, match="no endpoint is named 'feris'; none was added"):
        ferris3.endpoints.get("feris")
    ferris3.endpoints.add(FERRIS)
    with pytest.raises(
        ConventionError, match=r"no endpoint is named 'feris'; known are 'ferris'; did you mean ferris\?"
    ):
        ferris3.endpoints.get("feris")


def test_the_same_definition_may_come_again() -> None:
    added = ferris3.endpoints.add(FERRIS)
    assert ferris3.endpoints.add(dict(FERRIS)) is added
    assert ferris3.endpoints.get_all() == [added]


def test_another_definition_of_the_same_version() -> None:
    first = ferris3.endpoints.add(FERRIS, default=True)
    second = ferris3.endpoints.add({**FERRIS, "title": "Other"})
    assert second is not first
    assert ferris3.endpoints.get("ferris") is ferris3.endpoints.default() is second
    assert ferris3.endpoints.get_all() == [second]


def test_the_version_added_last_is_found_by_the_name() -> None:
    first = ferris3.endpoints.add(FERRIS, default=True)
    second = ferris3.endpoints.add({**FERRIS, "version": "v2"})
    assert ferris3.endpoints.get("ferris") is ferris3.endpoints.default() is second
    assert ferris3.endpoints.add(FERRIS) is first
    assert ferris3.endpoints.get("ferris") is first
    assert ferris3.endpoints.get_all() == [second, first]


@pytest.mark.parametrize("wrong", [None, 7, ["a"]])
def test_what_is_no_definition(wrong: Any) -> None:
    with pytest.raises(ConventionError, match="an endpoint is a YAML file or a dict, not"):
        ferris3.endpoints.add(wrong)


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    """A file in the folder of an application."""
    (tmp_path / "application" / "app").mkdir(parents=True)
    path = tmp_path / "application" / "app" / "endpoint.yaml"
    path.write_text("name: ferris\nversion: v1\n")
    return path


def test_a_file_below_the_working_directory(definition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(definition.parent.parent)
    assert ferris3.endpoints.add("app/endpoint.yaml") is ferris3.endpoints.get("ferris")


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("endpoints_config", "endpoints_config.py"),
        ("app.setup", "app/setup.py"),
        ("app", "app/__init__.py"),
        ("__main__", "main.py"),
    ],
)
def test_a_file_below_the_folder_of_the_caller(
    module: str, file: str, definition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    caller = types.ModuleType(module)
    caller.__file__ = str(definition.parent.parent / file)
    exec("import ferris3; ferris3.endpoints.add('app/endpoint.yaml')", caller.__dict__)  # noqa: S102
    assert ferris3.endpoints.get_all() == [ferris3.endpoints.get("ferris")]


def test_a_caller_without_a_file(definition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(definition.parent)
    exec("import ferris3; ferris3.endpoints.add('endpoint.yaml')", {"__name__": "typed_in"})  # noqa: S102
    assert ferris3.endpoints.get_all() == [ferris3.endpoints.get("ferris")]


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EndpointFileNotFoundError) as raised:
        ferris3.endpoints.add("app/none.yaml")
    assert str(raised.value).startswith("there is no endpoint definition app/none.yaml in ")
    assert str(tmp_path) in str(raised.value) and str(Path(__file__).parents[2]) in str(raised.value)
    assert {FileNotFoundError, endpoints.ApiConfigurationError} < set(type(raised.value).__mro__)
    with pytest.raises(EndpointFileNotFoundError, match=r"no endpoint definition /none\.yaml$"):
        ferris3.endpoints.add("/none.yaml")
