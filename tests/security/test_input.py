"""What is promised of hostile requests; tests/http and tests/property try the rest."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

import endpoints
from protorpc import message_types, messages, remote
from tests.client import Client, Serve
from tests.http.error_object import error_of

ROOT = "/_ah/api/attacked/v1/"
Void = message_types.VoidMessage


class Inner(messages.Message):
    number = messages.IntegerField(1)


class Attacked(messages.Message):
    text = messages.StringField(1)
    number = messages.IntegerField(2)
    small = messages.IntegerField(3, variant=messages.Variant.INT32)
    double = messages.FloatField(4)
    when = message_types.DateTimeField(5)
    data = messages.BytesField(6)
    many = messages.StringField(7, repeated=True)
    inner = messages.MessageField(Inner, 8)


class Seen(messages.Message):
    text = messages.StringField(1)


PATH = endpoints.ResourceContainer(Void, name=messages.StringField(1), number=messages.IntegerField(2))


@endpoints.api("attacked", "v1")
class AttackedApi(remote.Service):
    @endpoints.method(Attacked, Seen, path="body")
    def body(self, request: Any) -> Seen:
        assert callable(request.check_initialized) and type(request) is Attacked
        return Seen(text=str(sorted(map(str, request.all_unrecognized_fields()))))

    @endpoints.method(PATH, Seen, path="files/{name}", http_method="GET", name="files")
    def files(self, request: Any) -> Seen:
        return Seen(text=request.name)

    @endpoints.method(PATH, Seen, path="numbers/{number}", http_method="GET", name="numbers")
    def numbers(self, request: Any) -> Seen:
        return Seen(text=str(request.number))

    @endpoints.method(Void, Seen, path="fail", http_method="POST")
    def fail(self, request: Any) -> Seen:
        raise RuntimeError("on purpose")


@pytest.fixture
def server(serve: Serve) -> Client:
    return serve(AttackedApi)


HUGE = b"9" * 1_000_000
DEEP = 100_000
BODIES = {
    "a number of a million digits": b'{"number": %s}' % HUGE,
    "the same as text": b'{"number": "%s"}' % HUGE,
    "the same with a sign": b'{"number": "-%s"}' % HUGE,
    "the same in no field": b'{"zz": %s}' % HUGE,
    "the same in a list in no field": b'{"zz": [%s]}' % HUGE,
    "an exponent out of range": b'{"double": 1e999999999}',
    "an exponent out of range in no field": b'{"zz": -1e999999999}',
    "many digits after the point": b'{"small": 0.%s}' % HUGE,
    "lists in lists": b'{"many": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "lists in lists in no field": b'{"zz": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "objects in objects": b'{"inner": ' * DEEP + b"{}" + b"}" * DEEP,
    "objects in objects in no field": b'{"zz": ' * DEEP + b"{}" + b"}" * DEEP,
    "a beginning without an end": b'{"inner": ' * DEEP,
    "brackets only": b"[" * DEEP,
    "not a number": b'{"double": NaN}',
    "not a number in no field": b'{"zz": NaN}',
    "infinity": b'{"double": Infinity}',
    "a lone surrogate": b'{"text": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "a surrogate in UTF-8": b'{"text": "\xed\xa0\x80"}',
    "an overlong encoding": b'{"text": "\xc0\xbc"}',
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"text": "x"}'.encode("utf-16-le"),
    "UTF-32": '{"text": "x"}'.encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "something behind": b"{} {}",
    "a NUL behind": b"{}\0",
    "a comment": b"{/**/}",
    "a year beyond all": b'{"when": "10000-01-01T00:00:00"}',
    "a year that an offset makes": b'{"when": "9999-12-31T23:59:59-24:00"}',
    "a month of none": b'{"when": "2024-13-01T00:00:00"}',
    "a date of a million digits": b'{"when": "2024-01-01T00:00:00.%sx"}' % HUGE,
    "a number out of its range": b'{"small": 2147483648}',
    "a wide number out of its range": b'{"number": 9223372036854775808}',
}


@pytest.mark.parametrize("name", BODIES)
def test_hostile_bodies(server: Client, name: str, caplog: pytest.LogCaptureFixture) -> None:
    response = server.post(ROOT + "body", body=BODIES[name])
    error_of(response, 400, "badRequest")
    assert len(response.body) < 2000, "what was sent is not sent back"
    assert not caplog.records
    assert server.post(ROOT + "body", body=b"{}").status == 200


ATTRIBUTES = [
    *["__class__", "__dict__", "__init__", "__reduce__", "__slots__", "__fields__", "__post_init__", "__module__"],
    *["check_initialized", "all_fields", "unrecognized", "_unrecognized", "_Message__tags", "__proto__", "constructor"],
]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_names_do_not_become_attributes(server: Client, name: str) -> None:
    for response in (
        server.post(ROOT + "body", json={name: "x"}),
        server.post(ROOT + "body", {name: "x"}),
        server.post(ROOT + "body", {name: "x"}, json={"text": "y"}),
    ):
        assert response.json() == {"text": str([name])}
    for dotted in (f"{name}.x=1", f"inner.{name}=1", f"{name}.__name__=x"):
        assert server.post(ROOT + "body", dotted).status == 200


@pytest.mark.parametrize(
    "name", ["..", "../..", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%00", "a%00.txt", "C:%5Cx", "~root", "%E2%80%AE"]
)
def test_a_path_is_text_and_nothing_else(server: Client, name: str) -> None:
    response = server.get(ROOT + "files/" + name)
    assert response.status in (200, 404)
    assert response.status == 404 or response.json()["text"] in ("..", "\0", "a\0.txt", "C:\\x", "~root", "\u202e")


@pytest.mark.parametrize("path", ["%FF", "%C0%AF", "%ED%A0%80", "a%80b"])
def test_a_path_that_is_not_utf8(server: Client, path: str) -> None:
    error_of(server.get(ROOT + "files/" + path), 400, "badRequest")


def test_a_path_is_decoded_once(server: Client) -> None:
    assert server.get(ROOT + "files/%252e%252e%252fx").json() == {"text": "%2e%2e%2fx"}


@pytest.mark.parametrize("digits", ["9" * 20, "9" * 5000, "-" + "9" * 5000, "0" * 5000 + "1"])
def test_numbers_in_the_address(server: Client, digits: str) -> None:
    for address in (f"numbers/{digits}", f"numbers/1?number={digits}"):
        assert 400 <= server.get(ROOT + address).status < 500


@pytest.mark.parametrize("override", ["TRACE", "CONNECT", "OPTIONS", "GET /_ah", "G\u0130T", "post", "HEAD"])
def test_an_override_opens_nothing(server: Client, override: str) -> None:
    sent = override.encode().decode("latin-1")
    response = server.post(ROOT + "files/x", headers={"X-HTTP-Method-Override": sent})
    assert response.status in (404, 405)


def test_only_a_post_can_be_overridden(server: Client) -> None:
    for verb in ("GET", "PUT", "DELETE", "OPTIONS"):
        response = server.request(verb, ROOT + "body", headers={"X-HTTP-Method-Override": "POST"})
        error_of(response, 405, "httpMethodNotAllowed")


def test_secrets_are_not_logged(server: Client, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"Authorization": "Bearer s3cret", "Cookie": "session=s3cret", "X-Api-Key": "s3cret"}
    with caplog.at_level(logging.DEBUG):
        server.post(ROOT + "fail?key=s3cret&access_token=s3cret", json={"text": "s3cret"}, headers=headers)
    assert caplog.records
    assert "s3cret" not in caplog.text


def _one_after_the_other(server: Client) -> list[Callable[[], Any]]:
    bad = b'{"number": "x"}'
    return [
        lambda: server.post(ROOT + "body", body=bad),
        lambda: server.post(ROOT + "body", body=b"[" * DEEP),
        lambda: server.post(ROOT + "fail", body=b"{}"),
        lambda: server.get(ROOT + "files/%FF"),
        lambda: server.request("FROB" if server.interface == "asgi" else "PUT", ROOT + "body"),
    ]


def test_a_server_outlives_everything(server: Client) -> None:
    for attack in _one_after_the_other(server) * 3:
        assert attack().status in (400, 404, 405, 503)
        answer = server.post(ROOT + "body", body=json.dumps({"text": "x"}).encode())
        assert answer.json() == {"text": "[]"}
