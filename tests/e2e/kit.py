"""What these tests serve: services of the conformance kit, the guestbook, and a service that watches its callers."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import time
from pathlib import Path

import endpoints
from protorpc import messages, remote

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "examples" / "guestbook"), str(ROOT / "tests" / "conformance" / "services")]
KIT = ("alltypes", "params", "schemas", "errors", "requesturi")


alltypes = importlib.import_module("alltypes")


class Seen(messages.Message):
    """What a call has seen of itself."""

    caller = messages.StringField(1)
    later = messages.StringField(2)
    process = messages.IntegerField(3, variant=messages.Variant.INT32)


class Gone(endpoints.GoneException):
    """An error with everything that one can have."""

    def __init__(self) -> None:
        details = [{"@type": "type.example/Shelf", "shelf": 4}]
        super().__init__("It was here yesterday", reason="movedAway", domain="shelves", details=details)


@endpoints.api(name="watch", version="v1")
class WatchApi(remote.Service):
    """Calls that take their time and tell who has made them."""

    @endpoints.method(path="blocking", http_method="GET")
    def blocking(self, request, seconds: float = 0.0) -> Seen:  # type: ignore[no-untyped-def]
        caller = self._caller()
        time.sleep(seconds)
        return Seen(caller=caller, later=self._caller(), process=os.getpid())

    @endpoints.method(path="waiting", http_method="GET")
    async def waiting(self, request, seconds: float = 0.0) -> Seen:  # type: ignore[no-untyped-def]
        caller = self._caller()
        await asyncio.sleep(seconds)
        return Seen(caller=caller, later=self._caller(), process=os.getpid())

    @endpoints.method(path="authorization", http_method="GET")
    async def authorization(self, request) -> Seen:  # type: ignore[no-untyped-def]
        state = self.request_state
        return Seen(caller=state.headers.get("Authorization") if isinstance(state, remote.HttpRequestState) else None)

    @endpoints.method(path="gone", http_method="GET")
    def gone(self, request) -> Seen:  # type: ignore[no-untyped-def]
        raise Gone

    def _caller(self) -> str | None:
        state = self.request_state
        return state.headers.get("X-Caller") if isinstance(state, remote.HttpRequestState) else None


@endpoints.api(name="fields", version="v1")
class FieldsApi(remote.Service):
    """Every field type and no default: google-apitools makes no package of an API with a default of a bytes field."""

    @endpoints.method(alltypes.Everything, alltypes.Everything, path="single", name="single")
    def single(self, request):  # type: ignore[no-untyped-def]
        return request

    @endpoints.method(alltypes.Lists, alltypes.Lists, path="repeated", name="repeated")
    def repeated(self, request):  # type: ignore[no-untyped-def]
        return request

    @endpoints.method(alltypes.EVERYTHING_QUERY, alltypes.Seen, path="query", http_method="GET", name="query")
    def query(self, request):  # type: ignore[no-untyped-def]
        return alltypes.seen(request)


app = endpoints.api_server(
    [
        WatchApi,
        FieldsApi,
        importlib.import_module("guestbook").GuestbookApi,
        importlib.import_module("echo").EchoApi,
        *(service for name in KIT for service in importlib.import_module(name).API_CLASSES),
    ]
)
