"""What generated clients call: the guestbook, and an API with every type and with names that are hard on generators."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import endpoints
from protorpc import message_types, messages, remote

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "examples" / "guestbook"), str(ROOT / "tests" / "conformance" / "services")]

alltypes = importlib.import_module("alltypes")

package = "wide"  # part of the names of the messages


class Odd(messages.Message):
    """Names that mean something in the languages of clients: */ `${x}` \\ "quoted"."""

    for _number, _name in enumerate(["class", "from", "d", "cls", "self", "größe", "constructor", "then"], 1):
        locals()[_name] = messages.StringField(_number)
    del _number, _name


class Caller(messages.Message):
    """What a call tells of itself."""

    authorization = messages.StringField(1)
    key = messages.StringField(2)
    header = messages.StringField(3)


PATH = endpoints.ResourceContainer(
    flag=messages.BooleanField(1, required=True),
    e=messages.EnumField(alltypes.Color, 2, required=True),
    i64=messages.IntegerField(3, required=True),
    m=messages.MessageField(alltypes.Inner, 4),
)
QUERY_FIELDS: dict[str, Any] = {
    "class": messages.StringField(1, default="first"),
    "body": messages.IntegerField(2),
    "params": messages.StringField(3, repeated=True),
    "t": message_types.DateTimeField(4),
    "e": messages.EnumField(alltypes.Color, 5, repeated=True),
    "m": messages.MessageField(alltypes.Inner, 6),
    "b": messages.BooleanField(7),
}
QUERY = endpoints.ResourceContainer(**QUERY_FIELDS)
COUNT = endpoints.ResourceContainer(upto=messages.IntegerField(1, required=True), fail=messages.BooleanField(2))
NAMED = endpoints.ResourceContainer(Odd, name=messages.StringField(20, required=True), client=messages.StringField(21))


@endpoints.api(name="wide", version="v2", description="Everything that can be declared: */ `${x}`")
class WideApi(remote.Service):
    """One method for each kind of thing."""

    @endpoints.method(alltypes.Everything, alltypes.Everything, path="everything", name="everything.echo")
    def everything(self, request: Any) -> Any:
        """Answers what it is sent.

        Every type: */ `${x}`.
        """
        return request

    @endpoints.method(alltypes.Lists, alltypes.Lists, path="lists", name="lists.echo")
    def lists(self, request: Any) -> Any:
        return request

    @endpoints.method(alltypes.Defaults, alltypes.Defaults, path="defaults", name="defaults.echo")
    def defaults(self, request: Any) -> Any:
        return request

    @endpoints.method(alltypes.Required, alltypes.Seen, path="required", name="required.see")
    def required(self, request: Any) -> Any:
        return alltypes.seen(request)

    @endpoints.method(NAMED, Odd, path="odd/{name}", http_method="PUT", name="odd.class")
    def odd(self, request: Any) -> Any:
        return Odd(**{each.name: getattr(request, each.name) for each in Odd.all_fields()})

    @endpoints.method(PATH, alltypes.Seen, path="{flag}/{e}/{i64}/{m.label}", http_method="GET", name="path")
    def path(self, request: Any) -> Any:
        return alltypes.seen(request)

    @endpoints.method(QUERY, alltypes.Seen, path="query", http_method="GET", name="query")
    def query(self, request: Any) -> Any:
        return alltypes.seen(request)

    @endpoints.method(path="nothing", http_method="DELETE", name="nothing.delete")
    def nothing(self, request: Any) -> None:
        pass

    @endpoints.method(response_message=Caller, path="caller", http_method="GET", name="caller")
    def caller(self, request: Any) -> Any:
        state = self.request_state
        assert isinstance(state, remote.HttpRequestState)
        key = request.get_unrecognized_field_info("key")[0]
        return Caller(authorization=state.headers.get("Authorization"), key=key, header=state.headers.get("X-Further"))

    @endpoints.method(path="gone", http_method="POST", name="caller.gone")
    def gone(self, request: Any) -> None:
        details = [{"@type": "type.example/Shelf", "shelf": 4}]
        raise endpoints.GoneException("It was here", reason="movedAway", domain="shelves", details=details)

    @endpoints.method(COUNT, alltypes.Inner, path="count", http_method="GET", name="numbers.count")
    def count(self, request: Any) -> Any:
        """A stream."""
        for number in range(request.upto):
            yield alltypes.Inner(label=f"größe {number}")
        if request.fail:
            raise endpoints.GoneException("No more")

    @endpoints.method(path="keyed", name="caller.keyed", api_key_required=True)
    def keyed(self, request: Any) -> None:
        """Nobody calls it: it makes the document say where a key goes."""


app = endpoints.api_server([importlib.import_module("guestbook").GuestbookApi, WideApi], naive_datetimes="utc")
