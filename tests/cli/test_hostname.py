from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from endpoints.cli.command import UsageError
from endpoints.cli.hostname import checked, hostname_of_app_yaml


@pytest.mark.parametrize(
    ("text", "hostname"),
    [
        pytest.param("application: my-app", "my-app.appspot.com", id="plain"),
        pytest.param("{application: s~my-app}", "my-app.appspot.com", id="partition"),
        pytest.param("application: a~b~c", "c.appspot.com", id="two tildes"),
        pytest.param("application: s~", None, id="nothing after the tilde"),
        pytest.param("application: example.com:my-app", None, id="other domain"),
        pytest.param("application: ''", None, id="empty"),
        pytest.param("runtime: python27", None, id="none"),
        pytest.param("", None, id="empty file"),
        pytest.param("- application", None, id="a list"),
    ],
)
def test_app_yaml(tmp_path: Path, text: str, hostname: str | None) -> None:
    (tmp_path / "app.yaml").write_text(text)
    assert hostname_of_app_yaml(tmp_path) == hostname


def test_without_app_yaml(tmp_path: Path) -> None:
    assert hostname_of_app_yaml(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(b"a: 1\nb: [", "app.yaml, line 2 is no YAML: ", id="broken"),
        pytest.param(b"a: \xff\xfe", "app.yaml is no YAML: ", id="no text"),
        pytest.param(b"application: 12", "app.yaml: application must be text, not 12", id="number"),
    ],
)
def test_app_yaml_that_is_wrong(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "app.yaml").write_bytes(text)
    with pytest.raises(UsageError) as caught:
        hostname_of_app_yaml(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/{said}") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["localhost", "localhost:8080", "api.example.com", "my_app.example", "[::1]:80", "1.2.3.4"]
)
def test_a_host_name(text: str) -> None:
    assert checked(text) == text


@pytest.mark.parametrize("text", ["", "http://a", "a/b", "a:b", "a:", "a b", "-a", "a.", "::1", "a:123456", "a\n"])
def test_something_else(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        checked(text)
