from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import LIBRARY, Write, run

Save = Callable[..., str]

PACKAGE = "package = 'library'  # schemas are named by it; else they change with the name of the module\n"
NEXT = PACKAGE + LIBRARY.replace('"1.2.0"', '"1.3.0"')
"""The minor version that comes after, with nothing else changed."""
CHANGES = {
    "nothing": ("", ""),
    "text": ("Puts a shelf up.", "Puts up a shelf."),
    "compatible": ("name = messages.StringField(1)", "name = messages.StringField(1); size = messages.IntegerField(2)"),
    "breaking": ('path="shelves/{name}"', 'path="shelf/{name}"'),
}
FORMATS = {
    "openapi 3.1": ("openapi",),
    "openapi 2.0": ("openapi", "--spec", "2.0"),
    "discovery": ("discovery",),
}


@pytest.fixture
def save(write: Write, capsys: pytest.CaptureFixture[str]) -> Save:
    """Write the document of a module's `library` into a file, by a command."""
    write("library.py", LIBRARY)

    def save_document(name: str, *command: str, target: str = "library:library") -> str:
        assert run(command[0], target, *command[1:]) == 0
        Path(name).write_text(capsys.readouterr().out, encoding="utf-8")
        return name

    return save_document


def changed(name: str, source: str = NEXT) -> str:
    old, new = CHANGES[name]
    assert old in source
    return source.replace(old, new) if old else source


def compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What is said, as JSON."""
    status = run("diff", *arguments, "--format", "json")
    captured = capsys.readouterr()
    assert captured.err == "" and status in (0, 1)
    return json.loads(captured.out)


@pytest.mark.parametrize("target", ["library", "library:library", "library.library", "library:server"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_document_is_as_the_server_that_it_was_made_of(
    save: Save, capsys: pytest.CaptureFixture[str], name: str, target: str
) -> None:
    old = save("old.json", *FORMATS[name])
    assert run("diff", old, target.replace("library", "library:server") if target == "library" else target) == 0
    assert capsys.readouterr() == (
        "Nothing changed.\nDeclared: library 1.2.0 -> 1.2.0. The version stayed. That is enough.\n",
        "",
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("change", "required"), [("nothing", None), ("text", "patch"), ("compatible", "minor"), ("breaking", "major")]
)
def test_a_document_and_a_server(
    save: Save, write: Write, capsys: pytest.CaptureFixture[str], *, name: str, change: str, required: str | None
) -> None:
    old = save("old.json", *FORMATS[name])
    write("later.py", changed(change))
    found = compared(capsys, old, "later:server")
    assert (found["verdict"]["required"], found["verdict"]["declared"]) == (required, "minor")
    assert found["verdict"]["sufficient"] == (required != "major")
    assert found["new"] == {**found["old"], "source": "later:server", "version": "1.3.0"}


def test_a_document_of_a_mounted_server(save: Save, capsys: pytest.CaptureFixture[str]) -> None:
    old = Path(save("old.json", "openapi"))
    document = json.loads(old.read_text(encoding="utf-8"))
    document["servers"] = [{"url": "https://books.example.com/mounted/_ah/api"}]
    old.write_text(json.dumps(document), encoding="utf-8")
    assert compared(capsys, str(old), "library:server")["changes"] == []


@pytest.mark.usefixtures("save")
def test_a_server_and_its_document(write: Write, save: Save, capsys: pytest.CaptureFixture[str]) -> None:
    write("later.py", changed("compatible"))
    new = save("new.json", "openapi", target="later:library")
    assert [each["rule"] for each in compared(capsys, "library:server", new)["changes"]] == ["property-added"]


@pytest.mark.usefixtures("save")
def test_two_servers(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("later.py", changed("compatible"))
    assert [each["rule"] for each in compared(capsys, "library:server", "later:server")["changes"]] == [
        "property-added"
    ]
    found = compared(capsys, "library.library", "library.Library2")
    assert [each["rule"] for each in found["changes"]].count("operation-removed") == 2
    assert (found["old"]["version"], found["new"]["version"]) == ("1.2.0", "2.0.0")
    assert found["verdict"]["sufficient"]


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        ("version", ["breaking"]),
        ("breaking", ["breaking"]),
        ("any", ["text", "compatible", "breaking"]),
        ("never", []),
    ],
)
def test_exit_status(save: Save, write: Write, fail_on: str, failing: list[str]) -> None:
    old = save("old.json", "openapi")
    for name in CHANGES:
        module = f"later_{name}"
        write(f"{module}.py", changed(name))
        assert run("diff", old, f"{module}:server", "--fail-on", fail_on) == (name in failing)


def test_breaking_with_a_new_major_version(save: Save, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    old = save("old.json", "openapi")
    write("later.py", changed("breaking").replace('"1.3.0"', '"2.0.0"').replace("[library, Library2]", "[library]"))
    assert run("diff", old, "later:server") == 0
    out = capsys.readouterr().out
    assert (
        "breaking    PUT /_ah/api/library/v1/shelves/{name}: moved to PUT /_ah/api/library/v2/shelf/{name} (maj" in out
    )
    assert "Addresses were compared without the version in them, v1 and v2: clients of 1.2.0 go on calling v1" in out
    assert run("diff", old, "later:server", "--fail-on", "breaking") == 1


def test_dates_are_described_as_the_server_answers_them(
    save: Save, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only a server that says so answers every date with an offset; classes alone do not tell."""
    dated = LIBRARY.replace("name = messages.StringField(1)", "name = messages.StringField(1); at = DateTimeField(2)")
    dated = dated.replace("import endpoints", "import endpoints\nfrom protorpc.message_types import DateTimeField")
    write("dated.py", dated.replace("[library, Library2])", "[library, Library2], naive_datetimes='utc')"))
    old = save("old.json", "openapi", "--api", "library:1.2.0", target="dated:server")
    assert compared(capsys, old, "dated:server")["changes"] == []
    assert [each["rule"] for each in compared(capsys, old, "dated:library")["changes"]] == [
        "format-changed",
        "schema-text-changed",
    ]


class TestWhichApi:
    @pytest.fixture(autouse=True)
    def several(self, write: Write) -> None:
        apis = "\n".join(
            f"""
@endpoints.api(name="{name}", version="{version}", base_path="/{base}")
class {name.title()}{number}(remote.Service):
    @endpoints.method(path="greet", http_method="GET")
    def greet(self, request) -> None:
        pass
"""
            for number, (name, version, base) in enumerate(
                [("a", "v1", ""), ("a", "v2", ""), ("b", "1.0.0", "x/"), ("b", "1.1.0", "y/"), ("c", "v1", "")]
            )
        )
        write(
            "several.py",
            f"import endpoints\nfrom protorpc import remote\n{apis}\n"
            "server = endpoints.api_server([A0, A1, B2, C4])\nothers = [B2, B3]\n",
        )

    @pytest.mark.parametrize("name", FORMATS)
    def test_that_of_the_document(self, save: Save, capsys: pytest.CaptureFixture[str], name: str) -> None:
        for target in ("A0", "A1", "B2", "C4"):
            old = save(f"{target}.json", *FORMATS[name], target=f"several.{target}")
            found = compared(capsys, old, "several:server")
            assert found["changes"] == []
            assert found["new"]["version"] == found["old"]["version"]

    @pytest.mark.parametrize("name", FORMATS)
    def test_the_only_one_of_that_name(self, save: Save, capsys: pytest.CaptureFixture[str], name: str) -> None:
        old = save("old.json", *FORMATS[name], target="several.B3")
        found = compared(capsys, old, "several:server")
        assert (found["old"]["version"], found["new"]["version"]) == ("1.1.0", "1.0.0")
        assert not found["verdict"]["sufficient"]

    @pytest.mark.parametrize("name", FORMATS)
    def test_the_only_one(self, save: Save, capsys: pytest.CaptureFixture[str], name: str) -> None:
        old = save("old.json", *FORMATS[name], target="several.A0")
        found = compared(capsys, old, "several:C4")
        assert found["changes"][0]["rule"] == "api-renamed"

    def test_all_of_a_document_about_several(self, save: Save, capsys: pytest.CaptureFixture[str]) -> None:
        old = save("old.json", "openapi", "--merge", target="several:server")
        assert compared(capsys, old, "several:server")["changes"] == []
        assert compared(capsys, "several:server", "several:server")["changes"] == []

    def test_as_the_option_says(self, save: Save, capsys: pytest.CaptureFixture[str]) -> None:
        old = save("old.json", "openapi", target="several.A0")
        found = compared(capsys, old, "several:server", "--api", "a:v2")
        assert (found["old"]["version"], found["new"]["version"]) == ("v1", "v2")

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            pytest.param(
                (),
                "several:others has b:1.0.0, b:1.1.0; which of them to compare with old.json (a v1)? "
                "Choose with --api NAME:VERSION",
                id="none of that name",
            ),
            pytest.param(
                ("--api", "a"), "--api a is none of the APIs of several:others: b:1.0.0, b:1.1.0", id="option"
            ),
            pytest.param(("--api", "b"), "several:others has b:1.0.0, b:1.1.0; which of them", id="option, in part"),
        ],
    )
    def test_it_is_not_clear(
        self, save: Save, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
    ) -> None:
        old = save("old.json", "discovery", target="several.A0")
        assert run("diff", old, "several:others", *options) == 2
        assert capsys.readouterr().err.startswith(f"endpoints diff: {said}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["old.json"], "endpoints diff: the following arguments are required: NEW; see ", id="one side"),
        pytest.param(["old.json", "new.json"], "endpoints diff: new.json: cannot be read: No such file", id="no file"),
        pytest.param(["old.json", "folder/new"], "endpoints diff: folder/new: cannot be read: No such", id="no folder"),
        pytest.param(["old.json", "nowhere:app"], "endpoints diff: there is no module 'nowhere' in ", id="no module"),
        pytest.param(
            ["old.json", "library:Shelf"], "endpoints diff: library:Shelf is the class Shelf; exp", id="message"
        ),
        pytest.param(["wrong.yaml", "old.json"], "endpoints diff: wrong.yaml: no valid YAML: while pars", id="no YAML"),
        pytest.param(
            ["empty.json", "old.json"], "endpoints diff: empty.json: expected an OpenAPI or dis", id="no document"
        ),
        pytest.param(["old.json", "."], "endpoints diff: '.' is no module name; expected one like main", id="folder"),
        pytest.param(
            ["old.json", "old.json", "--fail-on", "x"], "endpoints diff: argument --fail-on: inv", id="option"
        ),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    save: Save, write: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    save("old.json", "openapi")
    write("wrong.yaml", "a: [")
    write("empty.json", "{}")
    assert run("diff", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert captured.err.startswith(said)


@pytest.mark.parametrize(
    ("name", "begins"), [("text", "breaking    PUT /"), ("markdown", "### library 1.2.0 -> 1.3.0\n")]
)
def test_other_ways_to_write_it(
    save: Save, write: Write, capsys: pytest.CaptureFixture[str], name: str, begins: str
) -> None:
    old = save("old.json", "openapi")
    write("later.py", changed("breaking"))
    assert run("diff", old, "later:server", "--format", name) == 1
    out = capsys.readouterr().out
    assert out.startswith(begins) and out.endswith(".\n" if name == "text" else "|\n")


def test_the_documentation(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "api-diff.md").read_text(encoding="utf-8")
    old, new, *_ = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    command, _, said = re.findall(r"^```console\n\$ (.*?)^```$", page, re.MULTILINE | re.DOTALL)[0].partition("\n")
    write("notes.py", old)
    assert run("openapi", "notes:server", "-o", "old.json") == 0
    del sys.modules["notes"]
    write("notes.py", new)
    capsys.readouterr()
    assert run(*command.split()[1:]) == 1
    assert capsys.readouterr().out == said


def test_modules_of_another_folder(save: Save, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    old = save("old.json", "openapi")
    write("elsewhere/moved.py", PACKAGE + LIBRARY)
    assert run("diff", old, "moved:library", "--application", "elsewhere") == 0
    assert capsys.readouterr().out.startswith("Nothing changed.\n")
