"""What the tables of rules are made with: ways to change a document, and what is said of the change."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from endpoints.diff import comparison, documents
from tests.diff import shop
from tests.diff.shop import ITEMS, SETTINGS, Json, schemas

Edit = Callable[[Json], Any]

GET = "GET /api/shop/v2/items"
POST = "POST /api/shop/v2/items"
PUT = "PUT /api/shop/v2/settings"
DELETE = "DELETE /api/shop/v2/items/{id}"
EMPTY: Json = {"description": ""}


def check(name: str, both: Edit | None, edit: Edit, there: list[str], back: list[str]) -> None:
    """One row of a table.

    Args:
        name: of the document in `shop`.
        both: changes it on both sides, before.
        edit: makes the newer document.
        there: what is said of it.
        back: what is said when the newer document is the older one.
    """
    old, new = shop.DOCUMENTS[name](), shop.DOCUMENTS[name]()
    if both:
        both(old)
        both(new)
    edit(new)
    assert said(old, new) == there
    assert said(new, old) == back


def said(old: Json, new: Json) -> list[str]:
    found = comparison.compare(documents.read("old.json", old), documents.read("new.json", new))
    return [f"{change.rule.key} | {change.where} | {change.what}" for change in found.changes]


def listing(document: Json) -> Json:
    """The operation of `GET`; the next ones are those of `POST` and `PUT`."""
    found: Json = document["paths"][ITEMS]["get"]
    return found


def adding(document: Json) -> Json:
    found: Json = document["paths"][ITEMS]["post"]
    return found


def setting(document: Json) -> Json:
    found: Json = document["paths"][SETTINGS]["put"]
    return found


def methods(document: Json) -> Json:
    """Those of a discovery document."""
    found: Json = document["resources"]["items"]["methods"]
    return found


def parameter(document: Json, name: str) -> Json:
    """A parameter of `GET`."""
    found: Json = next(each for each in listing(document)["parameters"] if each["name"] == name)
    return found


def properties(document: Json, schema: str) -> Json:
    found: Json = schemas(document)[schema]["properties"]
    return found


def order(*names: str) -> Edit:
    """Name arguments of a method by position."""
    return lambda document: methods(document)["list"].update(parameterOrder=list(names))


def move(document: Json, old: str, new: str) -> Json:
    """Give operations another path."""
    found: Json = document["paths"].pop(old)
    document["paths"][new] = found
    return found


def name_schema(old: str, new: str) -> Edit:
    def edit(document: Json) -> None:
        changed = json.dumps(document).replace(f'"{old}"', f'"{new}"').replace(f'/{old}"', f'/{new}"')
        document.clear()
        document.update(json.loads(changed))

    return edit


def name_api(document: Json) -> None:
    changed = json.loads(json.dumps(document).replace("shop", "store"))
    document.update(changed, rootUrl=document["rootUrl"])


def secure(*alternatives: dict[str, list[str]]) -> Edit:
    """Let callers of `GET` in by any of these."""
    return lambda document: listing(document).update(security=list(alternatives))


def in_turn(*edits: Edit) -> Edit:
    def edit(document: Json) -> None:
        for each in edits:
            each(document)

    return edit
