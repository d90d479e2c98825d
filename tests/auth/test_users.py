"""`get_current_user`, `User` and `get_verified_jwt`, as methods use them."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import endpoints
from endpoints import AUTH_LEVEL, User
from protorpc import message_types, messages, remote
from tests.auth import issuing
from tests.auth.issuing import GOOGLE, ISSUER, KEYS_AT, NOW, Answers, Clock, claims_of, google_claims, rsa_key, token
from tests.auth.services import PATHS, THIRD, bearer, service, url
from tests.client import Client, Connect, Serve

Void = message_types.VoidMessage


class Text(messages.Message):
    text = messages.StringField(1)


def told(serve: Serve, jwt: str, ask: Any) -> Any:
    """What `ask` returns of the user who sends a token."""

    @endpoints.api("told", "v1", **THIRD)
    class ToldApi(remote.Service):
        @endpoints.method(Void, Text, path="ask", http_method="GET")
        def ask(self, request: Any) -> Text:
            return Text(text=repr(ask(endpoints.get_current_user())))

    response = serve(ToldApi, fetch=issuing.issuers(), clock=Clock()).get(url("ask", "told"), headers=bearer(jwt))
    return response.json()["text"]


class TestUser:
    @pytest.mark.parametrize(
        ("ask", "answer"),
        [
            (lambda user: user.email(), "'ada@example.com'"),
            (lambda user: user.user_id(), "'user-1'"),
            (lambda user: user.issuer, repr(ISSUER)),
            (lambda user: user.nickname(), "'ada@example.com'"),
            (lambda user: user.auth_domain(), "'gmail.com'"),
            (lambda user: user.claims["aud"], "'my-api'"),
            (lambda user: user, f"User(email='ada@example.com', user_id='user-1', issuer='{ISSUER}')"),
            (lambda user: user == endpoints.get_current_user(), "True"),
            (lambda user: user is endpoints.get_current_user(), "True"),
        ],
    )
    def test_of_a_third_party(self, serve: Serve, ask: Any, answer: str) -> None:
        assert told(serve, token(), ask) == answer

    def test_without_an_address(self, serve: Serve) -> None:
        jwt = token(claims_of(email=...))
        assert told(serve, jwt, lambda user: (user.email(), user.user_id(), user.nickname())) == (
            "(None, 'user-1', 'user-1')"
        )

    def test_whose_address_is_not_verified_has_none(self, serve: Serve) -> None:
        issuer = endpoints.Issuer(ISSUER, KEYS_AT, allow_unverified_email=True)
        api = service(AUTH_LEVEL.REQUIRED, **{**THIRD, "issuers": {"third": issuer}})
        client = serve(api, fetch=issuing.issuers(), clock=Clock())
        jwt = token(claims_of(email_verified=False))
        assert client.get(url("plain"), headers=bearer(jwt)).json() == {"id": "user-1", "issuer": ISSUER, "known": True}

    def test_of_google(self, serve: Serve) -> None:
        jwt = token(google_claims(email="ada@gmail.com"), rsa_key("google"))
        assert told(serve, jwt, lambda user: (user.nickname(), user.issuer)) == f"('ada', '{GOOGLE}')"

    def test_equality(self) -> None:
        ada = User("ada@example.com", "1", ISSUER, {"a": 1})
        assert ada == User("ada@example.com", "1", ISSUER)
        assert hash(ada) == hash(User("ada@example.com", "1", ISSUER))
        others = [User("ada@example.com", "2", ISSUER), User(None, "1", ISSUER), User("ada@example.com", "1", "x")]
        assert ada not in others
        assert ada != "ada@example.com"

    def test_claims_are_each_caller_s_own(self) -> None:
        user = User("ada@example.com", "1", ISSUER, {"roles": ["reader"]})
        user.claims["roles"].append("admin")
        assert user.claims == {"roles": ["reader"]}

    def test_the_domain_of_app_engine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AUTH_DOMAIN", "example.com")
        assert User("ada@example.com").nickname() == "ada"
        assert User().nickname() == ""

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError):
            User("ada@example.com").name = "x"  # type: ignore[attr-defined]


def test_a_remembered_user_is_not_changed_by_a_request(serve: Serve) -> None:
    def ask(user: User) -> Any:
        claims = user.claims
        claims["roles"].append("admin")
        return user.claims["roles"]

    @endpoints.api("told", "v1", **THIRD)
    class ToldApi(remote.Service):
        @endpoints.method(Void, Text, path="ask", http_method="GET")
        def ask(self, request: Any) -> Text:
            user = endpoints.get_current_user()
            assert user is not None
            return Text(text=repr(ask(user)))

    client = serve(ToldApi, fetch=issuing.issuers(), clock=Clock())
    for _ in range(2):
        response = client.get(url("ask", "told"), headers=bearer(token(claims_of(roles=["reader"]))))
        assert response.json()["text"] == "['reader']"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("level", [AUTH_LEVEL.REQUIRED, AUTH_LEVEL.NONE])
def test_300_callers_at_once_are_not_mixed_up(serve: Serve, path: str, level: AUTH_LEVEL) -> None:
    client = serve(service(level, **THIRD), fetch=issuing.issuers(), clock=Clock())
    jwts = {f"user-{number}": token(claims_of(sub=f"user-{number}")) for number in range(30)}

    def call(number: int) -> bool:
        name = f"user-{number % 30}"
        if number % 10 == 3 and level is AUTH_LEVEL.NONE:
            return bool(client.get(url(path)).json() == {"known": False})
        return bool(client.get(url(path), headers=bearer(jwts[name])).json()["id"] == name)

    with ThreadPoolExecutor(30) as pool:
        assert all(pool.map(call, range(300)))


class Nested(messages.Message):
    outer = messages.StringField(1)
    inner = messages.StringField(2)
    after = messages.StringField(3)
    thread = messages.StringField(4)
    task = messages.StringField(5)


def name_of(user: User | None) -> str:
    return "nobody" if user is None else str(user.user_id())


def test_a_method_that_calls_another_server(serve: Serve) -> None:
    inner = endpoints.api_server([service(**THIRD)], fetch=issuing.issuers(), clock=Clock())

    @endpoints.api("outer", "v1", **THIRD)
    class OuterApi(remote.Service):
        @endpoints.method(Void, Nested, path="call", http_method="GET")
        def call(self, request: Any) -> Nested:
            outer = name_of(endpoints.get_current_user())
            with Client(inner, "wsgi") as client:
                found = client.get(url("plain"), headers=bearer(token(claims_of(sub="inside")))).json()["id"]
            return Nested(outer=outer, inner=found, after=name_of(endpoints.get_current_user()))

    client = serve(OuterApi, fetch=issuing.issuers(), clock=Clock())
    response = client.get(url("call", "outer"), headers=bearer(token(claims_of(sub="outside"))))
    assert response.json() == {"outer": "outside", "inner": "inside", "after": "outside"}


def test_tasks_and_threads_of_a_method(serve: Serve) -> None:
    @endpoints.api("tasks", "v1", **THIRD)
    class TasksApi(remote.Service):
        @endpoints.method(Void, Nested, path="start", http_method="GET")
        async def start(self, request: Any) -> Nested:
            async def ask() -> str:
                await asyncio.sleep(0)
                return name_of(endpoints.get_current_user())

            in_task = await asyncio.create_task(ask())
            in_thread = await asyncio.to_thread(lambda: name_of(endpoints.get_current_user()))
            return Nested(task=in_task, thread=in_thread)

    client = serve(TasksApi, fetch=issuing.issuers(), clock=Clock())
    response = client.get(url("start", "tasks"), headers=bearer(token()))
    assert response.json() == {"task": "user-1", "thread": "user-1"}


def test_a_bare_thread_is_outside_of_any_request(serve: Serve) -> None:
    seen: list[str] = []

    def ask(user: User) -> str:
        def look() -> None:
            try:
                endpoints.get_current_user()
            except endpoints.InvalidGetUserCall:
                seen.append("outside")

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        return name_of(user)

    assert told(serve, token(), ask) == "'user-1'"
    assert seen == ["outside"]


def test_outside() -> None:
    with pytest.raises(endpoints.InvalidGetUserCall):
        endpoints.get_current_user()
    with pytest.raises(endpoints.InvalidGetUserCall):
        endpoints.get_verified_jwt([], [], check_query_arg=False)


def test_on_an_event_loop_nothing_is_declared(client: Connect) -> None:
    """Signed tokens are verified before the call; access tokens, which may be secrets, stay where they are."""
    answers = Answers({issuing.GOOGLE_KEYS_AT: issuing.key_set(rsa_key("google")), issuing.TOKENINFO: 400})
    connected = client(endpoints.api_server([service()], fetch=answers, clock=Clock()))
    own = google_claims(azp=endpoints.API_EXPLORER_CLIENT_ID, aud=endpoints.API_EXPLORER_CLIENT_ID)
    jwt = token(own, rsa_key("google"))
    for path in PATHS:
        assert connected.get(url(path), headers=bearer(jwt)).json()["email"] == "ada@example.com"
        assert connected.get(url(path), headers=bearer(f"secret-of-{path}")).json() == {"known": False}
    asked = 1 if connected.interface == "asgi" else 3
    assert answers.asked.count(issuing.TOKENINFO) == asked, "on ASGI, by the method that has a thread"


PROVIDERS = [{"issuer": ISSUER, "cert_uri": KEYS_AT}]


@endpoints.api("jwt", "v1")
class JwtApi(remote.Service):
    @endpoints.method(Void, Text, path="header", http_method="GET")
    def header(self, request: Any) -> Text:
        return Text(text=repr(endpoints.get_verified_jwt(PROVIDERS, ["my-api"], check_query_arg=False)))

    @endpoints.method(Void, Text, path="query", http_method="GET")
    def query(self, request: Any) -> Text:
        found = endpoints.get_verified_jwt(PROVIDERS, "my-api", check_authorization_header=False, request=request)
        return Text(text=repr(found))

    @endpoints.method(Void, Text, path="both", http_method="GET")
    def both(self, request: Any) -> Text:
        return Text(text=repr(endpoints.get_verified_jwt(PROVIDERS, ["x", "my-api"], request=request, cache=None)))

    @endpoints.method(Void, Text, path="wrong", http_method="GET")
    def wrong(self, request: Any) -> Text:
        for options in ({"check_authorization_header": False, "check_query_arg": False}, {}):
            with pytest.raises(ValueError, match="check_query_arg"):
                endpoints.get_verified_jwt(PROVIDERS, ["my-api"], **options)
        with pytest.raises(ValueError, match="https"):
            endpoints.get_verified_jwt([{"issuer": "x", "cert_uri": "http://x"}], [], check_query_arg=False)
        return Text(text="None")


CLAIMS = repr(claims_of())
BAD = token(claims_of(exp=NOW - 400))


@pytest.mark.parametrize(
    ("path", "query", "headers", "text"),
    [
        ("header", "", bearer(token()), CLAIMS),
        ("header", "", {"Authorization": f"OAuth {token()}"}, "None"),
        ("header", f"access_token={token()}", {}, "None"),
        ("header", "", {}, "None"),
        ("header", "", bearer(BAD), "None"),
        ("header", "", bearer("opaque"), "None"),
        ("header", "", bearer(token(claims_of(iss="https://evil.example"))), "None"),
        ("header", "", bearer(token(claims_of(aud="other"))), "None"),
        ("header", "", bearer(token(key=rsa_key("stranger"), kid="rsa")), "None"),
        ("query", f"access_token={token()}", {}, CLAIMS),
        ("query", f"bearer_token={token()}", {}, "None"),
        ("query", f"access_token={token()}", bearer(token()), "None"),
        ("both", f"access_token={token()}", {}, CLAIMS),
        ("both", f"access_token={BAD}", bearer(token()), CLAIMS),
        ("wrong", "", {}, "None"),
    ],
)
def test_get_verified_jwt(serve: Serve, path: str, query: str, headers: dict[str, str], text: str) -> None:
    client = serve(JwtApi, fetch=issuing.issuers(), clock=Clock())
    assert client.get(url(path, "jwt"), query, headers=headers).json() == {"text": text}
