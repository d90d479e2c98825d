"""The APIs of docs/authentication.md let those in, and only those, for whom the page declares them."""

from __future__ import annotations

import time
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from google.auth import crypt, jwt

import endpoints
from protorpc import message_types, remote
from tests.auth.issuing import (
    GOOGLE_KEYS_AT,
    TOKENINFO,
    Answers,
    Clock,
    claims_of,
    google_claims,
    key_set,
    rsa_key,
    token,
)
from tests.client import Client, Connect
from tests.docs.test_programs import ROOT, run

PAGE = ROOT / "docs" / "authentication.md"
WEB, ANDROID, BACKEND = (f"1234567890-{each}.apps.googleusercontent.com" for each in ("web", "android", "backend"))
AUTH0 = "https://example.eu.auth0.com/"
FIREBASE = "https://securetoken.google.com/my-firebase-project"
COMPANY = "https://login.company.example/realms/staff"
ROBOT = "reports@my-project.iam.gserviceaccount.com"
NOTE = {"text": "buy tea"}
RSA_SIGNER: Any = crypt.RSASigner  # google-auth is published with some of its types only
SELF_SIGNED: Any = jwt.Credentials

KEYS = key_set(rsa_key())
ANSWERS = {
    GOOGLE_KEYS_AT: KEYS,
    TOKENINFO: 400,
    f"{AUTH0}.well-known/jwks.json": KEYS,
    "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com": KEYS,
    f"{COMPANY}/.well-known/openid-configuration": {"issuer": COMPANY, "jwks_uri": f"{COMPANY}/certs"},
    f"{COMPANY}/certs": KEYS,
    f"https://www.googleapis.com/service_accounts/v1/metadata/raw/{ROBOT}": KEYS,
}


def google(**claims: Any) -> str:
    return token(google_claims(**{"azp": WEB, "aud": WEB, **claims}))


def auth0(**claims: Any) -> str:
    usual = {"iss": AUTH0, "aud": ["https://tickets.example/", f"{AUTH0}userinfo"], "scope": "openid read:tickets"}
    return token(claims_of(**{**usual, "sub": "auth0|ann", "email": ..., **claims}))


def firebase(**claims: Any) -> str:
    usual = {"iss": FIREBASE, "aud": "my-firebase-project", "sub": "ann", "email_verified": True}
    return token(claims_of(**{**usual, **claims}))


def company(**claims: Any) -> str:
    return token(claims_of(**{"iss": COMPANY, "aud": "books-api", "sub": "ann", **claims}))


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return run(PAGE, monkeypatch)


@pytest.fixture
def served(page: ModuleType, client: Connect) -> Client:
    names = ("NotesApi", "ListsApi", "TicketsApi", "ScoresApi", "BooksApi", "ReportsApi")
    return client(endpoints.api_server([getattr(page, name) for name in names], fetch=Answers(ANSWERS), clock=Clock()))


@pytest.mark.parametrize(
    ("path", "bearer", "answer"),
    [
        pytest.param("notes/v1/whoami", google(email="ada@gmail.com"), {"text": "Hello, ada"}, id="Google, a page"),
        pytest.param(
            "lists/v1/lists", google(azp=ANDROID, aud=BACKEND), {"author": "ada@example.com"}, id="Google, Android"
        ),
        pytest.param("tickets/v1/tickets", auth0(), {"author": "auth0|ann"}, id="Auth0"),
        pytest.param("tickets/v1/tickets", auth0(exp=1_800_086_400), {"author": "auth0|ann"}, id="Auth0, for a day"),
        pytest.param("scores/v1/scores", firebase(), {"text": "ann", "author": "ada@example.com"}, id="Firebase"),
        pytest.param("scores/v1/scores", firebase(email_verified=False), {"text": "ann"}, id="Firebase, unverified"),
        pytest.param("scores/v1/scores", firebase(email=...), {"text": "ann"}, id="Firebase, by telephone"),
        pytest.param("books/v1/books", company(), {"author": "ann"}, id="any provider"),
    ],
)
def test_let_in(served: Client, path: str, bearer: str, answer: object) -> None:
    found = served.get(f"/_ah/api/{path}", headers={"Authorization": f"Bearer {bearer}"})
    assert (found.status, found.json()) == (200, answer)


@pytest.mark.parametrize(
    ("path", "bearer", "status"),
    [
        pytest.param("lists/v1/lists", google(aud="other"), 401, id="Google, another audience"),
        pytest.param("lists/v1/lists", google(azp="other", aud=BACKEND), 403, id="Google, another client"),
        pytest.param("lists/v1/lists", google(azp="other", aud="other"), 403, id="Google, another client's own"),
        pytest.param("tickets/v1/tickets", auth0(aud="https://elsewhere.example/"), 401, id="Auth0, another API"),
        pytest.param("tickets/v1/tickets", auth0(iss=AUTH0.rstrip("/")), 401, id="Auth0, without the slash"),
        pytest.param("tickets/v1/tickets", auth0(scope="openid"), 403, id="Auth0, without the scope"),
        pytest.param("tickets/v1/tickets", auth0(exp=1_800_172_800), 401, id="Auth0, for two days"),
        pytest.param("scores/v1/scores", firebase(aud="other", iss=FIREBASE), 401, id="Firebase, another project"),
        pytest.param("books/v1/books", company(aud="other"), 401, id="any provider, another API"),
        pytest.param("books/v1/books", auth0(), 401, id="another issuer"),
    ],
)
def test_refused(served: Client, path: str, bearer: str, status: int) -> None:
    assert served.get(f"/_ah/api/{path}", headers={"Authorization": f"Bearer {bearer}"}).status == status


def test_a_protected_method_knows_its_caller(served: Client) -> None:
    path, headers = "/_ah/api/notes/v1/notes", {"Authorization": f"Bearer {google()}"}
    assert served.post(path, json=NOTE, headers=headers).json() == {**NOTE, "author": "ada@example.com"}
    other = {"Authorization": f"Bearer {google(azp='other', aud='other')}"}
    assert served.post(path, json=NOTE, headers=other).status == 403
    assert served.post(path, json=NOTE).status == 401


def test_a_service_account_signs_with_google_auth(page: ModuleType, client: Connect) -> None:
    pem = rsa_key().private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = RSA_SIGNER.from_string(pem, "rsa")
    credentials = SELF_SIGNED(signer, issuer=ROBOT, subject=ROBOT, audience="https://reports.example")
    headers: dict[str, str] = {}
    credentials.before_request(None, "GET", "https://reports.example/", headers)
    reports = client(endpoints.api_server([page.ReportsApi], fetch=Answers(ANSWERS), clock=time.time))
    assert reports.get("/_ah/api/reports/v1/reports", headers=headers).json() == {"author": ROBOT}
    reports = client(endpoints.api_server([page.TicketsApi], fetch=Answers(ANSWERS), clock=time.time))
    assert reports.get("/_ah/api/tickets/v1/tickets", headers=headers).status == 401


def test_the_log_has_the_line_that_the_page_shows(page: ModuleType, client: Connect, caplog: Any) -> None:
    tickets = client(endpoints.api_server([page.TicketsApi], fetch=page.fetch))
    bearer = page.token(sub="auth0|ann", scope="read:tickets", aud="https://elsewhere.example/")
    caplog.clear()
    tickets.get("/_ah/api/tickets/v1/tickets", headers={"Authorization": f"Bearer {bearer}"})
    (said,) = (record.getMessage() for record in caplog.records if record.name == "endpoints.auth")
    assert f"```text\n{said}\n```" in PAGE.read_text()
    assert f"```text\n{said}\n```" in (ROOT / "docs" / "token-checks.md").read_text()


def test_what_belongs_to_somebody_else(page: ModuleType) -> None:
    @endpoints.api("owned", "v1", issuers={"company": endpoints.Issuer(COMPANY, None)}, audiences={"company": ["x"]})
    class OwnedApi(remote.Service):
        @endpoints.method(message_types.VoidMessage, page.Note, path="note", http_method="GET")
        def note(self, request: Any) -> Any:
            return page.Note(text=page.own_note(1))

    page.NOTES[1] = (COMPANY, "ann", "buy tea")
    with Client(endpoints.api_server([OwnedApi], fetch=Answers(ANSWERS), clock=Clock()), "wsgi") as served:

        def status(**claims: Any) -> int:
            headers = {"Authorization": f"Bearer {company(aud='x', **claims)}"}
            return served.get("/_ah/api/owned/v1/note", headers=headers).status

        assert status() == 200
        assert status(sub="ben") == 403
        assert served.get("/_ah/api/owned/v1/note").status == 403
