"""What a definition may say, in a file or in a dict, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import endpoints
import ferris3
from ferris3.endpoints import ConventionError

EXPLORER = "292824132082.apps.googleusercontent.com"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
LEVEL = endpoints.AUTH_LEVEL
START = "name: ferris\nversion: v1\n"

Info = Callable[[str], Any]


def info_of(api: endpoints.ApiCollection) -> Any:
    class Probe(ferris3.Service): ...

    decorated: Any = api.api_class()(Probe)
    return decorated.api_info


@pytest.fixture
def info(tmp_path: Path) -> Info:
    """Add a definition file, and return what its endpoint says about itself."""

    def added(text: str) -> Any:
        (tmp_path / "endpoint.yaml").write_text(text, encoding="utf-8")
        return info_of(ferris3.endpoints.add(tmp_path / "endpoint.yaml"))

    return added


@pytest.mark.parametrize(
    ("text", "argument", "expected"),
    [
        pytest.param("", "auth_level", LEVEL.OPTIONAL, id="no-level-is-optional"),
        pytest.param("auth_level:", "auth_level", LEVEL.OPTIONAL, id="empty-level-is-optional"),
        pytest.param("auth_level: required", "auth_level", LEVEL.REQUIRED, id="required"),
        pytest.param("auth_level: optional", "auth_level", LEVEL.OPTIONAL, id="optional"),
        pytest.param("auth_level: optional_continue", "auth_level", LEVEL.OPTIONAL_CONTINUE, id="optional-continue"),
        pytest.param("auth_level: none", "auth_level", LEVEL.NONE, id="none"),
        pytest.param("scopes: [USERINFO, other]", "scopes", [EMAIL, "other"], id="userinfo"),
        pytest.param("scopes: [USERINFO.x]", "scopes", ["USERINFO.x"], id="no-part-is-replaced"),
        pytest.param("allowed_client_ids: [API_EXPLORER_CLIENT_ID]", "allowed_client_ids", [EXPLORER], id="explorer"),
        pytest.param("audiences: {USERINFO: [USERINFO]}", "audiences", {"USERINFO": [EMAIL]}, id="values-not-keys"),
        pytest.param("title: USERINFO", "title", EMAIL, id="alias-of-any-key"),
        pytest.param("api_key_required: true", "api_key_required", True, id="flag"),
        pytest.param("title: 12", "title", "12", id="number-as-text"),
        pytest.param("description: |\n  two\n  lines", "description", "two\nlines", id="lines"),
        pytest.param("description:", "description", None, id="empty"),
        pytest.param("base_path: /api/", "base_path", "/api/", id="base-path"),
        pytest.param(
            "issuers:\n  me: {issuer: https://me}\n  you: {issuer: you, jwks_uri: https://you/keys}",
            "issuers",
            {"me": endpoints.Issuer("https://me", None), "you": endpoints.Issuer("you", "https://you/keys")},
            id="issuers",
        ),
        pytest.param(
            "limit_definitions:\n- {metric_name: read, display_name: Reads, default_limit: 10}",
            "limit_definitions",
            [endpoints.LimitDefinition("read", "Reads", 10)],
            id="limits",
        ),
        pytest.param(
            "namespace: {owner_domain: your.com, owner_name: You}",
            "namespace",
            endpoints.Namespace("your.com", "You", None),
            id="namespace",
        ),
    ],
)
def test_what_a_file_may_say(text: str, argument: str, expected: object, info: Info) -> None:
    assert getattr(info(START + text), argument) == expected


def test_what_the_documentation_shows(info: Info) -> None:
    page = (Path(__file__).parents[2] / "docs" / "ferris3.md").read_text(encoding="utf-8")
    first, second = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    shown = info(first + second)
    assert (shown.auth_level, shown.scopes, shown.allowed_client_ids[0]) == (LEVEL.REQUIRED, [EMAIL], EXPLORER)
    assert list(shown.issuers) == ["auth0"]
    assert shown.limit_definitions == [endpoints.LimitDefinition("reads", "Read requests", 100)]


@pytest.mark.parametrize("version", ["1.10", "2015-02-03", "0x10", "v1", "'1.0'", "1"])
def test_versions_are_text_whatever_yaml_takes_them_for(version: str, info: Info) -> None:
    assert info(f"name: ferris\nversion: {version}").api_version == version.strip("'")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "nam: x\nversion: v1", r"endpoint\.yaml: unknown key 'nam'; did you mean name\?", id="unknown-key"
        ),
        pytest.param(START + "1: x", "unknown key 1$", id="key-unlike-any"),
        pytest.param("version: v1", r"endpoint\.yaml: name is missing", id="no-name"),
        pytest.param("name: ferris", "version is missing", id="no-version"),
        pytest.param("name:\nversion: v1", "name is missing", id="empty-name"),
        pytest.param(
            START + "auth_level: requird",
            "auth_level must be one of required, optional, optional_continue, none, not 'requird'; did you mean req",
            id="unknown-level",
        ),
        pytest.param(
            START + "auth_level: Required", r"not 'Required'; did you mean required\?", id="level-in-capitals"
        ),
        pytest.param(
            START + "auth_level: off", "auth_level must be one of .*, not 'off'", id="level-yaml-takes-for-false"
        ),
        pytest.param(START + "auth_level: 1", "auth_level must be one of .*, not '1'", id="level-by-number"),
        pytest.param(START + "scopes: [2020-13-45]", r"endpoint\.yaml is no YAML: month must be", id="no-date"),
        pytest.param(START + "scopes: &own [*own]", r"endpoint\.yaml: .*holds itself", id="a-value-in-itself"),
        pytest.param(START + "scopes: " + "[" * 9000, r"endpoint\.yaml is no YAML: it is nested too deeply", id="deep"),
        pytest.param(START + "name: other", r"endpoint\.yaml, line 3: name is also in line 1", id="key-twice"),
        pytest.param(START + "scopes: USERINFO", "scopes must be a list of scopes, not 'https", id="scopes-no-list"),
        pytest.param(START + "api_key_required: maybe", "api_key_required must be True or False", id="no-flag"),
        pytest.param(START + "base_path: api", "base_path must begin and end with a slash", id="base-path"),
        pytest.param(START + "issuers: [a]", "issuers must be a dict", id="issuers-list"),
        pytest.param(START + "issuers: {me: {uri: x}}", "issuers: .*uri", id="issuer-key"),
        pytest.param(START + "issuers: {me: x}", "'me'. must be an endpoints.Issuer", id="issuer-no-mapping"),
        pytest.param(START + "limit_definitions: x", "limit_definitions must be a list", id="limits-no-list"),
        pytest.param(START + "limit_definitions: [{metric_name: x}]", "limit_definitions: .*missing", id="limit-key"),
        pytest.param(START + "namespace: x", "namespace must be an endpoints.Namespace", id="namespace-no-mapping"),
        pytest.param("", "holds nothing; expected keys and values, such as name: ferris", id="empty"),
        pytest.param("- name: x", "holds a list; expected keys and values", id="list"),
        pytest.param("ferris", "holds a text; expected keys and values", id="text"),
        pytest.param("[a]: x", "line 1: a key is a name, not a list or a mapping", id="list-as-key"),
        pytest.param("name: [", r"endpoint\.yaml is no YAML: .*line 1", id="no-yaml"),
        pytest.param("name: !!python/name:os.system x", "is no YAML: could not determine a constructor", id="code"),
        pytest.param("name: a\n---\nname: b", "is no YAML: expected a single document", id="two-documents"),
    ],
)
def test_what_a_file_may_not_say(text: str, message: str, info: Info) -> None:
    with pytest.raises(ConventionError, match=message):
        info(text)
    assert ferris3.endpoints.get_all() == []


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "endpoint.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(ConventionError, match=r"endpoint\.yaml is no YAML"):
        ferris3.endpoints.add(tmp_path / "endpoint.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConventionError, match="cannot be read"):
        ferris3.endpoints.add(tmp_path)


@pytest.mark.parametrize(
    ("settings", "argument", "expected"),
    [
        pytest.param({}, "auth_level", LEVEL.NONE, id="no-level-is-that-of-the-framework"),
        pytest.param({"auth_level": LEVEL.REQUIRED}, "auth_level", LEVEL.REQUIRED, id="level"),
        pytest.param({"auth_level": "required"}, "auth_level", LEVEL.REQUIRED, id="word"),
        pytest.param({"scopes": ["USERINFO"]}, "scopes", [EMAIL], id="alias"),
        pytest.param({"issuers": {"me": endpoints.Issuer("me", None)}}, "issuers", {"me": ("me", None)}, id="issuer"),
    ],
)
def test_what_a_dict_may_say(settings: dict[str, Any], argument: str, expected: object) -> None:
    api = ferris3.endpoints.add({"name": "ferris", "version": "v1"} | settings)
    assert getattr(info_of(api), argument) == expected


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param({"version": 1.0}, "endpoint 'ferris': .*version must be a string, not 1.0", id="version"),
        pytest.param({"auth_level": False}, "endpoint 'ferris': auth_level must be one of required", id="level"),
        pytest.param({"auth_level": 7}, "auth_level must be one of endpoints.AUTH_LEVEL, not 7", id="number"),
        pytest.param({"desciption": "x"}, "unknown key 'desciption'; did you mean description", id="unknown-key"),
    ],
)
def test_what_a_dict_may_not_say(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConventionError, match=message):
        ferris3.endpoints.add({"name": "ferris", "version": "v1"} | settings)
