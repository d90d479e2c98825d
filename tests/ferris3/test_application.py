from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials

import endpoints
import ferris3
from endpoints.cli.services import services_of
from endpoints.cli.target import load
from ferris3.discovery import discover_api_services
from tests.client import Client, Connect
from tests.ferris3.projects import ENDPOINT, alone, service, write

POSTS = "/_ah/api/shop/v1/posts/hello"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory, with an application of two services."""
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        {
            "app/posts/posts_service.py": service("Posts"),
            "app/tags/tags_service.py": service("Tags"),
            "app/default-endpoint.yaml": ENDPOINT,
        },
    )
    with alone():
        yield tmp_path


@pytest.mark.usefixtures("folder")
def test_it_serves_what_is_there(client: Connect) -> None:
    served = client(ferris3.application())
    assert served.get(POSTS).json() == {"text": "Posts"}
    assert served.get("/_ah/api/shop/v1/tags/hello").json() == {"text": "Tags"}
    (described,) = served.get("/_ah/api/discovery/v1/apis").json()["items"]
    assert (described["name"], described["version"]) == ("shop", "v1")


@pytest.mark.usefixtures("folder")
def test_settings_of_the_server_pass_through(client: Connect) -> None:
    served = client(ferris3.application(cors=endpoints.Cors(origins=["https://a.example"]), threads=2))
    answer = served.get(POSTS, headers={"Origin": "https://b.example"})
    assert answer.status == 200 and "access-control-allow-origin" not in answer.headers
    with pytest.raises(TypeError, match="unexpected keyword argument 'thread'"):
        ferris3.application(thread=2)


def test_another_folder(
    folder: Path, client: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = "import ferris3\nferris3.endpoints.add('app/default-endpoint.yaml', default=True)\n"
    write(folder, {"endpoints_config.py": config})
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    assert client(ferris3.application(folder)).get(POSTS).status == 200


@pytest.mark.parametrize(
    ("source", "name"),
    [
        pytest.param("import ferris3\n\napp = ferris3.application()\n", "main", id="one line"),
        pytest.param(
            "import endpoints\nfrom ferris3 import discovery\n\n"
            "api = endpoints.api_server(discovery.discover_api_services())\n",
            "main:api",
            id="as ever",
        ),
        pytest.param(
            "import endpoints as google_cloud_endpoints\nfrom ferris3.discovery import discover_api_services\n"
            "from ferris3 import endpoints\n\nendpoints.add('app/default-endpoint.yaml', default=True)\n"
            "API_CLASSES = discover_api_services()\n"
            "API_APPLICATION = google_cloud_endpoints.api_server(API_CLASSES)\n",
            "main:API_APPLICATION",
            id="endpoints in main",
        ),
    ],
)
def test_it_is_found_by_serve(folder: Path, source: str, name: str) -> None:
    write(folder, {"main.py": source})
    target = load(name)
    assert target.apis is not None and [(api.name, len(api.operations)) for api in target.apis] == [("shop", 2)]
    with Client(target.wsgi, "wsgi") as client:
        assert client.get(POSTS).json() == {"text": "Posts"}


@pytest.mark.usefixtures("folder")
def test_services_are_classes_for_any_server(client: Connect) -> None:
    assert client(endpoints.api_server(discover_api_services())).get(POSTS).status == 200


NDB = """
import ferris3
from ferris3 import ndb
from protorpc import messages

class Context(messages.Message):
    number = messages.IntegerField(1)

class Memo({base}):
    text = ndb.StringProperty()

@ferris3.auto_service
class NotesService(ferris3.Service):
    @ferris3.auto_method(returns=Context)
    def look(self, request):
        context = ndb.get_context(raise_context_error=False)
        return Context(number=None if context is None else 1)
"""


@pytest.mark.parametrize(("base", "answer"), [("ferris3.Model", {"number": "1"}), ("ndb.Expando", {})])
def test_models_of_ferris_have_their_context(folder: Path, client: Connect, base: str, answer: object) -> None:
    from ferris3 import ndb  # noqa: PLC0415 - an extra

    write(folder, {"app/notes/notes_service.py": NDB.replace("{base}", base)})
    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
    ndb.use(ndb.Client(project="shop", credentials=nobody))
    server = ferris3.application()
    assert [api.name for api in server.apis] == ["shop"]
    served = client(server)
    assert served.post("/_ah/api/shop/v1/notes/look", json={}).json() == answer
    assert served.get(POSTS).status == 200
    assert [each.__name__ for each in services_of(server) or ()] == ["NotesService", "PostsService", "TagsService"]
