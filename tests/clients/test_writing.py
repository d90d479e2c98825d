from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from endpoints.clients import LANGUAGES, ClientError, write_client
from tests.clients import documents

DOCUMENT = documents.made()


def write(tmp_path: Path, document: dict[str, Any], **options: Any) -> Path:
    return write_client("typescript", document, tmp_path / "made" / "here", **options)


def test_a_package_is_written_with_the_folders_that_it_is_in(tmp_path: Path) -> None:
    folder = write(tmp_path, DOCUMENT)
    files = {path.name for path in folder.iterdir()}
    manifest = json.loads((folder / "package.json").read_text())
    assert folder == tmp_path / "made" / "here"
    assert {*manifest["files"], "package.json"} == files
    assert (manifest["name"], manifest["version"], manifest["type"]) == ("shop-client", "1.0.0", "module")
    assert {Path(path).name for path in manifest["exports"]["."].values()} <= files
    assert '"shop-client"' in (folder / "README.md").read_text()


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, DOCUMENT)
    (folder / "index.js").write_text("mine")
    with pytest.raises(ClientError, match=r"here is not empty; --force replaces"):
        write(tmp_path, DOCUMENT)
    assert (folder / "index.js").read_text() == "mine"


def test_an_empty_folder_is_not(tmp_path: Path) -> None:
    (tmp_path / "made" / "here").mkdir(parents=True)
    assert (write(tmp_path, DOCUMENT) / "index.js").exists()


def test_what_is_no_part_of_the_package_stays(tmp_path: Path) -> None:
    folder = write(tmp_path, DOCUMENT)
    (folder / "index.js").write_text("old")
    (folder / "mine").mkdir()
    (folder / "mine" / "notes").write_text("mine")
    write(tmp_path, DOCUMENT, force=True)
    assert (folder / "mine" / "notes").read_text() == "mine"
    assert "class Client" in (folder / "index.js").read_text()


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "here").write_text("")
    with pytest.raises(ClientError, match=r"here is a file; expected a folder"):
        write(tmp_path, DOCUMENT, force=True)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "made").write_text("")
    with pytest.raises(ClientError, match=r"made.* cannot be written: "):
        write(tmp_path, DOCUMENT)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        pytest.param({"swagger": "2.0"}, "expected an OpenAPI 3.1 document, found one of swagger 2.0", id="2.0"),
        pytest.param({"openapi": "3.0.3"}, "expected an OpenAPI 3.1 document, found one of openapi 3.0.3", id="3.0"),
        pytest.param({"discoveryVersion": "v1"}, "document, found one of discoveryVersion v1", id="discovery"),
        pytest.param({}, "found none of a known kind", id="anything"),
        pytest.param({**DOCUMENT, "paths": {}}, "the document describes no method", id="no paths"),
        pytest.param({**DOCUMENT, "paths": {"/a": {}}}, "the document describes no method", id="no methods"),
        pytest.param({**DOCUMENT, "info": {"title": 3}}, r"Expected `str`, got `int` - at `\$.info.title`", id="types"),
        pytest.param(
            documents.made(documents.answering({"$ref": "#/components/schemas/Cup"})),
            "a reference that leads nowhere: #/components/schemas/Cup",
            id="reference",
        ),
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_documents_that_no_client_can_be_written_of(
    tmp_path: Path, document: dict[str, Any], text: str, force: bool
) -> None:
    with pytest.raises(ClientError, match=text) as caught:
        write(tmp_path, document, force=force)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "made").exists()


def test_what_python_needs_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "endpoints.clients.python", raising=False)
    monkeypatch.setitem(sys.modules, "openapi_python_client", None)
    with pytest.raises(ClientError, match=r"is not installed; it comes with: pip install '.*\[clients\]'$"):
        write_client("python", DOCUMENT, tmp_path / "made")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param(
            "java",
            r"^java: feed the OpenAPI document \(endpoints openapi\) to openapi-generator-cli generate -g java, or the "
            r"discovery document \(endpoints discovery\) to the generator in googleapis/google-api-java-client-services"
            r"$",
            id="java",
        ),
        pytest.param("C#", "^C#: .* -g csharp, or the discovery document", id="C#"),
        pytest.param("swift", "generate -g swift6$", id="no generator of Google's"),
        pytest.param("cobol", "generate -g cobol$", id="unknown"),
        pytest.param("javascript", "`endpoints client typescript` writes is plain JavaScript", id="javascript"),
        pytest.param("Python", "^Python: say python$", id="capital"),
    ],
)
def test_other_languages(tmp_path: Path, language: str, text: str) -> None:
    assert language not in LANGUAGES
    with pytest.raises(ClientError, match=text):
        write_client(language, DOCUMENT, tmp_path)
