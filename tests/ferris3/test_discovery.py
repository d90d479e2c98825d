from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

import endpoints
import ferris3
from ferris3.discovery import discover_api_services
from tests.ferris3.projects import ENDPOINT, alone, service, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory, with an endpoint and no service."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"app/default-endpoint.yaml": ENDPOINT})
    with alone():
        yield tmp_path


def found() -> list[str]:
    return [f"{each.__module__}.{each.__name__}" for each in discover_api_services()]


def test_services_are_found_by_the_names_of_their_files(folder: Path) -> None:
    write(
        folder,
        {
            "app/posts/posts_service.py": service("Posts"),
            "app/directory/combined_service.py": service("Users") + service("Groups").replace("Answer", "Other"),
            "app/tags_service.py": service("Tags"),
            "app/deep/down/service.py": service("Deep"),
            "app/posts/posts.py": service("Hidden"),
            "app/posts/posts_services.py": service("Hidden2"),
            "other/posts_service.py": service("Other"),
            "app/.trash/old_service.py": service("Trash"),
        },
    )
    assert found() == [
        "app.deep.down.service.DeepService",
        "app.directory.combined_service.UsersService",
        "app.directory.combined_service.GroupsService",
        "app.posts.posts_service.PostsService",
        "app.tags_service.TagsService",
    ]
    assert found() == found()  # and does no harm when it is asked again


@pytest.mark.parametrize("packages", [[], ["app"], ["app", "app/posts"], ["app/posts"]], ids=str)
def test_packages_may_do_without_init(folder: Path, packages: list[str]) -> None:
    write(
        folder,
        {
            "app/posts/models.py": "KIND = 'Posts'\n",
            "app/posts/posts_service.py": "from . import models\nfrom app.posts.models import KIND\n"
            + service("Posts"),
            **{f"{package}/__init__.py": "" for package in packages},
        },
    )
    assert found() == ["app.posts.posts_service.PostsService"]


def test_a_class_counts_once_wherever_it_is_imported(folder: Path) -> None:
    again = "from app.a.a_service import AService, Answer as Base\nimport ferris3\nService = ferris3.Service\n"
    write(folder, {"app/a/a_service.py": service("A"), "app/b/b_service.py": again + service("B")})
    assert found() == ["app.a.a_service.AService", "app.b.b_service.BService"]


def test_a_copied_file_is_named(folder: Path) -> None:
    write(folder, {"app/a/a_service.py": service("Posts"), "app/b/b_service.py": service("Posts")})
    both = r"app\.a\.a_service\.PostsService\.hello and app\.b\.b_service\.PostsService\.hello$"
    with pytest.raises(endpoints.ApiConfigurationError, match=rf"'shop.posts.hello' is used by both {both}"):
        ferris3.application()
    text = (folder / "app" / "b" / "b_service.py").read_text(encoding="utf-8")
    write(folder, {"app/c/c_service.py": text.replace("auto_service", "auto_service(name='other')")})
    (folder / "app" / "b" / "b_service.py").unlink()
    with pytest.raises(
        endpoints.ApiConfigurationError, match=r"PostsService, in app\.a\.a_service and app\.c\.c_service;"
    ):
        ferris3.application()


def test_a_service_of_no_api_is_none(folder: Path) -> None:
    write(folder, {"app/a/a_service.py": service("A").replace("@ferris3.auto_service\n", "")})
    with pytest.raises(ferris3.endpoints.ConventionError) as caught:
        discover_api_services()
    assert str(caught.value) == (
        f"no service in {Path('app/a/a_service.py')}: expected a class decorated with ferris3.auto_service"
    )


def test_no_service(folder: Path) -> None:
    with pytest.raises(ferris3.endpoints.ConventionError) as caught:
        discover_api_services()
    assert str(caught.value) == f"no service in {folder}: expected files app/[module]/[module]_service.py"


def test_no_application(tmp_path: Path) -> None:
    with pytest.raises(ferris3.endpoints.ConventionError) as caught:
        discover_api_services(tmp_path / "app")
    assert str(caught.value) == (
        f"no folder 'app' in {tmp_path / 'app'}: expected services in app/[module]/[module]_service.py"
    )


@pytest.mark.parametrize("name", ["posts", "service"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("import no_such_thing", ModuleNotFoundError, id="import"),
        pytest.param("1 / 0", ZeroDivisionError, id="error"),
        pytest.param("def", SyntaxError, id="syntax"),
    ],
)
def test_what_a_file_raises_names_the_file(folder: Path, text: str, kind: type[Exception], name: str) -> None:
    file = f"app/posts/{'__init__' if name == 'posts' else 'posts_service'}.py"
    write(folder, {"app/posts/posts_service.py": service("Posts"), file: text})
    with pytest.raises(kind) as caught:
        discover_api_services()
    assert f"(raised while {folder / 'app/posts/posts_service.py'} was imported)" in caught.value.__notes__
    assert file in "".join(traceback.format_exception(caught.value))


def test_another_package_of_that_name(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    write(other, {"app/__init__.py": ""})
    sys.path.insert(1, str(other))
    write(folder, {"app/posts/posts_service.py": service("Posts")})
    with pytest.raises(ferris3.endpoints.ConventionError) as caught:
        discover_api_services()
    init = folder / "app" / "__init__.py"
    assert str(caught.value) == (
        f"{folder / 'app'} cannot be imported: module 'app' is {other / 'app' / '__init__.py'}; leave that off the "
        f"Python path, or add an empty {init}"
    )
    del sys.modules["app"]
    init.touch()
    assert found() == ["app.posts.posts_service.PostsService"]


def test_another_module_of_that_name(folder: Path) -> None:
    write(folder, {"app.py": "", "app/posts/posts_service.py": service("Posts")})
    with pytest.raises(ferris3.endpoints.ConventionError, match=r"module 'app' is .*app\.py; leave that off the"):
        discover_api_services()


def test_two_applications_in_one_process(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    second = tmp_path_factory.mktemp("second")
    for root in (folder, second):
        write(root, {"app/__init__.py": "", "app/posts/posts_service.py": service("Posts")})
    assert len(discover_api_services(folder)) == 1
    with pytest.raises(ferris3.endpoints.ConventionError, match="cannot be imported: module 'app' is"):
        discover_api_services(second)


def test_another_endpoints_config(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    for root in (other, folder):
        write(root, {"endpoints_config.py": ""})
    sys.path.insert(0, str(other))
    importlib.import_module("endpoints_config")
    with pytest.raises(ferris3.endpoints.ConventionError) as caught:
        discover_api_services(folder)
    assert str(caught.value) == (
        f"{folder / 'endpoints_config.py'} cannot be imported: module 'endpoints_config' is "
        f"{other / 'endpoints_config.py'}"
    )


def test_names_that_cannot_be_imported(folder: Path) -> None:
    write(folder, {"app/v1.2/posts_service.py": service("Posts")})
    with pytest.raises(
        ferris3.endpoints.ConventionError, match=r"posts_service\.py cannot be imported: there is a dot"
    ):
        discover_api_services()


def test_handlers_are_no_more() -> None:
    with pytest.raises(ImportError, match="use Flask, Starlette or Django for pages"):
        from ferris3.discovery import discover_webapp2_routes  # noqa: F401, PLC0415


class TestRoot:
    @pytest.fixture
    def application(self, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """An application that is not in the working directory."""
        root = tmp_path_factory.mktemp("elsewhere")
        write(root, {"app/elsewhere/elsewhere_service.py": service("Elsewhere"), "app/default-endpoint.yaml": ENDPOINT})
        return root

    @pytest.mark.parametrize("kind", [str, Path])
    def test_named(self, application: Path, kind: type) -> None:
        assert [each.__name__ for each in discover_api_services(kind(application))] == ["ElsewhereService"]

    def test_relative(self, application: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(application.parent)
        assert len(discover_api_services(application.name)) == 1

    def test_first_on_the_python_path(self, application: Path) -> None:
        sys.path.insert(0, str(application))
        assert found() == ["app.elsewhere.elsewhere_service.ElsewhereService"]

    def test_working_directory(self, folder: Path, application: Path) -> None:
        write(folder, {"app/here/here_service.py": service("Here")})
        sys.path.insert(1, str(application))  # not first: a path that was there before
        assert found() == ["app.here.here_service.HereService"]

    def test_elsewhere_on_the_python_path(
        self, application: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
        sys.path.append(str(application))
        assert found() == ["app.elsewhere.elsewhere_service.ElsewhereService"]

    def test_named_is_where_paths_begin(self, application: Path) -> None:
        config = "from ferris3 import endpoints\nendpoints.add('app/default-endpoint.yaml', default=True)\n"
        write(application, {"endpoints_config.py": config, "app/default-endpoint.yaml": "name: far\nversion: v1\n"})
        sys.path.append(str(application))
        assert [each.api_info.name for each in discover_api_services(application)] == ["far"]  # type: ignore[attr-defined]


class TestEndpoints:
    def served(self) -> list[str]:
        return sorted({each.api_info.name for each in discover_api_services()})  # type: ignore[attr-defined]

    def test_the_default_one(self, folder: Path) -> None:
        write(folder, {"app/posts/posts_service.py": service("Posts")})
        assert self.served() == ["shop"]

    def test_endpoints_config(self, folder: Path) -> None:
        mobile = "from ferris3 import endpoints\nendpoints.add('app/mobile-endpoint.yaml', default=True)\n"
        write(
            folder,
            {
                "endpoints_config.py": mobile,
                "app/posts/posts_service.py": service("Posts"),
                "app/mobile-endpoint.yaml": "name: mobile\nversion: v1\n",
            },
        )
        assert self.served() == ["mobile"]
        assert ferris3.endpoints.get("mobile") is ferris3.endpoints.default()

    def test_endpoints_config_without_a_default(self, folder: Path) -> None:
        write(
            folder,
            {
                "endpoints_config.py": "import ferris3.endpoints\nferris3.endpoints.add('app/mobile-endpoint.yaml')\n",
                "app/posts/posts_service.py": service("Posts"),
                "app/tags/tags_service.py": service("Tags").replace("auto_service", "auto_service(endpoint='mobile')"),
                "app/mobile-endpoint.yaml": "name: mobile\nversion: v1\n",
            },
        )
        assert self.served() == ["mobile", "shop"]

    def test_added_before(self, folder: Path) -> None:
        write(folder, {"app/posts/posts_service.py": service("Posts")})
        ferris3.endpoints.add({"name": "before", "version": "v1"}, default=True)
        assert self.served() == ["before"]

    def test_none(self, folder: Path) -> None:
        (folder / "app" / "default-endpoint.yaml").unlink()
        write(folder, {"app/posts/posts_service.py": service("Posts")})
        with pytest.raises(RuntimeError, match="No default endpoint has been configured"):
            discover_api_services()

    def test_a_mistake_in_endpoints_config(self, folder: Path) -> None:
        write(folder, {"endpoints_config.py": "1 / 0", "app/posts/posts_service.py": service("Posts")})
        with pytest.raises(ZeroDivisionError) as caught:
            discover_api_services()
        assert caught.value.__notes__ == [f"(raised while {folder / 'endpoints_config.py'} was imported)"]
