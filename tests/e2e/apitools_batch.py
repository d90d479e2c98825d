"""Sends a batch by the packages that gen_client has put beside this file; a failed assertion is the exit status."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main(address: str) -> None:
    batch = importlib.import_module("apitools.base.py.batch")
    fields = importlib.import_module("fields_v1.fields_v1_client").FieldsV1(get_credentials=False)
    types = importlib.import_module("fields_v1.fields_v1_messages")
    book = importlib.import_module("guestbook_v0_2.guestbook_v0_2_client").GuestbookV02(get_credentials=False)
    greetings = importlib.import_module("guestbook_v0_2.guestbook_v0_2_messages")
    calls = batch.BatchApiRequest(batch_url=address, response_encoding="utf-8")
    sent = [types.AlltypesEverything(s=f"grüß Gott {number}", y=bytes([number]), i64=2**60) for number in range(200)]
    for each in sent:
        calls.Add(fields.api, "Single", each)
    calls.Add(book.greetings, "Get", greetings.GuestbookGreetingsGetRequest(id=9001))
    calls.Add(book.greetings, "Get", greetings.GuestbookGreetingsGetRequest(id=1))
    found: list[Any] = calls.Execute(fields.http)
    *echoed, greeting, missing = found
    assert [each.response for each in echoed] == sent, [(each.response, each.exception) for each in echoed[:3]]
    assert greeting.response.message == "Hello, world!", greeting
    assert missing.is_error and missing.exception.status_code == 404, missing


if __name__ == "__main__":
    main(sys.argv[1])
