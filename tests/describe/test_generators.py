"""The classes of the old module paths: discovery_generator, directory_list_generator, message_parser."""

from __future__ import annotations

import json
from typing import Any

import pytest

import endpoints
from endpoints.directory_list_generator import DirectoryListGenerator
from endpoints.discovery_generator import DiscoveryGenerator
from endpoints.message_parser import MessageTypeToJsonSchema
from protorpc import messages, remote

package = "old"  # the first word of the schema names


class Kind(messages.Enum):
    BIG = 2
    SMALL = 1


class Part(messages.Message):
    """A part."""

    count = messages.IntegerField(1, default=3)


class Whole(messages.Message):
    parts = messages.MessageField(Part, 1, repeated=True)
    main = messages.MessageField(Part, 2, required=True)
    kind = messages.EnumField(Kind, 3, default=Kind.BIG)


@endpoints.api(name="alpha", version="v1", hostname="alpha.example.com")
class Alpha(remote.Service):
    @endpoints.method(Whole, Part)
    def run(self, request: Whole) -> Part:
        raise NotImplementedError


@endpoints.api(name="beta", version="v1")
class Beta(remote.Service):
    @endpoints.method(Part, Part)
    def run(self, request: Part) -> Part:
        raise NotImplementedError


class Asked:
    """A request as the generators see it."""

    url_scheme = "http"

    def reconstruct_hostname(self) -> str:
        return "asked:8080"

    def reconstruct_full_url(self, port_override: int | None = None) -> str:
        return f"http://asked:{port_override or 8080}/apis"


@pytest.mark.parametrize(
    ("generator", "hostname", "root"),
    [
        pytest.param(DiscoveryGenerator(), None, "https://alpha.example.com/_ah/api/", id="the API's own"),
        pytest.param(DiscoveryGenerator(), "localhost:8080", "http://localhost:8080/_ah/api/", id="given"),
        pytest.param(DiscoveryGenerator(Asked()), "given", "http://asked:8080/_ah/api/", id="of the request"),
    ],
)
def test_addresses_of_a_discovery_document(generator: DiscoveryGenerator, hostname: str | None, root: str) -> None:
    assert generator.get_discovery_doc(Alpha, hostname)["rootUrl"] == root


def test_discovery_document_as_text() -> None:
    text = DiscoveryGenerator().pretty_print_config_to_json([Alpha], hostname="given.example.com")
    assert json.loads(text) == DiscoveryGenerator().get_discovery_doc([Alpha], "given.example.com")
    assert text.startswith('{\n  "basePath": "/_ah/api/alpha/v1/",\n')


def test_one_generator_keeps_the_schemas_of_earlier_apis() -> None:
    generator = DiscoveryGenerator()
    generator.get_discovery_doc(Alpha)
    assert set(generator.get_discovery_doc(Beta)["schemas"]) == {"OldPart", "OldWhole"}
    assert set(DiscoveryGenerator().get_discovery_doc(Beta)["schemas"]) == {"OldPart"}


@pytest.mark.parametrize("services", [pytest.param([], id="none"), pytest.param([Alpha, Beta], id="two")])
def test_a_document_is_of_one_api(services: list[Any]) -> None:
    with pytest.raises(endpoints.ApiConfigurationError, match="classes of one API"):
        DiscoveryGenerator().get_discovery_doc(services)


def test_directory_of_configurations() -> None:
    configs = [
        {"name": "alpha", "api_version": "1.0.1", "description": "First", "root": "http://localhost:9000/_ah/api"},
        {"name": "beta", "api_version": "v1"},
    ]
    document = json.loads(DirectoryListGenerator(Asked()).pretty_print_config_to_json(configs))
    assert [(each["id"], each.get("description"), each["discoveryRestUrl"]) for each in document["items"]] == [
        ("alpha:1.0.1", "First", "http://asked:9000/apis/alpha/1.0.1/rest"),
        ("beta:v1", None, "http://asked:8080/apis/beta/v1/rest"),
    ]
    with pytest.raises(TypeError, match="is a mapping, not 'alpha'"):
        DirectoryListGenerator(Asked()).get_directory_list_doc("alpha")


def test_schemas_of_single_messages() -> None:
    parser = MessageTypeToJsonSchema()
    with pytest.raises(KeyError, match="OldPart"):
        parser.ref_for_message_type(Part)
    assert parser.add_message(Whole) == "OldWhole"
    assert parser.ref_for_message_type(Part) == "OldPart"
    assert parser.schemas() == {
        "OldWhole": {
            "id": "OldWhole",
            "type": "object",
            "properties": {
                "parts": {"type": "array", "items": {"$ref": "OldPart"}, "description": "A part."},
                "main": {"$ref": "OldPart", "description": "A part.", "required": True},
                "kind": {"type": "string", "enum": ["SMALL", "BIG"], "default": "BIG"},
            },
        },
        "OldPart": {
            "id": "OldPart",
            "type": "object",
            "description": "A part.",
            "properties": {"count": {"type": "string", "format": "int64", "default": 3}},
        },
    }
