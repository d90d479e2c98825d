from __future__ import annotations

import importlib

import pytest

import ferris3
from ferris3.tool_chain import ToolChain
from tests.ferris3.stored import Tag


class Leaflet(ferris3.Model):
    pass


TagMessage = ferris3.model_message(Tag)
TagsMessage = ferris3.list_message(TagMessage)


def test_an_entity_becomes_a_message() -> None:
    message = (
        ferris3.ToolChain(Tag(name="new"))
        .raise_if(None, ferris3.NotFoundException("no tag"))
        .messages.serialize(TagMessage)
        .tap(print)
        .value()
    )
    assert message == TagMessage(id="new")


def test_entities_become_a_message() -> None:
    found = ToolChain([Tag(name="a"), Tag(name="b")]).messages.serialize_list(TagsMessage).value()
    assert [item.id for item in found.items] == ["a", "b"]


def test_a_missing_entity_is_an_answer() -> None:
    with pytest.raises(ferris3.NotFoundException, match="no tag"):
        ToolChain(None).raise_if(None, ferris3.NotFoundException("no tag")).messages.serialize(TagMessage)


def test_functions_of_ndb() -> None:
    key = ferris3.ndb.Key("Leaflet", 1, project="p", namespace="", database="")
    assert ToolChain(key).ndb.check_kind(Leaflet).value() is key
    with pytest.raises(ferris3.NotFoundException, match="this is a Pamphlet, not a Leaflet"):
        ToolChain(ferris3.ndb.Key("Pamphlet", 1, project="p", namespace="", database="")).ndb.check_kind(Leaflet)


def test_search_is_no_more() -> None:
    with pytest.raises(ImportError, match="use the full-text search of a database"):
        ToolChain("q").search  # noqa: B018


@pytest.mark.parametrize("name", ["caching", "google_apis", "mail", "oauth2", "search", "template"])
def test_what_is_out_says_what_to_use(name: str) -> None:
    with pytest.raises(ImportError, match=rf"^ferris3 has no '{name}', .*; use "):
        getattr(ferris3, name)


@pytest.mark.parametrize("name", ["caching", "google_apis", "mail", "oauth2", "search", "template"])
def test_importing_what_is_out_says_what_to_use(name: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=rf"^ferris3 has no '{name}', .*; use ") as raised:
        importlib.import_module(f"ferris3.{name}")
    assert raised.value.name == f"ferris3.{name}"


def test_other_modules_are_merely_not_found() -> None:
    for name in ("ferris3.nothing", "nothing.mail"):
        with pytest.raises(ModuleNotFoundError, match=r"^No module named "):
            importlib.import_module(name)


@pytest.mark.parametrize(
    "name", ["chain", "discovery", "hvild", "messages", "ndb", "retries", "settings", "tool_chain"]
)
def test_modules_come_with_the_package(name: str) -> None:
    assert getattr(ferris3, name).__name__ == f"ferris3.{name}"
