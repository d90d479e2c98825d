from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import HELLO, LIBRARY, Write, run
from tests.clients import documents


@pytest.fixture
def library(write: Write) -> None:
    write("library.py", LIBRARY)
    write("hello.py", HELLO)


def base_url(folder: str = "out") -> str:
    found = re.search('"baseUrl": "(.*?)"', Path(folder, "index.js").read_text())
    assert found
    return found[1]


@pytest.mark.usefixtures("library")
class TestClient:
    @pytest.mark.parametrize(
        ("arguments", "address"),
        [
            pytest.param(["library:library"], "https://books.example.com/_ah/api", id="declared"),
            pytest.param(["hello", "--hostname", "h.example"], "https://h.example/_ah/api", id="hostname"),
            pytest.param(["hello", "--hostname", "localhost:8080"], "http://localhost:8080/_ah/api", id="local"),
            pytest.param(["hello.HelloApi", "--base-url", "http://h.example/a/"], "http://h.example/a", id="base URL"),
            pytest.param(["library:server", "--api", "library:1.2.0"], "https://books.example.com/_ah/api", id="API"),
        ],
    )
    def test_of_a_target(self, write: Write, arguments: list[str], address: str) -> None:
        write("hello.py", f"{HELLO}\napp = HelloApi\n")
        assert run("client", "typescript", *arguments, "-o", "out") == 0
        assert base_url() == address

    @pytest.mark.parametrize(
        ("arguments", "address"),
        [
            pytest.param([], "https://api.example.com/_ah/api", id="as it says"),
            pytest.param(["--hostname", "localhost:1"], "http://localhost:1/_ah/api", id="hostname"),
            pytest.param(["--base-url", "https://b.example"], "https://b.example", id="base URL"),
        ],
    )
    @pytest.mark.parametrize("name", ["document.json", "document.yaml"])
    def test_of_a_document(self, write: Write, name: str, arguments: list[str], address: str) -> None:
        write(name, json.dumps(documents.made()))
        assert run("client", "typescript", name, *arguments, "-o", "out", "--name", "@us/cups") == 0
        assert base_url() == address
        assert json.loads(Path("out", "package.json").read_text())["name"] == "@us/cups"

    def test_says_what_to_do_with_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("client", "typescript", "hello.HelloApi", "-o", "my out") == 0
        assert capsys.readouterr().out == "Client library written to my out\nInstall it: npm install './my out'\n"
        assert run("client", "typescript", "hello.HelloApi", "-o", "my out", "--force") == 0

    @pytest.mark.slow
    def test_of_python(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("client", "python", "library:server", "--api", "library:1.2.0", "-o", "../out") == 0
        assert capsys.readouterr().out.endswith("Install it: pip install ../out\n")
        assert (Path("../out") / "library_client" / "api" / "shelves" / "shelves_put.py").exists()

    @pytest.mark.parametrize(
        ("arguments", "text"),
        [
            pytest.param(["java"], "argument LANGUAGE: java: feed the OpenAPI document", id="another language"),
            pytest.param(["java", "hello.HelloApi", "-o", "out"], "java: feed the OpenAPI document", id="complete"),
            pytest.param(["python", "hello.HelloApi"], "the following arguments are required: -o/--output", id="no -o"),
            pytest.param(["typescript", "nowhere", "-o", "out"], "there is no module 'nowhere'", id="no module"),
            pytest.param(["typescript", "nowhere.json", "-o", "out"], "nowhere.json: cannot be read", id="no file"),
            pytest.param(["typescript", "two.json", "-o", "out"], "found one of swagger 2.0", id="OpenAPI 2.0"),
            pytest.param(
                ["typescript", "two.json", "hello", "-o", "out"],
                "two.json is a document; with it",
                id="document and more",
            ),
            pytest.param(
                ["typescript", "two.json", "--api", "a", "-o", "out"], "neither other targets nor", id="--api"
            ),
            pytest.param(
                ["typescript", "hello.HelloApi", "-o", "."], ". is not empty; --force replaces", id="not empty"
            ),
            pytest.param(
                ["python", "hello.HelloApi", "-o", "out", "--name", "a b"], "'a b' is no name of a Python", id="name"
            ),
            pytest.param(
                ["typescript", "hello.HelloApi", "-o", "out", "--base-url", "h.example"],
                "expected an address such as https://api.example.com/_ah/api, found 'h.example'",
                id="no address",
            ),
            pytest.param(
                ["typescript", "hello.HelloApi", "-o", "out", "--base-url", "http://["],
                "expected an address",
                id="brackets",
            ),
            pytest.param(
                ["typescript", "hello.HelloApi", "-o", "o", "--base-url", "http://a", "--hostname", "a"],
                "argument --hostname: not allowed with argument --base-url",
                id="both",
            ),
        ],
    )
    def test_mistakes(self, write: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], text: str) -> None:
        write("two.json", '{"swagger": "2.0"}')
        assert run("client", *arguments) == 2
        captured = capsys.readouterr()
        assert captured.err.startswith("endpoints client: ") and captured.err.count("\n") == 1
        assert text in captured.err and captured.out == ""
        assert not Path("out").exists()
