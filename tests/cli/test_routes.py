from __future__ import annotations

import json

import pytest

from tests.cli.conftest import LIBRARY, Write, run


@pytest.fixture(autouse=True)
def library(write: Write) -> None:
    write("library.py", LIBRARY)


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("routes", "library:server") == 0
    assert capsys.readouterr().out == (
        "VERB  PATH                                METHOD                CODE            NEEDS\n"
        "PUT   /_ah/api/library/v1/shelves/{name}  library.shelves.put   Shelves.put     auth required\n"
        "GET   /_ah/api/library/v1/shelves         library.shelves.list  Shelves.list    auth, key, reads 2\n"
        "POST  /_ah/api/library/v2/reset           library.reset         Library2.reset  -\n"
    )


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("routes", "library:library", "--json") == 0
    assert json.loads(capsys.readouterr().out)[1] == {
        "api": "library",
        "version": "1.2.0",
        "verb": "GET",
        "path": "/_ah/api/library/v1/shelves",
        "id": "library.shelves.list",
        "code": "library:Shelves.list",
        "auth": True,
        "authLevel": "NONE",
        "apiKeyRequired": True,
        "metricCosts": {"reads": 2},
    }


def test_only_the_chosen_api(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("routes", "library:server", "--api", "library:2.0.0") == 0
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["VERB", "PATH"],
        ["POST", "/_ah/api/library/v2/reset"],
    ]


def test_no_such_module(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("routes", "nowhere") == 2
    assert capsys.readouterr().err.startswith("endpoints routes: there is no module 'nowhere' in ")
