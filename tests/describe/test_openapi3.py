"""endpoints.describe.openapi3: what is sent and answered, said exactly."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Annotated, Any

import pytest
from openapi_spec_validator import validate

import endpoints
from endpoints.describe import openapi3
from endpoints.describe.origin import Origin
from endpoints.operations import collect
from protorpc import message_types, messages, remote

package = "library"
GOLDEN = Path(__file__).parent.parent / "golden"
HERE = Origin("https", "library.example.com", "443")
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
Void = message_types.VoidMessage


class Genre(messages.Enum):
    NOVEL = 1
    POEM = 2


class Author(messages.Message):
    """Who has written it."""

    name = messages.StringField(1, required=True)
    mentor = messages.MessageField("Author", 2)


class Book(messages.Message):
    """Something to read.

    Or to look at.
    """

    title = messages.StringField(1, required=True)
    authors = messages.MessageField(Author, 2, repeated=True)
    number = messages.IntegerField(3, default=0)
    pages = messages.IntegerField(4, variant=messages.Variant.UINT32)
    weight = messages.FloatField(5, default=0.5)
    sold = messages.BooleanField(6, default=False)
    genre = messages.EnumField(Genre, 7, default=Genre.POEM)
    cover = messages.BytesField(8, default=b"\xff")
    printed = message_types.DateTimeField(9)


BOOK = endpoints.ResourceContainer(Book, id=messages.IntegerField(1), notify=messages.BooleanField(2))
library = endpoints.api(
    name="library",
    version="2.1.0",
    title="Library",
    description="Lends books",
    documentation="https://library.example.com/docs",
    issuers={"auth0": endpoints.Issuer("https://tenant.auth0.example/", None)},
    audiences={"auth0": ["readers"]},
)


@library.api_class(resource_name="books", path="books")
class Books(remote.Service):
    """Everything about books."""

    @endpoints.method(BOOK, Book, path="{id}", http_method="PUT", auth_level=endpoints.AUTH_LEVEL.REQUIRED)
    def put(self, request: Any) -> Book:
        """Replace a book.

        It must have been there.
        """
        raise NotImplementedError

    @endpoints.method(path="", http_method="GET", api_key_required=True)
    def list(
        self,
        request: Any,
        genre: Annotated[list[Genre], "Any of them"],
        since: datetime.datetime | None = None,
        limit: Annotated[int, "At most"] = 10,
    ) -> Book:
        raise NotImplementedError


@library.api_class(resource_name="loans")
class Loans(remote.Service):
    @endpoints.method(Author, Void, path="loans", scopes=["a b", endpoints.types.OAuth2Scope("c", "See all")])
    def end(self, request: Author) -> Void:
        raise NotImplementedError


def _document(*classes: Any, origin: Origin = HERE, **options: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(openapi3.document(collect(classes), origin, **options)))
    validate(made)
    return made


def test_the_whole_document() -> None:
    made = _document(library)
    golden = GOLDEN / "library-2.1.0.openapi.json"
    assert made == json.loads(golden.read_text()), json.dumps(made, indent=2)


def test_dates_are_promised_only_where_they_all_carry_an_offset() -> None:
    text = _document(library)["components"]["schemas"]["LibraryBook"]["properties"]["printed"]
    assert text["type"] == "string" and "format" not in text and "offset" in text["description"]
    promised = _document(library, naive_datetimes="utc")["components"]["schemas"]["LibraryBook"]["properties"]
    assert promised["printed"] == {"type": "string", "format": "date-time"}


@pytest.mark.parametrize(
    ("origin", "url"),
    [
        (Origin("http", "localhost", "8080"), "http://localhost:8080/_ah/api"),
        (Origin("https", "h.example", mount="/mounted"), "https://h.example/mounted/_ah/api"),
        (Origin.declared(None), "/_ah/api"),
    ],
    ids=["port", "mounted", "no host"],
)
def test_servers(origin: Origin, url: str) -> None:
    assert _document(library, origin=origin)["servers"] == [{"url": url}]


def test_the_root_as_base_path() -> None:
    @endpoints.api(name="rooted", version="v1", base_path="/")
    class Rooted(remote.Service):
        @endpoints.method(path="a")
        def run(self, request: Void) -> Void:
            raise NotImplementedError

    assert _document(Rooted)["servers"] == [{"url": "https://library.example.com"}]
    assert _document(Rooted, origin=Origin.declared(None))["servers"] == [{"url": "/"}]
    assert list(_document(Rooted)["paths"]) == ["/rooted/v1/a"]


def test_encoded_it_is_the_same() -> None:
    made = openapi3.OpenApi(collect([library]))
    assert json.loads(made.encode(HERE)) == made.at(HERE)


def test_an_api_without_methods_has_a_document() -> None:
    @endpoints.api(name="empty", version="v1")
    class Empty(remote.Service):
        pass

    assert _document(Empty)["paths"] == {}


class TestSecurity:
    def requirements(self, required: bool = False, **settings: Any) -> Any:
        level = endpoints.AUTH_LEVEL.REQUIRED if required else None

        @endpoints.api(name="guarded", version="v1", auth_level=level, **settings)
        class Guarded(remote.Service):
            @endpoints.method(path="a", http_method="GET")
            def run(self, request: Void) -> Author:
                raise NotImplementedError

        made = _document(Guarded)
        return made["paths"]["/guarded/v1/a"]["get"].get("security"), made["components"].get("securitySchemes", {})

    def test_an_open_method_requires_nothing(self) -> None:
        assert self.requirements() == (None, {})

    def test_a_method_that_decides_itself_can_be_called_without_a_token(self) -> None:
        found, _ = self.requirements(audiences=["me"])
        assert found == [{"google_id_token": []}, {"google_oauth2": [EMAIL]}, {}]

    def test_a_required_token(self) -> None:
        found, schemes = self.requirements(required=True)
        assert found == [{"google_id_token": []}, {"google_oauth2": [EMAIL]}]
        assert schemes["google_id_token"]["openIdConnectUrl"] == (
            "https://accounts.google.com/.well-known/openid-configuration"
        )
        assert schemes["google_oauth2"]["flows"]["authorizationCode"]["scopes"] == {EMAIL: "View your email address"}

    def test_a_key_goes_with_each_token(self) -> None:
        found, schemes = self.requirements(api_key_required=True, allowed_client_ids=["x"])
        assert found == [
            {"google_id_token": [], "api_key": []},
            {"google_oauth2": [EMAIL], "api_key": []},
            {"api_key": []},
        ]
        assert schemes["api_key"]["in"] == "query" and schemes["api_key"]["name"] == "key"

    def test_a_key_alone(self) -> None:
        assert self.requirements(api_key_required=True)[0] == [{"api_key": []}]

    def test_an_issuer_counts_by_its_audiences_or_by_its_clients_when_it_is_asked(self) -> None:
        silent = endpoints.Issuer("https://silent.example", None)
        asked = endpoints.Issuer(
            "https://asked.example", None, introspection_uri="https://asked.example/i", allowed_client_ids=["me"]
        )
        found, _ = self.requirements(required=True, issuers={"silent": silent, "asked": asked})
        assert found == [{"google_id_token": []}, {"asked": []}, {"google_oauth2": [EMAIL]}]

    def test_only_the_issuers_whose_audiences_are_named(self) -> None:
        one, two = endpoints.Issuer("https://one.example", None), endpoints.Issuer("robot@two.example", None)
        found, schemes = self.requirements(
            required=True, issuers={"o n e": one, "two": two, "three": one}, audiences={"o n e": ["a"], "two": ["b"]}
        )
        assert found == [{"o_n_e": []}, {"two": []}, {"google_oauth2": [EMAIL]}]
        assert schemes["o_n_e"]["type"] == "openIdConnect"
        assert schemes["two"]["type"] == "http" and schemes["two"]["scheme"] == "bearer"


def test_variables_of_paths_are_plain_names() -> None:
    class Place(messages.Message):
        city = messages.StringField(1)
        b_c = messages.StringField(2)

    class Other(messages.Message):
        c = messages.StringField(1)

    fields: dict[str, Any] = {"a": messages.MessageField(Place, 1), "a_b": messages.MessageField(Other, 2)}

    @endpoints.api(name="places", version="v1")
    class Places(remote.Service):
        @endpoints.method(
            endpoints.ResourceContainer(**fields), Author, path="{a.city}/{a.b_c}/{a_b.c}", http_method="GET"
        )
        def run(self, request: Any) -> Author:
            raise NotImplementedError

    ((path, operations),) = _document(Places)["paths"].items()
    assert path == "/places/v1/{a_city}/{a_b_c}/{a_b_c_}"
    named = [each["name"] for each in operations["get"]["parameters"]]
    assert named == ["a_city", "a_b_c", "a_b_c_"]
