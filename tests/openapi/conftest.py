from __future__ import annotations

from pathlib import Path

import pytest

from tests.openapi.documents import Document, make
from tests.openapi.nodejs import installed


@pytest.fixture(scope="session")
def node_folder(request: pytest.FixtureRequest) -> Path:
    """Where npm's packages are."""
    return installed(request.config.cache)


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    """Every document that we can think of."""
    return make(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="session")
def folder(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of them as files, each of the name of its document."""
    made = tmp_path_factory.mktemp("openapi")
    for document in documents:
        (made / f"{document.name}.json").write_text(document.text, encoding="utf-8")
    return made
