"""What each auth level asks before a method is called, wherever a token is found, and what callers are told."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import endpoints
from endpoints import AUTH_LEVEL
from protorpc import message_types, messages, remote
from tests.auth import issuing
from tests.auth.issuing import ISSUER, NOW, Clock, claims_of, rsa_key, token
from tests.auth.services import PATHS, THIRD, Caller, bearer, seen, service, third_party, url
from tests.client import Client, Connect, Interface, Serve
from tests.http.error_object import error_of

CHALLENGE = 'Bearer realm="api"'
NOBODY = {"known": False}
ADA = {"email": "ada@example.com", "id": "user-1", "issuer": ISSUER, "known": True}
EXPIRED = token(claims_of(exp=NOW - 4000))
SENT = {"nothing": {}, "good": bearer(token()), "bad": bearer(EXPIRED), "basic": {"Authorization": "Basic dTpw"}}


def served(serve: Serve, level: AUTH_LEVEL | None = None, **declared: Any) -> Client:
    return serve(service(level, **(declared or THIRD)), fetch=issuing.issuers(), clock=Clock())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize(
    ("level", "statuses"),
    [
        (AUTH_LEVEL.REQUIRED, (401, 401)),
        (AUTH_LEVEL.OPTIONAL, (200, 401)),
        (AUTH_LEVEL.OPTIONAL_CONTINUE, (200, 200)),
        (AUTH_LEVEL.NONE, (200, 200)),
        (None, (200, 200)),
    ],
)
def test_levels(serve: Serve, path: str, sent: str, level: AUTH_LEVEL | None, statuses: tuple[int, int]) -> None:
    response = served(serve, level).get(url(path), headers=SENT[sent])
    wanted = {"nothing": statuses[0], "good": 200}.get(sent, statuses[1])
    assert response.status == wanted
    if wanted == 200:
        assert response.json() == (ADA if sent == "good" else NOBODY)
    else:
        error_of(response, 401, "required")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("level", AUTH_LEVEL)
def test_a_valid_token_that_is_not_enough(serve: Serve, path: str, level: AUTH_LEVEL) -> None:
    declared = third_party(allowed_client_ids=["web"])
    client = served(serve, level, **declared)
    response = client.get(url(path), headers=bearer(token(claims_of(azp="evil"))))
    if level in (AUTH_LEVEL.REQUIRED, AUTH_LEVEL.OPTIONAL):
        error_of(response, 403, "forbidden")
    else:
        assert response.json() == NOBODY


CHALLENGES = {
    "nothing": ({}, CHALLENGE),
    "another scheme": ({"Authorization": "Basic dTpw"}, CHALLENGE),
    "two words": ({"Authorization": "Bearer a b"}, CHALLENGE),
    "a bad token": (bearer("a.b.c"), 'Bearer error="invalid_token"'),
    "an expired token": (bearer(EXPIRED), 'Bearer error="invalid_token"'),
    "a forged token": (bearer(token(key=rsa_key("stranger"), kid="rsa")), 'Bearer error="invalid_token"'),
    "an unknown key": (bearer(token(kid="new")), 'Bearer error="invalid_token"'),
}


def test_callers_are_not_told_why(serve: Serve) -> None:
    client = served(serve, AUTH_LEVEL.REQUIRED)
    answers = {}
    for name, (headers, challenge) in CHALLENGES.items():
        response = client.get(url("plain"), headers=headers)
        assert response.headers["www-authenticate"] == challenge, name
        answers[name] = response.body
    assert len(set(answers.values())) == 2, "one text for no token, one for any that is refused"


@endpoints.api("levels", "v1", auth_level=AUTH_LEVEL.REQUIRED, **THIRD)
class LevelsApi(remote.Service):
    @endpoints.method(message_types.VoidMessage, Caller, path="api", http_method="GET")
    def by_api(self, request: Any) -> Caller:
        return seen()

    @endpoints.method(message_types.VoidMessage, Caller, path="own", http_method="GET", auth_level=AUTH_LEVEL.NONE)
    def own(self, request: Any) -> Caller:
        return seen()


def test_the_level_of_a_method_overrides_that_of_the_api(serve: Serve) -> None:
    client = serve(LevelsApi, fetch=issuing.issuers(), clock=Clock())
    assert client.get(url("api", "levels")).status == 401
    assert client.get(url("own", "levels")).json() == NOBODY


@endpoints.api("several", "v1", auth_level=AUTH_LEVEL.REQUIRED, **THIRD)
class SeveralApi(remote.Service):
    @endpoints.method(message_types.VoidMessage, Caller, path="api", http_method="GET")
    def as_the_api_says(self, request: Any) -> Caller:
        return seen()

    @endpoints.method(message_types.VoidMessage, Caller, path="scope", http_method="GET", scopes=["admin"])
    def with_a_scope(self, request: Any) -> Caller:
        return seen()

    @endpoints.method(message_types.VoidMessage, Caller, path="own", http_method="GET", audiences={"third": ["own"]})
    def for_another_audience(self, request: Any) -> Caller:
        return seen()

    @endpoints.method(message_types.VoidMessage, Caller, path="closed", http_method="GET", allowed_client_ids=[])
    def for_nobody(self, request: Any) -> Caller:
        return seen()


@pytest.mark.parametrize("first", ["api", "scope", "own", "closed"])
def test_what_is_remembered_for_one_method_does_not_count_for_another(serve: Serve, first: str) -> None:
    client = serve(SeveralApi, fetch=issuing.issuers(), clock=Clock())
    jwt = token(claims_of(scope="admin")) if first == "scope" else token()
    wanted = {"api": 200, "scope": 200 if first == "scope" else 403, "own": 401, "closed": 403}
    for path in (first, *wanted, *wanted):
        assert client.get(url(path, "several"), headers=bearer(jwt)).status == wanted[path]


GOOD = token()
PLACES: dict[str, tuple[str, Any, bool]] = {
    "header": ("", bearer(GOOD), True),
    "OAuth": ("", {"Authorization": f"OAuth {GOOD}"}, True),
    "bearer": ("", {"Authorization": f"bearer {GOOD}"}, True),
    "BEARER": ("", {"Authorization": f"BEARER {GOOD}"}, True),
    "two spaces": ("", {"Authorization": f"Bearer  {GOOD}"}, True),
    "access_token": (f"access_token={GOOD}", {}, True),
    "bearer_token": (f"bearer_token={GOOD}", {}, True),
    "bearer_token goes first": (f"access_token=x&bearer_token={GOOD}", {}, True),
    "an empty one does not count": (f"bearer_token=&access_token={GOOD}", {}, True),
    "after a semicolon": (f"x=1;access_token={GOOD}", {}, True),
    "bearer_token goes first, bad": (f"access_token={GOOD}&bearer_token=x", {}, False),
    "twice": (f"access_token={GOOD}&access_token={GOOD}", {}, False),
    "twice, one encoded": (f"access_token={GOOD}&access%5Ftoken=x", {}, False),
    "another parameter": (f"id_token={GOOD}&oauth_token={GOOD}&Access_Token={GOOD}", {}, False),
    "a header hides the query": (f"access_token={GOOD}", {"Authorization": "Bearer x"}, False),
    "any header does": (f"access_token={GOOD}", {"Authorization": "Basic dTpw"}, False),
    "an empty header does": (f"access_token={GOOD}", {"Authorization": ""}, False),
    "two headers": ("", [("Authorization", f"Bearer {GOOD}"), ("Authorization", f"Bearer {GOOD}")], False),
    "two headers, one bad": ("", [("Authorization", "Bearer x"), ("authorization", f"Bearer {GOOD}")], False),
    "no scheme": ("", {"Authorization": GOOD}, False),
    "another scheme": ("", {"Authorization": f"Token {GOOD}"}, False),
    "no space": ("", {"Authorization": f"Bearer{GOOD}"}, False),
    "a tab": ("", {"Authorization": f"Bearer\t{GOOD}"}, False),
    "a comma after it": ("", {"Authorization": f"Bearer {GOOD},"}, False),
    "two tokens": ("", {"Authorization": f"Bearer {GOOD} {GOOD}"}, False),
    "a parameter after it": ("", {"Authorization": f'Bearer {GOOD} realm="x"'}, False),
    "other headers": ("", {"X-Authorization": f"Bearer {GOOD}", "Proxy-Authorization": f"Bearer {GOOD}"}, False),
    "a cookie": ("", {"Cookie": f"access_token={GOOD}"}, False),
    "what a gateway says": ("", {"X-Endpoint-API-UserInfo": "eyJlbWFpbCI6ICJhQGIuYyJ9"}, False),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("query", "headers", "found"), PLACES.values(), ids=PLACES)
def test_where_a_token_is_found(serve: Serve, path: str, query: str, headers: Any, found: bool) -> None:
    response = served(serve).get(url(path), query, headers=headers)
    assert response.json() == (ADA if found else NOBODY)


@pytest.mark.parametrize("name", ["access_token", "bearer_token"])
def test_not_in_the_body(serve: Serve, name: str) -> None:
    client = served(serve)
    assert client.post(url("body"), json={name: GOOD}).json() == NOBODY
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(url("body"), body=f"{name}={GOOD}".encode(), headers=form).json() == NOBODY


def test_a_parameter_of_the_method_is_the_method_s(serve: Serve) -> None:
    class Own(messages.Message):
        access_token = messages.StringField(1)

    @endpoints.api("own", "v1", **THIRD)
    class OwnApi(remote.Service):
        @endpoints.method(Own, Caller, path="take", http_method="GET")
        def take(self, request: Any) -> Caller:
            assert request.access_token == GOOD
            return seen()

    client = serve(OwnApi, fetch=issuing.issuers(), clock=Clock())
    assert client.get(url("take", "own"), f"access_token={GOOD}").json() == NOBODY
    assert client.get(url("take", "own"), f"access_token={GOOD}", headers=bearer(GOOD)).json() == ADA


def test_an_open_method_does_not_look(serve: Serve) -> None:
    answers = issuing.issuers()

    @endpoints.api("open", "v1")
    class OpenApi(remote.Service):
        @endpoints.method(message_types.VoidMessage, message_types.VoidMessage, path="look")
        def look(self, request: Any) -> message_types.VoidMessage:
            return message_types.VoidMessage()

    client = serve(OpenApi, fetch=answers, clock=Clock())
    assert client.post(url("look", "open"), headers=bearer("opaque")).status == 204
    assert client.post(url("look", "open"), headers=bearer(token(kid="new"))).status == 204
    assert answers.asked == []


def test_a_method_that_declares_its_callers_holds_no_thread_while_keys_are_fetched(client: Connect) -> None:
    begun, answers = threading.Event(), issuing.issuers()

    def fetch(url: str, data: bytes | None = None, headers: Any = None) -> Any:
        begun.set()
        time.sleep(0.5)
        return answers(url, data, headers)

    server = client(endpoints.api_server([service(**THIRD)], fetch=fetch, clock=Clock(), threads=1))
    with ThreadPoolExecutor(1) as others:
        known = others.submit(server.get, url("plain"), headers=bearer(GOOD))
        assert begun.wait(5)
        assert server.get(url("plain")).json() == NOBODY
        assert not known.done()  # of the one thread that there is on ASGI, nobody was waiting for keys in it
        assert known.result().json() == ADA


REASONS = {
    "expired": (bearer(EXPIRED), "expired"),
    "signature": (bearer(token(key=rsa_key("stranger"), kid="rsa")), "signature"),
    "unknown-key": (bearer(token(kid="new")), "unknown-key"),
    "audience": (bearer(token(claims_of(aud="other"))), "audience"),
    "issuer": (bearer(token(claims_of(iss="https://evil.example"))), "issuer"),
    "malformed": (bearer("a.b.c"), "malformed"),
    "authorization-header": ({"Authorization": f"Bearer{GOOD}"}, "authorization-header"),
    "no scheme": ({"Authorization": "s3cret"}, "authorization-header"),
    "inactive": (bearer("s3cret-token"), "inactive"),
    "several-tokens": ({}, "several-tokens"),
}


@pytest.mark.parametrize("level", [AUTH_LEVEL.REQUIRED, AUTH_LEVEL.NONE])
@pytest.mark.parametrize(("headers", "reason"), REASONS.values(), ids=REASONS)
def test_the_log_says_why_and_never_holds_a_token(
    serve: Serve, caplog: pytest.LogCaptureFixture, level: AUTH_LEVEL, headers: dict[str, str], reason: str
) -> None:
    query = "" if headers else "access_token=s3cret&access_token=s3cret"
    with caplog.at_level(logging.DEBUG):
        served(serve, level, **THIRD).get(url("plain"), query, headers=headers)
    (record,) = (each for each in caplog.records if each.name == "endpoints.auth" and "refused" in each.getMessage())
    text = record.getMessage()
    assert text.startswith("Who.plain: token refused: ") and reason in text
    assert "s3cret" not in caplog.text
    for value in headers.values():
        assert value.rpartition(".")[2][-40:] not in caplog.text or len(value) < 30


def test_the_log_quotes_what_callers_say(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    jwt = token(claims_of(iss="https://evil\nexample" + "x" * 5000), kid="a\r\nb")
    served(serve, AUTH_LEVEL.REQUIRED, **THIRD).get(url("plain"), headers=bearer(jwt))
    (record,) = (each for each in caplog.records if each.name == "endpoints.auth")
    assert "\n" not in record.getMessage() and len(record.getMessage()) < 500


def test_a_refusal_is_shared_with_other_origins(serve: Serve) -> None:
    headers = {**bearer(EXPIRED), "Origin": "https://app.example"}
    response = served(serve, AUTH_LEVEL.REQUIRED).get(url("plain"), headers=headers)
    assert response.status == 401
    assert response.headers["access-control-allow-origin"] == "https://app.example"


@pytest.mark.parametrize("challenge", [None, 'Basic realm="x"'], ids=["ours", "its own"])
def test_a_401_of_a_method_has_a_challenge_too(serve: Serve, challenge: str | None) -> None:
    @endpoints.api("refusing", "v1")
    class Refusing(remote.Service):
        @endpoints.method(message_types.VoidMessage, message_types.VoidMessage, path="refuse")
        def refuse(self, request: Any) -> message_types.VoidMessage:
            headers = {"www-Authenticate": challenge} if challenge else {}
            raise endpoints.UnauthorizedException("Invalid token.", headers=headers)

    response = serve(Refusing).post(url("refuse", "refusing"))
    assert response.status == 401 and response.headers["www-authenticate"] == (challenge or CHALLENGE)


def test_the_deadline_of_a_call_holds_while_keys_are_fetched(interface: Interface, client: Connect) -> None:
    if interface == "wsgi":
        pytest.skip("deadlines are for ASGI: on WSGI nobody can stop a thread")

    def fetch(url: str, data: bytes | None = None, headers: Any = None) -> Any:
        time.sleep(1)
        raise OSError(f"no answer from {url} to {data!r}, {headers}")

    limits = endpoints.Limits(deadline=0.1)
    server = client(endpoints.api_server([service(**THIRD)], fetch=fetch, clock=Clock(), limits=limits))
    error_of(server.get(url("plain"), headers=bearer(GOOD)), 504, "gatewayTimeout")
