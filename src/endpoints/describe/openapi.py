"""What OpenAPI 2.0 and 3.1 say alike of a server: addresses, operation ids, the error object."""

from __future__ import annotations

import base64
import inspect
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from endpoints.describe.schema import Default, Property, Schema, Shape
from endpoints.issuers import Issuer
from endpoints.operations import Api, Operation
from endpoints.paths import Segment

Json = dict[str, Any]

GOOGLE_AUTHORIZATION_URL: Final = "https://accounts.google.com/o/oauth2/v2/auth"
API_KEY_PARAMETER: Final = "key"
API_KEY_SCHEME: Final = "api_key"

# JSON arrays are answered too, but to name them would make generated clients take that for the usual answer.
STREAM_TYPES: Final = ("application/x-ndjson", "text/event-stream")
"""What a stream of messages is answered as."""

# What an address may hold as it is (RFC 3986, 3.3: pchar).
_UNRESERVED: Final = "!$&'()*+,;=:@~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One operation and its place in a document."""

    api: Api
    operation: Operation
    path: str
    """Template below the document's base path: `/guestbook/v1/greetings/{id}`."""
    path_names: Mapping[str, str]
    """What the variables of the operation's own template are called in `path`."""
    operation_id: str
    """Class and method, as recorded: `GuestbookApi_listGreetings`."""

    @property
    def verb(self) -> str:
        """HTTP method in lower case."""
        return self.operation.http_method.lower()


def base_path(apis: Sequence[Api]) -> str:
    """Return what all addresses of the APIs begin with: their base path, or `/` when they have several."""
    bases = {api.base_path for api in apis}
    return bases.pop() if len(bases) == 1 else "/"


def entries(apis: Sequence[Api], verbs: Iterable[str], *, dotted: bool) -> list[Entry]:
    """List the operations that a document can show.

    Templates that differ in nothing but the names of their variables are one path to OpenAPI; it takes the names of
    the first.

    Args:
        apis: What the document describes.
        verbs: The HTTP methods that the format knows, in lower case.
        dotted: Whether variables keep the dots of their names, as recorded, which not every tool understands; else each
            becomes an underscore. The names are not on the wire.
    """
    base = base_path(apis)
    operations = [(api, each) for api in apis for each in api.operations if each.http_method.lower() in verbs]
    ids = _operation_ids([operation for _, operation in operations])
    templates: dict[Any, Mapping[str, str]] = {}
    found = []
    for api, operation in operations:
        root = api.root_path.removeprefix(base.rstrip("/"))
        template = operation.template
        shown = templates.setdefault((root, template.shape), _shown(template.variables, dotted))
        names = dict(zip(template.variables, shown.values(), strict=True))
        found.append(
            Entry(
                api=api,
                operation=operation,
                path=root + "/".join(_segment(each, names) for each in template.segments),
                path_names=names,
                operation_id=ids[operation],
            )
        )
    return found


def error_schemas(taken: Iterable[str]) -> tuple[Schema, ...]:
    """Describe the error object of D8, the outermost schema first.

    Args:
        taken: Names that other schemas have.
    """
    names = set(taken)
    response, error, entry = (_free(name, names) for name in ("ErrorResponse", "ErrorObject", "ErrorEntry"))
    return (
        Schema(name=response, description="What every error is answered with.", properties=(_held("error", error),)),
        Schema(
            name=error,
            description="An error.",
            properties=(
                _value("code", Shape(type="integer", format="int32"), "HTTP status.", required=True),
                _value("message", Shape(type="string"), "What is wrong, for people.", required=True),
                _held("errors", entry, repeated=True),
            ),
        ),
        Schema(
            name=entry,
            description="One reason of an error.",
            properties=(
                _value("domain", Shape(type="string"), "Where the reason comes from.", required=True),
                _value("reason", Shape(type="string"), "What is wrong, in one word for programs.", required=True),
                _value("message", Shape(type="string"), "The same, for people.", required=True),
                _value("location", Shape(type="string"), "The parameter at fault."),
                _value("locationType", Shape(type="string"), "What kind of place `location` is."),
            ),
        ),
    )


def summary(operation: Operation) -> str:
    """Return what an operation does in one line: the first of its docstring, else its id."""
    return operation.doc.partition("\n")[0] if operation.doc else operation.id


def default_json(shape: Shape, default: Default) -> Any:
    """Return a default as it would be on the wire, so that it fits its own schema."""
    if isinstance(default, bytes):
        return base64.b64encode(default).decode()
    return str(default) if shape.type == "string" else default


def issuer_values(issuer: Issuer) -> list[str]:
    """Return the `iss` claims that an issuer signs with: one as a rule, several where a list is declared."""
    declared: Any = issuer.issuer
    return [declared] if isinstance(declared, str) else list(declared)


def tag(operation: Operation) -> str:
    """Return the tag of an operation: its class."""
    return operation.service.__name__


def tags(apis: Sequence[Api]) -> list[Json]:
    """Describe the tags: the classes that have methods, with what their docstrings say."""
    classes = dict.fromkeys(operation.service for api in apis for operation in api.operations)
    docs = {each: vars(each).get("__doc__") for each in classes}
    return [
        {"name": each.__name__, **({"description": inspect.cleandoc(doc)} if doc else {})} for each, doc in docs.items()
    ]


def _operation_ids(operations: Sequence[Operation]) -> dict[Operation, str]:
    recorded = [f"{each.service.__name__}_{_camel_case(each.function_name)}" for each in operations]
    times = Counter(recorded)
    return {
        each: text if times[text] == 1 else f"{each.service.__name__}_{each.function_name}"
        for each, text in zip(operations, recorded, strict=True)
    }


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _shown(variables: Sequence[str], dotted: bool) -> Mapping[str, str]:
    taken: set[str] = set()
    shown: dict[str, str] = {}
    for each in variables:
        shown[each] = _free(each if dotted else each.replace(".", "_"), taken)
        taken.add(shown[each])
    return shown


def _segment(segment: Segment, names: Mapping[str, str]) -> str:
    if segment.variable is None:
        return quote(segment.literal, safe=_UNRESERVED)
    return f"{{{names[segment.variable]}}}" + (f":{quote(segment.verb, safe=_UNRESERVED)}" if segment.verb else "")


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _held(name: str, reference: str, *, repeated: bool = False) -> Property:
    shape = Shape(type="object", reference=reference)
    return Property(name=name, shape=shape, repeated=repeated, required=True, default=None, description=None)


def _value(name: str, shape: Shape, description: str, *, required: bool = False) -> Property:
    return Property(name=name, shape=shape, repeated=False, required=required, default=None, description=description)
