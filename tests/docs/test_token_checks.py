"""docs/token-checks.md tells what is checked, in which order, and what the log says: as the code does."""

from __future__ import annotations

import re
from typing import Any

import pytest

import endpoints
from endpoints.auth.refusals import Reason
from protorpc import message_types, remote
from tests.auth.issuing import KEYS_AT, NOW, Answers, Clock, claims_of, key_set, rsa_key, token
from tests.client import Connect
from tests.docs.test_programs import ROOT

PAGE = (ROOT / "docs" / "token-checks.md").read_text(encoding="utf-8")
Void = message_types.VoidMessage
CLIENTS = ["web"]


def table(heading: str) -> list[list[str]]:
    """The rows of the last table under a heading, as cells."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    tables = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in tables[-1].splitlines()[2:]]


def reasons(cell: str) -> list[str]:
    return re.findall(r"`([a-z-]+)`", cell)


def test_the_page_has_one_line_on_each_reason() -> None:
    told = [reason for row in table("What the log says") for reason in reasons(row[0])]
    assert sorted(told) == sorted(reason.value for reason in Reason)


def test_each_reason_has_a_check() -> None:
    checks = [*(row[1] for row in table("Signed tokens")), *(row[0] for row in table("Access tokens"))]
    checked = {reason for cell in checks for reason in reasons(cell)}
    assert checked | {Reason.EVENT_LOOP.value} == {reason.value for reason in Reason}


@endpoints.api(
    "guarded",
    "v1",
    issuers={"third": endpoints.Issuer(claims_of()["iss"], KEYS_AT, allowed_client_ids=CLIENTS)},
    audiences={"third": ["my-api"]},
    scopes=["read"],
    auth_level=endpoints.AUTH_LEVEL.REQUIRED,
)
class GuardedApi(remote.Service):
    @endpoints.method(Void, Void, path="call", http_method="GET")
    def call(self, request: Any) -> Void:
        return Void()


def tampered(text: str) -> str:
    """The same token with another signature."""
    rest, _, signature = text.rpartition(".")
    return f"{rest}.{signature[::-1].translate({ord('='): None})[:-2]}AA"


# In the order of the page: the check that fails, and what is to be put right for the next one to be reached.
REPAIRS: list[tuple[str, dict[str, Any]]] = [
    ("authorization-header", {"scheme": "Bearer"}),
    ("too-long", {"padding": ""}),
    ("malformed", {"prefix": ""}),
    ("critical-header", {"crit": ...}),
    ("token-type", {"typ": "JWT"}),
    ("issuer", {"iss": claims_of()["iss"]}),
    ("algorithm", {"algorithm": "RS256"}),
    ("claims", {"exp": NOW - 3600}),
    ("expired", {"exp": NOW + 10 * 86400}),
    ("not-yet-valid", {"iat": NOW, "nbf": NOW}),
    ("lifetime", {"exp": NOW + 600}),
    ("audience", {"aud": ["other", "my-api"]}),
    ("keys-unavailable", {"outage": False}),
    ("unknown-key", {"kid": "es"}),
    ("algorithm", {"kid": "rsa"}),
    ("signature", {"forged": False}),
    ("email", {"email": ..., "email_verified": ...}),
    ("subject", {"sub": "user-1"}),
    ("client", {"azp": "web"}),
    ("scope", {"scope": "read"}),
]
WRONG = {
    "scheme": "Basic",
    "padding": "A" * 16384,
    "prefix": "!",
    "crit": ["exp"],
    "typ": "logout+jwt",
    "iss": "https://issuer.example/",
    "algorithm": "RS512",
    "exp": "tomorrow",
    "iat": NOW + 3600,
    "nbf": NOW + 3600,
    "aud": "other",
    "outage": True,
    "kid": "lost",
    "forged": True,
    "email": "ada@example.com",
    "email_verified": False,
    "sub": ...,
    "azp": "ios",
    "scope": "write",
}
CLAIMS = ("iss", "exp", "iat", "nbf", "aud", "email", "email_verified", "sub", "azp", "scope")


def authorization(state: dict[str, Any]) -> str:
    key = rsa_key()
    made = token(
        claims_of(**{name: state[name] for name in CLAIMS}),
        key,
        state["algorithm"],
        typ=state["typ"],
        crit=state["crit"],
        kid=state["kid"],
    )
    return f"{state['scheme']} {state['prefix']}{tampered(made) if state['forged'] else made}{state['padding']}"


def test_the_order_of_the_page_is_that_of_the_checks(client: Connect, caplog: pytest.LogCaptureFixture) -> None:
    listed = [reasons(row[1])[0] for row in table("Signed tokens")]
    assert [reason for reason, _ in REPAIRS] == listed
    clock = Clock()
    es_only = {**rsa_key("es").jwk(), "alg": "RS384"}
    answers = Answers({KEYS_AT: 503})
    served = client(endpoints.api_server([GuardedApi], fetch=answers, clock=clock))
    state = dict(WRONG)
    for reason, repair in REPAIRS:
        if not state["outage"]:
            answers.answers[KEYS_AT] = {"keys": [*key_set(rsa_key())["keys"], es_only]}
        clock.now += 40  # whatever has failed before may be tried again
        caplog.clear()
        answer = served.get("/_ah/api/guarded/v1/call", headers={"Authorization": authorization(state)})
        assert answer.status == (403 if reason in ("client", "scope") else 401)
        said = [record.getMessage() for record in caplog.records if "token refused" in record.getMessage()]
        assert [re.findall(r"refused: (\S+)", line) for line in said] == [[reason]]
        assert caplog.records[-1].name == "endpoints.auth"
        state.update(repair)
    allowed = served.get("/_ah/api/guarded/v1/call", headers={"Authorization": authorization(state)})
    assert allowed.status == 204
