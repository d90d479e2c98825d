from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from protorpc import messages, protojson, remote
from protorpc.wsgi import service
from tests.client import PEER, Client, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication


class Note(messages.Message):
    text = messages.StringField(1, required=True)


class Mode(messages.Enum):
    FAST = 1


class Book(messages.Message):
    notes = messages.MessageField(Note, 1, repeated=True)
    mode = messages.EnumField(Mode, 2)
    parent = messages.MessageField("Book", 3)


class Notes(remote.Service):
    def __init__(self, prefix: str = "+") -> None:
        self.prefix = prefix

    @remote.method(Note, Note)
    def echo(self, request: Note) -> Note:
        return Note(text=f"{self.prefix}{request.text}")

    @remote.method(Note, Note)
    async def echo_async(self, request: Note) -> Note:
        return self.echo(request)

    @remote.method(Note, Note)
    def state(self, request: Note) -> Note:
        state = self.request_state
        assert isinstance(state, remote.HttpRequestState)
        seen = [state.http_method, state.service_path, state.remote_address, state.server_port]
        return Note(text=repr([*seen, state.headers["x-note"]]))

    @remote.method(Note, Note)
    def refuse(self, request: Note) -> Note:
        raise remote.ApplicationError(f"no {request.text}", "NO")

    @remote.method(Note, Note)
    def crash(self, request: Note) -> Note:
        raise TypeError(f"secret {request.text}")

    @remote.method(Note, Note)
    def incomplete(self, request: Note) -> Note:
        return Note()

    def local(self) -> str:
        return "not remote"

    @remote.method(Note, Book)
    def book(self, request: Note) -> Book:
        return Book(notes=[request])


def post(app: WSGIApplication, path: str, json: object = None, **options: Any) -> Response:
    return Client(app, "wsgi").post(path, json={"text": "a"} if json is None else json, **options)


@pytest.fixture(params=["one", "several", "mapping"])
def app(request: pytest.FixtureRequest) -> WSGIApplication:
    """The same service by itself, among others, and given as a dict."""
    if request.param == "one":
        return service.service_mapping(Notes, "/notes")
    several = [("/other", Notes.new_factory("other ")), ("/notes", Notes)]
    return service.service_mappings(several if request.param == "several" else dict(several))


@pytest.mark.parametrize(
    ("method", "text"),
    [
        pytest.param("echo", "+a", id="sync"),
        pytest.param("echo_async", "+a", id="async"),
        pytest.param("state", repr(["POST", "/notes", PEER[0], 8080, "yes"]), id="request-state"),
    ],
)
def test_calls(app: WSGIApplication, method: str, text: str) -> None:
    answer = post(app, f"/notes.{method}", headers={"X-Note": "yes"})
    assert (answer.status, answer.reason) == (200, "OK")
    assert answer.headers == {"content-type": "application/json", "content-length": str(len(answer.body))}
    assert answer.json() == {"text": text}


@pytest.mark.parametrize(
    ("method", "status", "error"),
    [
        pytest.param("refuse", 400, ["APPLICATION_ERROR", "no a", "NO"], id="application-error"),
        pytest.param("crash", 500, ["SERVER_ERROR", "Internal Server Error"], id="crash"),
        pytest.param("incomplete", 500, ["SERVER_ERROR", "Internal Server Error"], id="answer-is-not-initialized"),
        pytest.param("local", 400, ["METHOD_NOT_FOUND_ERROR", "Unrecognized RPC method: local"], id="not-remote"),
        pytest.param("x.y", 400, ["METHOD_NOT_FOUND_ERROR", "Unrecognized RPC method: x.y"], id="no-such-method"),
    ],
)
def test_failures(app: WSGIApplication, method: str, status: int, error: list[str]) -> None:
    answer = post(app, f"/notes.{method}")
    assert answer.status == status
    assert answer.json() == dict(zip(["state", "error_message", "error_name"], error, strict=False))


def test_crashes_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    post(service.service_mapping(Notes, "/notes"), "/notes.crash")
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "/notes.crash failed")
    assert "secret a" in caplog.text


@pytest.mark.parametrize("body", [b"{", b'{"text": {}}', b"[]", b"\xff", b"{}"])
def test_requests_that_cannot_be_read(app: WSGIApplication, body: bytes) -> None:
    answer = Client(app, "wsgi").post("/notes.echo", body=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert answer.json()["state"] == "REQUEST_ERROR"
    assert answer.json()["error_message"].startswith(
        "Error parsing ProtoRPC request (Unable to parse request content: "
    )


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("POST", "/", {}, 404, id="root"),
        pytest.param("POST", "/notes", {}, 404, id="no-method"),
        pytest.param("POST", "/notes/echo", {}, 404, id="slash"),
        pytest.param("POST", "/x/notes.echo", {}, 404, id="below-another-path"),
        pytest.param("GET", "/notes.echo", {}, 405, id="get"),
        pytest.param("POST", "/notes.echo", {"Content-Type": ""}, 400, id="no-content-type"),
        pytest.param("POST", "/notes.echo", {"Content-Length": "x"}, 400, id="length-is-no-number"),
        pytest.param("POST", "/notes.echo", {"Content-Length": "-1"}, 400, id="negative-length"),
        pytest.param("POST", "/notes.echo", {"Content-Type": "text/xml"}, 415, id="content-type"),
        pytest.param("POST", "/notes.echo", {"Content-Length": str(10 * 2**20 + 1)}, 413, id="large"),
        pytest.param("POST", "/notes.echo", {"Content-Length": "9" * 4000}, 413, id="huge"),
        pytest.param("POST", "/notes.echo", {"Transfer-Encoding": "chunked"}, 411, id="no-length"),
    ],
)
def test_refusals(app: WSGIApplication, method: str, path: str, headers: dict[str, str], status: int) -> None:
    given = {"Content-Type": "application/json; charset=utf-8"} | headers
    answer = Client(app, "wsgi").request(method, path, headers=given)
    assert answer.status == status
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)
    assert answer.text == answer.reason


def test_default_path_is_any() -> None:
    assert post(service.service_mapping(Notes.new_factory("-")), "/any/path.echo").json() == {"text": "-a"}


def test_own_protocols() -> None:
    protocols = remote.Protocols()
    protocols.add_protocol(protojson, "own", "application/json-own", ())
    app = service.service_mapping(Notes, protocols=protocols)
    assert post(app, "/x.echo", headers={"Content-Type": "application/json-OWN"}).json() == {"text": "+a"}
    assert post(app, "/x.echo").status == 415


def test_service_may_be_any_class() -> None:
    class Bare:
        @remote.method(Note, Note)
        def echo(self, request: Note) -> Note:
            return request

        @classmethod
        def all_remote_methods(cls) -> dict[str, Callable[..., Any]]:
            return {"echo": cls.echo}

    assert post(service.service_mapping(Bare), "/x.echo").json() == {"text": "a"}


def test_a_path_is_given_once() -> None:
    with pytest.raises(remote.ServiceConfigurationError, match="Path '/notes' is already defined in service mapping"):
        service.service_mappings([("/notes", Notes), ("/notes", Notes)])


class TestRegistry:
    def test_lists_services(self) -> None:
        app = service.service_mappings([("/notes", Notes), ("/other", Notes.new_factory("-"))])
        assert post(app, "/protorpc.services", {}).json() == {
            "services": [
                {"name": "/notes", "definition": f"{__name__}.Notes"},
                {"name": "/other", "definition": f"{__name__}.Notes"},
            ]
        }

    def test_describes_services_and_what_they_use(self) -> None:
        app = service.service_mappings({"/notes": Notes}, registry_path="/registry")
        (file,) = post(app, "/registry.get_file_set", {"names": ["/notes"]}).json()["file_set"]["files"]
        assert file["package"] == __name__
        assert [message["name"] for message in file["message_types"]] == ["Book", "Note"]
        assert [enum["name"] for enum in file["enum_types"]] == ["Mode"]
        assert [described["name"] for described in file["service_types"]] == ["Notes"]

    def test_describes_nothing_unasked(self) -> None:
        app = service.service_mappings({"/notes": Notes})
        assert post(app, "/protorpc.get_file_set", {}).json() == {"file_set": {}}

    def test_unknown_service(self) -> None:
        answer = post(service.service_mappings({"/notes": Notes}), "/protorpc.get_file_set", {"names": ["/x"]})
        assert answer.status == 400
        assert answer.json() == {"state": "APPLICATION_ERROR", "error_message": "No service is registered as '/x'"}

    def test_can_be_left_out(self) -> None:
        app = service.service_mappings({"/notes": Notes}, registry_path=None)
        assert post(app, "/protorpc.services", {}).status == 404
