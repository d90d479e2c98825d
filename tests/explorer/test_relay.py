"""Tokens fetched by the server, for issuers that want a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest

import endpoints
from endpoints.explorer.relay import MOST_AT_A_TIME
from protorpc import message_types, remote
from tests.client import Client, Response, Serve
from tests.http.error_object import error_of

PATH = "/_ah/api/explorer/token"
TOKENS = "https://id.example/token"
ASKED = {
    "issuer": "own",
    "code": "the code",
    "code_verifier": "the verifier",
    "redirect_uri": "https://api.example/_ah/api/explorer/callback",
}
Void = message_types.VoidMessage


@endpoints.api("tried", "v1", issuers={"own": endpoints.Issuer("https://id.example", None)})
class TriedApi(remote.Service):
    @endpoints.method(Void, Void, path="text", http_method="GET", name="text")
    def text(self, request: Any) -> Any:
        return Void()


class Issuer:
    """What stands for the network: answers, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, list[str]], Mapping[str, str]]] = []
        self.status = 200
        self.body = json.dumps({"access_token": "a", "id_token": "i", "expires_in": 60, "refresh_token": "r"}).encode()
        self.within: Any = None

    def __call__(
        self, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        self.asked.append((url, parse_qs((data or b"").decode()), headers or {}))
        if self.within is not None:
            self.within()
        return self.status, {}, self.body


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def server(serve: Serve, issuer: Issuer) -> Client:
    return serve(TriedApi, explorer=explorer(), fetch=issuer)


def explorer(**changes: Any) -> endpoints.Explorer:
    settings = {"token_endpoint": TOKENS, "client_secret": "s3cret", **changes}
    return endpoints.Explorer(clients={"own": endpoints.ExplorerClient("the-id", **settings)})


def ask(server: Client, **changes: str) -> Response:
    return server.post(PATH, json={**ASKED, **changes}, headers={"Sec-Fetch-Site": "same-origin"})


def test_the_issuer_is_asked_with_the_secret(server: Client, issuer: Issuer) -> None:
    response = ask(server)
    assert response.json() == {"access_token": "a", "id_token": "i", "expires_in": 60}
    assert response.headers["cache-control"] == "no-store"
    assert "s3cret" not in response.text + str(response.pairs)
    ((url, form, headers),) = issuer.asked
    assert (url, headers["Content-Type"]) == (TOKENS, "application/x-www-form-urlencoded")
    assert form == {
        "grant_type": ["authorization_code"],
        "code": ["the code"],
        "code_verifier": ["the verifier"],
        "redirect_uri": [ASKED["redirect_uri"]],
        "client_id": ["the-id"],
        "client_secret": ["s3cret"],
    }


def test_what_the_issuer_says_against_it(server: Client, issuer: Issuer) -> None:
    issuer.status, issuer.body = 401, b'{"error": "invalid_grant", "error_description": "used already", "debug": "x"}'
    response = ask(server)
    assert response.status == 400
    assert response.json() == {"error": "invalid_grant", "error_description": "used already"}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff", b"[" * 100_000])
def test_an_issuer_that_makes_no_sense(server: Client, issuer: Issuer, body: bytes) -> None:
    issuer.body = body
    response = ask(server)
    assert (response.status, response.json()["error"]) == (502, "server_error")


def test_an_issuer_that_cannot_be_reached(server: Client, issuer: Issuer) -> None:
    def fail() -> None:
        raise OSError("s3cret details")

    issuer.within = fail
    response = ask(server)
    assert (response.status, response.json()["error"]) == (502, "server_error")
    assert "s3cret" not in response.text


@pytest.mark.parametrize(
    "changes", [{"issuer": "other"}, {"code": ""}, {"code_verifier": "x" * 9000}, {"redirect_uri": ""}], ids=str
)
def test_a_question_that_makes_no_sense(server: Client, issuer: Issuer, changes: dict[str, str]) -> None:
    error_of(ask(server, **changes), 400, "badRequest")
    assert issuer.asked == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"issuer": 1}', b"\xff", b"null"])
def test_a_body_that_is_none(server: Client, body: bytes) -> None:
    error_of(server.post(PATH, body=body), 400, "badRequest")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_other_sites_are_not_served(server: Client, issuer: Issuer, site: str) -> None:
    error_of(server.post(PATH, json=ASKED, headers={"Sec-Fetch-Site": site}), 403, "forbidden")
    assert issuer.asked == []


def test_the_answer_is_for_no_other_origin(server: Client) -> None:
    response = server.post(PATH, json=ASKED, headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_strangers_cannot_keep_the_server_busy(issuer: Issuer) -> None:
    # On WSGI alone, where a request can be sent while another one is answered.
    server = Client(endpoints.api_server([TriedApi], explorer=explorer(), fetch=issuer), "wsgi")
    deepest: list[Response] = []

    def ask_again() -> None:
        if len(issuer.asked) < 2 * MOST_AT_A_TIME and not deepest:
            response = ask(server)
            if response.status != 200:
                deepest.append(response)

    issuer.within = ask_again
    assert ask(server).status == 200
    assert len(issuer.asked) == MOST_AT_A_TIME
    assert deepest[0].status == 429 and deepest[0].headers["retry-after"] == "1"


def test_without_a_secret_there_is_nothing_to_ask(serve: Serve) -> None:
    server = serve(TriedApi, explorer=endpoints.Explorer(clients={"own": "the-id"}))
    assert server.post(PATH, json=ASKED).status == 404


def test_the_secret_stays_on_the_server(server: Client) -> None:
    settings = server.get("/_ah/api/explorer/settings.json")
    assert settings.json()["issuers"][0]["isRelayed"] is True
    assert "s3cret" not in settings.text + server.get("/_ah/api/explorer").text + repr(explorer())


def test_the_token_endpoint_must_be_known(serve: Serve) -> None:
    with pytest.raises(endpoints.ApiConfigurationError, match="with a client_secret the token_endpoint must be given"):
        serve(TriedApi, explorer=explorer(token_endpoint=None))
    google = {"google_id_token": endpoints.ExplorerClient("x", client_secret="s3cret")}  # noqa: S106
    serve(TriedApi, explorer=endpoints.Explorer(clients=google))
