"""Where keys come from, how long they are kept, and what an issuer in trouble does to its callers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import endpoints
from endpoints import AUTH_LEVEL
from endpoints.auth.flights import Flights
from tests.auth import key_server as behaviours
from tests.auth.issuing import KEYS_AT, Answers, Clock, SigningKey, claims_of, ec_key, key_set, rsa_key, token
from tests.auth.key_server import KeyServer, answer, key_server, status
from tests.auth.services import THIRD, bearer, service, url
from tests.client import Client, Connect, Serve

OLD, NEW, STRANGER = rsa_key("old"), rsa_key("new"), rsa_key("stranger")
ISS = "https://issuer.test"


@pytest.fixture
def issuer() -> Iterator[KeyServer]:
    with key_server() as server:
        server.behaviour = answer(key_set(OLD))
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Caller:
    """Calls a method that requires a token of the issuer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def status(self, key: SigningKey = OLD, path: str = "plain", **header: Any) -> int:
        return self._client.get(url(path), headers=bearer(token(claims_of(iss=ISS), key, **header))).status

    def timed(self, key: SigningKey = OLD, **header: Any) -> tuple[int, float]:
        begun = time.monotonic()
        return self.status(key, **header), time.monotonic() - begun


@pytest.fixture
def caller(client: Connect, issuer: KeyServer, clock: Clock) -> Caller:
    declared: Any = {
        "issuers": {"it": endpoints.Issuer(ISS, f"{issuer.address}/keys")},
        "audiences": {"it": ["my-api"]},
    }
    return Caller(client(endpoints.api_server([service(AUTH_LEVEL.REQUIRED, **declared)], clock=clock)))


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.005)


def test_keys_are_fetched_once(caller: Caller, issuer: KeyServer) -> None:
    assert issuer.hits == 0, "not before they are needed"
    assert [caller.status() for _ in range(3)] == [200] * 3
    assert issuer.paths == ["/keys"]


def test_a_stampede_is_one_fetch(caller: Caller, issuer: KeyServer) -> None:
    issuer.behaviour = answer(key_set(OLD), delay=0.1)
    with ThreadPoolExecutor(40) as pool:
        assert set(pool.map(lambda _: caller.status(), range(40))) == {200}
    assert issuer.hits == 1


def test_a_new_key_works_at_once(caller: Caller, issuer: KeyServer) -> None:
    assert caller.status() == 200
    issuer.behaviour = answer(key_set(OLD, NEW), delay=0.1)
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(lambda _: caller.status(NEW), range(20))) == {200}
    assert issuer.hits == 2


def test_invented_key_ids_cost_the_issuer_next_to_nothing(caller: Caller, issuer: KeyServer, clock: Clock) -> None:
    assert caller.status() == 200
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda n: caller.status(STRANGER, kid=f"invented-{n}"), range(100))) == {401}
    assert issuer.hits == 2
    clock.now += 11
    assert caller.status(NEW) == 401
    assert issuer.hits == 3
    issuer.behaviour = answer(key_set(OLD, NEW))
    assert caller.status(NEW) == 401, "within the cool-down"
    clock.now += 11
    assert caller.status(NEW) == 200


def test_unnamed_strangers_cost_the_issuer_next_to_nothing(caller: Caller, issuer: KeyServer) -> None:
    assert caller.status() == 200
    assert {caller.status(STRANGER, kid=...) for _ in range(20)} == {401}
    assert issuer.hits == 2
    assert caller.status(kid=...) == 200


@pytest.mark.parametrize(
    ("headers", "kept", "gone"),
    [
        pytest.param({}, 220, 301, id="five minutes"),
        pytest.param({"Cache-Control": "public, max-age=1000, must-revalidate"}, 740, 1001, id="as the issuer says"),
        pytest.param({"Cache-Control": "max-age=1000", "Age": "900"}, 70, 101, id="less its age"),
        pytest.param({"Cache-Control": "max-age=0"}, 7, 11, id="ten seconds at least"),
        pytest.param({"Cache-Control": "no-store"}, 7, 11, id="no-store"),
        pytest.param({"Cache-Control": "max-age=9999999"}, 2600, 3601, id="an hour at most"),
        pytest.param({"Cache-Control": "max-age=nonsense, s-maxage=1"}, 220, 301, id="nonsense"),
    ],
)
def test_a_withdrawn_key_stops_within_the_lifetime(  # noqa: PLR0917 - fixtures
    caller: Caller, issuer: KeyServer, clock: Clock, headers: dict[str, str], kept: int, gone: int
) -> None:
    issuer.behaviour = answer(key_set(OLD), headers)
    assert caller.status() == 200
    issuer.behaviour = answer(key_set(NEW), headers)
    clock.now += kept
    assert caller.status() == 200, "known, and asked for before"
    assert issuer.hits == 1
    clock.now += gone - kept
    assert caller.status() == 401
    assert caller.status(NEW) == 200


def test_keys_are_renewed_before_they_expire_while_requests_go_on(
    caller: Caller, issuer: KeyServer, clock: Clock
) -> None:
    assert caller.status() == 200
    issuer.behaviour = answer(key_set(NEW), delay=0.3)
    clock.now += 230
    code, seconds = caller.timed()
    assert code == 200 and seconds < 0.25, "served by what is there"
    wait_for(lambda: issuer.hits == 2 and caller.status(NEW) == 200)
    assert issuer.hits == 2
    assert caller.status() == 401


def test_a_remembered_token_ends_with_its_key(caller: Caller, issuer: KeyServer) -> None:
    assert [caller.status() for _ in range(2)] == [200, 200]
    issuer.behaviour = answer(key_set(NEW))
    assert caller.status(NEW) == 200, "an unknown key makes them be fetched"
    assert caller.status() == 401


def test_a_remembered_token_ends_in_time(client: Connect, issuer: KeyServer, clock: Clock) -> None:
    terms = endpoints.Issuer(ISS, f"{issuer.address}/keys", clock_skew=0)
    declared: Any = {"issuers": {"it": terms}, "audiences": {"it": ["my-api"]}}
    connected = client(endpoints.api_server([service(AUTH_LEVEL.REQUIRED, **declared)], clock=clock))
    headers = bearer(token(claims_of(iss=ISS, exp=clock.now + 20), OLD))
    codes = []
    for seconds in (0, 19, 1, 1):
        clock.now += seconds
        codes.append(connected.get(url("plain"), headers=headers).status)
    assert codes == [200, 200, 200, 401]


OUTAGES = {
    "503": lambda _: status(503),
    "500": lambda _: status(500),
    "404": lambda _: status(404),
    "nothing": lambda _: answer(b""),
    "no JSON": lambda _: answer(b"<html>"),
    "a list": lambda _: answer([]),
    "no keys": lambda _: answer({"error": "x"}),
    "keys of another type": lambda _: answer({"keys": {"a": 1}}),
    "endless": lambda _: behaviours.endless,
    "cut": lambda _: answer(b'{"keys": [', {"Content-Length": "100", "Connection": "close"}),
    "cut after what is whole": lambda _: answer(b'{"keys": []}', {"Content-Length": "100", "Connection": "close"}),
    "elsewhere": lambda _: status(302, {"Location": "http://localhost:1/keys"}),
    "in a circle": lambda server: status(302, {"Location": f"{server.address}/keys"}),
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
def test_known_keys_go_on_serving_through_an_outage(
    caller: Caller, issuer: KeyServer, clock: Clock, outage: Any
) -> None:
    assert caller.status() == 200
    issuer.behaviour = outage(issuer)
    for seconds in (290, 20, 1800, 7200):
        clock.now += seconds
        # Tokens are made for the time of the clock, as the issuer would.
        headers = claims_of(iss=ISS, iat=clock.now, exp=clock.now + 600)
        assert caller._client.get(url("plain"), headers=bearer(token(headers, OLD))).status == 200  # noqa: SLF001
    assert caller.status(NEW) == 401
    clock.now += 6 * 3600
    headers = claims_of(iss=ISS, iat=clock.now, exp=clock.now + 600)
    assert caller._client.get(url("plain"), headers=bearer(token(headers, OLD))).status == 401  # noqa: SLF001
    issuer.behaviour = answer(key_set(OLD))
    clock.now += 31
    headers = claims_of(iss=ISS, iat=clock.now, exp=clock.now + 600)
    assert caller._client.get(url("plain"), headers=bearer(token(headers, OLD))).status == 200  # noqa: SLF001


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
def test_an_issuer_that_is_down_at_first_heals_by_itself(
    caller: Caller, issuer: KeyServer, clock: Clock, outage: Any
) -> None:
    issuer.behaviour = outage(issuer)
    assert [caller.status() for _ in range(5)] == [401] * 5
    hits = issuer.hits
    assert hits <= 5, "one try, and what it was redirected to"
    issuer.behaviour = answer(key_set(OLD))
    clock.now += 2
    assert caller.status() == 200
    assert issuer.hits == hits + 1


def test_nobody_listens(client: Connect, clock: Clock) -> None:
    with key_server() as gone:
        address = gone.address
    declared: Any = {"issuers": {"it": endpoints.Issuer(ISS, f"{address}/keys")}, "audiences": {"it": ["my-api"]}}
    caller = Caller(client(endpoints.api_server([service(AUTH_LEVEL.REQUIRED, **declared)], clock=clock)))
    assert caller.status() == 401


def test_an_empty_set_withdraws_all_keys(caller: Caller, issuer: KeyServer, clock: Clock) -> None:
    assert caller.status() == 200
    issuer.behaviour = answer({"keys": []})
    clock.now += 301
    assert caller.status() == 401


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [behaviours.silent, behaviours.dripping], ids=["silent", "dripping"])
def test_a_hanging_issuer_holds_nobody_up(caller: Caller, issuer: KeyServer, clock: Clock, trouble: Any) -> None:
    assert caller.status() == 200
    issuer.behaviour = trouble(issuer)
    clock.now += 301
    with ThreadPoolExecutor(10) as pool:
        known = [pool.submit(caller.timed) for _ in range(9)]
        time.sleep(0.05)
        unknown = pool.submit(caller.timed, NEW)
    results = sorted(each.result() for each in known)
    assert {code for code, _ in results} == {200}
    assert all(seconds < 3 for _, seconds in results), "they wait for the first try, but not for long"
    assert unknown.result()[0] == 401 and unknown.result()[1] < 3
    time.sleep(6)
    code, seconds = caller.timed(NEW)
    assert code == 401 and seconds < 0.5, "given up, and not tried again at once"
    clock.now += 2
    with ThreadPoolExecutor(9) as pool:
        again = list(pool.map(lambda _: caller.timed(), range(9)))
    assert {code for code, _ in again} == {200}
    assert all(seconds < 0.5 for _, seconds in again), "nobody waits for the next try"
    wait_for(lambda: issuer.hits == 3)


@pytest.mark.slow
def test_an_issuer_that_hangs_from_the_beginning(caller: Caller, issuer: KeyServer) -> None:
    issuer.behaviour = behaviours.silent(issuer)
    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(lambda _: caller.timed(), range(10)))
    assert {code for code, _ in results} == {401}
    assert max(seconds for _, seconds in results) < 7
    assert issuer.hits == 1


def test_an_event_loop_goes_on_while_keys_are_fetched(issuer: KeyServer, clock: Clock) -> None:
    issuer.behaviour = answer(key_set(OLD), delay=0.5)
    declared: Any = {
        "issuers": {"it": endpoints.Issuer(ISS, f"{issuer.address}/keys")},
        "audiences": {"it": ["my-api"]},
    }
    app = endpoints.api_server([service(AUTH_LEVEL.OPTIONAL, **declared)], clock=clock).asgi
    with Client(app, "asgi") as client, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(Caller(client).status, path="coroutine")
        wait_for(lambda: issuer.hits)
        begun = time.monotonic()
        assert client.get(url("coroutine")).json() == {"known": False}
        assert time.monotonic() - begun < 0.3
        assert waiting.result() == 200


def test_redirects_within_the_same_origin_are_followed(caller: Caller, issuer: KeyServer) -> None:
    def behave(handler: Any) -> None:
        moved = status(301, {"Location": "/moved"})
        (moved if handler.path == "/keys" else answer(key_set(OLD)))(handler)

    issuer.behaviour = behave
    assert caller.status() == 200
    assert issuer.paths == ["/keys", "/moved"]


def test_a_redirect_to_another_host_is_not_followed(caller: Caller, issuer: KeyServer) -> None:
    with key_server() as other:
        other.behaviour = answer(key_set(STRANGER))
        issuer.behaviour = status(302, {"Location": f"{other.address}/keys"})
        assert caller.status(STRANGER) == 401
        assert other.hits == 0


def test_many_threads_at_the_end_of_a_lifetime(caller: Caller, issuer: KeyServer, clock: Clock) -> None:
    assert caller.status() == 200
    clock.now += 301
    gate = threading.Barrier(20)

    def call(_: int) -> int:
        gate.wait()
        return caller.status()

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(call, range(20))) == {200}
    assert issuer.hits == 2


@pytest.mark.parametrize("idle", [301, 5 * 3600])
def test_all_wait_for_new_keys_at_the_end_of_a_lifetime(
    caller: Caller, issuer: KeyServer, clock: Clock, idle: int
) -> None:
    assert caller.status() == 200
    issuer.behaviour = answer(key_set(NEW), delay=0.2)
    clock.now += idle
    # Made for the time of the clock, by somebody who has stolen the key that was withdrawn for it.
    headers = bearer(token(claims_of(iss=ISS, iat=clock.now, exp=clock.now + 600), OLD))
    with ThreadPoolExecutor(20) as pool:
        codes = pool.map(lambda _: caller._client.get(url("plain"), headers=headers).status, range(20))  # noqa: SLF001
        assert set(codes) == {401}
    assert issuer.hits == 3, "the key id is unknown now, so that they are fetched once more"


def test_an_outage_of_long_ago_is_over(caller: Caller, issuer: KeyServer, clock: Clock) -> None:
    assert caller.status() == 200
    issuer.behaviour = status(503)
    clock.now += 301
    assert caller.status() == 200
    issuer.behaviour = answer(key_set(NEW), delay=0.2)
    clock.now += 301
    assert caller.status() == 401, "waits for the keys, as if there had been no outage"


def test_a_clock_that_is_set_back_stops_no_rotation(caller: Caller, issuer: KeyServer, clock: Clock) -> None:
    clock.now += 3000
    assert caller.status() == 200
    clock.now -= 3000
    issuer.behaviour = answer(key_set(NEW))
    assert caller.status() == 401
    assert [caller.status(NEW) for _ in range(3)] == [200] * 3
    assert issuer.hits == 3, "the key id of the other is unknown now"
    issuer.behaviour = answer(key_set(OLD))
    clock.now += 301
    assert (caller.status(NEW), caller.status()) == (401, 200)


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, KeyboardInterrupt, asyncio.CancelledError])
def test_a_fetch_that_raises_anything_is_an_outage(serve: Serve, error: type[BaseException]) -> None:
    answers, clock = Answers({KEYS_AT: error()}), Clock()
    client = serve(service(AUTH_LEVEL.REQUIRED, **THIRD), fetch=answers, clock=clock)

    def code() -> int:
        return client.get(url("plain"), headers=bearer(token())).status

    for number in range(70):
        assert [code(), code()] == [401, 401]
        assert len(answers.asked) == number + 1
        clock.now += 30
    answers.answers[KEYS_AT] = key_set(rsa_key())
    assert code() == 200


def test_the_pause_begins_when_a_try_has_failed(serve: Serve) -> None:
    clock = Clock()

    def hang(*_: Any) -> OSError:
        clock.now += 5
        return OSError("timed out")

    answers = Answers({KEYS_AT: hang})
    client = serve(service(AUTH_LEVEL.REQUIRED, **THIRD), fetch=answers, clock=clock)
    for seconds, hits in ((0, 1), (0.9, 1), (0.2, 2), (1.9, 2), (0.2, 3)):
        clock.now += seconds
        assert client.get(url("plain"), headers=bearer(token())).status == 401
        assert len(answers.asked) == hits


def test_es256_keys(caller: Caller, issuer: KeyServer) -> None:
    issuer.behaviour = answer(key_set(OLD, ec_key()))
    assert caller.status(ec_key()) == 200


def test_work_that_raises_anything_takes_no_thread_with_it() -> None:
    flights = Flights(1)

    def work() -> None:
        raise SystemExit

    for number in range(3):
        flight = flights.begin(number, work, lambda: True)
        assert flight is not None
        flight.done.result(5)
    wait_for(lambda: not flights.is_full)
