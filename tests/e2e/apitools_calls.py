"""Calls the packages that gen_client has put beside this file; a failed assertion is the exit status."""

from __future__ import annotations

import datetime
import importlib
from types import ModuleType
from typing import Any

import pytest


def client(api: str, version: str, class_name: str) -> tuple[Any, ModuleType]:
    package = f"{api}_{version}"
    made = getattr(importlib.import_module(f"{package}.{package}_client"), class_name)
    return made(get_credentials=False), importlib.import_module(f"{package}.{package}_messages")


def fields() -> None:
    api, messages = client("fields", "v1", "FieldsV1")
    color = messages.AlltypesEverything.EValueValuesEnum
    sent = messages.AlltypesEverything(
        s="grüß Gott ☃",
        b=False,
        y=b"\xfb\xff?",
        f=0.25,
        d=-1e300,
        i32=-(2**31),
        i64=2**63 - 1,
        u32=2**32 - 1,
        u64=2**64 - 1,
        e=color.BLUE,
        t=datetime.datetime(2014, 2, 8, 3, 9, 5, 123456),  # noqa: DTZ001 - a date without an offset
        m=messages.AlltypesInner(label="x", weight=1.5, color=messages.AlltypesInner.ColorValueValuesEnum.RED),
    )
    assert api.api.Single(sent) == sent
    many = messages.AlltypesLists(
        s=["a", ""], b=[True, False], y=[b"\xff", b""], i64=[-1], u64=[2**64 - 1], m=[messages.AlltypesInner(label="x")]
    )
    assert api.api.Repeated(many) == many
    asked = messages.FieldsQueryRequest(
        s="a&b=c",
        b=True,
        y=b"\xfb\xff",
        d=0.5,
        i64=-5,
        e=messages.FieldsQueryRequest.EValueValuesEnum.GREEN,
        m_label="x",
    )
    lines = api.api.Query(asked).lines
    said = ("s: text a&b=c", "b: true", "y: bytes fb ff", "d: float 0.5", "i64: int -5", "e: GREEN=2")
    assert {*said, "m: {color: null, label: text x, weight: null}"} <= set(lines), lines


def params() -> None:
    api, messages = client("params", "v1", "ParamsV1")
    request = messages.ParamsPeopleUpdateRequest(
        id=3,
        verbose=True,
        token=["a", "b"],
        paramsPerson=messages.ParamsPerson(name="Ann", home=messages.ParamsPlace(city="Bonn")),
    )
    assert api.people.Update(request).text == "3 | True | SMALL | 10 | - | a,b | Ann | - | Bonn | - | "
    api.needed.Delete(messages.ParamsNeededDeleteRequest(a="x", b=1))


def guestbook() -> None:
    list_pager = importlib.import_module("apitools.base.py.list_pager")
    api, messages = client("guestbook", "v0_2", "GuestbookV02")
    for number in range(5):
        api.greetings.Insert(messages.GuestbookGreeting(message=f"number {number}"))
    pages = list_pager.YieldFromList(
        api.greetings, messages.GuestbookGreetingsListRequest(), batch_size=2, batch_size_attribute="limit"
    )
    found = [each.message for each in pages]
    assert found[0] == "Hello, world!" and found[-5:] == [f"number {number}" for number in range(5)], found


def errors() -> None:
    exceptions = importlib.import_module("apitools.base.py.exceptions")
    api, messages = client("guestbook", "v0_2", "GuestbookV02")
    with pytest.raises(exceptions.HttpNotFoundError, match="There is no greeting 1"):
        api.greetings.Get(messages.GuestbookGreetingsGetRequest(id=1))


if __name__ == "__main__":
    fields()
    params()
    guestbook()
    errors()
