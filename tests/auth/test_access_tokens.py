"""Access tokens that only their issuer can read: Google's token info, and introspection by RFC 7662."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest

import endpoints
from endpoints import AUTH_LEVEL
from tests.auth import issuing
from tests.auth.issuing import GOOGLE, ISSUER, NOW, TOKENINFO, Answers, Clock, claims_of, token
from tests.auth.services import PATHS, bearer, service, url
from tests.client import Response, Serve

EMAIL = endpoints.EMAIL_SCOPE
LOOKUP = f"{ISSUER}/introspect"
INFO = {
    "azp": "web",
    "aud": "web",
    "sub": "7",
    "scope": f"openid {EMAIL}",
    "exp": str(NOW + 3000),
    "expires_in": "3000",
    "email": "ada@example.com",
    "email_verified": "true",
}
ACTIVE = {
    "active": True,
    "client_id": "web",
    "aud": "my-api",
    "sub": "user-1",
    "scope": "read write",
    "exp": NOW + 3000,
}


def changed(facts: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**facts, **changes}.items() if value is not ...}


def google(**declared: Any) -> Any:
    return service(AUTH_LEVEL.REQUIRED, **{"allowed_client_ids": ["web"], **declared})


def introspected(audiences: Any = ("my-api",), method: Any = None, **terms: Any) -> Any:
    issuer = endpoints.Issuer(ISSUER, None, introspection_uri=LOOKUP, **terms)
    found = {} if audiences is None else {"third": list(audiences)}
    return service(AUTH_LEVEL.REQUIRED, issuers={"third": issuer}, audiences=found, method=method or {})


def asked(serve: Serve, api: Any, answers: Answers, sent: str = "opaque-1", path: str = "plain") -> Response:
    return serve(api, fetch=answers, clock=Clock()).get(url(path), headers=bearer(sent))


@pytest.mark.parametrize("path", PATHS)
def test_google(serve: Serve, path: str) -> None:
    response = asked(serve, google(), Answers({TOKENINFO: INFO}), "ya29.a.b", path)
    assert response.json() == {"email": "ada@example.com", "id": "7", "issuer": GOOGLE, "known": True}


GOOGLES: dict[str, tuple[Any, dict[str, Any], int]] = {
    "as it is": (INFO, {}, 200),
    "verified as JSON": (changed(INFO, email_verified=True), {}, 200),
    "no expiry but the seconds left": (changed(INFO, exp=...), {}, 200),
    "other scopes": (changed(INFO, scope="a b"), {"scopes": ["x", "b a"]}, 200),
    "any client": (changed(INFO, azp="whoever"), {"allowed_client_ids": ["*"]}, 200),
    "another client": (changed(INFO, azp="evil"), {}, 403),
    "no client": (changed(INFO, azp=...), {}, 403),
    "any client is no client's name": (changed(INFO, azp="x"), {"allowed_client_ids": ["*", "web"]}, 403),
    "no e-mail scope": (changed(INFO, scope="openid"), {}, 403),
    "no scope": (changed(INFO, scope=...), {}, 403),
    "half of the scopes": (changed(INFO, scope="a"), {"scopes": ["a b"]}, 403),
    "no client may": (INFO, {"allowed_client_ids": []}, 401),
    "no scope will do": (INFO, {"scopes": []}, 401),
    "no address": (changed(INFO, email=...), {}, 401),
    "not verified": (changed(INFO, email_verified="false"), {}, 401),
    "verified by another word": (changed(INFO, email_verified="yes"), {}, 401),
    "nothing said": (changed(INFO, email_verified=...), {}, 401),
    "expired": (changed(INFO, exp=str(NOW - 1)), {}, 401),
    "no seconds left": (changed(INFO, exp=..., expires_in="0"), {}, 401),
    "negative seconds left": (changed(INFO, exp=..., expires_in="-5"), {}, 401),
    "expiry nonsense": (changed(INFO, exp="soon"), {}, 401),
    "client a list": (changed(INFO, azp=["web"]), {}, 401),
    "400": (400, {}, 401),
    "401": (401, {}, 401),
    "429": (429, {}, 401),
    "500": (500, {}, 401),
    "302": (302, {}, 401),
    "no JSON": (b"x", {}, 401),
    "a list": ([], {}, 401),
    "deep": (b"[" * 100_000, {}, 401),
    "no answer": (OSError("no route"), {}, 401),
    "a strange error": (KeyError("x"), {}, 401),
}


@pytest.mark.parametrize(("info", "declared", "status"), GOOGLES.values(), ids=GOOGLES)
def test_what_google_says(serve: Serve, info: Any, declared: dict[str, Any], status: int) -> None:
    assert asked(serve, google(**declared), Answers({TOKENINFO: info})).status == status


def test_in_local_development_the_api_explorer_may_call(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "Development/2.0")
    explorer = Answers({TOKENINFO: changed(INFO, azp=endpoints.API_EXPLORER_CLIENT_ID)})
    assert asked(serve, google(), explorer).status == 200
    assert asked(serve, google(allowed_client_ids=[]), explorer).status == 401
    monkeypatch.setenv("SERVER_SOFTWARE", "gunicorn")
    assert asked(serve, google(), explorer).status == 403


def test_tokens_that_are_not_googles_are_not_told_to_google(serve: Serve) -> None:
    answers = Answers({TOKENINFO: INFO, issuing.GOOGLE_KEYS_AT: {"keys": []}})
    cut = token().replace(".", "")
    for jwt in (token(), token(claims_of(iss=GOOGLE)), "a.b.c", "a.b.c.d.e", "with\u00e9", cut, "eyJ.b", "eyJ.b.c.d"):
        assert asked(serve, google(), answers, jwt).status == 401
    assert TOKENINFO not in answers.asked


def test_another_address_in_googles_way(serve: Serve) -> None:
    issuer = endpoints.Issuer(GOOGLE, issuing.KEYS_AT, tokeninfo_uri="https://mirror.example/info?v=3")
    seen = []

    def info(query: str, *_: Any) -> Any:
        seen.append(query)
        return INFO

    answers = Answers({"https://mirror.example/info": info})
    assert asked(serve, google(issuers={"google_id_token": issuer}), answers, "to/ken+1=").status == 200
    assert seen == ["v=3&access_token=to%2Fken%2B1%3D"]


INTROSPECTED: dict[str, tuple[Any, dict[str, Any], int]] = {
    "as it is": (ACTIVE, {}, 200),
    "several audiences": (changed(ACTIVE, aud=["x", "my-api"]), {}, 200),
    "the issuer says who it is": (changed(ACTIVE, iss=ISSUER), {}, 200),
    "scope": (ACTIVE, {"method": {"scopes": ["admin", "write read"]}}, 200),
    "no expiry": (changed(ACTIVE, exp=...), {}, 200),
    "no audience, but the client": (changed(ACTIVE, aud=...), {"audiences": None, "allowed_client_ids": ["web"]}, 200),
    "inactive": ({"active": False}, {}, 401),
    "nothing said": (changed(ACTIVE, active=...), {}, 401),
    "active by a string": (changed(ACTIVE, active="true"), {}, 401),
    "active by a number": (changed(ACTIVE, active=1), {}, 401),
    "expired": (changed(ACTIVE, exp=NOW - 1), {}, 401),
    "expiry a string": (changed(ACTIVE, exp=str(NOW + 10)), {}, 401),
    "not yet": (changed(ACTIVE, nbf=NOW + 1000), {}, 401),
    "another audience": (changed(ACTIVE, aud="other"), {}, 401),
    "no audience": (changed(ACTIVE, aud=...), {}, 401),
    "nothing binds it": (ACTIVE, {"audiences": None}, 401),
    "another issuer": (changed(ACTIVE, iss="https://evil.example"), {}, 401),
    "nobody": (changed(ACTIVE, sub=...), {}, 401),
    "address not verified": (changed(ACTIVE, email="a@b.c", email_verified=False), {}, 401),
    "another client": (changed(ACTIVE, client_id="evil"), {"allowed_client_ids": ["web"]}, 403),
    "no scope": (changed(ACTIVE, scope=...), {"method": {"scopes": ["read"]}}, 403),
    "401": (401, {}, 401),
    "500": (500, {}, 401),
    "no JSON": (b"", {}, 401),
    "no answer": (TimeoutError(), {}, 401),
}


@pytest.mark.parametrize(("facts", "declared", "status"), INTROSPECTED.values(), ids=INTROSPECTED)
def test_introspection(serve: Serve, facts: Any, declared: dict[str, Any], status: int) -> None:
    answers = Answers({LOOKUP: facts, TOKENINFO: INFO})
    assert asked(serve, introspected(**declared), answers).status == status
    assert TOKENINFO not in answers.asked, "not Google's business"


def test_how_introspection_is_asked(serve: Serve) -> None:
    seen: list[Any] = []

    def look_up(query: str, data: bytes, headers: Mapping[str, str]) -> Any:
        seen.append((query, parse_qs(data.decode()), dict(headers)))
        return ACTIVE

    api = introspected(client_id="me:", client_secret="s e/cret")  # noqa: S106 - of a test
    assert asked(serve, api, Answers({LOOKUP: look_up}), "opaque+/1=").json()["id"] == "user-1"
    ((query, form, headers),) = seen
    assert query == ""
    assert form == {"token": ["opaque+/1="], "token_type_hint": ["access_token"]}
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["Authorization"] == "Basic " + b64encode(b"me%3A:s+e%2Fcret").decode()


def test_a_signed_token_is_introspected_where_there_are_no_keys(serve: Serve) -> None:
    answers = Answers({LOOKUP: ACTIVE})
    assert asked(serve, introspected(), answers, token()).status == 200
    assert asked(serve, introspected(), answers, token(claims_of(iss="https://evil.example"))).status == 401
    assert answers.asked == [LOOKUP]


def test_google_is_still_asked_about_its_own(serve: Serve) -> None:
    issuer = endpoints.Issuer(ISSUER, None, introspection_uri=LOOKUP)
    declared: Any = {"issuers": {"third": issuer}, "audiences": {"third": ["my-api"]}, "allowed_client_ids": ["web"]}
    answers = Answers({LOOKUP: {"active": False}, TOKENINFO: INFO})
    assert asked(serve, service(AUTH_LEVEL.REQUIRED, **declared), answers, "ya29.x").status == 200
    assert answers.asked == [TOKENINFO]


def test_several_addresses_are_asked_in_turn(serve: Serve) -> None:
    names = ("https://one.example", "https://two.example")
    declared: Any = {
        "issuers": {name: endpoints.Issuer(name, None, introspection_uri=f"{name}/in") for name in names},
        "audiences": {name: ["my-api"] for name in names},
    }
    answers = Answers({f"{names[0]}/in": {"active": False}, f"{names[1]}/in": ACTIVE})
    response = asked(serve, service(AUTH_LEVEL.REQUIRED, **declared), answers)
    assert response.json()["issuer"] == names[1]


def test_an_answer_is_remembered_for_a_minute(serve: Serve) -> None:
    answers, clock = Answers({LOOKUP: ACTIVE}), Clock()
    client = serve(introspected(), fetch=answers, clock=clock)
    codes = []
    for seconds in (0, 1, 58, 2):
        clock.now += seconds
        codes.append((client.get(url("plain"), headers=bearer("t")).status, len(answers.asked)))
    assert codes == [(200, 1), (200, 1), (200, 1), (200, 2)]
    answers.answers[LOOKUP] = {"active": False}
    clock.now += 61
    assert client.get(url("plain"), headers=bearer("t")).status == 401


def test_not_beyond_its_end(serve: Serve) -> None:
    answers, clock = Answers({LOOKUP: changed(ACTIVE, exp=NOW + 10)}), Clock()
    client = serve(introspected(), fetch=answers, clock=clock)
    assert client.get(url("plain"), headers=bearer("t")).status == 200
    clock.now += 10
    assert client.get(url("plain"), headers=bearer("t")).status == 401


def test_a_refusal_is_remembered_for_half_a_minute(serve: Serve) -> None:
    answers, clock = Answers({LOOKUP: {"active": False}}), Clock()
    client = serve(introspected(), fetch=answers, clock=clock)
    for _ in range(5):
        assert client.get(url("plain"), headers=bearer("t")).status == 401
    assert len(answers.asked) == 1
    answers.answers[LOOKUP] = ACTIVE
    clock.now += 31
    assert client.get(url("plain"), headers=bearer("t")).status == 200


def test_answers_for_one_token_are_not_used_for_another(serve: Serve) -> None:
    def look_up(_: str, data: bytes, *__: Any) -> Any:
        (name,) = parse_qs(data.decode())["token"]
        return changed(ACTIVE, sub=name)

    client = serve(introspected(), fetch=Answers({LOOKUP: look_up}), clock=Clock())
    with ThreadPoolExecutor(8) as pool:
        names = [f"user-{number % 20}" for number in range(200)]
        found = pool.map(lambda name: client.get(url("plain"), headers=bearer(name)).json()["id"], names)
        assert list(found) == names


def test_many_requests_with_one_token_ask_once(serve: Serve) -> None:
    def look_up(*_: Any) -> Any:
        time.sleep(0.1)
        return ACTIVE

    answers = Answers({LOOKUP: look_up})
    client = serve(introspected(), fetch=answers, clock=Clock())
    with ThreadPoolExecutor(20) as pool:
        codes = pool.map(lambda _: client.get(url("plain"), headers=bearer("t")).status, range(20))
        assert set(codes) == {200}
    assert len(answers.asked) == 1


def test_an_address_that_does_not_answer_is_left_alone_for_a_while(serve: Serve) -> None:
    answers, clock = Answers({LOOKUP: OSError("down")}), Clock()
    client = serve(introspected(), fetch=answers, clock=clock)
    for number in range(10):
        assert client.get(url("plain"), headers=bearer(f"t{number}")).status == 401
    assert len(answers.asked) == 4
    answers.answers[LOOKUP] = ACTIVE
    clock.now += 2
    assert client.get(url("plain"), headers=bearer("t1")).status == 200


def test_a_token_that_is_not_answered_is_not_held_against_others(serve: Serve) -> None:
    def look_up(_: str, data: bytes, *__: Any) -> Any:
        return ConnectionResetError("peer") if b"junk" in data else ACTIVE

    answers, clock = Answers({LOOKUP: look_up}), Clock()
    client = serve(introspected(), fetch=answers, clock=clock)
    for number in range(10):
        junk = [client.get(url("plain"), headers=bearer(f"junk{number // 5}")).status for _ in range(5)]
        assert junk == [401] * 5
        assert client.get(url("plain"), headers=bearer(f"good{number}")).status == 200
        clock.now += 1
    assert len(answers.asked) == 10 + 6, "and is asked about every 2 seconds"


def test_what_goes_into_an_address_is_not_too_long(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    answers = Answers({TOKENINFO: INFO, LOOKUP: ACTIVE})
    for refused in ("ya29." + "a" * 4092, "ya29." + "/" * 1364):
        assert asked(serve, google(), answers, refused).status == 401
        assert "too-long" in caplog.text
        caplog.clear()
    assert answers.asked == []
    for accepted in ("ya29." + "a" * 4091, "ya29." + "/" * 1363):
        assert asked(serve, google(), answers, accepted).status == 200
    assert asked(serve, introspected(), answers, "a" * 16384).status == 200, "sent in a body"


def test_a_hanging_issuer_holds_up_no_other(serve: Serve) -> None:
    gate = threading.Event()

    def hang(*_: Any) -> OSError:
        gate.wait(10)
        return OSError("timed out")

    names = {"slow": "https://slow.example", "well": "https://well.example"}
    answers = Answers({f"{names['slow']}/in": hang, f"{names['well']}/in": ACTIVE})
    terms = {name: endpoints.Issuer(issuer, None, introspection_uri=f"{issuer}/in") for name, issuer in names.items()}

    def trusting(api: str, *trusted: str) -> Any:
        declared = {name: terms[name] for name in trusted}
        made = service(AUTH_LEVEL.REQUIRED, api, issuers=declared, audiences={name: ["my-api"] for name in trusted})
        made.__name__ = api.title()
        return made

    apis = [trusting("slow", "slow"), trusting("well", "well"), trusting("both", "slow", "well")]
    client = serve(*apis, fetch=answers, clock=Clock())
    with ThreadPoolExecutor(20) as pool:
        try:
            waiting = [
                pool.submit(client.get, url("plain", "slow"), headers=bearer(f"junk{number}")) for number in range(20)
            ]
            until = time.monotonic() + 5
            while len(answers.asked) < 16 and time.monotonic() < until:
                time.sleep(0.005)
            begun = time.monotonic()
            assert client.get(url("plain", "well"), headers=bearer("good1")).status == 200
            assert client.get(url("plain", "both"), headers=bearer("good2")).status == 200
            assert time.monotonic() - begun < 1
        finally:
            gate.set()
        assert {each.result().status for each in waiting} == {401}
    answers.asked.clear()
    assert client.get(url("plain", "both"), headers=bearer("good3")).status == 200
    assert answers.asked == [f"{names['well']}/in"], "who has failed is asked last"


def test_a_fetch_that_raises_anything_does_not_end_lookups(serve: Serve) -> None:
    answers, clock = Answers({LOOKUP: SystemExit(1)}), Clock()
    client = serve(introspected(), fetch=answers, clock=clock)
    for _ in range(20):
        assert client.get(url("plain"), headers=bearer("t")).status == 401
        clock.now += 31
    assert len(answers.asked) == 20
    answers.answers[LOOKUP] = ACTIVE
    assert client.get(url("plain"), headers=bearer("t")).status == 200


def test_a_clock_that_is_set_back_makes_no_answer_last(serve: Serve) -> None:
    answers, clock = Answers({LOOKUP: ACTIVE}), Clock()
    client = serve(introspected(), fetch=answers, clock=clock)
    assert client.get(url("plain"), headers=bearer("t")).status == 200
    answers.answers[LOOKUP] = {"active": False}
    clock.now -= 1000
    assert client.get(url("plain"), headers=bearer("t")).status == 401


def test_a_senseless_answer_is_held_against_its_token_only(serve: Serve) -> None:
    def look_up(_: str, data: bytes, *__: Any) -> Any:
        return 500 if b"puzzle" in data else ACTIVE

    client = serve(introspected(), fetch=Answers({LOOKUP: look_up}), clock=Clock())
    assert client.get(url("plain"), headers=bearer("puzzle")).status == 401
    assert client.get(url("plain"), headers=bearer("fine")).status == 200


def test_how_many_are_asked_at_a_time_is_bounded(serve: Serve) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def look_up(*_: Any) -> Any:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return ACTIVE

    client = serve(introspected(), fetch=Answers({LOOKUP: look_up}), clock=Clock())
    with ThreadPoolExecutor(60) as pool:
        codes = pool.map(lambda number: client.get(url("plain"), headers=bearer(f"t{number}")).status, range(60))
        assert set(codes) == {200}
    assert most <= 16


def test_the_log_holds_no_token_when_an_address_fails(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(url: str, data: bytes | None = None, headers: Any = None) -> Any:
        raise OSError(f"cannot reach {url} with {data!r} and {headers!r}")

    serve(google(), fetch=refuse, clock=Clock()).get(url("plain"), headers=bearer("s3cret/+="))
    api = introspected(client_id="me", client_secret="s3cret")  # noqa: S106 - of a test
    serve(api, fetch=refuse, clock=Clock()).get(url("plain"), headers=bearer("s3cret-too"))
    assert "did not tell about an access token" in caplog.text
    assert "'Authorization': 'Basic ...'" in caplog.text
    assert "s3cret" not in caplog.text
    assert b64encode(b"me:s3cret").decode() not in caplog.text
