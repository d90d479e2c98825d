"""Calls a server through bravado: `python bravado_calls.py FOLDER ADDRESS`, OpenAPI 2.0 documents in the folder."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bravado.client import SwaggerClient
from bravado.exception import HTTPNotFound
from bravado_core.formatter import SwaggerFormat

FOLDER, ADDRESS = Path(sys.argv[1]), sys.argv[2]
# bravado knows 64-bit integers as JSON numbers only, which JavaScript has not, and unsigned ones not at all.
FORMATS = ("int64", "uint64", "uint32")


def as_sent(value: Any) -> Any:
    return value


def connect(name: str) -> Any:
    document = json.loads((FOLDER / f"{name}.swagger.json").read_text())
    formats = [
        SwaggerFormat(name, to_python=as_sent, to_wire=as_sent, validate=as_sent, description=name) for name in FORMATS
    ]
    # Every answer is validated against its schema; dates of it become datetimes.
    client: Any = SwaggerClient
    return client.from_spec(document, origin_url=ADDRESS, config={"formats": formats, "use_models": False})


def params() -> None:
    api = connect("params-v1").ParamsApi
    person = {"name": "Ann", "home": {"city": "Bonn", "zip": 53111}, "tags": ["t"]}
    asked = api.ParamsApi_update(id=3, verbose=True, size="LARGE", token=["a", "b&c"], body=person).response()
    assert asked.result == {"text": "3 | True | LARGE | 10 | - | a,b&c | Ann | - | Bonn | 53111 | t"}
    deleted = api.ParamsApi_neededDelete(a="x y", b=1).response()
    assert (deleted.metadata.status_code, deleted.result) == (204, None)


def alltypes() -> None:
    api = connect("alltypes-v1").AllTypesApi
    when = datetime(2014, 2, 8, 3, 9, 5, 123456, tzinfo=timezone(timedelta(hours=1, minutes=30)))
    sent = {"s": "grüß Gott ☃", "y": "+/8=", "i64": str(2**63 - 1), "u64": str(2**64 - 1), "e": "BLUE", "t": when}
    answer = api.AllTypesApi_body(body=sent).response().result
    assert {name: value for name, value in answer.items() if value is not None} == sent
    naive = {"t": datetime(2014, 2, 8, 3, 9, 5)}  # noqa: DTZ001 - of UTC for this server
    answered = api.AllTypesApi_body(body=naive).response().result["t"]
    assert answered.utcoffset() == timedelta(0) and answered.replace(tzinfo=None) == naive["t"]
    lines = api.AllTypesApi_query(s="a&b=c", i64="-5", b=True, e="GREEN").response().result["lines"]
    assert {"s: text a&b=c", "i64: int -5", "b: true", "e: GREEN=2"} <= set(lines)
    lines = api.AllTypesApi_listQuery(e=["RED", "BLUE"], i64=["1", "2"]).response().result["lines"]
    assert {"e: [RED=1, BLUE=7]", "i64: [int 1, int 2]"} <= set(lines)


def guestbook() -> None:
    api = connect("guestbook-v0.2").GuestbookApi
    written = api.GuestbookApi_insertGreeting(body={"message": "from bravado"}).response().result
    found = api.GuestbookApi_getGreeting(id=written["id"]).response().result
    assert found == {"id": written["id"], "message": "from bravado"}
    try:
        api.GuestbookApi_getGreeting(id="1").response()
    except HTTPNotFound as error:
        answer: Any = error.swagger_result
        assert answer["error"]["errors"][0]["reason"] == "notFound"
    else:
        raise AssertionError("there is no greeting 1")


if __name__ == "__main__":
    params()
    alltypes()
    guestbook()
