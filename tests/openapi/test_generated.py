"""Whatever is declared, its documents are valid."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

import endpoints
from endpoints.definitions import BODILESS
from endpoints.describe import openapi2, openapi3
from endpoints.describe.origin import Origin
from endpoints.exceptions import ConfigurationWarning
from endpoints.operations import Api, collect
from protorpc import message_types, messages
from tests.openapi.torture import method, service
from tests.openapi.torture_messages import KINDS, Leaf, Tree, message

pytestmark = pytest.mark.slow

names = st.from_regex("[a-zA-Z][a-zA-Z0-9_]{0,6}", fullmatch=True).filter(lambda name: not hasattr(Leaf, name))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# Of a kind, a message, or a date: (kind, what becomes of it).
choices = st.tuples(
    st.sampled_from([*KINDS, "date", "leaf", "tree"]), st.sampled_from(["optional", "required", "repeated", "default"])
)


def _field(number: int, kind: str, option: str) -> Any:
    options: Any = {"required": option == "required", "repeated": option == "repeated"}
    if kind == "date":
        return message_types.DateTimeField(number, **options)
    if kind in ("leaf", "tree"):
        held: Any = Leaf if kind == "leaf" else Tree
        return messages.MessageField(held, number, **options)
    make, default = KINDS[kind]
    return make(number, **({"default": default} if option == "default" else options))


def _fields(chosen: dict[str, tuple[str, str]], first: int = 1) -> dict[str, Any]:
    return {name: _field(number, *choice) for number, (name, choice) in enumerate(chosen.items(), first)}


@st.composite
def methods(draw: st.DrawFn, number: int) -> Any:
    """A method with a body, parameters and an answer of its own."""
    body = message(f"Body{number}", _fields(draw(st.dictionaries(names, choices, max_size=5))))
    answer = message(f"Answer{number}", _fields(draw(st.dictionaries(names, choices, max_size=5))))
    flat = draw(st.dictionaries(names, choices.filter(lambda choice: choice[0] != "tree"), max_size=5))
    in_path = [name for name, (kind, _) in flat.items() if kind not in ("date", "leaf") and draw(st.booleans())]
    verb = draw(st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]))
    bodies = [message_types.VoidMessage] if verb in BODILESS else [body, Leaf, message_types.VoidMessage]
    request = endpoints.ResourceContainer(draw(st.sampled_from(bodies)), **_fields(flat, 100))
    path = "/".join([f"m{number}", *(f"{{{name}}}" for name in in_path)])
    response = draw(st.sampled_from([answer, message_types.VoidMessage]))
    made = method(request, response, path, verb)
    made.remote.method.__doc__ = draw(texts)
    return made


@st.composite
def apis(draw: st.DrawFn) -> tuple[Api, ...]:
    """What a server may serve."""
    count = draw(st.integers(0, 3))
    made = service("Generated", **{f"m_{number}": draw(methods(number)) for number in range(count)})
    made.__doc__ = draw(texts)
    api = endpoints.api(
        name=draw(st.from_regex("[a-z][a-z0-9]{0,39}", fullmatch=True)),
        version=draw(st.sampled_from(["v1", "1.2.3", "v1beta2"])),
        title=draw(st.none() | texts),
        description=draw(st.none() | texts),
        api_key_required=draw(st.none() | st.booleans()),
        audiences=draw(st.none() | st.lists(texts, max_size=2)),
        auth_level=draw(st.none() | st.sampled_from(list(endpoints.AUTH_LEVEL))),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConfigurationWarning)
        return collect([api(made)])


@settings(derandomize=True, max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(served=apis(), naive_datetimes=st.sampled_from([None, "utc"]), hostname=st.sampled_from([None, "a.example:81"]))
def test_documents_of_any_api(served: tuple[Api, ...], naive_datetimes: str | None, hostname: str | None) -> None:
    swagger = openapi2.document(served, hostname=hostname)
    document = openapi3.document(served, Origin.declared(hostname), naive_datetimes=naive_datetimes)
    assert [str(error) for error in OpenAPIV2SpecValidator(json.loads(json.dumps(swagger))).iter_errors()] == []
    assert [str(error) for error in OpenAPIV31SpecValidator(json.loads(json.dumps(document))).iter_errors()] == []
