from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ferris3 import settings
from tests.ferris3.projects import alone, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory, with two settings; none has been asked for yet."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"app/settings.py": "settings = {'sender': 'us@example.com'}\nsettings['count'] = 3\n"})
    importlib.reload(settings)
    with alone():
        yield tmp_path
    importlib.reload(settings)


def test_settings_of_the_file() -> None:
    assert settings.get("sender") == "us@example.com"
    assert settings.get("sender", "nobody") == "us@example.com"
    assert settings.all() == {"sender": "us@example.com", "count": 3}


def test_defaults_for_what_is_not_there() -> None:
    assert settings.get("none", None) is None


def test_settings_of_the_program() -> None:
    settings.set("count", 4)
    settings.defaults({"other": 5, "sender": "them@example.com"})
    assert settings.defaults() == settings.all() == {"sender": "them@example.com", "count": 4, "other": 5}


def test_copies_are_copies() -> None:
    settings.all()["count"] = 9
    assert settings.get("count") == 3


def test_a_missing_setting_is_named(folder: Path) -> None:
    with pytest.raises(settings.ConfigurationError) as caught:
        settings.get("cuont")
    assert str(caught.value) == f"setting 'cuont' is not in {folder}/app/settings.py, and the program has not set it"


def test_no_file(folder: Path) -> None:
    (folder / "app" / "settings.py").unlink()
    assert settings.all() == {}
    with pytest.raises(settings.ConfigurationError) as caught:
        settings.get("count")
    assert str(caught.value) == (
        f"setting 'count' is missing: there is no {folder}/app/settings.py, and the program has not set it"
    )


@pytest.mark.parametrize("text", ["", "settings = 3\n"], ids=["nothing", "no dictionary"])
def test_a_file_without_settings(folder: Path, text: str) -> None:
    write(folder, {"app/settings.py": text})
    with pytest.raises(settings.ConfigurationError) as caught:
        settings.get("count")
    assert str(caught.value) == f"{folder}/app/settings.py has no dictionary called settings"


def test_a_mistake_in_the_file(folder: Path) -> None:
    write(folder, {"app/settings.py": "1 / 0"})
    with pytest.raises(ZeroDivisionError) as caught:
        settings.all()
    assert caught.value.__notes__ == [f"(raised while {folder}/app/settings.py was imported)"]
