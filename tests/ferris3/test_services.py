"""`auto_service`: names, endpoints, settings."""

from __future__ import annotations

from typing import Any

import pytest

import endpoints
import ferris3
from ferris3.endpoints import ConventionError, NoDefaultEndpointError
from tests.client import Serve

LEVEL = endpoints.AUTH_LEVEL


@pytest.fixture(autouse=True)
def two_endpoints() -> None:
    ferris3.endpoints.add({"name": "mobile_only", "version": "v1"})
    ferris3.endpoints.add({"name": "ferris", "version": "v1"}, default=True)


def service(name: str) -> Any:
    return type(name, (ferris3.Service,), {})


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("PostsService", "posts"),
        ("FuzzyBearsService", "fuzzy_bears"),
        ("ImagesApi", "images"),
        ("Posts", "posts"),
        ("HTTPService", "http"),
        ("APIService", "api"),
        ("MyAPIService", "my"),
        ("BearApiService", "bear"),
        ("XMLHttpApi", "xml_http"),
        ("Foo2BarService", "foo2_bar"),
        ("ServiceListService", "service_list"),
        ("TheServiceThing", "the_thing"),
        ("MeepDeMeep", "meep_de_meep"),
        ("Service", "service"),
    ],
)
def test_names_made_of_class_names(name: str, resource: str) -> None:
    info = ferris3.auto_service(service(name)).api_info
    assert (info.name, info.resource_name, info.path) == ("ferris", resource, resource)


@pytest.mark.parametrize(
    ("settings", "api", "resource", "path"),
    [
        pytest.param({}, "ferris", "posts", "posts", id="parentheses"),
        pytest.param({"name": "photos"}, "ferris", "photos", "photos", id="name"),
        pytest.param({"resource_name": "photos"}, "ferris", "photos", "photos", id="resource-name"),
        pytest.param({"name": "photos", "resource_name": "photos"}, "ferris", "photos", "photos", id="both"),
        pytest.param({"path": "p/q"}, "ferris", "posts", "p/q", id="path"),
        pytest.param({"path": ""}, "ferris", "posts", "", id="empty-path"),
        pytest.param({"name": "a", "path": "b"}, "ferris", "a", "b", id="name-and-path"),
        pytest.param({"endpoint": "mobile_only"}, "mobile_only", "posts", "posts", id="endpoint"),
        pytest.param(
            {"endpoint": "mobile_only", "resource_name": "posts", "path": "posts"},
            "mobile_only",
            "posts",
            "posts",
            id="all",
        ),
    ],
)
def test_settings(settings: dict[str, Any], api: str, resource: str, path: str) -> None:
    info = ferris3.auto_service(**settings)(service("PostsService")).api_info
    assert (info.name, info.resource_name, info.path) == (api, resource, path)


def test_an_endpoint_may_be_given_itself() -> None:
    other = endpoints.api(name="other", version="v1")
    assert ferris3.auto_service(endpoint=other)(service("Posts")).api_info.name == "other"


@pytest.mark.parametrize(
    ("settings", "attribute", "expected"),
    [
        ({"scopes": ["a"]}, "scopes", ["a"]),
        ({"audiences": ["a"]}, "audiences", ["a"]),
        ({"allowed_client_ids": ["a"]}, "allowed_client_ids", ["a"]),
        ({"api_key_required": True}, "api_key_required", True),
        ({"auth_level": LEVEL.REQUIRED}, "auth_level", LEVEL.REQUIRED),
        ({"auth_level": "optional"}, "auth_level", LEVEL.OPTIONAL),
    ],
    ids=lambda each: each if isinstance(each, str) else None,
)
def test_settings_of_a_class(settings: dict[str, Any], attribute: str, expected: object) -> None:
    decorated: Any = ferris3.auto_service(**settings)(service("Posts"))
    assert getattr(decorated.api_info, attribute) == expected


def test_a_decorator_may_be_used_twice() -> None:
    decorator = ferris3.auto_service()
    names = [decorator(service(name)).api_info.resource_name for name in ("PostsService", "ImagesService")]
    assert names == ["posts", "images"]


def test_required_requires(serve: Serve) -> None:
    strict = ferris3.endpoints.add({"name": "strict", "version": "v1", "auth_level": "required"})

    @ferris3.auto_service(endpoint=strict)
    class ClosedService(ferris3.Service):
        @ferris3.auto_method
        def enter(self, request: Any) -> None: ...

        @ferris3.auto_method(auth_level="none")
        def look(self, request: Any) -> None: ...

    served = serve(ClosedService)
    assert served.post("/_ah/api/strict/v1/closed/enter").status == 401
    assert served.post("/_ah/api/strict/v1/closed/look").status == 204


@pytest.mark.parametrize(
    ("settings", "name", "message"),
    [
        ({"endpoint": "mobil_only"}, "Posts", "Posts: no endpoint is named 'mobil_only'; .*did you mean mobile_only"),
        ({"nmae": "photos"}, "Posts", r"Posts: auto_service has no argument 'nmae'; did you mean name\?"),
        ({"name": "a", "resource_name": "b"}, "Posts", "name='a' and resource_name='b' mean the same; give one"),
        ({"auth_level": "requird"}, "Posts", "Posts: auth_level must be one of required"),
        ({"scopes": "a"}, "Posts", "class Posts: scopes must be a list"),
        ({}, "_Api", "_Api: nothing is left of the class name"),
    ],
    ids=["endpoint", "argument", "two-names", "level", "scopes", "no-name"],
)
def test_what_makes_no_sense(settings: dict[str, Any], name: str, message: str) -> None:
    with pytest.raises(ConventionError, match=message):
        ferris3.auto_service(**settings)(service(name))


@pytest.mark.parametrize("wrong", [int, lambda: None, "mobile_only"], ids=["no-service", "function", "text"])
def test_what_is_no_service(wrong: Any) -> None:
    with pytest.raises(ConventionError, match="auto_service decorates"):
        ferris3.auto_service(wrong)
    with pytest.raises(ConventionError, match="auto_service decorates"):
        ferris3.auto_service()(wrong)


def test_no_default_endpoint() -> None:
    ferris3.endpoints.clear()
    with pytest.raises(NoDefaultEndpointError, match="No default endpoint has been configured"):
        ferris3.auto_service(service("Posts"))
