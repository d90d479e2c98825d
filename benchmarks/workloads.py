"""The work every peer does: the requests, and what a right answer looks like."""

from __future__ import annotations

import datetime
import json
from typing import Any

PREFIX = "/_ah/api/bench/v1"
CREATED = datetime.datetime(2024, 5, 17, 12, 34, 56, 789000)  # noqa: DTZ001 - an API's naive datetimes carry no offset
HEADERS = (("host", "127.0.0.1:8000"), ("user-agent", "bench/1"), ("accept", "*/*"))


class Work:
    """One request, sent over and over; several paths are taken in turn, because some routers cache by path."""

    def __init__(self, method: str, paths: tuple[str, ...], query: str = "", body: bytes = b"") -> None:
        self.method = method
        self.paths = paths
        self.query = query
        self.body = body

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        if not self.body:
            return HEADERS
        return (*HEADERS, ("content-type", "application/json"), ("content-length", str(len(self.body))))


def item(i: int) -> dict[str, object]:
    return {
        "id": i,
        "title": f"item number {i}",
        "tags": ["red", "green", "blue"],
        "price": i * 1.25 + 0.5,
        "created": "2024-05-17T12:34:56.789000",
        "author": {"name": "Ada Lovelace", "email": "ada@example.com"},
    }


ECHO = b'{"content": "hello"}'
ITEMS = json.dumps({"items": [item(i) for i in range(20)]}).encode()


def work(name: str, routes: int = 0) -> Work:
    """W1 echo, W2 path parameter, W3 items out, W4 items in and out, W5 the last of so many registered methods.

    W3-partial is for those who know the parameter `fields`: of each item the id, and of its author the name.
    """
    match name:
        case "W1":
            return Work("POST", (f"{PREFIX}/echo",), "n=3", ECHO)
        case "W2":
            return Work("GET", (f"{PREFIX}/greetings/42",))
        case "W3":
            return Work("GET", (f"{PREFIX}/items",))
        case "W3-partial":
            return Work("GET", (f"{PREFIX}/items",), "fields=items(id,author/name)")
        case "W4":
            return Work("POST", (f"{PREFIX}/items",), "", ITEMS)
        case "W5":
            return Work("POST", tuple(f"{PREFIX}/m{routes - 1}/{i}/echo" for i in range(5000)), "n=3", ECHO)
    raise KeyError(name)


def check(name: str, status: int, body: bytes) -> None:
    """Raise ValueError unless this is the right answer; integers may be strings and datetimes carry an offset."""
    if status != 200 or not _right(name, json.loads(body)):
        raise ValueError(f"{name}: wrong answer {status} {body[:300]!r}")


def _right(name: str, got: Any) -> bool:
    match name:
        case "W2":
            return int(got["id"]) == 42 and got["message"] == "hello 42"
        case "W3":
            return _same_items(got["items"], 100)
        case "W3-partial":
            parts = [{"id": i, "author": {"name": "Ada Lovelace"}} for i in range(100)]
            return [{**each, "id": int(each["id"])} for each in got["items"]] == parts
        case "W4":
            return int(got["count"]) == 20 and _same_items(got["items"], 20)
    return got == {"content": "hello hello hello"}


def _same_items(items: list[dict[str, object]], count: int) -> bool:
    plain = [{**each, "id": int(str(each["id"])), "created": str(each["created"])[:23]} for each in items]
    return plain == [{**item(i), "created": "2024-05-17T12:34:56.789"} for i in range(count)]
