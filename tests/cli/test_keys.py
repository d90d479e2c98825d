"""`endpoints keys`: what is written to the store is what servers go by."""

from __future__ import annotations

import json
import re
import stat
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis

import endpoints
from tests.cli.conftest import run
from tests.client import Client
from tests.control.conftest import location, redis_server, session_redis
from tests.control.redis_server import RedisServer
from tests.control.shop import ROOT, Shop, new_key

__all__ = ["location", "redis_server", "session_redis"]  # fixtures

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def store(location: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ENDPOINTS_CONTROL", location)
    return location


def made(capsys: Captured, *arguments: str) -> tuple[str, str]:
    """The key and its id."""
    assert run("keys", *arguments) == 0
    output = capsys.readouterr()
    key = output.out.removesuffix("\n")
    assert re.fullmatch(r"epk_[a-z2-9]{10}_[A-Za-z0-9_-]{43}", key)
    assert "not shown again" in output.err and key not in output.err
    return key, key.split("_")[1]


def listed(capsys: Captured, *arguments: str) -> list[dict[str, Any]]:
    assert run("keys", "list", "--json", *arguments) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def status(key: str) -> int:
    return Client(endpoints.api_server([Shop]), "wsgi").get(ROOT + "keyed", {"key": key}).status


@pytest.mark.usefixtures("store")
def test_create_and_list(capsys: Captured) -> None:
    key, key_id = made(capsys, "create", "--consumer", "Acme Inc.")
    assert status(key) == 200
    (found,) = listed(capsys)
    created = found.pop("created")
    assert abs(datetime.fromisoformat(created).timestamp() - time.time()) < 30
    none = {"expires": None, "revoked": None}
    assert found == {"id": key_id, "consumer": "Acme Inc.", "apis": [], "state": "active", **none}
    assert run("keys", "list") == 0
    table = capsys.readouterr().out.splitlines()
    assert table == ["ID          CONSUMER   APIS  CREATED               EXPIRES  STATE",
                     f"{key_id}  Acme Inc.  all   {created}  -        active"]  # fmt: skip


@pytest.mark.usefixtures("store")
def test_the_key_itself_is_nowhere(capsys: Captured, tmp_path: Path) -> None:
    key, key_id = made(capsys, "create", "--consumer", "acme")
    run("keys", "list", "--json")
    output = capsys.readouterr()
    assert key_id in output.out and key[15:] not in output.out + output.err
    for path in tmp_path.iterdir():
        assert key[15:].encode() not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90d", 90 * 86400), ("12h", 12 * 3600), ("30m", 1800), ("45s", 45)],
)
def test_expires_in(capsys: Captured, text: str, seconds: int) -> None:
    made(capsys, "create", "--consumer", "acme", "--expires", text)
    (found,) = listed(capsys)
    assert abs(datetime.fromisoformat(found["expires"]).timestamp() - time.time() - seconds) < 30


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2100-01-31", datetime(2100, 1, 31, tzinfo=UTC)),
        ("2100-01-31T12:00:00+02:00", datetime(2100, 1, 31, 10, tzinfo=UTC)),
        ("2100-01-31T12:00:00Z", datetime(2100, 1, 31, 12, tzinfo=UTC)),
    ],
)
def test_expires_on(capsys: Captured, text: str, moment: datetime) -> None:
    made(capsys, "create", "--consumer", "acme", "--expires", text)
    assert datetime.fromisoformat(listed(capsys)[0]["expires"]) == moment


@pytest.mark.usefixtures("store")
def test_for_some_apis(capsys: Captured) -> None:
    elsewhere, _ = made(capsys, "create", "--consumer", "acme", "--api", "other", "--api", "annex")
    here, _ = made(capsys, "create", "--consumer", "umbrella", "--api", "shop")
    assert [each["apis"] for each in listed(capsys, "--consumer", "acme")] == [["other", "annex"]]
    assert (status(elsewhere), status(here)) == (403, 200)


@pytest.mark.usefixtures("store")
def test_revoke(capsys: Captured) -> None:
    key, key_id = made(capsys, "create", "--consumer", "acme")
    assert status(key) == 200
    assert run("keys", "revoke", key_id) == 0
    assert capsys.readouterr().out == f"key {key_id} of acme is revoked\n"
    assert status(key) == 400
    (found,) = listed(capsys)
    assert found["state"] == "revoked"


@pytest.mark.usefixtures("store")
def test_rotate(capsys: Captured) -> None:
    old, old_id = made(capsys, "create", "--consumer", "acme", "--api", "shop", "--expires", "9d")
    new, new_id = made(capsys, "rotate", old_id)
    assert (status(old), status(new)) == (400, 200)
    one, two = listed(capsys)
    assert {one["id"]: one["state"], two["id"]: two["state"]} == {old_id: "revoked", new_id: "active"}
    assert {name: one[name] for name in ("consumer", "apis", "expires")} == {
        name: two[name] for name in ("consumer", "apis", "expires")
    }


@pytest.mark.usefixtures("store")
def test_rotate_with_an_overlap(capsys: Captured) -> None:
    old, old_id = made(capsys, "create", "--consumer", "acme")
    new, _ = made(capsys, "rotate", old_id, "--overlap", "1h", "--expires", "30d")
    assert (status(old), status(new)) == (200, 200)
    found = {each["id"]: each for each in listed(capsys)}
    assert found[old_id]["state"] == "active"
    assert abs(datetime.fromisoformat(found[old_id]["revoked"]).timestamp() - time.time() - 3600) < 30


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (("create",), "--consumer"),
        (("create", "--consumer", ""), "expected a name of 1 to 100 printable characters, found ''"),
        (("create", "--consumer", "a\nb"), "expected a name of 1 to 100 printable characters"),
        (("create", "--consumer", "a" * 101), "expected a name of 1 to 100 printable characters"),
        (("create", "--consumer", "a", "--api", "shop:v1"), "expected the name of an API, without its version"),
        (("create", "--consumer", "a", "--expires", "soon"), "expected a duration like 90d or a date like 2030-01-31"),
        (("create", "--consumer", "a", "--expires", "2020-01-01"), "expected a moment in the future"),
        (("create", "--consumer", "a", "--expires", "0d"), "expected a moment in the future"),
        (("create", "--consumer", "a", "--expires", "999999d"), "expected a duration like"),
        (("revoke", "nobody"), "there is no key with the id 'nobody'"),
        (("rotate", "nobody"), "there is no key with the id 'nobody'"),
        (("rotate", "x", "--overlap", "long"), "expected a duration like 30m, 24h or 7d, found 'long'"),
        (("create", "--consumer", "a", "--control", "off"), "control is off"),
        (("create", "--consumer", "a", "--control", "google"), "Google keeps keys"),
        (("create", "--consumer", "a", "--control", "google:x"), "--control: Google keeps keys"),
        (("create", "--consumer", "a", "--expires", "9999-12-31T23:59:59-05:00"), "expected a duration like"),
        (("list", "--control", "mysql://x"), "'mysql://x' is no control; expected sqlite"),
        (("list", "--control", "redis://127.0.0.1:1/0"), "Redis at 127.0.0.1:1"),
        (("create", "--consumer", "a", "--control", "sqlite:////nowhere/at/all.db"), "/nowhere/at/all.db"),
        (("destroy",), "invalid choice: 'destroy'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_mistakes(capsys: Captured, tmp_path: Path, arguments: tuple[str, ...], mistake: str) -> None:
    where = () if "--control" in arguments or arguments == ("destroy",) else ("--control", f"sqlite:///{tmp_path}/x.db")
    assert run("keys", *arguments, *where) == 2
    output = capsys.readouterr()
    assert output.out == "" and mistake in output.err and "Traceback" not in output.err


def test_a_key_in_the_place_of_an_id_is_not_repeated(capsys: Captured, tmp_path: Path) -> None:
    where = ("--control", f"sqlite:///{tmp_path}/x.db")
    key, _ = made(capsys, "create", "--consumer", "acme", *where)
    assert run("keys", "revoke", key, *where) == 2
    told = capsys.readouterr().err
    assert "not the key" in told and key[15:] not in told


def test_rotating_a_revoked_key(capsys: Captured, tmp_path: Path) -> None:
    where = ("--control", f"sqlite:///{tmp_path}/x.db")
    _, key_id = made(capsys, "create", "--consumer", "acme", *where)
    assert run("keys", "revoke", key_id, *where) == 0
    assert run("keys", "rotate", key_id, *where) == 2
    assert f"key {key_id} is revoked" in capsys.readouterr().err


def test_the_default_file(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENDPOINTS_CONTROL")
    key, _ = made(capsys, "create", "--consumer", "acme")
    assert (tmp_path / "endpoints-control.db").exists()
    assert status(key) == 200


def test_where_google_keeps_the_keys(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENDPOINTS_CONTROL")
    monkeypatch.setenv("ENDPOINTS_SERVICE_NAME", "shop.endpoints.example.com")
    assert run("keys", "create", "--consumer", "acme") == 2
    assert "ENDPOINTS_SERVICE_NAME: Google keeps keys" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_times_beyond_the_calendar(capsys: Captured, store: str) -> None:
    new_key(store, expires=10**15)
    assert listed(capsys)[0]["expires"] == "9999-12-31T23:59:59Z"
    assert run("keys", "list") == 0


@pytest.mark.parametrize(("field", "value"), [("expires", b"soon"), ("consumer", b"\xff")])
def test_a_record_that_cannot_be_read(capsys: Captured, redis_server: RedisServer, field: str, value: bytes) -> None:
    _, record = new_key(redis_server.url)
    with redis.Redis.from_url(redis_server.url) as client:
        client.hset(f"endpoints:key:{record.digest}", field, value)
    assert run("keys", "list", "--control", redis_server.url) == 2
    told = capsys.readouterr().err
    assert f"cannot read the record of key {record.id if field == 'expires' else 'with the digest'}" in told
