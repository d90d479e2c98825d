"""What seed page 002 promises about its samples."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import endpoints
import ferris3
from tests.auth.issuing import NOW, TOKENINFO, Answers, Clock
from tests.auth.services import bearer
from tests.client import Client, Connect, Serve
from tests.seeds.samples import Run

HELLO = "/_ah/api/ferris/v1/hello/hello"


@pytest.fixture
def hello(serve: Serve, run: Run) -> Any:
    """Serve the service HelloService of a sample."""

    def served(name: str) -> Client:
        return serve(run(name).HelloService)

    return served


def parameters(client: Client) -> Any:
    document = client.get("/_ah/api/discovery/v1/apis/ferris/v1/rest").json()
    return document["resources"]["hello"]["methods"]["hello"].get("parameters")


def test_the_annotated_definition(run: Run) -> None:
    info = run("ferris_endpoint").PostsService.api_info
    assert (info.canonical_name, info.name, info.api_version) == ("Ferris Endpoint", "ferris", "v1")
    assert (info.description, info.auth_level) == ("Ferris-based Endpoint", endpoints.AUTH_LEVEL.REQUIRED)
    assert info.scopes == ["https://www.googleapis.com/auth/userinfo.email"]
    assert info.allowed_client_ids == [
        "292824132082.apps.googleusercontent.com",
        "462711127220-1mr3uha1ukgicv4s0ebvo26bulkpb4k1.apps.googleusercontent.com",
    ]


def test_a_required_level_requires(client: Connect, run: Run) -> None:
    run("ferris_endpoint")
    served = client(endpoints.api_server([ferris3.endpoints.get("ferris")]))
    assert served.post("/_ah/api/ferris/v1/posts/list").status == 401
    assert served.get("/_ah/api/discovery/v1/apis/ferris/v1/rest").json()["canonicalName"] == "Ferris Endpoint"


@pytest.mark.parametrize(
    ("client_id", "status"),
    [
        pytest.param("462711127220-1mr3uha1ukgicv4s0ebvo26bulkpb4k1.apps.googleusercontent.com", 204, id="listed"),
        pytest.param("292824132082.apps.googleusercontent.com", 204, id="explorer"),
        pytest.param("another.apps.googleusercontent.com", 403, id="another"),
    ],
)
def test_clients_of_the_definition_may_call(client_id: str, status: int, serve: Serve, run: Run) -> None:
    told = {"azp": client_id, "aud": client_id, "scope": endpoints.EMAIL_SCOPE, "exp": str(NOW + 3000)}
    told |= {"sub": "7", "email": "ada@example.com", "email_verified": "true"}
    posts = run("ferris_endpoint").PostsService
    served = serve(posts, fetch=Answers({TOKENINFO: told}), clock=Clock())
    assert served.post("/_ah/api/ferris/v1/posts/list", headers=bearer("ya29.a.b")).status == status


def test_services_are_exposed_as_the_comments_say(run: Run) -> None:
    module = run("ferris_services")
    infos = [each.api_info for each in (module.PostsService, module.ImagesService, module.ImagesApi)]
    assert [f"{each.name}.{each.resource_name}" for each in infos] == [
        "ferris.posts",
        "ferris.photos",
        "mobile_only.photos",
    ]
    assert [each.path for each in infos] == ["posts", "photos", "photos"]


@pytest.mark.parametrize(
    ("name", "class_name", "resource"),
    [("ferris_api_class", "PostsApi", "posts"), ("ferris_get", "ShelvesService", "shelves")],
)
def test_endpoints_are_ordinary_api_classes(name: str, class_name: str, resource: str, run: Run) -> None:
    info = getattr(run(name), class_name).api_info
    assert (info.name, info.resource_name, info.path) == ("ferris", resource, None)


def test_a_method_that_logs(hello: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    answer = hello("ferris_log").post(HELLO)
    assert (answer.status, answer.body) == (204, b"")
    assert "Hello, is it me you're looking for?" in caplog.messages


def test_a_method_that_returns_data(hello: Any) -> None:
    assert hello("ferris_returns").post(HELLO).json() == {"greeting": "Hello!"}


def test_a_parameter_with_a_default(hello: Any) -> None:
    served = hello("ferris_parameter")
    assert served.post(HELLO).json() == {"greeting": "Hello, Unknown!"}
    assert served.post(f"{HELLO}?name=you").json() == {"greeting": "Hello, you!"}


def test_a_required_and_an_optional_parameter(hello: Any) -> None:
    served = hello("ferris_parameters")
    # The page prints the type of the age in place of the age.
    assert served.post(f"{HELLO}?name=you&age=3").json() == {"greeting": "Hello, you! You are <class 'int'>"}
    assert served.post(HELLO).status == 400
    assert parameters(served) == {
        "name": {"type": "string", "required": True, "location": "query"},
        "age": {"type": "string", "format": "int64", "default": "18", "location": "query"},
    }


def test_a_method_that_receives_data(hello: Any) -> None:
    assert hello("ferris_receives").post(HELLO, json={"people": ["a", "b"]}).json() == {"greeting": "Hello a, b!"}


def test_a_method_that_receives_data_and_a_parameter(hello: Any) -> None:
    served = hello("ferris_combined")
    assert served.post(HELLO, json={"people": ["a", "b"]}).json() == {"greeting": "Hello a, b!"}
    assert served.post(f"{HELLO}?greeting=Hi", json={"people": ["a"]}).json() == {"greeting": "Hi a!"}
    assert parameters(served).keys() == {"greeting"}


def test_services_of_the_reference(run: Run) -> None:
    module = run("ferris_auto_service")
    infos = [each.api_info for each in (module.PostsService, module.MobilePostsService)]
    assert [(each.name, each.resource_name, each.path) for each in infos] == [
        ("ferris", "posts", "posts"),
        ("mobile_only", "posts", "posts"),
    ]


def test_methods_of_the_reference(serve: Serve, run: Run) -> None:
    served, root = serve(run("ferris_auto_method").SimpleService), "/_ah/api/ferris/v1/simple"
    assert served.post(f"{root}/nothing").status == 204
    assert served.post(f"{root}/simple").json() == {"content": "Hello"}
    assert served.post(f"{root}/simple_in", json={"content": "x"}).status == 204
    assert served.post(f"{root}/params?one=1&two=2").status == 204
    assert served.post(f"{root}/params?one=1").status == 400


def test_endpoints_of_the_reference(run: Run) -> None:
    module = run("ferris_add")
    assert ferris3.endpoints.default() is ferris3.endpoints.get("ferris")
    assert module.PostsService.api_info.name == "ferris"
    assert module.TestService.api_info.name == "test"
