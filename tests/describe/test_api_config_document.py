"""The `.api` format, by the class that old code asks for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import endpoints
from endpoints.api_config import ApiAuth, ApiConfigGenerator, ApiFrontEndLimitRule, ApiFrontEndLimits
from protorpc import message_types, messages, remote

package = "legacy"  # the first word of the schema names


class Size(messages.Enum):
    BIG = 2
    SMALL = 1


class Place(messages.Message):
    city = messages.StringField(1, required=True)
    floor = messages.IntegerField(2, variant=messages.Variant.SINT32)


class Box(messages.Message):
    """A box."""

    size = messages.EnumField(Size, 1, default=Size.BIG)
    tags = messages.StringField(2, repeated=True)
    key = messages.BytesField(3, default=b"\x01k")
    place = messages.MessageField(Place, 4, required=True)


PARAMETERS = endpoints.ResourceContainer(
    Box,
    id=messages.IntegerField(1),
    kind=messages.EnumField(Size, 2, default=Size.SMALL),
    place=messages.MessageField(Place, 3, required=True),
    many=messages.FloatField(4, repeated=True),
    open=messages.BooleanField(5, required=True),
    when=message_types.DateTimeField(6),
    mark=messages.BytesField(7, default=b"k"),
)

boxes = endpoints.api(
    "boxes",
    "1.2.0",
    description="Boxes",
    hostname="boxes.example.com",
    title="All boxes",
    documentation="https://example.com/docs",
    canonical_name="Boxes",
    owner_domain="example.com",
    owner_name="Example",
    package_path="a/b",
    auth=ApiAuth(allow_cookie_auth=False, blocked_regions=["XX"]),
    frontend_limits=ApiFrontEndLimits(
        unregistered_user_qps=0, rules=[ApiFrontEndLimitRule(match="x", daily=9), ApiFrontEndLimitRule()]
    ),
    audiences=["me"],
)


@boxes.api_class(resource_name="all")
class Boxes(remote.Service):
    @endpoints.method(PARAMETERS, Box, path="{id}/{place.city}", http_method="PUT", scopes=["s"], allowed_client_ids=[])
    def put(self, request: Any) -> Any:
        """Put it down."""

    @endpoints.method(Place, path="{city}", http_method="DELETE", auth_level=endpoints.AUTH_LEVEL.OPTIONAL)
    def remove(self, request: Any) -> Any:
        raise NotImplementedError


@pytest.fixture(scope="module")
def made() -> Any:
    return json.loads(ApiConfigGenerator().pretty_print_config_to_json(boxes.get_api_classes()))


def test_head(made: Any) -> None:
    assert {key: value for key, value in made.items() if key not in ("methods", "descriptor")} == {
        "extends": "thirdParty.api",
        "root": "https://boxes.example.com/_ah/api",
        "name": "boxes",
        "version": "1.2.0",
        "api_version": "1.2.0",
        "path_version": "v1",
        "defaultVersion": True,
        "abstract": False,
        "adapter": {"bns": "https://boxes.example.com/_ah/api", "type": "lily", "deadline": 10.0},
        "description": "Boxes",
        "canonicalName": "Boxes",
        "ownerDomain": "example.com",
        "ownerName": "Example",
        "packagePath": "a/b",
        "title": "All boxes",
        "documentation": "https://example.com/docs",
        "auth": {"allowCookieAuth": False, "blockedRegions": ["XX"]},
        "frontendLimits": {"unregisteredUserQps": 0, "rules": [{"match": "x", "daily": 9}]},
    }


def test_method_with_a_container(made: Any) -> None:
    assert made["methods"]["boxes.all.put"] == {
        "path": "{id}/{place.city}",
        "httpMethod": "PUT",
        "rosyMethod": "Boxes.put",
        "request": {
            "body": "autoTemplate(backendRequest)",
            "bodyName": "resource",
            "parameterOrder": ["id", "place.city", "open"],
            "parameters": {
                "id": {"type": "int64", "required": True},
                "kind": {
                    "type": "string",
                    "default": "SMALL",
                    "enum": {"BIG": {"backendValue": "BIG"}, "SMALL": {"backendValue": "SMALL"}},
                },
                "place.city": {"type": "string", "required": True},
                "place.floor": {"type": "int32"},
                "many": {"type": "double", "repeated": True},
                "open": {"type": "boolean", "required": True},
                "when.milliseconds": {"type": "int64"},
                "when.time_zone_offset": {"type": "int64"},
                "mark": {"type": "bytes", "default": "k"},
            },
        },
        "response": {"body": "autoTemplate(backendResponse)", "bodyName": "resource"},
        "scopes": ["s"],
        "audiences": ["me"],
        "description": "Put it down.",
        "authLevel": "NONE",
        "useRequestUri": False,
    }


def test_method_without_a_body(made: Any) -> None:
    assert made["methods"]["boxes.all.remove"] == {
        "path": "{city}",
        "httpMethod": "DELETE",
        "rosyMethod": "Boxes.remove",
        "request": {
            "body": "empty",
            "parameterOrder": ["city"],
            "parameters": {"city": {"type": "string", "required": True}, "floor": {"type": "int32"}},
        },
        "response": {"body": "empty"},
        "scopes": [endpoints.EMAIL_SCOPE],
        "audiences": ["me"],
        "clientIds": [endpoints.API_EXPLORER_CLIENT_ID],
        "authLevel": "OPTIONAL",
        "useRequestUri": False,
    }


def test_schemas(made: Any) -> None:
    assert made["descriptor"]["methods"] == {
        "Boxes.put": {"request": {"$ref": "LegacyBox"}, "response": {"$ref": "LegacyBox"}},
        "Boxes.remove": {},
    }
    schemas = made["descriptor"]["schemas"]
    assert set(schemas) == {"LegacyBox", "LegacyPlace", "ProtorpcMessageTypesVoidMessage"}
    assert schemas["LegacyBox"] == {
        "id": "LegacyBox",
        "type": "object",
        "description": "A box.",
        "properties": {
            "size": {"type": "string", "enum": ["SMALL", "BIG"], "default": "BIG"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "key": {"type": "string", "format": "byte", "default": "\x01k"},
            "place": {"$ref": "LegacyPlace", "required": True},
        },
    }


@pytest.mark.parametrize(
    ("hostname", "root"),
    [("localhost:8080", "http://localhost:8080/_ah/api"), ("x.org", "https://x.org/_ah/api")],
)
def test_another_host_name(hostname: str, root: str) -> None:
    made = ApiConfigGenerator().get_config_dict(boxes.get_api_classes(), hostname=hostname)
    assert made["root"] == made["adapter"]["bns"] == root


def test_an_api_without_methods_and_words() -> None:
    @endpoints.api("empty", "v1", base_path="/")
    class Empty(remote.Service):
        pass

    made = ApiConfigGenerator().get_config_dict(Empty)
    assert made["root"] == "https://None/" and "methods" not in made and "description" not in made


def test_classes_of_two_apis() -> None:
    @endpoints.api("other", "v1")
    class Other(remote.Service):
        pass

    with pytest.raises(endpoints.ApiConfigurationError, match="expected the classes of one API"):
        ApiConfigGenerator().get_config_dict([Boxes, Other])
