"""endpoints.describe.parameters: what an operation takes from the path and the query."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
from endpoints.describe.parameters import Parameter, parameters
from endpoints.describe.schema import Shape
from endpoints.operations import Operation, collect
from protorpc import message_types, messages, remote


class Color(messages.Enum):
    RED = 2
    BLUE = 1


class Place(messages.Message):
    city = messages.StringField(1, required=True)
    codes = messages.IntegerField(2, variant=messages.Variant.INT32, repeated=True)


class Person(messages.Message):
    home = messages.MessageField(Place, 3)
    name = messages.StringField(1, required=True)
    born = message_types.DateTimeField(2)


def operation(request: Any, path: str = "x", http_method: str = "GET") -> Operation:
    @endpoints.api(name="people", version="v1")
    class People(remote.Service):
        @endpoints.method(request, Person, path=path, http_method=http_method)
        def run(self, request: Any) -> Person:
            raise NotImplementedError

    return collect([People])[0].operations[0]


def container(body: type[messages.Message] = message_types.VoidMessage, **fields: messages.Field[Any]) -> Any:
    return endpoints.ResourceContainer(body, **fields)


def described(operation: Operation) -> dict[str, tuple[str, bool]]:
    """Location and whether it is required, by name."""
    return {each.name: (each.location, each.required) for each in parameters(operation).listed}


def test_a_parameter_says_all_of_its_field() -> None:
    color = container(color=messages.EnumField(Color, 1, default=Color.RED))
    assert parameters(operation(color)).listed == (
        Parameter(
            name="color",
            location="query",
            shape=Shape(type="string", enum=("BLUE", "RED")),
            repeated=False,
            required=False,
            default="RED",
            description=None,
        ),
    )


@pytest.mark.parametrize(
    ("request_type", "path", "http_method", "expected"),
    [
        pytest.param(
            container(Person, id=messages.StringField(1), page=messages.StringField(2, required=True)),
            "people/{id}",
            "PUT",
            {"id": ("path", False), "page": ("query", True)},
            id="a container's own fields, whatever the body",
        ),
        pytest.param(
            Person,
            "x",
            "GET",
            {
                "name": ("query", True),
                "born.milliseconds": ("query", False),
                "born.time_zone_offset": ("query", False),
                "home.city": ("query", False),
                "home.codes": ("query", False),
            },
            id="all of a message without a body",
        ),
        pytest.param(Person, "x", "POST", {}, id="none of a message in the body"),
        pytest.param(Person, "x/{name}", "POST", {"name": ("path", True)}, id="of a message in the body, the path's"),
        pytest.param(
            Person,
            "x/{home.city}",
            "POST",
            {"home.city": ("path", True), "home.codes": ("query", False)},
            id="of a nested message in the path, its other fields too",
        ),
        pytest.param(
            container(at=messages.MessageField(Place, 1)),
            "x/{at.city}",
            "GET",
            {"at.city": ("path", True), "at.codes": ("query", False)},
            id="a nested field is required in the path only",
        ),
        pytest.param(message_types.VoidMessage, "x", "GET", {}, id="nothing"),
    ],
)
def test_which_parameters_there_are(
    request_type: Any, path: str, http_method: str, expected: dict[str, tuple[str, bool]]
) -> None:
    assert described(operation(request_type, path, http_method)) == expected


@pytest.mark.parametrize(
    ("request_type", "path", "order"),
    [
        pytest.param(
            container(
                z=messages.StringField(1),
                a=messages.StringField(2),
                later=messages.StringField(3, required=True),
                early=messages.StringField(4, required=True),
                free=messages.StringField(5),
            ),
            "{a}/{z}",
            ("z", "a", "early", "later"),
            id="path by number, then the required by name",
        ),
        pytest.param(
            container(at=messages.MessageField(Place, 1, required=True)),
            "x",
            ("at.city", "at.codes"),
            id="all of a required message",
        ),
        pytest.param(Person, "{home.city}", ("home.city",), id="of a plain message only the path"),
    ],
)
def test_order_of_a_positional_call(request_type: Any, path: str, order: tuple[str, ...]) -> None:
    assert parameters(operation(request_type, path)).order == order


def test_repeated_is_said_of_the_field_itself() -> None:
    listed = {each.name: each.repeated for each in parameters(operation(Person)).listed}
    assert listed == {
        "name": False,
        "born.milliseconds": False,
        "born.time_zone_offset": False,
        "home.city": False,
        "home.codes": True,
    }
