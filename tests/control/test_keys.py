"""Which calls an API key lets through: `api_key_required`, on every store and both interfaces."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

import endpoints
from endpoints.control.locations import stored_control
from tests.client import Headers, Query, Serve
from tests.control.shop import ROOT, Annex, Shop, new_key
from tests.http.error_object import error_of

KEYED = ["keyed", "keyed_inline", "keyed_coroutine"]
UNREGISTERED = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
    "form of API consumer identity to call this API."
)
INVALID = "API key not valid. Please pass a valid API key."


@pytest.mark.parametrize("path", KEYED)
def test_a_good_key(serve: Serve, location: str, path: str) -> None:
    key, _ = new_key(location)
    client = serve(Shop, control=location)
    sent: list[tuple[Query, Headers]] = [
        ({"key": key}, {}),
        ({"api_key": key}, {}),
        ("", {"X-API-Key": key}),
        ({"key": key, "api_key": key}, {"x-api-key": key}),
        ({"key": [key, key]}, {}),
        ({"api_key": "", "key": key}, {}),
        (f"key=%{ord(key[0]):x}{key[1:]}", {}),
        (f"%6bey={key}", {}),
        (f"x=1;key={key}", {}),
    ]
    for query, headers in sent:
        response = client.get(ROOT + path, query, headers=headers)
        assert (response.status, response.json()) == (200, {"text": "acme"}), (query, headers)


@pytest.mark.parametrize("path", KEYED)
def test_keys_that_do_not_count(serve: Serve, location: str, path: str) -> None:
    now = int(time.time())
    good, _ = new_key(location)
    expired, _ = new_key(location, expires=now - 1)
    elsewhere, _ = new_key(location, "acme", "annex", "other")
    client = serve(Shop, control=location)
    refused = [
        ({}, 401, "required", UNREGISTERED),
        ({"key": ""}, 401, "required", UNREGISTERED),
        ({"Key": good, "KEY": good, "apikey": good, "api-key": good}, 401, "required", UNREGISTERED),
        ({"key": "invented"}, 400, "badRequest", INVALID),
        ({"key": good + "x"}, 400, "badRequest", INVALID),
        ({"key": good[:-1]}, 400, "badRequest", INVALID),
        ({"key": good.upper()}, 400, "badRequest", INVALID),
        ({"key": f" {good}"}, 400, "badRequest", INVALID),
        ({"key": f"{good}\0"}, 400, "badRequest", INVALID),
        ({"key": "x" * 10_000}, 400, "badRequest", INVALID),
        ({"key": "\u00e9\u2028"}, 400, "badRequest", INVALID),
        ({"key": "%"}, 400, "badRequest", INVALID),
        ({"key": expired}, 400, "badRequest", "API key expired. Please renew the API key."),
        ({"key": elsewhere}, 403, "forbidden", "API shop is not enabled for the project."),
    ]
    for query, status, reason, text in refused:
        error = error_of(client.get(ROOT + path, query), status, reason)
        assert error["message"] == text


def test_several_different_keys_are_refused(serve: Serve, location: str) -> None:
    one, two = new_key(location)[0], new_key(location)[0]
    client = serve(Shop, control=location)
    sent: list[tuple[Query, Headers]] = [
        ({"key": [one, two]}, {}),
        ({"key": one, "api_key": two}, {}),
        ({"key": one}, {"X-API-Key": two}),
        ({"api_key": "invented"}, {"X-API-Key": one}),
        ("", [("x-api-key", one), ("x-api-key", two)]),
        ("", [("x-api-key", two), ("x-api-key", "invented")]),
    ]
    for query, headers in sent:
        error_of(client.get(ROOT + "keyed", query, headers=headers), 400, "badRequest")


def test_places_where_no_key_is_looked_for(serve: Serve, location: str) -> None:
    key, _ = new_key(location)
    client = serve(Shop, control=location)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(ROOT + "post", json={"key": key}).status == 401
    assert client.post(ROOT + "post", body=f"key={key}".encode(), headers=form).status == 401
    for headers in (
        {"key": key},
        {"Authorization": f"Bearer {key}"},
        {"Cookie": f"key={key}"},
        {"X-Goog-Api-Key": key},
    ):
        assert client.get(ROOT + "keyed", headers=headers).status == 401


def test_the_effective_method_is_the_one_that_is_guarded(serve: Serve, location: str) -> None:
    client = serve(Shop, control=location)
    override = {"X-HTTP-Method-Override": "DELETE"}
    assert client.post(ROOT + "thing", headers=override).status == 401
    assert client.request("DELETE", ROOT + "thing", headers={"X-HTTP-Method-Override": "POST"}).status == 401
    assert client.request("HEAD", ROOT + "keyed").status in (401, 404, 405)
    assert client.post(ROOT + "thing").status == 200
    for path in ("keyed/", "//keyed", "key%65d", "KEYED", "free/../keyed"):
        assert client.get(ROOT + path).status in (401, 404), path


def test_the_key_goes_before_what_the_request_says(serve: Serve, location: str) -> None:
    client = serve(Shop, control=location)
    for body in (b"{", b"\xff", b"[" * 100_000):
        assert client.post(ROOT + "post", body=body).status == 401


def test_a_key_that_nobody_asked_for_is_not_looked_at(serve: Serve, location: str) -> None:
    key, _ = new_key(location)
    client = serve(Shop, control=location)
    for query in ({"key": "invented"}, {"key": key}, {"key": ["a", "b"]}):
        response = client.get(ROOT + "free", query)
        assert (response.status, response.json()) == (200, {"text": "None"})


def test_the_method_can_read_the_key(serve: Serve, location: str) -> None:
    key, _ = new_key(location)
    assert serve(Shop, control=location).get(ROOT + "told", {"key": key}).json() == {"text": key}


def test_a_key_for_one_api(serve: Serve, location: str) -> None:
    key, _ = new_key(location, "acme", "annex")
    client = serve(Shop, Annex, control=location)
    assert client.get("/_ah/api/annex/v1/keyed", {"key": key}).json() == {"text": "acme"}
    assert client.get("/_ah/api/annex/v1/keyed").status == 401
    assert client.get("/_ah/api/annex/v1/free").json() == {"text": "None"}
    assert client.get(ROOT + "keyed", {"key": key}).status == 403


def test_a_change_counts_with_the_next_request(serve: Serve, location: str) -> None:
    client = serve(Shop, control=location)
    assert client.get(ROOT + "keyed", {"key": "too-early"}).status == 400
    key, record = new_key(location)
    assert client.get(ROOT + "keyed", {"key": key}).status == 200
    stored_control(location, "a test").keys.revoke(record.id, int(time.time()))
    assert error_of(client.get(ROOT + "keyed", {"key": key}), 400, "badRequest")["message"] == INVALID


def test_a_key_is_revoked_when_it_is_first_revoked(location: str) -> None:
    keys = stored_control(location, "a test").keys
    _, record = new_key(location)
    for at in (2000, 3000, 1000, 4000):
        keys.revoke(record.id, at)
    assert [each.revoked for each in keys.all()] == [1000]


def test_control_is_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve(Shop, control="off").get(ROOT + "keyed").json() == {"text": "None"}
    monkeypatch.setenv("ENDPOINTS_CONTROL", "off")
    assert serve(Shop).get(ROOT + "keyed").json() == {"text": "None"}


def test_documents_need_no_key(serve: Serve, location: str) -> None:
    client = serve(Annex, control=location)
    assert client.get("/_ah/api/discovery/v1/apis").status == 200
    assert client.get("/_ah/api/discovery/v1/apis/annex/v1/rest").status == 200


def test_refusals_are_shared_with_other_origins(serve: Serve, location: str) -> None:
    response = serve(Shop, control=location).get(ROOT + "keyed", headers={"Origin": "https://app.example"})
    assert (response.status, response.headers["access-control-allow-origin"]) == (401, "https://app.example")


def test_no_file_before_there_is_a_key(serve: Serve, tmp_path: Path) -> None:
    client = serve(Shop, control=f"sqlite:///{tmp_path / 'control.db'}")
    assert client.get(ROOT + "free").status == 200
    assert client.get(ROOT + "keyed", {"key": "invented"}).status == 400
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none(serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "control.db"
    path.write_text("no database " * 1000)
    client = serve(Shop, control=f"sqlite:///{path}")
    error_of(client.get(ROOT + "keyed", {"key": "invented"}), 503, "backendError")
    assert str(path) in caplog.text


def test_the_log_names_the_key_but_does_not_tell_it(
    serve: Serve, location: str, caplog: pytest.LogCaptureFixture
) -> None:
    key, record = new_key(location, expires=1)
    client = serve(Shop, control=location)
    with caplog.at_level(logging.WARNING, "endpoints.control"):
        client.get(ROOT + "keyed", {"key": key})
        client.get(ROOT + "keyed", {"key": key[:-1] + ("a" if key[-1] != "a" else "b")})
        client.get(ROOT + "keyed", {"key": "invented\nline"})
        client.get(ROOT + "keyed")
    told = [vars(each) for each in caplog.records]
    assert [each["refusal"] for each in told] == ["keyExpired", "keyInvalid", "keyInvalid", "keyMissing"]
    assert [each["key_id"] for each in told] == [record.id, record.id, None, None]
    assert {each["method"] for each in told} == {"shop.get_keyed"}
    assert told[0]["consumer"] == "project:acme"
    assert "invented" not in caplog.text and key[15:] not in caplog.text


def test_outside_of_any_request() -> None:
    with pytest.raises(endpoints.InvalidGetUserCall):
        endpoints.get_current_consumer()
