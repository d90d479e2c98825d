"""What the recorded runs of the tool (tests/conformance/test_tool.py) do not show."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from endpoints.cli.endpointscfg import main
from tests.cli.conftest import HELLO, LIBRARY, Write
from tests.cli.conftest import run as endpoints

Run = Callable[..., int]


@pytest.fixture
def tool(write: Write) -> Run:
    """Run the tool in a folder with two modules; returns the exit status, however it ends."""
    write("library.py", LIBRARY)
    write("hello.py", HELLO + "api = endpoints.api_server([HelloApi])\nclass Bare(remote.Service):\n    pass\n")

    def run(*arguments: str) -> int:
        try:
            return main(["endpointscfg.py", *arguments])
        except SystemExit as end:
            return int(end.code or 0)

    return run


@pytest.mark.parametrize(
    ("arguments", "host"),
    [
        pytest.param(["library.library"], "books.example.com", id="declared"),
        pytest.param(["library.library", "--hostname", "x.org"], "books.example.com", id="declared before option"),
        pytest.param(["hello.HelloApi", "--hostname", "x.org"], "x.org", id="option before app.yaml"),
        pytest.param(["hello.HelloApi"], "app.appspot.com", id="app.yaml of the folder of the application"),
    ],
)
def test_host_name(tool: Run, write: Write, monkeypatch: pytest.MonkeyPatch, arguments: list[str], host: str) -> None:
    write("app.yaml", "application: s~app")
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert tool("get_openapi_spec", "-a", "..", *arguments) == 0
    (written,) = Path().iterdir()
    assert json.loads(written.read_text())["host"] == host


def test_no_openapi_document_holds_anything_of_the_one_before(tool: Run, tmp_path: Path) -> None:
    assert tool("get_openapi_spec", "-o", "all", "library.server", "hello.api") == 0
    for name in ("library.library", "library.Library2", "hello.HelloApi"):
        assert tool("get_openapi_spec", "-o", "alone", name) == 0
    alone, together = tmp_path / "alone", tmp_path / "all"
    assert sorted(path.name for path in together.iterdir()) == sorted(path.name for path in alone.iterdir())
    for path in together.iterdir():
        assert path.read_text() == (alone / path.name).read_text()


def test_gen_api_config(tool: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert tool("gen_api_config", "hello:HelloApi", "-o", "out", "--hostname", "x.org") == 0
    assert capsys.readouterr() == ("", "")
    made = json.loads((tmp_path / "out/hello-v1.api").read_text())
    assert made["root"] == "https://x.org/_ah/api" and list(made["methods"]) == ["hello.greet"]


class TestClientLibrary:
    def test_is_an_archive_for_each_api(self, tool: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        assert tool("get_client_lib", "-o", "out", "typescript", "library.server", "-bs", "maven") == 0
        assert capsys.readouterr().out.splitlines() == [
            "API client library written to out/library-1.2.0.zip",
            "API client library written to out/library-2.0.0.zip",
        ]
        with zipfile.ZipFile(tmp_path / "out/library-1.2.0.zip") as archive:
            assert archive.testzip() is None
            assert json.loads(archive.read("library-1.2.0/package.json"))["version"] == "1.2.0"

    def test_is_written_from_a_document(self, tool: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        assert endpoints("openapi", "library.library", "-o", "docs") == 0
        capsys.readouterr()
        assert tool("gen_client_lib", "typescript", "docs/library-1.2.0.openapi.json") == 0
        assert capsys.readouterr().out == "API client library written to ./library-1.2.0.zip\n"
        with zipfile.ZipFile(tmp_path / "library-1.2.0.zip") as archive:
            assert "library-1.2.0/package.json" in archive.namelist()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            pytest.param(["get_client_lib", "java", "hello.HelloApi"], "java: feed the OpenAPI document", id="Java"),
            pytest.param(["gen_client_lib", "java", "a.discovery"], "java: feed the OpenAPI document", id="Java, file"),
            pytest.param(
                ["gen_client_lib", "python", "a.discovery"], "a.discovery is a discovery document; p", id="which"
            ),
            pytest.param(["gen_client_lib", "python", "none.json"], "none.json: cannot be read: No such f", id="none"),
            pytest.param(["gen_client_lib", "python", "list.json"], "list.json: expected an OpenAPI or dis", id="list"),
            pytest.param(["gen_client_lib", "typescript", "old.json"], "expected an OpenAPI 3.1 document, ", id="2.0"),
        ],
    )
    def test_that_cannot_be_written(
        self, tool: Run, write: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
    ) -> None:
        write("a.discovery", '{"discoveryVersion": "v1"}')
        write("list.json", "[]")
        write("old.json", '{"swagger": "2.0"}')
        assert tool(*arguments) == 1
        captured = capsys.readouterr()
        assert captured.err.startswith(f"endpointscfg.py {arguments[0]}: error: {said}")
        assert captured.err.count("\n") == 1 and captured.out == ""


@pytest.fixture
def odd(write: Write) -> None:
    write("odd.py", HELLO.replace('"v1"', '"v1/2"'))


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        pytest.param(["get_openapi_spec", "hello"], 1, "'hello' names no class; expected MODULE.CLASS", id="module"),
        pytest.param(["get_openapi_spec", "no.Api"], 1, "there is no module 'no' in ", id="no module"),
        pytest.param(["get_openapi_spec", "hello.No"], 1, "module 'hello' has no attribute 'No'", id="no class"),
        pytest.param(
            ["get_openapi_spec", "hello.Bare"], 1, "AttributeError: class Bare has no attri", id="undecorated"
        ),
        pytest.param(
            ["get_discovery_doc", "hello.endpoints.Cors"],
            1,
            "TypeError: hello.endpoints.Cors is not a ProtoRPC service: it is the class Cors",
            id="other class",
        ),
        pytest.param(
            ["get_discovery_doc", "hello.HelloApi", "hello.api"],
            1,
            "ApiConfigurationError: class HelloApi is given to the server twice",
            id="twice",
        ),
        pytest.param(
            ["get_openapi_spec", "odd.HelloApi"], 1, "IOError: no file can be called 'hellov1/2openap", id="slash"
        ),
        pytest.param(
            ["get_openapi_spec", "hello.HelloApi", "-o", "hello.py"], 1, "hello.py/hellov1openap", id="no folder"
        ),
        pytest.param(
            ["get_swagger_spec", "hello.HelloApi"], 1, "this sub-command has always failed, and is", id="swagger"
        ),
        pytest.param(["get_openapi_spec"], 2, "the following arguments are required: service", id="no class given"),
        pytest.param(["get_openapi_spec", "-f", "rest", "x.Y"], 2, "unrecognized arguments: -f", id="other option"),
    ],
)
def test_a_mistake_is_one_line(
    tool: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    assert tool(*arguments) == status
    captured = capsys.readouterr()
    # What the parser does not know, it does not know before it has chosen the sub-command.
    assert captured.err.removeprefix("endpointscfg.py").removeprefix(f" {arguments[0]}").startswith(f": error: {said}")
    assert captured.err.count("\n") == 1 and captured.out == ""


def test_sub_commands_that_nobody_is_told_of(tool: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool("--help") == 0
    text = capsys.readouterr().out
    assert "get_discovery_doc" in text and "gen_discovery_doc" not in text and "get_swagger_spec" not in text


@pytest.mark.usefixtures("tool")
def test_the_command_and_the_module_are_the_tool(tmp_path: Path) -> None:
    commands = metadata.distribution("endpoints-frameworks").entry_points
    assert all(commands[name].load() is main for name in ("endpointscfg", "endpointscfg.py"))
    command = [sys.executable, "-m", "endpoints.endpointscfg", "get_discovery_doc", "library.Library2"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    assert (done.stdout, done.stderr) == ("API discovery document written to ./library-2.0.0.discovery\n", "")
    assert json.loads((tmp_path / "library-2.0.0.discovery").read_text())["version"] == "2.0.0"
    command[3:] = ["get_openapi_spec", "nowhere.Api"]
    failed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert failed.returncode == 1 and "Traceback" not in failed.stderr
