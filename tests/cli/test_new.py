from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from endpoints.cli.target import load
from tests.cli.conftest import Write, run
from tests.client import Client

KINDS = {"ferris": "greetings/", "api": ""}
"""Each with what its methods have before their paths."""


pytestmark = pytest.mark.usefixtures("write")


@pytest.mark.parametrize("kind", KINDS)
class TestWritten:
    def test_it_says_what_to_do(self, capsys: pytest.CaptureFixture[str], kind: str) -> None:
        assert run("new", kind, "my shops/Book-shop_2") == 0
        assert capsys.readouterr() == (
            "Application written to my shops/Book-shop_2\nServe it: cd 'my shops/Book-shop_2' && endpoints serve\n",
            "",
        )
        readme = Path("my shops/Book-shop_2/README.md").read_text()
        assert readme.startswith("# Book shop 2\n") and "/_ah/api/bookshop2/v1/" in readme
        assert "endpoints-frameworks[serve]\n" in Path("my shops/Book-shop_2/requirements.txt").read_text()

    def test_it_answers(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run("new", kind, "shop") == 0
        monkeypatch.chdir("shop")
        with Client(load("main").wsgi, "wsgi") as client:
            path = f"/_ah/api/shop/v1/{KINDS[kind]}"
            assert client.get(f"{path}hello").json() == {"text": "Hello, world!"}
            assert client.post(f"{path}shout?times=2", json={"text": "tea"}).json() == {"text": "TEA!!"}
            assert client.post(f"{path}shout", json={}).status == 400
            described = client.get("/_ah/api/discovery/v1/apis/shop/v1/rest").json()
            assert described["description"] == "Greetings, to begin with"

    def test_commands_need_no_target_there(
        self, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("new", kind, "shop") == 0
        capsys.readouterr()
        assert run("routes", "--json", "-a", "shop") == 0
        paths = {each["path"] for each in json.loads(capsys.readouterr().out)}
        assert paths == {f"/_ah/api/shop/v1/{KINDS[kind]}{name}" for name in ("hello", "shout")}

    @pytest.mark.slow
    def test_its_tests_pass(self, kind: str) -> None:
        assert run("new", kind, "shop") == 0
        command = (sys.executable, "-W", "error", "-m", "unittest")
        done = subprocess.run(command, cwd="shop", capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0 and "Ran 3 tests" in done.stderr, done.stderr

    def test_an_empty_folder_is_taken(self, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "shop").mkdir()
        monkeypatch.chdir("shop")
        assert run("new", kind, ".") == 0
        assert Path("main.py").exists() and not list(tmp_path.rglob("*.template"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "the following arguments are required: KIND, NAME; see endpoints new --help", id="nothing"),
        pytest.param(["ferris"], "the following arguments are required: NAME", id="no name"),
        pytest.param(
            ["flask", "shop"], "argument KIND: invalid choice: 'flask' (choose from 'ferris', 'api')", id="kind"
        ),
        pytest.param(["api", "taken"], "taken is not empty", id="not empty"),
        pytest.param(["api", "file"], "file cannot be written to: Not a directory", id="a file"),
        pytest.param(["api", "file/shop"], "file/shop cannot be written to: Not a directory", id="below a file"),
        pytest.param(["api", "link"], "link/README.md cannot be written: ", id="a link to nowhere"),
        pytest.param(["api", "2shops"], "'2shops' is no name for an API: expected up to 40 letters", id="digit"),
        pytest.param(["api", "my shop"], "'my shop' is no name for an API", id="space"),
        pytest.param(["api", "b\u00fccher"], "'b\u00fccher' is no name for an API", id="umlaut"),
        pytest.param(["api", "s" * 41], "is no name for an API", id="long"),
        pytest.param(["api", "/"], "'' is no name for an API", id="root"),
    ],
)
def test_mistakes(write: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    write("taken/main.py", "kept = True\n")
    write("file", "")
    Path("link").symlink_to("nowhere")
    assert run("new", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("endpoints new: ") and captured.err.count("\n") == 1
    assert said in captured.err and captured.out == ""
    assert [path.name for path in Path("taken").iterdir()] == ["main.py"]


def test_serve_without_a_target_wants_main(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("main.py", "APPLICATION = None\n")
    assert run("serve") == 2
    assert capsys.readouterr().err == (
        "endpoints serve: module 'main' has none of app, api, application, server; name what is meant: main:NAME\n"
    )
