"""`quotaUser` and `userIp`: controls and observers are told of them, and nobody gains by them."""

from __future__ import annotations

from typing import Any

import pytest

from endpoints.control.contract import Balance, Consumer, Method, Observer, Outcome
from tests.client import Client, Serve
from tests.control.shop import LIMIT, ROOT, Clock, Shop, new_key, opened


class Told:
    """A control and an observer that note whom they are told of."""

    waits = False
    fail_closed = False
    observer: Observer | None = None

    def __init__(self) -> None:
        self.charged: list[Consumer] = []
        self.outcomes: list[Outcome] = []

    def check(self, api_key: str, method: Method) -> Consumer:
        return Consumer("project:acme", "acme", "id", api_key)

    def charge(self, consumer: Consumer, method: Method) -> Balance:
        self.charged.append(consumer)
        return Balance(True, "reads", LIMIT, LIMIT, 60.0)

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def shop(serve: Serve, told: Told) -> Client:
    return serve(Shop, control=told, observers=[told])


READS = pytest.mark.parametrize(
    "path", ["read", "read_inline", "read_coroutine", "keyed_read", "keyed_read_inline", "keyed_read_coroutine"]
)


@READS
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("quotaUser=ada", "ada"),
        ("userIp=192.0.2.1", "192.0.2.1"),
        ("userIp=192.0.2.1&quotaUser=ada", "ada"),
        ("quotaUser=&userIp=192.0.2.1", "192.0.2.1"),
        ("quotaUser=ada&quotaUser=eve", "ada"),
        ("%71uotaUser=a%20b", "a b"),
        ("quotaUser=" + "x" * 41, "x" * 40),
        ("quotaUser=", None),
        ("x=quotaUser", None),
        ("", None),
    ],
)
def test_who_is_told(shop: Client, told: Told, path: str, query: str, said: str | None) -> None:
    assert shop.get(f"{ROOT}{path}?key=k&{query}").status == 200
    (consumer,) = told.charged
    (outcome,) = told.outcomes
    assert consumer.quota_user == outcome.quota_user == said
    assert outcome.consumer == consumer
    assert consumer.counter == ("project:acme" if "keyed" in path else "address:192.0.2.7")
    assert consumer.api_key == ("k" if "keyed" in path else None)


@pytest.mark.parametrize(("path", "status"), [("free", 200), ("keyed", 200), ("keyed_read?key=&x=1", 401)])
def test_observers_are_told_in_any_case(shop: Client, told: Told, path: str, status: int) -> None:
    query = "quotaUser=ada" if status == 401 else "key=k&quotaUser=ada"
    assert shop.get(f"{ROOT}{path}{'&' if '?' in path else '?'}{query}").status == status
    (outcome,) = told.outcomes
    assert (outcome.status, outcome.quota_user) == (status, "ada")


@pytest.mark.parametrize("path", ["free", "read", "keyed_read"])
def test_a_query_that_cannot_be_read(shop: Client, told: Told, path: str) -> None:
    assert shop.get(f"{ROOT}{path}?key=k&quotaUser=%ff").status == 400
    (outcome,) = told.outcomes
    assert (outcome.status, outcome.quota_user) == (400, None)


def test_an_address_that_leads_nowhere(shop: Client, told: Told) -> None:
    assert shop.get("/nowhere?quotaUser=ada").status == 404
    assert told.outcomes[0].method is None


@READS
def test_nobody_has_an_allowance_of_his_own(serve: Serve, location: str, path: str) -> None:
    key, _ = new_key(location)
    client = serve(Shop, control=opened(location, Clock()))

    def call(number: int) -> Any:
        name = ("quotaUser", "userIp")[number % 2]
        return client.get(f"{ROOT}{path}?key={key}&{name}=user{number}").status

    assert [call(number) for number in range(LIMIT + 2)] == [200] * LIMIT + [429] * 2
