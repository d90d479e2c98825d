"""What is declared about callers is checked when it is declared, or when the server is built."""

from __future__ import annotations

import copy
import logging
import pickle
from typing import Any

import pytest

import endpoints
from endpoints import ApiConfigurationError, Issuer
from tests.auth.issuing import ISSUER, KEYS_AT, Answers
from tests.auth.services import service


class TestIssuer:
    def test_is_a_pair(self) -> None:
        issuer = Issuer("a", "b", ["web"], clock_skew=60)
        name, address = issuer
        assert (name, address, len(issuer)) == ("a", "b", 2)
        assert issuer == ("a", "b")
        assert issuer._asdict() == {"issuer": "a", "jwks_uri": "b"}

    def test_equality_counts_the_terms(self) -> None:
        assert Issuer("a", "b", ["x"]) == Issuer("a", "b", allowed_client_ids=["x"])
        assert Issuer("a", "b", ["x"]) != Issuer("a", "b")
        assert len({Issuer("a", "b", ["x"]), Issuer("a", "b", ["x"]), Issuer("a", "b")}) == 2

    def test_repr(self) -> None:
        assert repr(Issuer("a", "b")) == "Issuer(issuer='a', jwks_uri='b')"
        terms: Any = {"introspection_uri": "https://i", "client_id": "me", "client_secret": "s3cret"}
        shown = repr(Issuer("a", None, ["x"], **terms))
        assert "allowed_client_ids=('x',)" in shown and "s3cret" not in shown

    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])  # noqa: S301
    def test_copies_keep_the_terms(self, copied: Any) -> None:
        issuer = Issuer("a", "b", ["x"])
        assert copied(issuer) == issuer
        assert issuer._replace(jwks_uri="c") == Issuer("a", "c", ["x"])

    @pytest.mark.parametrize(
        ("terms", "error", "text"),
        [
            ({"allowed_client_ids": "web"}, TypeError, "allowed_client_ids must be a list of strings"),
            ({"allowed_client_ids": [1]}, TypeError, "allowed_client_ids must hold strings only"),
            ({"algorithms": []}, ValueError, "algorithms must name at least one of"),
            ({"algorithms": "RS256"}, TypeError, "algorithms must be a list of strings"),
            ({"algorithms": ["HS256"]}, ValueError, "'HS256' is not"),
            ({"algorithms": ["none"]}, ValueError, "'none' is not"),
            ({"clock_skew": "5"}, TypeError, "clock_skew must be a number of seconds"),
            ({"clock_skew": True}, TypeError, "clock_skew must be a number of seconds"),
            ({"clock_skew": -1}, ValueError, "clock_skew must be finite and not negative"),
            ({"max_lifetime": float("nan")}, ValueError, "max_lifetime must be finite"),
            ({"allow_unverified_email": 1}, TypeError, "allow_unverified_email must be True or False"),
            ({"tokeninfo_uri": 1}, TypeError, "tokeninfo_uri must be a string"),
            ({"introspection_uri": 1}, TypeError, "introspection_uri must be a string"),
            ({"client_id": "me"}, ValueError, "client_id and client_secret belong together"),
            ({"client_secret": "me"}, ValueError, "client_id and client_secret belong together"),
        ],
        ids=str,
    )
    def test_terms_are_checked(self, terms: dict[str, Any], error: type[Exception], text: str) -> None:
        with pytest.raises(error, match=text) as raised:
            Issuer(ISSUER, KEYS_AT, **terms)
        assert str(raised.value).startswith(f"endpoints.Issuer('{ISSUER}'): ")


@pytest.mark.parametrize(
    ("issuers", "text"),
    [
        ({"it": Issuer(ISSUER, "http://issuer.example/keys")}, r"jwks_uri must be an https address"),
        ({"it": Issuer(ISSUER, "issuer.example/keys")}, r"jwks_uri must be an https address"),
        ({"it": Issuer(ISSUER, "https://")}, r"jwks_uri must be an https address"),
        ({"it": Issuer(ISSUER, "https://a:b@issuer.example/keys")}, r"jwks_uri must be an https address"),
        ({"it": Issuer(ISSUER, "https://issuer.example:x/keys")}, r"jwks_uri must be an https address"),
        ({"it": Issuer(ISSUER, "https://issuer.example/a b")}, r"jwks_uri must be an https address"),
        ({"it": Issuer(ISSUER, "file:///keys")}, r"jwks_uri must be an https address"),
        ({"it": Issuer(ISSUER, 5)}, r"jwks_uri must be an https address"),  # type: ignore[arg-type]
        ({"it": Issuer(ISSUER, KEYS_AT, introspection_uri="http://x.example")}, r"introspection_uri must be an https"),
        ({"it": Issuer(ISSUER, KEYS_AT, tokeninfo_uri="http://x.example")}, r"tokeninfo_uri must be an https"),
        ({"it": Issuer("http://issuer.example", None)}, r"issuer must be an https address"),
        ({"it": Issuer("issuer.example", None)}, r"without a jwks_uri, issuer must be one address"),
        ({"it": Issuer(["https://a.example", "https://b.example"], None)}, r"issuer must be one address"),  # type: ignore[arg-type]
        ({"it": Issuer(5, KEYS_AT)}, r"issuer must be a string or a list of strings"),  # type: ignore[arg-type]
        ({"it": Issuer([5], KEYS_AT)}, r"issuer must be a string or a list of strings"),  # type: ignore[arg-type]
        (
            {"other": Issuer(ISSUER, KEYS_AT), "it": Issuer(ISSUER, "https://x.example/keys")},
            rf"tokens of '{ISSUER}' belong to another entry already",
        ),
    ],
    ids=str,
)
def test_issuers_are_checked_when_the_server_is_built(issuers: dict[str, Issuer], text: str) -> None:
    api = service(issuers=issuers, audiences={name: ["x"] for name in issuers})
    with pytest.raises(ApiConfigurationError, match=text) as raised:
        endpoints.api_server([api])
    assert "issuers['it']" in str(raised.value)
    assert str(raised.value).startswith("Who.")


@pytest.mark.parametrize(
    "address", ["http://localhost:8080/keys", "http://127.0.0.1/keys", "http://[::1]:1/keys", "https://any.example"]
)
def test_addresses_that_may_be_asked(address: str) -> None:
    endpoints.api_server([service(issuers={"it": Issuer(ISSUER, address)}, audiences={"it": ["x"]})])


@pytest.mark.parametrize(
    ("hooks", "text"),
    [
        ({"fetch": 5}, "fetch must be a function"),
        ({"clock": 5}, "clock must be a function"),
        ({"clock": None}, "clock must be a function"),
    ],
)
def test_hooks_are_checked(hooks: dict[str, Any], text: str) -> None:
    with pytest.raises(TypeError, match=text):
        endpoints.api_server([service()], **hooks)


def test_a_fetch_that_is_async() -> None:
    async def fetch(url: str, data: bytes | None = None, headers: Any = None) -> Any: ...

    with pytest.raises(TypeError, match="fetch must be an ordinary function"):
        endpoints.api_server([service()], fetch=fetch)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ({"audiences": {"auth0": ["x"]}}, "Who.plain: audiences['auth0'] is no issuer of API 'who'"),
        (
            {"audiences": ["x"], "issuers": {"it": Issuer(ISSUER, KEYS_AT)}},
            "Who.plain: a list of audiences is Google's; others (it) go by a dict",
        ),
        ({"issuers": {"it": Issuer("", "")}}, "Who.plain: issuers['it']: no token comes from an issuer without a name"),
    ],
)
def test_what_hardly_can_be_meant_is_logged(
    caplog: pytest.LogCaptureFixture, declared: dict[str, Any], text: str
) -> None:
    with caplog.at_level(logging.WARNING, "endpoints.auth"):
        endpoints.api_server([service(**declared)])
    assert [record.getMessage() for record in caplog.records] == [text]


def test_a_server_that_is_built_asks_nobody() -> None:
    answers = Answers({})
    endpoints.api_server([service(issuers={"it": Issuer(ISSUER, None)}, audiences={"it": ["x"]})], fetch=answers)
    assert answers.asked == []
