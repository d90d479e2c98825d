"""Every document that we can think of: of the conformance kit, the examples, the documentation, and of torture."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

import ferris3
from endpoints.describe import openapi2, openapi3
from endpoints.describe.origin import Origin
from endpoints.exceptions import ConfigurationWarning
from endpoints.operations import Api, collect
from tests.http import media_service
from tests.openapi import torture, torture_settings
from tests.seeds import samples

Json = dict[str, Any]

ROOT: Final = Path(__file__).parent.parent.parent
SERVICES: Final = ROOT / "tests" / "conformance" / "services"
EXAMPLE_FOLDERS: Final = sorted(path.parent for path in (ROOT / "examples").glob("*/main.py"))
HOST: Final = "api.shop.test"
ORIGINS: Final = {
    "live": Origin("http", "localhost", "8080"),
    "mounted": Origin("https", "[2001:db8::1]", "", "/mounted/here"),
}
WITH_ALL_OPTIONS: Final = frozenset(["torture", "torture-several", "torture-bases", "example-guestbook", "kit-library"])
"""Sources described in every way; of the others all APIs together, and each alone."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document, as its text was."""

    name: str
    """File name without its ending; begins with the version of OpenAPI."""
    text: str

    @property
    def value(self) -> Json:
        found: Json = json.loads(self.text)
        return found


def make(tmp_path: Path) -> list[Document]:
    """Make all of them.

    Args:
        tmp_path: a folder for what the examples and samples write.
    """
    made: dict[str, Document] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConfigurationWarning)
        for source, services in _sources(tmp_path):
            for name, document in _variants(source, collect(services)):
                text = json.dumps(document)
                made.setdefault(text, Document(name, text))
    return list(made.values())


def _variants(source: str, apis: tuple[Api, ...]) -> Iterator[tuple[str, Json]]:
    yield f"2.0-{source}", openapi2.document(apis)
    yield f"3.1-{source}", openapi3.document(apis, ORIGINS["live"])
    if source in WITH_ALL_OPTIONS:
        options: Any = {"x_google_api_name": True, "x_google_allow": "all", "allow_cors": True}
        yield f"2.0-{source}-gateway", openapi2.document(apis, hostname=HOST, **options)
        yield f"3.1-{source}-mounted", openapi3.document(apis, ORIGINS["mounted"])
        yield f"3.1-{source}-nowhere", openapi3.document(apis, Origin.declared(None))
        yield f"3.1-{source}-utc", openapi3.document(apis, Origin.declared(HOST), naive_datetimes="utc")
    for api in apis:
        one = f"{source}-{api.name}-{api.version}"
        yield f"2.0-{one}-recorded", openapi2.document([api], hostname=HOST, as_recorded=True)
        if len(apis) > 1:
            yield f"3.1-{one}", openapi3.document([api], Origin.declared(HOST), naive_datetimes="utc")


def _sources(tmp_path: Path) -> Iterator[tuple[str, list[Any]]]:
    yield "torture", [torture.torture]
    yield "media", [media_service.AlbumApi]
    yield from ((f"torture-{name}", services) for name, services in torture_settings.APIS.items())
    for path in sorted(SERVICES.glob("*.py")):
        with imported(path.parent, path.stem) as module:
            yield f"kit-{path.stem}", module.API_CLASSES
            if hasattr(module, "ROOT_CLASSES"):
                yield f"kit-{path.stem}-root", module.ROOT_CLASSES
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUESTBOOK_DB", str(tmp_path / "guestbook.db"))
        patch.setenv("FERRIS_APP_DB", str(tmp_path / "ferris_app.db"))
        for folder in EXAMPLE_FOLDERS:
            ferris3.endpoints.clear()
            with imported(folder, "main") as module:
                yield f"example-{folder.name}", [each for api in module.app.apis for each in api.classes]
        for name in samples.NAMES:
            ferris3.endpoints.clear()
            own = tmp_path / name
            own.mkdir()
            patch.chdir(own)
            module = samples.run(name, patch, own)
            apis = [each for each in vars(module).values() if hasattr(each, "api_info")]
            collection = getattr(module, "api_collection", None)
            yield f"sample-{name}", [collection] if collection else apis


@contextmanager
def imported(folder: Path, name: str) -> Iterator[Any]:
    """Import a module of a folder under its plain name, which begins the schema names; it is forgotten at the end."""
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    # Other tests may have imported modules of these names from another folder.
    others = {each: sys.modules.pop(each) for each in _of(names)}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        try:
            yield importlib.import_module(name)
        finally:
            for each in _of(names):
                del sys.modules[each]
            sys.modules.update(others)


def _of(names: set[str]) -> list[str]:
    """The modules of these names, and those in packages of these names."""
    return [each for each in sys.modules if each.partition(".")[0] in names]
