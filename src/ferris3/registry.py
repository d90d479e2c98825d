"""The endpoints of an application, by name. Services need theirs when they are imported, so endpoints come first."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import endpoints
from ferris3.definition import read, translated
from ferris3.exceptions import ConventionError, EndpointFileNotFoundError, NoDefaultEndpointError, hint
from ferris3.location import application_root


@dataclass(frozen=True, slots=True)
class _Endpoint:
    api: endpoints.ApiCollection
    arguments: Mapping[str, Any]


class _Registry:
    """All endpoints: those of one name are its versions, the one added last is found by the name."""

    def __init__(self) -> None:
        self.by_name: dict[str, dict[str, _Endpoint]] = {}
        self.default: str | None = None

    def latest(self, name: str) -> endpoints.ApiCollection:
        *_, found = self.by_name[name].values()
        return found.api


_registry = _Registry()


def add(config_or_file: str | PathLike[str] | Mapping[str, Any], default: bool = False) -> endpoints.ApiCollection:
    """Add an endpoint (seed page 002).

    ```python
    ferris3.endpoints.add("app/default-endpoint.yaml", default=True)
    ferris3.endpoints.add({"name": "test", "version": "v1"})
    ```

    An endpoint of the same name and version is replaced, as ever; services that were put into it keep it, and a server
    refuses to serve both. The same definition is the same endpoint, however often it is added. Of several versions the
    name means the one added last.

    Args:
        config_or_file: a YAML file, or a dict of the arguments of `endpoints.api`. Both may use the aliases USERINFO
            and API_EXPLORER_CLIENT_ID and the words for `auth_level`; only a file without `auth_level` has the level
            optional. A relative path is looked for in the folder of the application (`ferris3.location`), in the
            working directory, and in the folder that the calling module was imported from.
        default: whether it becomes the default endpoint.

    Returns:
        What `endpoints.api` returns.

    Raises:
        ConventionError: a key or a word is unknown, or a value makes no sense.
        EndpointFileNotFoundError: there is no such file.
    """
    if isinstance(config_or_file, (str, PathLike)):
        shown = str(config_or_file)
        caller = inspect.currentframe()
        settings: Mapping[Any, Any] = read(_found(shown, _import_folder(caller.f_back if caller else None)), shown)
    elif isinstance(config_or_file, Mapping):
        settings = config_or_file
        shown = f"endpoint {settings.get('name', '')!r}"
    else:
        raise ConventionError(f"an endpoint is a YAML file or a dict, not {config_or_file!r}")
    endpoint = _registered(shown, translated(shown, settings))
    if default:
        _registry.default = endpoint.arguments["name"]
    return endpoint.api


def get(name: str | None = None) -> endpoints.ApiCollection:
    """Return an endpoint by the name in its definition, or the default one.

    Raises:
        NoDefaultEndpointError: no name is given, and there is no default endpoint; it is a RuntimeError.
        ConventionError: there is no endpoint of that name.
    """
    if name is None:
        name = _registry.default
        if name is None:
            raise NoDefaultEndpointError(
                "No default endpoint has been configured: ferris3.endpoints.add(..., default=True) has to come before "
                f"services are imported{_known()}"
            )
    if name not in _registry.by_name:
        raise ConventionError(f"no endpoint is named {name!r}{_known()}{hint(name, _registry.by_name)}")
    return _registry.latest(name)


def default() -> endpoints.ApiCollection:
    """Return the default endpoint. Raises NoDefaultEndpointError."""
    return get()


def get_all() -> list[endpoints.ApiCollection]:
    """Return all endpoints, all versions of each, in the order in which they were added."""
    return [each.api for versions in _registry.by_name.values() for each in versions.values()]


def clear() -> None:
    """Forget all endpoints, for tests that define their own. Services keep theirs."""
    _registry.by_name.clear()
    _registry.default = None


def _registered(shown: str, arguments: dict[str, Any]) -> _Endpoint:
    try:
        made = _Endpoint(endpoints.api(**arguments), arguments)
    except (endpoints.ApiConfigurationError, TypeError, ValueError) as error:
        raise ConventionError(f"{shown}: {error}") from error
    name, version = arguments["name"], arguments["version"]
    versions = _registry.by_name.setdefault(name, {})
    known = versions.pop(version, made)
    if known.arguments != arguments:
        known = made
    versions[version] = known  # the last one now
    return known


def _known() -> str:
    names = ", ".join(map(repr, _registry.by_name))
    return f"; known are {names}" if names else "; none was added"


def _found(shown: str, caller: Path | None) -> Path:
    folders = dict.fromkeys([application_root(), Path.cwd(), *([caller] if caller else [])])
    for folder in folders:
        if (folder / shown).exists():
            return folder / shown
    looked = "" if Path(shown).is_absolute() else f" in {' or '.join(map(str, folders))}"
    raise EndpointFileNotFoundError(f"there is no endpoint definition {shown}{looked}")


def _import_folder(frame: Any) -> Path | None:
    """Return the folder in which the names of the module of a frame begin: of `app.setup` the one that holds `app`."""
    scope = frame.f_globals if frame else {}
    if not isinstance(scope.get("__file__"), str):
        return None
    file = Path(scope["__file__"]).absolute()
    module = str(scope.get("__name__", ""))
    return file.parents[module.count(".") + (file.stem == "__init__")]
