"""The definition of an endpoint, as a YAML file or as a dict: its keys are the arguments of `endpoints.api`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

import endpoints
from ferris3.exceptions import ConventionError, hint

ALIASES: Final[Mapping[str, str]] = {
    "API_EXPLORER_CLIENT_ID": endpoints.API_EXPLORER_CLIENT_ID,
    "USERINFO": endpoints.EMAIL_SCOPE,
}
"""Words that stand for a value, wherever a definition has a value (seed page 002)."""

AUTH_LEVELS: Final[Mapping[str, endpoints.AUTH_LEVEL]] = {each.name.lower(): each for each in endpoints.AUTH_LEVEL}
"""The words for `auth_level`."""

_KEYS: Final = tuple(inspect.signature(endpoints.api).parameters)
_FLAGS: Final = frozenset(["api_key_required", "use_request_uri"])
_YAML: Final = "tag:yaml.org,2002:"
# YAML takes the version 1.10 for a number, the same as 1.1; all values but flags are texts here.
_NO_TEXT: Final = frozenset(_YAML + kind for kind in ("bool", "float", "int", "timestamp"))


def read(file: Path, shown: str) -> dict[str, Any]:
    """Read a YAML file. An endpoint without `auth_level` has the level `optional` there.

    Args:
        file: where it is.
        shown: what messages call it.

    Raises:
        ConventionError: it cannot be read, is no YAML, no mapping, or has a key twice.
    """
    try:
        loader = yaml.SafeLoader(file.read_bytes())
        node = loader.get_single_node()
        _check_keys(shown, node)
        settings: dict[str, Any] = loader.construct_document(node)
    except OSError as error:
        raise ConventionError(f"{shown} cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise ConventionError(f"{shown} is no YAML: it is nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:  # a ValueError of a date that is none
        raise ConventionError(f"{shown} is no YAML: {' '.join(str(error).split())}") from error
    if settings.get("auth_level") is None:
        settings["auth_level"] = "optional"
    return settings


def translated(where: str, settings: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the arguments of `endpoints.api`: aliases replaced, words and mappings made into the values they mean.

    Args:
        where: begins messages.
        settings: the definition.

    Raises:
        ConventionError: a key is unknown or missing, or a word means nothing.
    """
    for key in settings:
        if key not in _KEYS:
            raise ConventionError(f"{where}: unknown key {key!r}{hint(key, _KEYS)}")
    for key in ("name", "version"):
        if settings.get(key) in (None, ""):
            raise ConventionError(f"{where}: {key} is missing")
    try:
        arguments = {key: _replaced(value) for key, value in settings.items()}
    except RecursionError as error:
        raise ConventionError(f"{where}: a list or a mapping holds itself") from error
    for key, make in _MADE.items():
        if arguments.get(key) is not None:
            try:
                arguments[key] = make(arguments[key])
            except TypeError as error:
                raise ConventionError(f"{where}: {key}: {error}") from error
    arguments["auth_level"] = auth_level(where, arguments.get("auth_level"))
    return arguments


def auth_level(where: str, value: Any) -> Any:
    """Return the level that a word stands for; what is no word is left to `endpoints` to check.

    Raises:
        ConventionError: the word stands for none.
    """
    if isinstance(value, bool) or (isinstance(value, str) and value not in AUTH_LEVELS):
        known = ", ".join(AUTH_LEVELS)
        raise ConventionError(f"{where}: auth_level must be one of {known}, not {value!r}{hint(value, AUTH_LEVELS)}")
    return AUTH_LEVELS[value] if isinstance(value, str) else value


def _check_keys(shown: str, node: yaml.Node | None) -> None:
    if not isinstance(node, yaml.MappingNode):
        found = {yaml.SequenceNode: "a list", yaml.ScalarNode: "a text"}.get(type(node), "nothing")
        raise ConventionError(f"{shown} holds {found}; expected keys and values, such as name: ferris")
    seen: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ConventionError(f"{shown}, line {line}: a key is a name, not a list or a mapping")
        if key.value in seen:
            raise ConventionError(f"{shown}, line {line}: {key.value} is also in line {seen[key.value]}")
        seen[key.value] = line
        if value.tag in _NO_TEXT and key.value not in _FLAGS:
            value.tag = _YAML + "str"


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return ALIASES.get(value, value)
    if isinstance(value, dict):
        return {key: _replaced(each) for key, each in value.items()}
    return [_replaced(each) for each in value] if type(value) is list else value


def _issuers(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _made(endpoints.Issuer, each, jwks_uri=None) for name, each in value.items()}


def _limits(value: Any) -> Any:
    return [_made(endpoints.LimitDefinition, each) for each in value] if isinstance(value, list) else value


def _namespace(value: Any) -> Any:
    return _made(endpoints.Namespace, value, package_path=None)


def _made(make: Callable[..., Any], value: Any, **defaults: Any) -> Any:
    return make(**defaults | value) if isinstance(value, dict) else value


_MADE: Final[dict[str, Callable[[Any], Any]]] = {
    "issuers": _issuers,
    "limit_definitions": _limits,
    "namespace": _namespace,
}
