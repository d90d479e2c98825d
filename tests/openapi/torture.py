"""An API that declares everything that can be declared of parameters, bodies, answers and verbs; it can be called."""

from __future__ import annotations

import datetime
import types
from typing import Annotated, Any, Final

import endpoints
from protorpc import message_types, messages, remote
from tests.openapi import torture_messages as shapes
from tests.openapi.torture_messages import Color, Leaf, fields_of

package = "torture"
Void = message_types.VoidMessage
Container = endpoints.ResourceContainer

NESTED: Final[dict[str, Any]] = {
    "leaf": messages.MessageField(Leaf, 41),
    "branch": messages.MessageField(shapes.Branch, 42),
}
NEEDED: Final[dict[str, Any]] = {
    "leaf": messages.MessageField(Leaf, 41, required=True),
    "name": messages.StringField(42, required=True),
}

torture = endpoints.api(
    name="torture",
    version="2.7.1",
    title="Torture & <co>",
    description='Says "hello"\\world: {braces}, ${dollars}, `ticks`,\n\n* a list\n* ☃ \U0001f600 \t tab\n',
    documentation="https://torture.example.com/docs?a=b&c=d#e",
)


class Seen(messages.Message):
    """Names of the fields that were given."""

    names = messages.StringField(1, repeated=True)


def method(request: Any, response: Any, path: str, http_method: str = "POST") -> Any:
    """Make a method that answers a message of the class `response`: what it was sent, or what it has seen."""

    def call(_self: remote.Service, sent: Any) -> Any:
        if response is Void:
            return Void()
        return sent if type(sent) is response else Seen(names=_seen(sent))

    name = f"{path}.{http_method}".replace("/", ".").replace("{", "").replace("}", "").lower()
    return endpoints.method(request, response, path=path, http_method=http_method, name=name)(call)


def _seen(message: Any) -> list[str]:
    return sorted(field.name for field in message.all_fields() if getattr(message, field.name) not in (None, []))


def service(name: str, **methods: Any) -> Any:
    """Make a service class."""
    return types.new_class(name, (remote.Service,), {}, lambda body: body.update(__module__=__name__, **methods))


ECHOED: Final = {
    "optionals": shapes.Optionals,
    "repeateds": shapes.Repeateds,
    "requireds": shapes.Requireds,
    "defaults": shapes.Defaults,
    "tree": shapes.Tree,
    "forest": shapes.Forest,
    "inner": shapes.Forest.Inner,
    "empty": shapes.Empty,
    "error": shapes.ErrorResponse,
    "odd": shapes._Under_score__9,  # noqa: SLF001 - its name is what is tested
    "date": message_types.DateTimeMessage,
}
Bodies = torture.api_class(resource_name="bodies", path="bodies")(
    service("Bodies", **{name: method(kind, kind, name, "PUT") for name, kind in ECHOED.items()})
)

QUERIES: Final[dict[str, dict[str, Any]]] = {
    "optional": fields_of(1),
    "repeated": fields_of(1, repeated=True),
    "required": fields_of(1, required=True),
    "defaulted": shapes.defaulted(1),
    "falsy": shapes.defaulted(1, shapes.FALSY),
    "dates": {"one": message_types.DateTimeField(1), "many": message_types.DateTimeField(2, repeated=True)},
    "nested": NESTED,
    "needed": NEEDED,
}
Queries = torture.api_class(resource_name="queries", path="queries")(
    service(
        "Queries",
        **{name: method(Container(**fields), Seen, name, "GET") for name, fields in QUERIES.items()},
        **{f"{name}_": method(Container(Leaf, **fields), Seen, name) for name, fields in QUERIES.items()},
        plain=method(Leaf, Leaf, "plain", "GET"),
        plain_dates=method(shapes.Branch, Seen, "plaindates", "DELETE"),
    )
)

Paths = torture.api_class(resource_name="paths", path="paths")(
    service(
        "Paths",
        **{
            f"get_{name}": method(Container(**{name: field}), Seen, f"{name}/{{{name}}}", "GET")
            for name, field in fields_of(1).items()
        },
        **{
            f"put_{name}": method(Container(Leaf, **{name: field}), Seen, f"{name}/{{{name}}}", "PUT")
            for name, field in fields_of(1, required=True).items()
        },
        **{
            f"delete_{name}": method(Container(**{name: field}), Void, f"{name}/{{{name}}}", "DELETE")
            for name, field in shapes.defaulted(1).items()
        },
        nested=method(Container(**NESTED), Seen, "nested/{leaf.label}/{branch.leaf.weight}", "GET"),
        nested_=method(Container(shapes.Tree, **NESTED), Seen, "nested/{leaf.label}/{branch.leaf.color}:tidy"),
        plain=method(Leaf, Leaf, "plain/{label}", "GET"),
        plain_=method(shapes.Branch, shapes.Branch, "plain/{id}/odd~path-with.dots", "POST"),
        many=method(
            Container(**fields_of(1)), Seen, "".join(f"{{{name}}}/" for name in fields_of(1)).rstrip("/"), "GET"
        ),
    )
)

VERBS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@torture.api_class()
class Verbs(service("VerbsBase", **{f"{verb.lower()}_it": method(Leaf, Leaf, "verbs", verb) for verb in VERBS})):  # type: ignore[misc]
    """Every verb, and what bodies and answers can be beside messages."""

    @endpoints.method(path="void/both")
    def void_both(self, request: Void) -> Void:
        return request

    @endpoints.method(Void, Leaf, path="void/request")
    def void_request(self, request: Void) -> Leaf:
        return Leaf(label="x")

    @endpoints.method(Leaf, path="void/answer", http_method="PATCH")
    def void_answer(self, request: Leaf) -> Void:
        return Void()

    @endpoints.method(Void, shapes.Tree, path="refused", http_method="GET")
    def refused(self, request: Void) -> Any:
        """Refuse.

        A *second* paragraph: "quoted", \\backslash, <b>bold</b>, # no comment, - no item
            indented | {curly} & ☃\ttab.
        """
        raise endpoints.ConflictException("never")

    @endpoints.method(path="annotated/{name}", http_method="GET")
    def annotated(  # noqa: PLR0917 - of each type one
        self,
        request: messages.Message,
        name: Annotated[str, 'The "name": of it'],
        colors: list[Color],
        count: int = 2**40,
        number: Annotated[int, messages.IntegerField(1, variant=messages.Variant.UINT32)] = 7,
        when: datetime.datetime | None = None,
        color: Color = Color.RED,
        data: bytes = b"\xff",
        share: float | None = None,
    ) -> Seen:
        """Take what Python 3 declares"""
        return Seen(names=_seen(request))

    @endpoints.method(path="annotated/{name}", http_method="POST")
    def annotated_body(self, request: Leaf, name: str, flags: list[bool]) -> Leaf:
        return request
