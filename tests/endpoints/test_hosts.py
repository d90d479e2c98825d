from __future__ import annotations

from pathlib import Path

import pytest

import endpoints
from endpoints.hosts import default_hostname


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEFAULT_VERSION_HOSTNAME", raising=False)
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)


def test_nothing_tells_it() -> None:
    assert default_hostname() is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("application: my-app\nversion: 1\n", "my-app.appspot.com", id="plain"),
        pytest.param("runtime: python27\napplication: 'my-app'  # ours\n", "my-app.appspot.com", id="quoted"),
        pytest.param('application:   "my-app"', "my-app.appspot.com", id="double quotes, last line"),
        pytest.param("# application: my-app\n", None, id="comment"),
        pytest.param("handlers:\n- url: /\n  application: my-app\n", None, id="not at the top"),
        pytest.param("application: ''\n", None, id="empty"),
        pytest.param("runtime: python27\n", None, id="without"),
    ],
)
def test_app_yaml(tmp_path: Path, text: str, name: str | None) -> None:
    (tmp_path / "app.yaml").write_text(text)
    assert default_hostname() == name


def test_app_yaml_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_bytes(b"application: \xff")
    assert default_hostname() is None


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("application: from-file\n")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "from-project")
    assert default_hostname() == "from-project.appspot.com"
    monkeypatch.setenv("DEFAULT_VERSION_HOSTNAME", "v1-dot-app.appspot.com")
    assert default_hostname() == "v1-dot-app.appspot.com"


def test_an_api_takes_it_unless_it_says_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "from-project")

    @endpoints.api("one", "v1")
    class One(endpoints.remote.Service):
        pass

    @endpoints.api("two", "v1", hostname="api.example.com")
    class Two(endpoints.remote.Service):
        pass

    assert One.api_info.hostname == "from-project.appspot.com"  # type: ignore[attr-defined]
    assert Two.api_info.hostname == "api.example.com"  # type: ignore[attr-defined]
