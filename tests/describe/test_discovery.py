"""endpoints.describe.discovery: what the recorded documents (tests/conformance) leave open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import pytest

import endpoints
from endpoints.describe import discovery
from endpoints.describe.origin import Origin
from endpoints.operations import Api, collect
from protorpc import message_types, messages, remote

package = "shop"  # the first word of the schema names
GOLDEN = Path(__file__).parent.parent / "golden"
HERE = Origin("https", "shop.example.com", "443")
EMAIL = "https://www.googleapis.com/auth/userinfo.email"


class Item(messages.Message):
    """Something to buy."""

    name = messages.StringField(1, required=True)
    price = messages.FloatField(2, default=0.5)
    code = messages.BytesField(3, default=b"none")
    sold = messages.BooleanField(4, default=True)


ITEM = endpoints.ResourceContainer(Item, id=messages.StringField(1, required=True))


@endpoints.api(
    name="shop",
    version="v2",
    title="Shop",
    description="Sells items",
    namespace=endpoints.Namespace("example.com", "Example", None),
)
class Shop(remote.Service):
    """Never shown beside a description."""

    @endpoints.method(message_types.VoidMessage, Item, path="items/first", http_method="GET", name="items.first")
    def first(self, request: message_types.VoidMessage) -> Item:
        """Show the first item."""
        raise NotImplementedError

    @endpoints.method(
        ITEM, message_types.VoidMessage, path="items/{id}", http_method="PUT", name="items.own.put", audiences=["us"]
    )
    def put(self, request: Any) -> message_types.VoidMessage:
        raise NotImplementedError

    @endpoints.method(path="find", http_method="GET")
    def find(self, request: Any, text: Annotated[str, "What to look for"], limit: int = 10) -> Item:
        raise NotImplementedError


def only(*classes: object) -> Api:
    (api,) = collect(classes)
    return api


def pair(first: dict[str, Any], second: dict[str, Any], **settings: Any) -> Api:
    """An API of two classes with settings of their own, each with a method."""
    collection = endpoints.api(name="pair", version="v1", **settings)

    @collection.api_class(resource_name="one", **first)
    class One(remote.Service):
        @endpoints.method(path="one")
        def run(self, request: message_types.VoidMessage) -> message_types.VoidMessage:
            raise NotImplementedError

    @collection.api_class(resource_name="two", **second)
    class Two(remote.Service):
        @endpoints.method(path="two")
        def run(self, request: message_types.VoidMessage) -> message_types.VoidMessage:
            raise NotImplementedError

    return only(collection)


def test_a_whole_document() -> None:
    recorded = json.loads((GOLDEN / "shop-v2.discovery.json").read_text())
    assert json.loads(json.dumps(discovery.document(only(Shop), HERE))) == recorded


def test_encoded_is_the_same_document() -> None:
    prepared = discovery.Discovery(only(Shop))
    for origin in (HERE, Origin("http", "localhost", "8080", "/mounted")):
        assert json.loads(prepared.encode(origin)) == prepared.at(origin)


def test_addresses_follow_the_caller() -> None:
    document = discovery.document(only(Shop), Origin("http", "localhost", "8080", "/mounted"))
    assert document["rootUrl"] == "http://localhost:8080/mounted/_ah/api/"
    assert document["baseUrl"] == "http://localhost:8080/mounted/_ah/api/shop/v2/"
    assert document["basePath"] == "/mounted/_ah/api/shop/v2/"
    assert document["servicePath"] == "shop/v2/"


@pytest.mark.parametrize(
    ("first", "second", "settings", "scopes"),
    [
        pytest.param({}, {}, {}, None, id="nobody asks"),
        pytest.param({}, {}, {"auth_level": endpoints.AUTH_LEVEL.OPTIONAL}, [EMAIL], id="an auth level asks"),
        pytest.param({}, {}, {"auth_level": endpoints.AUTH_LEVEL.NONE}, None, id="the level NONE does not"),
        pytest.param({}, {}, {"allowed_client_ids": ["me"]}, [EMAIL], id="clients ask"),
        pytest.param({"audiences": ["us"]}, {}, {}, [EMAIL], id="one class asks"),
        pytest.param({"scopes": ["a"]}, {}, {}, ["a"], id="one class has scopes, the other does not ask"),
        pytest.param({"scopes": ["a"]}, {}, {"audiences": ["us"]}, ["a", EMAIL], id="both ask"),
    ],
)
def test_scopes_of_the_classes_that_ask(
    first: dict[str, Any], second: dict[str, Any], settings: dict[str, Any], scopes: list[str] | None
) -> None:
    document = discovery.document(pair(first, second, **settings), HERE)
    shown = document.get("auth")
    assert shown == (None if scopes is None else {"oauth2": {"scopes": {scope: described(scope) for scope in scopes}}})


def described(scope: str) -> dict[str, str]:
    return {"description": "View your email address" if scope == EMAIL else scope}


def test_only_methods_that_ask_list_scopes() -> None:
    document = discovery.document(pair({"audiences": ["us"]}, {}), HERE)
    methods = {name: resource["methods"]["run"] for name, resource in document["resources"].items()}
    assert methods["one"]["scopes"] == [EMAIL]
    assert "scopes" not in methods["two"]


def test_messages_of_equal_names_cannot_be_described() -> None:
    class Item_part(messages.Message):  # noqa: N801
        text = messages.StringField(1)

    class Item(messages.Message):
        class part(messages.Message):  # noqa: N801
            text = messages.StringField(1)

        parts = messages.MessageField(part, 1, repeated=True)

    @endpoints.api(name="clash", version="v1")
    class Clash(remote.Service):
        @endpoints.method(Item_part, Item)
        def run(self, request: Item_part) -> Item:
            raise NotImplementedError

    with pytest.raises(KeyError, match=r"Both .* normalize to the same schema name: ShopItemPart"):
        discovery.document(only(Clash), HERE)
