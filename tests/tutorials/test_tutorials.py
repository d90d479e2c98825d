"""Applications written for the original, in the ways of its public tutorials, run with their files as they are."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client import Connect

HERE = Path(__file__).parent
Application = Callable[[str], Any]


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Application:
    """Import the `main` of an application's folder as the program that it is, without a single warning."""

    def load(name: str) -> Any:
        monkeypatch.setenv("ENDPOINTS_CONTROL", "off")  # they were written when nobody checked keys
        monkeypatch.syspath_prepend(str(HERE / name))
        for module in ("main", "data"):
            monkeypatch.delitem(sys.modules, module, raising=False)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            main = importlib.import_module("main")
        for module in ("main", "data"):
            if module in sys.modules:
                monkeypatch.setitem(sys.modules, module, sys.modules[module])  # so that it is gone after the test
        return main

    return load


def test_echo(client: Connect, application: Application) -> None:
    echo = client(application("echo").api)
    root = "/_ah/api/echo/v1"
    assert echo.post(f"{root}/say", json={"words": "hey"}).json() == {"words": "hey"}
    assert echo.post(f"{root}/say?times=2", json={"words": "hey"}).json() == {"words": "hey, hey"}
    assert echo.post(f"{root}/say/3", json={"words": "hey"}).json() == {"words": "hey, hey, hey"}
    assert echo.get(f"{root}/say/key?key=secret").json() == {"words": "secret"}
    assert echo.get(f"{root}/say/name").status == 401


def test_guestbook(client: Connect, application: Application) -> None:
    guestbook = client(application("guestbook").APPLICATION)
    root = "/_ah/api/guestbook/v1"
    assert guestbook.get(f"{root}/entries").json() == {"items": [{"text": "lovely place"}, {"text": "came back"}]}
    assert guestbook.get(f"{root}/entries/1").json() == {"text": "came back"}
    missing = guestbook.get(f"{root}/entries/2")
    assert (missing.status, missing.json()["error"]["message"]) == (404, "There is no entry 2.")
    assert guestbook.post(f"{root}/entries/3", json={"text": "ha"}).json() == {"text": "hahaha"}
    assert guestbook.post(f"{root}/entries/mine").json() == {"text": "from a stranger"}
    assert guestbook.post("/_ah/api/members/v1/welcome").json() == {"text": "Welcome, stranger"}
    document = guestbook.get("/_ah/api/discovery/v1/apis/guestbook/v1/rest").json()
    assert set(document["schemas"]) == {"BookEntry", "BookEntryCollection"}
    assert set(document["resources"]["entries"]["methods"]) == {"repeat", "listEntries", "getEntry", "mine"}


def test_airports(client: Connect, application: Application) -> None:
    airports = client(application("airports").api)
    root, new = "/_ah/api/airports/v1", {"code": "XXX", "name": "New"}
    assert airports.get(f"{root}/port/ZRH").json() == {"code": "ZRH", "name": "Zürich, Kloten"}
    assert airports.get(f"{root}/port/XXX").json()["error"]["errors"][0]["reason"] == "notFound"
    assert airports.post(f"{root}/port", json=new).json() == new
    assert airports.post(f"{root}/port", json=new).status == 400
    assert airports.post(f"{root}/port", json={"code": "YYY"}).status == 400
    assert airports.post(f"{root}/port/XXX", json={"name": "Newer"}).json() == {"code": "XXX", "name": "Newer"}
    assert [port["code"] for port in airports.get(f"{root}/ports").json()["ports"]] == ["BGO", "SVO", "XXX", "ZRH"]
    assert airports.request("DELETE", f"{root}/port/XXX").status == 204
    assert airports.request("DELETE", f"{root}/port/XXX").status == 404


def test_tickets(client: Connect, application: Application) -> None:
    tickets = client(application("tickets").application)
    root, printer = "/_ah/api/tickets/v1", {"title": "printer"}
    opened = tickets.post(f"{root}/tickets/open", json=printer)
    # A default is what an unset field reads as; it is not sent.
    assert opened.json() == printer | {"followers": ["hello"]}
    refused = tickets.post(f"{root}/tickets/open", json=printer, headers={"X-Caller": "mallory"})
    assert (refused.status, refused.json()["error"]["message"]) == (403, "Not for mallory.")
    claimed = tickets.request("PUT", f"{root}/tickets/claim/printer?urgency=HIGH")
    assert claimed.json() == printer | {"followers": ["hello", "me"], "urgency": "HIGH"}
    twice = tickets.request("PUT", f"{root}/tickets/claim/printer")
    assert (twice.status, twice.json()["error"]["message"]) == (409, "Claimed already.")
    unknown = tickets.request("PUT", f"{root}/tickets/claim/nothing")
    assert (unknown.status, unknown.json()["error"]["message"]) == (503, "'nothing'")
    assert len(tickets.get(f"{root}/all").json()["items"]) == 1
    assert tickets.post(f"{root}/tickets/reset").status == 204


def test_methods_are_called_directly_as_tests_do(application: Application) -> None:
    main = application("guestbook")
    service = main.GuestbookApi()
    request = main.GuestbookApi.entry_get.remote.request_type(id=1)
    assert service.entry_get(request).text == "came back"
    combined = main.GuestbookApi.REPEAT_RESOURCE.combined_message_class(text="ha", times=2)
    assert service.entries_repeat(combined).text == "haha"
    assert len(service.entries_list(main.message_types.VoidMessage()).items) == 2


def test_messages_are_dumped_as_the_server_sends_them(application: Application) -> None:
    main = application("tickets")
    assert main.dump(main.TicketForm(title="t", urgency=main.Urgency.HIGH)) == '{"title": "t", "urgency": "HIGH"}'


def test_adapters_ask_a_method_for_its_container(application: Application) -> None:
    main = application("guestbook")
    asked = main.endpoints.ResourceContainer.get_request_message
    assert asked(main.GuestbookApi.entry_get.remote) is main.GuestbookApi.ID_RESOURCE
    assert asked(main.GuestbookApi.entries_list.remote) is main.message_types.VoidMessage


@pytest.mark.parametrize(
    "line",
    [
        "from endpoints import api as endpoints_api, method as endpoints_method, NotFoundException",
        "from endpoints.api_config import API_EXPLORER_CLIENT_ID, AUTH_LEVEL, ApiAuth, ResourceContainer",
        "import endpoints; endpoints.users_id_token.SKIP_CLIENT_ID_CHECK, endpoints.message_parser",
        "from endpoints.api_exceptions import BadRequestException, NotFoundException, PreconditionFailedException",
        "from endpoints.protojson import EndpointsProtoJson",
        "from endpoints.users_id_token import SKIP_CLIENT_ID_CHECK, get_current_user",
        "from protorpc.message_types import DateTimeField, DateTimeMessage, VoidMessage",
        "from protorpc.messages import Enum, EnumField, Field, FieldList, Message, Variant",
        "from protorpc.protojson import decode_message, encode_message",
        "from protorpc.remote import ApplicationError, Service, protojson",
        "from protorpc.util import TimeZoneOffset, positional",
        "from protorpc.wsgi import service",
        "from protorpc import descriptor, message_types, messages, protojson, registry, remote, util",
    ],
)
def test_lines_that_public_code_imports_by(line: str) -> None:
    exec(line, {})  # noqa: S102
