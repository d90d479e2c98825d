from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from tests.cli.conftest import HELLO, LIBRARY, Write, run


@pytest.fixture
def library(write: Write) -> None:
    write("library.py", LIBRARY)
    write("hello.py", HELLO)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    status = run("openapi", *arguments)
    captured = capsys.readouterr()
    assert (status, captured.err) == (0, "")
    return json.loads(captured.out)


@pytest.mark.usefixtures("library")
class TestDocument:
    @pytest.mark.parametrize(
        "target",
        ["hello:HelloApi", "hello.HelloApi", "library:library", "library.Library2", "library:Shelves"],
    )
    def test_is_valid(self, capsys: pytest.CaptureFixture[str], target: str) -> None:
        for spec in ("3.1", "2.0"):
            made = document(capsys, target, "--spec", spec)
            validate(made)
            assert made.get("openapi", made.get("swagger")).startswith(spec)

    def test_is_3_1_by_default(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert document(capsys, "hello.HelloApi")["openapi"] == "3.1.0"

    def test_of_several_apis_is_one_when_asked_for(self, capsys: pytest.CaptureFixture[str]) -> None:
        made = document(capsys, "library:library", "library:Library2", "hello.HelloApi", "--merge")
        assert {each["name"] for each in made["tags"]} == {"Shelves", "Library2", "HelloApi"}
        assert "/library/v1/shelves" in made["paths"] and "/hello/v1/greet" in made["paths"]

    @pytest.mark.parametrize(
        ("chosen", "versions"), [("library:2.0.0", ["2.0.0"]), ("library", ["1.2.0", "2.0.0"]), ("hello", ["v1"])]
    )
    def test_is_of_the_chosen_api(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], chosen: str, versions: list[str]
    ) -> None:
        assert run("openapi", "library:server", "hello:HelloApi", "--api", chosen, "-o", "out") == 0
        made = [json.loads(path.read_text())["info"]["version"] for path in sorted((tmp_path / "out").iterdir())]
        assert made == versions
        assert capsys.readouterr().err == ""

    def test_says_dates_as_the_server_sends_them(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        write(
            "dates.py",
            """
import endpoints
from protorpc import message_types, messages, remote

class Event(messages.Message):
    at = message_types.DateTimeField(1)

@endpoints.api(name="dates", version="v1")
class DatesApi(remote.Service):
    @endpoints.method(Event, Event)
    def move(self, request):
        return request

server = endpoints.api_server([DatesApi], naive_datetimes="utc")
""",
        )
        at = [
            document(capsys, f"dates:{name}")["components"]["schemas"]["DatesEvent"]["properties"]["at"]
            for name in ("server", "DatesApi")
        ]
        assert at[0]["format"] == "date-time" and "format" not in at[1]

    def test_of_google_has_the_name_of_the_api(self, capsys: pytest.CaptureFixture[str]) -> None:
        made = document(capsys, "hello.HelloApi", "--spec", "2.0", "--x-google-api-name")
        assert made["x-google-api-name"] == "hello"

    def test_google_allow_and_cors(self, capsys: pytest.CaptureFixture[str]) -> None:
        told = ("--x-google-allow", "configured", "--allow-cors", "--hostname", "hello.example.com")
        made = document(capsys, "hello.HelloApi", "--spec", "2.0", *told)
        assert made["x-google-allow"] == "configured"
        assert made["x-google-endpoints"] == [{"name": "hello.example.com", "allowCors": True}]


@pytest.mark.parametrize(
    ("arguments", "told", "host"),
    [
        pytest.param(["hello.HelloApi"], {}, None, id="nothing says it"),
        pytest.param(["hello.HelloApi"], {"app.yaml": "s~one"}, "one.appspot.com", id="app.yaml"),
        pytest.param(["hello.HelloApi"], {"app.yaml": "one", "environment": "two.org"}, "two.org", id="environment"),
        pytest.param(["library.library"], {"environment": "two.org"}, "books.example.com", id="declared"),
        pytest.param(["library.library", "--hostname", "x.org:81"], {}, "x.org:81", id="option"),
    ],
)
@pytest.mark.usefixtures("library")
def test_host_name(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    told: dict[str, str],
    host: str | None,
) -> None:
    if "environment" in told:
        monkeypatch.setenv("DEFAULT_VERSION_HOSTNAME", told["environment"])
    if "app.yaml" in told:
        Path("app.yaml").write_text(f"application: {told['app.yaml']}")
    assert document(capsys, *arguments, "--spec", "2.0").get("host") == host
    url = document(capsys, *arguments)["servers"][0]["url"]
    assert url == (f"https://{host}/_ah/api" if host else "/_ah/api")


@pytest.mark.usefixtures("library")
class TestOutput:
    def test_one_file_for_each_api_in_a_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("openapi", "library:server", "-o", "a/b") == 0
        assert capsys.readouterr().out.splitlines() == [
            "OpenAPI document written to a/b/library-1.2.0.openapi.json",
            "OpenAPI document written to a/b/library-2.0.0.openapi.json",
        ]
        assert json.loads((tmp_path / "a/b/library-2.0.0.openapi.json").read_text())["info"]["version"] == "2.0.0"

    @pytest.mark.parametrize(
        ("arguments", "names"),
        [
            pytest.param(["-o", "out", "--merge"], ["openapi.json"], id="merged"),
            pytest.param(["-o", "out", "--merge", "--spec", "2.0"], ["swagger.json"], id="merged, 2.0"),
            pytest.param(
                ["-o", "out", "--format", "yaml", "--spec", "2.0"],
                ["library-1.2.0.swagger.yaml", "library-2.0.0.swagger.yaml"],
                id="YAML",
            ),
        ],
    )
    def test_names_in_a_folder(self, tmp_path: Path, arguments: list[str], names: list[str]) -> None:
        assert run("openapi", "library:server", *arguments) == 0
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names

    @pytest.mark.parametrize("name", ["api.yaml", "api.YML", "sub/api.json"])
    def test_the_ending_of_a_file_says_what_is_in_it(self, tmp_path: Path, name: str) -> None:
        assert run("openapi", "hello.HelloApi", "-o", name) == 0
        text = (tmp_path / name).read_text()
        assert text.startswith("{" if "json" in name else "openapi:")
        assert yaml.safe_load(text)["info"]["title"] == "hello"

    def test_a_folder_may_end_as_a_file_does(self, tmp_path: Path) -> None:
        (tmp_path / "api.json").mkdir()
        assert run("openapi", "hello.HelloApi", "-o", "api.json") == 0
        assert (tmp_path / "api.json/hello-v1.openapi.json").is_file()

    def test_what_modules_print_is_no_part_of_it(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        write("loud.py", HELLO + "print('Hello')")
        assert run("openapi", "loud.HelloApi") == 0
        captured = capsys.readouterr()
        assert json.loads(captured.out) and captured.err == "Hello\n"

    def test_a_version_leads_nowhere_else(self, write: Write, tmp_path: Path) -> None:
        write("odd.py", HELLO.replace('"v1"', '"../v1"'))
        assert run("openapi", "odd.HelloApi", "-o", "out") == 0
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["hello-.._v1.openapi.json"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "there is no module 'main' in ", id="no target"),
        pytest.param(["nowhere.Api"], "there is no module 'nowhere' in ", id="no module"),
        pytest.param(["hello.Nothing"], "module 'hello' has no attribute 'Nothing'", id="no attribute"),
        pytest.param(
            ["hello.endpoints.Cors"], "hello.endpoints.Cors is the class Cors; expected what endp", id="class"
        ),
        pytest.param(["hello:HelloApi.greet"], "hello:HelloApi.greet is an object of type", id="method"),
        pytest.param(["library:empty"], "library:empty has no service class", id="no class"),
        pytest.param(["hello:HelloApi", "-a", "none"], "there is no folder '", id="no folder"),
        pytest.param(
            ["hello:HelloApi"] * 2, "hello:HelloApi, hello:HelloApi cannot be described: class HelloA", id="twice"
        ),
        pytest.param(
            ["library:server"],
            "there are 2 documents (library:1.2.0, library:2.0.0), and only one stdout: give a folder with -o FOLDER, "
            "choose one with --api NAME:VERSION, or make one of all with --merge\n",
            id="two for stdout",
        ),
        pytest.param(["library:server", "-o", "a.json"], "there are 2 documents (library:1.2.0, library:2.", id="two"),
        pytest.param(
            ["library:server", "--api", "x"], "--api x is none of the APIs there: library:1.2.0, l", id="--api"
        ),
        pytest.param(
            ["hello.HelloApi", "-o", "hello.py/x"], "hello.py/x/hello-v1.openapi.json cannot be w", id="no place"
        ),
        pytest.param(
            ["hello.HelloApi", "--hostname", "http://x/"], "argument --hostname: expected a host name", id="URL"
        ),
        pytest.param(
            ["hello.HelloApi", "--spec", "3.0"], "argument --spec/--version: invalid choice: '3.0'", id="spec"
        ),
        pytest.param(
            ["hello.HelloApi", "--x-google-api-name"], "--x-google-api-name is for Google's gatew", id="Google"
        ),
        pytest.param(
            ["odd.HelloApi", "--spec", "2.0", "--x-google-api-name"],
            "Hello:v1 cannot be described: x-google-api-name: the API name 'Hello' must match",
            id="name",
        ),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    write: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    write("library.py", LIBRARY + 'empty = endpoints.api("empty", "v1")')
    write("hello.py", HELLO)
    write("odd.py", HELLO.replace('"hello"', '"Hello"'))
    assert run("openapi", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"endpoints openapi: {said}") and captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_broken_app_yaml_is_named_with_its_line(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("hello.py", HELLO)
    write("app.yaml", "runtime: python3\nhandlers: [")
    assert run("openapi", "hello.HelloApi") == 2
    assert capsys.readouterr().err.startswith("endpoints openapi: app.yaml, line 2 is no YAML: ")


class TestProcess:
    """The same as users start it."""

    @pytest.fixture
    def environment(self) -> dict[str, str]:
        hidden = ("DEFAULT_VERSION_HOSTNAME", "GOOGLE_CLOUD_PROJECT")
        return {name: value for name, value in os.environ.items() if name not in hidden}

    def test_runs_in_any_folder(self, write: Write, tmp_path: Path, environment: dict[str, str]) -> None:
        write("app/hello.py", HELLO)
        (tmp_path / "elsewhere").mkdir()
        command = [sys.executable, "-m", "endpoints", "openapi", "hello:HelloApi", "-a", str(tmp_path / "app")]
        done = subprocess.run(  # noqa: S603
            command, cwd=tmp_path / "elsewhere", env=environment, capture_output=True, check=True
        )
        assert json.loads(done.stdout)["info"]["title"] == "hello" and done.stderr == b""

    def test_a_reader_that_has_seen_enough(self, write: Write, environment: dict[str, str]) -> None:
        write("library.py", LIBRARY)
        command = [sys.executable, "-m", "endpoints", "openapi", "library:library"]
        with subprocess.Popen(  # noqa: S603
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout and process.stderr
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 1

    def test_odd_declarations_are_told_in_a_line(self, write: Write, environment: dict[str, str]) -> None:
        write("odd.py", HELLO.replace('http_method="GET"', 'http_method="GET", metric_costs={"reads": 1}'))
        command = [sys.executable, "-m", "endpoints", "openapi", "odd:HelloApi"]
        done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)  # noqa: S603
        assert done.stderr == (
            "endpoints openapi: warning: HelloApi.greet: metric_costs names 'reads', for which API 'hello' defines no "
            "limit\n"
        )
