"""Who the explorer is to issuers: mistakes in that are said when the server is built."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from protorpc import message_types, remote

Void = message_types.VoidMessage


def api(name: str, issuer: Any) -> Any:
    @endpoints.api(name, "v1", issuers={"own": issuer})
    class OneApi(remote.Service):
        @endpoints.method(Void, Void, path="text", http_method="GET", name="text")
        def text(self, request: Any) -> Any:
            return Void()

    OneApi.__name__ = f"{name}Api"
    return OneApi


def served(clients: Any, *issuers: Any) -> endpoints.ApiServer:
    apis = [api(f"n{number}", issuer) for number, issuer in enumerate(issuers)]
    return endpoints.api_server(apis, explorer=endpoints.Explorer(clients=clients))


OWN = endpoints.Issuer("https://id.example", None)


@pytest.mark.parametrize(
    ("clients", "issuers", "words"),
    [
        ({"other": "x"}, [OWN], ["clients['other']", "no API has an issuer of this name", "google_id_token, own"]),
        (
            {"own": "x"},
            [endpoints.Issuer("somebody", "https://id.example/keys")],
            ["clients['own']", "one address", "none"],
        ),
        (
            {"own": "x"},
            [OWN, endpoints.Issuer("https://other.example", None)],
            ["clients['own']", "https://id.example, https://other.example"],
        ),
        (
            {"own": "x"},
            [endpoints.Issuer("http://id.example", "https://id.example/keys")],
            ["the issuer must be an https address", "'http://id.example'"],
        ),
        (
            {"own": "x"},
            [endpoints.Issuer("https://id.example;x", "https://id.example/keys")],
            ["the issuer", "'https://id.example;x'"],
        ),
    ],
    ids=["unknown", "no address", "two addresses", "not safe", "a semicolon"],
)
def test_nobody_could_sign_in(clients: dict[str, str], issuers: list[Any], words: list[str]) -> None:
    with pytest.raises(endpoints.ApiConfigurationError) as raised:
        served(clients, *issuers)
    assert [word for word in words if word not in str(raised.value)] == []


def test_the_same_issuer_of_several_apis() -> None:
    served({"own": "x"}, OWN, OWN)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"client_id": ""}, ValueError, "client_id must not be empty"),
        ({"client_id": None}, TypeError, "client_id must be a string"),
        ({"client_id": "x", "scopes": "openid"}, TypeError, "scopes"),
        ({"client_id": "x", "token": "refresh_token"}, ValueError, "token must be one of access_token, id_token"),
        ({"client_id": "x", "audience": 1}, TypeError, "audience must be a string"),
        (
            {"client_id": "x", "token_endpoint": "http://id.example"},
            ValueError,
            "token_endpoint must be an https address",
        ),
        ({"client_id": "x", "authorization_endpoint": "javascript:1"}, ValueError, "authorization_endpoint"),
    ],
    ids=str,
)
def test_clients_that_make_no_sense(arguments: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error) as raised:
        endpoints.ExplorerClient(**arguments)
    assert words in str(raised.value) and "ExplorerClient" in str(raised.value)


@pytest.mark.parametrize("clients", [{"own": 1}, {1: "x"}, ["own"], "own"], ids=repr)
def test_clients_are_a_dict_of_texts_or_clients(clients: Any) -> None:
    with pytest.raises(TypeError, match=r"endpoints\.Explorer"):
        endpoints.Explorer(clients=clients)


def test_the_setting_is_an_explorer_or_none() -> None:
    with pytest.raises(TypeError, match=r"explorer must be an endpoints\.Explorer or None, not True"):
        endpoints.api_server([api("x", OWN)], explorer=True)  # type: ignore[arg-type]
