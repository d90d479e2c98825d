"""The guestbook that asks who is calling, beside a real OpenID provider, called by the clients that stand beside it."""

from __future__ import annotations

import ast
import base64
import hashlib
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httplib2
import msgspec
import pytest
from googleapiclient import discovery
from googleapiclient.errors import HttpError

from endpoints import EMAIL_SCOPE
from tests.e2e.processes import GUESTBOOK, HERE, PATIENCE, SERVERS, Answer, Server, end, free_port, start

pytestmark = pytest.mark.e2e

ROOT = "/_ah/api/guestbook/v0.2/greetings"
FIRST = {"id": "9001", "message": "Hello, world!", "author": "the guestbook"}
PROVIDER = (sys.executable, "-m", "nanoidp", "--config", str(GUESTBOOK / "provider"), "--strict-config")
READER = {"client_id": "guestbook-reader", "client_secret": "not-a-secret"}
PAGE = "http://localhost:8080/page"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("provider"), free_port()
    issuer = {"GUESTBOOK_ISSUER": f"http://localhost:{port}"}
    command = (*PROVIDER, "--port", "{port}")
    server = start(command, folder / "log", app="", cwd=folder, environment=issuer, port=port)
    try:
        yield server
    finally:
        end(server)


@pytest.fixture(scope="module", params=["uvicorn", "granian"])
def guestbook(
    request: pytest.FixtureRequest, provider: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(request.param)
    environment = {"GUESTBOOK_DB": str(folder / "guestbook.db"), "GUESTBOOK_ISSUER": provider.url}
    command = SERVERS[request.param]
    server = start(command, folder / "log", app="secured:app", cwd=GUESTBOOK, environment=environment)
    try:
        yield server
    finally:
        end(server)


def post(url: str, form: dict[str, str]) -> Any:
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(url, data, timeout=PATIENCE) as found:  # noqa: S310 - http
        return msgspec.json.decode(found.read())


def tokens(provider: Server, user: str, **more: str) -> Any:
    """What the provider issues to who sends it the password, without any page."""
    password = {"grant_type": "password", "username": user, "password": user, "scope": "openid email"}
    return post(f"{provider.url}/token", {**password, **READER, **more})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def run(client: str, guestbook: Server, provider: Server, folder: Path, *options: str, user: str) -> list[Any]:
    """What a client prints, with the addresses of these servers in it, when a user signs in."""
    source = (GUESTBOOK / client).read_text()
    for written, address in (("http://localhost:8080", guestbook.url), ("http://localhost:9400", provider.url)):
        assert written in source
        source = source.replace(written, address)
    here = folder / client
    here.write_text(source)
    browser = f"{sys.executable} {HERE / 'browser.py'} %s &"
    done = subprocess.run(  # noqa: S603
        (sys.executable, str(here), *options),
        cwd=folder,
        env={**os.environ, "BROWSER": browser, "SIGNED_IN_AS": user},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [ast.literal_eval(text) for text in printed(done.stdout)]


def printed(output: str) -> Iterator[str]:
    """The values that `pprint` has printed; long ones go over several lines."""
    lines = output.splitlines()
    starts = [index for index, line in enumerate(lines) if line.startswith("{")]
    for begin, after in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield "".join(lines[begin:after])


def test_the_sample_of_the_documentation(guestbook: Server, provider: Server, tmp_path: Path) -> None:
    port = str(free_port())
    signing_in = run("client_auth.py", guestbook, provider, tmp_path, "--auth_host_port", port, user="ann")
    assert signing_in == [{"items": [FIRST]}, FIRST]
    with_what_it_kept = run("client_auth.py", guestbook, provider, tmp_path, user="nobody")
    assert with_what_it_kept == signing_in


def test_the_client_with_google_auth(guestbook: Server, provider: Server, tmp_path: Path) -> None:
    (written,) = run("client_google_auth.py", guestbook, provider, tmp_path, "Good", "evening", user="ben")
    assert (written["author"], written["message"]) == ("ben", "Good evening")
    ann = bearer(tokens(provider, "ann")["access_token"])
    assert guestbook.request(f"{ROOT}/{written['id']}", headers=ann).status == 404
    assert guestbook.request(ROOT, headers=ann).json() == {"items": [FIRST]}


def test_only_its_author_deletes_a_greeting(guestbook: Server, provider: Server) -> None:
    ann, ben = (tokens(provider, user) for user in ("ann", "ben"))
    written = guestbook.request(ROOT, json={"message": "mine"}, headers=bearer(ann["access_token"])).json()
    assert written["author"] == "ann"
    address = f"{ROOT}/{written['id']}"
    refused = guestbook.request(address, method="DELETE", headers=bearer(ben["access_token"]))
    assert (refused.status, refused.json()["error"]["errors"][0]["reason"]) == (403, "forbidden")
    # The same person with a token of another kind, for another audience.
    assert guestbook.request(address, method="DELETE", headers=bearer(ann["id_token"])).status == 204
    assert guestbook.request(address, headers=bearer(ann["id_token"])).status == 404


def refusal(answer: Answer) -> tuple[int, str, str]:
    return answer.status, answer.headers["www-authenticate"].partition(" ")[0], answer.json()["error"]["message"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_is_let_in_without_a_token(guestbook: Server, method: str) -> None:
    body = {"message": "hello"} if method == "POST" else None
    assert refusal(guestbook.request(ROOT, json=body)) == (401, "Bearer", "Login Required")


def test_google_s_client_understands_the_refusal(guestbook: Server) -> None:
    address = f"{guestbook.url}/_ah/api/discovery/v1/apis/guestbook/v0.2/rest"
    http = httplib2.Http(timeout=30)
    api = discovery.build("guestbook", "v0.2", discoveryServiceUrl=address, http=http, static_discovery=False)
    with api, pytest.raises(HttpError) as refused:
        api.greetings().list().execute()
    http.close()
    assert refused.value.status_code == 401 and "Login Required" in str(refused.value)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        pytest.param("changed", "signature", id="another user's name written into it"),
        pytest.param("unsigned", "algorithm", id="not signed"),
        pytest.param("elsewhere", "audience", id="issued for another API"),
        pytest.param("stranger", "issuer", id="issued by somebody else"),
        pytest.param("two words", "authorization-header", id="something after it"),
    ],
)
def test_a_bad_token_is_refused_and_only_the_log_says_why(
    guestbook: Server, provider: Server, case: str, reason: str
) -> None:
    before = len(guestbook.output())
    answer = guestbook.request(ROOT, headers=bearer(bad_token(provider, case)))
    assert refusal(answer) == (401, "Bearer", "The credentials are not valid")
    assert f"token refused: {reason}" in guestbook.output()[before:]


def bad_token(provider: Server, case: str) -> str:
    token = str(tokens(provider, "ann")["access_token"])
    header, payload, signature = token.split(".")
    if case == "changed":
        return f"{header}.{changed(payload, sub='ben')}.{signature}"
    if case == "unsigned":
        return f"{changed(header, alg='none')}.{payload}.{signature}"
    if case == "stranger":
        return f"{header}.{changed(payload, iss='https://stranger.example')}.{signature}"
    if case == "elsewhere":
        return str(tokens(provider, "ann", resource="https://elsewhere.example")["access_token"])
    return f"{token} {token}"


def changed(segment: str, **members: str) -> str:
    content = msgspec.json.decode(base64.urlsafe_b64decode(segment + "=="))
    return base64.urlsafe_b64encode(msgspec.json.encode({**content, **members})).rstrip(b"=").decode()


class Stay(urllib.request.HTTPRedirectHandler):
    """A page that keeps the address it is sent to for itself."""

    def redirect_request(self, *_: object) -> None:
        return None


def code_for_a_page(provider: Server, challenge: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": "guestbook-web",
        "redirect_uri": PAGE,
        "scope": "openid email",
        "claims": '{"id_token": {"email": null, "email_verified": null}}',
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": "persona-auto-login:ann",
    }
    address = f"{provider.url}/authorize?{urllib.parse.urlencode(asked)}"
    with pytest.raises(urllib.error.HTTPError) as sent, urllib.request.build_opener(Stay).open(address):
        pass
    with sent.value as answer:
        assert answer.code == 302
        return urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["code"][0]


def test_a_page_in_a_browser_signs_in_with_pkce(guestbook: Server, provider: Server) -> None:
    verifier = "a-long-word-that-only-the-page-knows-before-it-sends-it"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    form = {"grant_type": "authorization_code", "client_id": "guestbook-web", "redirect_uri": PAGE}
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(f"{provider.url}/token", {**form, "code": code_for_a_page(provider, challenge), "code_verifier": "x" * 43})
    with refused.value as answer:
        assert answer.code == 400
    issued = post(
        f"{provider.url}/token", {**form, "code": code_for_a_page(provider, challenge), "code_verifier": verifier}
    )
    signed = {}
    for kind in ("access_token", "id_token"):
        written = guestbook.request(ROOT, json={"message": kind}, headers=bearer(issued[kind])).json()
        assert guestbook.request(f"{ROOT}/{written['id']}", method="DELETE", headers=bearer(issued[kind])).status == 204
        signed[kind] = written["author"]
    # Only this ID token says an e-mail address; an access token of this provider says none.
    assert signed == {"access_token": "ann", "id_token": "ann@example.com"}


def test_a_page_of_another_origin_may_ask_the_provider_for_tokens(provider: Server) -> None:
    answer = provider.request("/token", method="OPTIONS", headers={"Origin": "http://localhost:8080"})
    assert answer.headers["access-control-allow-origin"] in ("*", "http://localhost:8080")


def test_its_document_asks_for_the_scope_of_the_sample(guestbook: Server) -> None:
    described = guestbook.request("/_ah/api/discovery/v1/apis/guestbook/v0.2/rest").json()
    methods = described["resources"]["greetings"]["methods"]
    assert {name: method["scopes"] for name, method in methods.items()} == {
        name: [EMAIL_SCOPE] for name in ("list", "get", "insert", "delete")
    }
