"""endpoints.describe.openapi2: what the recorded documents (tests/conformance) leave open, and that it is valid."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import validate

import endpoints
from endpoints.describe import openapi2
from endpoints.exceptions import ApiConfigurationError
from endpoints.openapi_generator import OpenApiGenerator
from endpoints.operations import collect
from protorpc import message_types, messages, remote

package = "shelf"
Void = message_types.VoidMessage


class Size(messages.Enum):
    SMALL = 1
    LARGE = 2


class Place(messages.Message):
    city = messages.StringField(1)


class Book(messages.Message):
    """Something to read."""

    title = messages.StringField(1, required=True)
    pages = messages.IntegerField(2, default=100)
    cover = messages.BytesField(3, default=b"\xff\xfe")
    size = messages.EnumField(Size, 4, default=Size.LARGE)
    sold = messages.BooleanField(5, default=False)


BOOK = endpoints.ResourceContainer(
    Book,
    where=messages.MessageField(Place, 1),
    number=messages.IntegerField(2, required=True),
    sizes=messages.EnumField(Size, 3, repeated=True),
    counts=messages.IntegerField(4, repeated=True, variant=messages.Variant.INT32),
)


@endpoints.api(name="shelf", version="v1", title="Shelves", hostname="shelf.example.com")
class Shelf(remote.Service):
    """Keeps books."""

    @endpoints.method(BOOK, Book, path="books/{where.city}/{number}", http_method="PUT", name="books.put")
    def put_it(self, request: Any) -> Book:
        """Put a book on the shelf.

        It stays there.
        """
        raise NotImplementedError

    @endpoints.method(Void, Void, path="books", http_method="DELETE", name="books.clear", api_key_required=True)
    def clear(self, request: Void) -> Void:
        raise NotImplementedError


@endpoints.api(name="lamp", version="v2", base_path="/other/")
class Lamp(remote.Service):
    @endpoints.method(path="light", http_method="GET")
    def light(self, request: Void) -> Place:
        raise NotImplementedError


def _document(*classes: Any, **options: Any) -> dict[str, Any]:
    made = openapi2.document(collect(classes), **options)
    validate(made)
    return made


def test_parameters_are_valid_and_named_as_in_the_path() -> None:
    put = _document(Shelf)["paths"]["/shelf/v1/books/{where.city}/{number}"]["put"]
    words = {"type": "string", "enum": ["SMALL", "LARGE"]}
    assert put["parameters"] == [
        {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/ShelfBook"}},
        {"name": "where.city", "in": "path", "required": True, "type": "string"},
        {"name": "number", "in": "path", "required": True, "type": "string", "format": "int64"},
        {"name": "sizes", "in": "query", "type": "array", "collectionFormat": "multi", "items": words},
        {
            "name": "counts",
            "in": "query",
            "type": "array",
            "collectionFormat": "multi",
            "items": {"type": "integer", "format": "int32"},
        },
    ]


def test_defaults_have_the_type_of_their_schema() -> None:
    properties = _document(Shelf)["definitions"]["ShelfBook"]["properties"]
    assert properties["pages"] == {"type": "string", "format": "int64", "default": "100"}
    assert properties["cover"] == {"type": "string", "format": "byte", "default": "//4="}
    assert properties["size"]["default"] == "LARGE"


def test_an_empty_answer_is_a_204_and_every_error_the_error_object() -> None:
    document = _document(Shelf)
    responses = document["paths"]["/shelf/v1/books"]["delete"]["responses"]
    assert list(responses) == ["204", "default"] and "schema" not in responses["204"]
    assert responses["default"]["schema"] == {"$ref": "#/definitions/ErrorResponse"}
    assert document["definitions"]["ErrorEntry"]["required"] == ["domain", "message", "reason"]


def test_texts_tags_and_the_absence_of_security_are_said_unless_the_record_is_asked_for() -> None:
    operation = _document(Shelf)["paths"]["/shelf/v1/books/{where.city}/{number}"]["put"]
    assert operation["summary"] == "Put a book on the shelf."
    assert operation["description"] == "Put a book on the shelf.\n\nIt stays there."
    assert operation["tags"] == ["Shelf"] and operation["operationId"] == "Shelf_putIt"
    assert _document(Shelf)["tags"] == [{"name": "Shelf", "description": "Keeps books."}]
    assert _document(Shelf)["security"] == []
    recorded = _document(Shelf, as_recorded=True)
    assert {"tags", "security"}.isdisjoint(recorded)
    assert {"summary", "description", "tags"}.isdisjoint(recorded["paths"]["/shelf/v1/books"]["delete"])


def test_hosts() -> None:
    assert _document(Shelf)["host"] == "shelf.example.com"
    assert _document(Shelf, hostname="localhost:8080")["schemes"] == ["http"]
    assert "host" not in _document(Lamp)


def test_what_the_gateway_is_told() -> None:
    told = _document(Shelf, x_google_api_name=True, x_google_allow="configured", allow_cors=True)
    assert told["x-google-api-name"] == "shelf" and told["x-google-allow"] == "configured"
    assert told["x-google-endpoints"] == [{"name": "shelf.example.com", "allowCors": True}]
    assert not [key for key in _document(Shelf) if key.startswith("x-")]
    with pytest.raises(ApiConfigurationError, match="x-google-endpoints needs a host name"):
        _document(Lamp, allow_cors=True)


def test_several_apis_make_one_document() -> None:
    document = _document(Shelf, Lamp)
    assert document["basePath"] == "/"
    assert sorted(document["paths"]) == [
        "/_ah/api/shelf/v1/books",
        "/_ah/api/shelf/v1/books/{where.city}/{number}",
        "/other/lamp/v2/light",
    ]


def test_nothing_is_no_document() -> None:
    with pytest.raises(ApiConfigurationError, match="at least one API"):
        openapi2.document([])


def test_paths_that_differ_in_names_only_are_one() -> None:
    @endpoints.api(name="names", version="v1")
    class Names(remote.Service):
        @endpoints.method(path="things/{id}", http_method="GET")
        def get(self, request: Void, id: str) -> Place:  # noqa: A002 - the name of a parameter
            raise NotImplementedError

        @endpoints.method(path="things/{name}", http_method="DELETE")
        def remove(self, request: Void, name: str, id: str = "") -> Place:  # noqa: A002
            raise NotImplementedError

    ((path, operations),) = _document(Names)["paths"].items()
    assert path == "/names/v1/things/{id}"
    assert [(each["in"], each["name"]) for each in operations["delete"]["parameters"]] == [
        ("path", "id"),
        ("query", "id"),
    ]


def test_operation_ids_stay_apart() -> None:
    @endpoints.api(name="ids", version="v1")
    class Ids(remote.Service):
        @endpoints.method(path="a", name="a")
        def get_it(self, request: Void) -> Void:
            raise NotImplementedError

        @endpoints.method(path="b", name="b")
        def getIt(self, request: Void) -> Void:  # noqa: N802 - what get_it becomes
            raise NotImplementedError

    ids = {each["post"]["operationId"] for each in _document(Ids)["paths"].values()}
    assert ids == {"Ids_get_it", "Ids_getIt"}


def test_paths_are_addresses() -> None:
    @endpoints.api(name="addresses", version="v1")
    class Addresses(remote.Service):
        @endpoints.method(path="größe und/100%/{x}:tu es")
        def run(self, request: Void, x: str) -> Void:
            raise NotImplementedError

    (path,) = _document(Addresses)["paths"]
    assert path == "/addresses/v1/gr%C3%B6%C3%9Fe%20und/100%25/{x}:tu%20es"


def test_a_message_may_be_called_as_the_error_object_is() -> None:
    class ErrorResponse(messages.Message):
        __module__ = "not_loaded"  # so that no package comes before its name
        text = messages.StringField(1)

    @endpoints.api(name="clash", version="v1")
    class Clash(remote.Service):
        @endpoints.method(Void, ErrorResponse, path="a")
        def run(self, request: Void) -> ErrorResponse:
            raise NotImplementedError

    definitions = _document(Clash)["definitions"]
    assert definitions["ErrorResponse"]["properties"].keys() == {"text"}
    assert "error" in definitions["ErrorResponse_"]["properties"]


def test_one_generator_leaves_nothing_behind() -> None:
    generator = OpenApiGenerator()
    generator.get_openapi_dict(Shelf)
    again = generator.get_openapi_dict([Lamp], hostname="lamp.example.com")
    assert again == OpenApiGenerator().get_openapi_dict(Lamp, hostname="lamp.example.com")
    assert "ShelfBook" not in again["definitions"] and again["host"] == "lamp.example.com"
    assert generator.pretty_print_config_to_json(Lamp).startswith('{\n  "basePath": "/other",\n')


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"audiences": {"nobody": ["a"]}}, TypeError, "Strange.run: audiences names the issuer 'nobody'"),
        (
            {"audiences": ["a"], "issuers": {"auth0": endpoints.Issuer("https://i.example", None)}},
            ApiConfigurationError,
            "Strange.run: audiences must be a dict",
        ),
    ],
    ids=["unknown issuer", "list beside issuers"],
)
def test_audiences_that_fit_no_issuer(settings: dict[str, Any], error: type[Exception], words: str) -> None:
    @endpoints.api(name="strange", version="v1", **settings)
    class Strange(remote.Service):
        @endpoints.method(path="a")
        def run(self, request: Void) -> Void:
            raise NotImplementedError

    with pytest.raises(error, match=words):
        OpenApiGenerator().get_openapi_dict(Strange)


def test_a_body_for_a_method_without_one() -> None:
    @endpoints.api(name="strange", version="v1")
    class Strange(remote.Service):
        @endpoints.method(endpoints.ResourceContainer(Place, id=messages.StringField(2)), Place, http_method="GET")
        def run(self, request: Any) -> Place:
            raise NotImplementedError

    with pytest.raises(ApiConfigurationError, match=r"Strange.run: its ResourceContainer has a body, Place, but GET"):
        OpenApiGenerator().get_openapi_dict(Strange)


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        (endpoints.Issuer("https://i.example/", None), "https://i.example/"),
        (endpoints.Issuer("robot@i.example", "https://keys.example"), "https://keys.example"),
        (endpoints.Issuer("robot@i.example", None), "https://accounts.google.com/o/oauth2/v2/auth"),
    ],
    ids=["address", "e-mail address with keys", "e-mail address"],
)
def test_authorization_urls_are_addresses(issuer: endpoints.Issuer, address: str) -> None:
    @endpoints.api(name="issued", version="v1", issuers={"it": issuer})
    class Issued(remote.Service):
        @endpoints.method(path="a")
        def run(self, request: Void) -> Void:
            raise NotImplementedError

    assert _document(Issued)["securityDefinitions"]["it"]["authorizationUrl"] == address
