from __future__ import annotations

import json
from pathlib import Path

import pytest
from googleapiclient.discovery import build_from_document

from tests.cli.conftest import HELLO, LIBRARY, Write, run


def test_google_builds_a_client_from_it(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("library.py", LIBRARY)
    assert run("discovery", "library:library") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    client = build_from_document(captured.out, http=None, developerKey="k")
    assert client.shelves().list().uri == "https://books.example.com/_ah/api/library/v1/shelves?key=k&alt=json"


def test_a_host_name_that_nothing_says_is_said(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("hello.py", HELLO)
    assert run("discovery", "hello:HelloApi") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["rootUrl"] == "http://localhost:8080/_ah/api/"
    assert captured.err == "endpoints discovery: hello:v1 is described as served on localhost:8080, see --hostname\n"


def test_each_document_stands_alone_in_a_folder(
    write: Write, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write("library.py", LIBRARY)
    assert run("discovery", "library:server", "--hostname", "localhost:9999", "-o", ".", "--format", "yaml") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Discovery document written to library-1.2.0.discovery.yaml",
        "Discovery document written to library-2.0.0.discovery.yaml",
    ]
    assert "LibraryShelf" in (tmp_path / "library-1.2.0.discovery.yaml").read_text()
    second = (tmp_path / "library-2.0.0.discovery.yaml").read_text()
    assert "LibraryShelf" not in second and "rootUrl: http://localhost:9999/_ah/api/" in second


def test_two_do_not_go_to_stdout(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    write("library.py", LIBRARY)
    assert run("discovery", "library:server") == 2
    assert capsys.readouterr().err == (
        "endpoints discovery: there are 2 documents (library:1.2.0, library:2.0.0), and only one stdout: give a folder "
        "with -o FOLDER, or choose one with --api NAME:VERSION\n"
    )
