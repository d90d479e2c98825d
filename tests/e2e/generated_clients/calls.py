"""Calls the server whose address is its argument, through packages made for it; mypy checks it against their types."""

from __future__ import annotations

import asyncio
import datetime
import sys
from typing import assert_type

from guestbook_client import Client
from guestbook_client.api.greetings import greetings_get, greetings_insert, greetings_list, greetings_multiply
from guestbook_client.models import ErrorResponse, GuestbookGreeting, GuestbookGreetingsPage, GuestbookStoredGreeting
from wide_client import AuthenticatedClient
from wide_client import Client as WideClient
from wide_client.api.caller import caller_gone
from wide_client.api.defaults import defaults_echo
from wide_client.api.everything import everything_echo
from wide_client.api.lists import lists_echo
from wide_client.api.nothing import nothing_delete
from wide_client.api.odd import odd_class
from wide_client.api.required import required_see
from wide_client.api.wide import caller, path, query
from wide_client.models import (
    AlltypesDefaults,
    AlltypesEverything,
    AlltypesInner,
    AlltypesLists,
    AlltypesRequired,
    AlltypesSeen,
    WideCaller,
    WideOdd,
)
from wide_client.models import ErrorResponse as WideError
from wide_client.types import UNSET, Unset

BASE_URL = f"{sys.argv[1]}/_ah/api"
NOON = datetime.datetime(2014, 2, 8, 12, 0, 5, 123456, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def guestbook() -> None:
    with Client(base_url=BASE_URL) as client:
        made = greetings_insert.sync(client=client, body=GuestbookGreeting(message="from Python ☃"))
        assert_type(made, ErrorResponse | GuestbookStoredGreeting | None)
        assert isinstance(made, GuestbookStoredGreeting) and isinstance(made.id, str)
        found = greetings_get.sync(made.id, client=client)
        assert found == made and made.message == "from Python ☃"
        page = greetings_list.sync(client=client, limit=1)
        assert isinstance(page, GuestbookGreetingsPage) and isinstance(page.items, list)
        assert_type(page.items, list[GuestbookStoredGreeting])
        assert len(page.items) == 1 and isinstance(page.next_page_token, str)
        multiplied = greetings_multiply.sync(3, client=client, body=GuestbookGreeting(message="ab"))
        assert isinstance(multiplied, GuestbookGreeting) and multiplied.message == "ababab"
        lost = greetings_get.sync_detailed("1", client=client)
        assert lost.status_code == 404 and isinstance(lost.parsed, ErrorResponse)
        assert lost.parsed.error.message == "There is no greeting 1"
        assert lost.parsed.error.errors[0].reason == "notFound"


def everything(client: WideClient) -> None:
    inner = AlltypesInner(label="x", weight=1.5, color="RED")
    sent = AlltypesEverything(
        s="grüß Gott ☃",
        b=False,
        y="+/8=",
        f=0.25,
        d_=-1e300,
        i32=-(2**31),
        i64="9223372036854775807",
        u32=2**32 - 1,
        u64="18446744073709551615",
        e="BLUE",
        t=NOON,
        m=inner,
    )
    answer = everything_echo.sync(client=client, body=sent)
    assert isinstance(answer, AlltypesEverything)
    assert_type(answer.t, datetime.datetime | Unset)
    assert answer == sent, answer
    assert answer.s32 is UNSET
    lists = AlltypesLists(s=["a", ""], i64=["-1"], e=["RED", "BLUE"], t=[NOON], m=[inner, AlltypesInner()], d_=[0.5])
    assert lists_echo.sync(client=client, body=lists) == lists
    defaults = defaults_echo.sync(client=client, body=AlltypesDefaults())
    assert isinstance(defaults, AlltypesDefaults)
    assert (defaults.s, defaults.i64, defaults.e, defaults.y) == ("dflt", "4200000000", "GREEN", "YWJj")
    seen = required_see.sync(client=client, body=AlltypesRequired(s="x", i="3", m=inner))
    assert isinstance(seen, AlltypesSeen) and isinstance(seen.lines, list) and "s: text x" in seen.lines


def odd(client: WideClient) -> None:
    sent = WideOdd(class_="1", from_="2", d_="3", cls_="4", self_="5", größe="6", constructor="7", then="8")
    assert odd_class.sync("a%b ö&+", client=client, body=sent, client_query="me") == sent
    seen = path.sync(True, "RED", "9007199254740993", "a&b", client=client, m_weight=0.5)
    assert isinstance(seen, AlltypesSeen)
    nested = "m: {color: null, label: text a&b, weight: float 0.5}"
    assert seen.lines == ["e: RED=1", "flag: true", "i64: int 9007199254740993", nested]
    seen = query.sync(client=client, body_="-5", params_=["a&b", "c"], t=NOON, e=["RED", "BLUE"], m_label="x", b=True)
    assert isinstance(seen, AlltypesSeen)
    assert seen.lines == [
        *("b: true", "body: int -5", "class: text first", "e: [RED=1, BLUE=7]"),
        *("m: {color: null, label: text x, weight: null}", "params: [text a&b, text c]", f"t: {NOON.isoformat()}"),
    ]


def answers_and_errors(client: WideClient) -> None:
    nothing = nothing_delete.sync_detailed(client=client)
    assert nothing.status_code == 204 and nothing.parsed is None
    gone = caller_gone.sync_detailed(client=client)
    assert gone.status_code == 410 and isinstance(gone.parsed, WideError)
    (entry,) = gone.parsed.error.errors
    assert (entry.reason, entry.domain, entry.message) == ("movedAway", "shelves", "It was here")


async def authenticated() -> None:
    further = {"X-Further": "yes"}
    settings = {"params": {"key": "k"}}
    async with AuthenticatedClient(BASE_URL, "secret", headers=further, httpx_args=settings) as client:
        found = await caller.asyncio(client=client)
    assert isinstance(found, WideCaller)
    assert (found.authorization, found.key, found.header) == ("Bearer secret", "k", "yes")


guestbook()
with WideClient(base_url=BASE_URL) as wide:
    everything(wide)
    odd(wide)
    answers_and_errors(wide)
asyncio.run(authenticated())
