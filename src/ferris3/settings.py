"""Settings of the application: the dictionary `settings` in `app/settings.py`, read when one is first asked for.

`settings["mail"] = {"sender": "us@example.com"}` there is `ferris3.settings.get("mail")` everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ferris3.location import PACKAGE, application_root
from ferris3.modules import imported

__all__ = ["ConfigurationError", "all", "defaults", "get", "set"]

_FILE: Final = Path(PACKAGE, "settings.py")
_REQUIRED: Final = object()
_values: dict[str, Any] = {}
_read: list[Path] = []  # the file, once it is read


class ConfigurationError(Exception):
    """A setting is missing, or the file is not as expected."""


def get(key: str, default: Any = _REQUIRED) -> Any:
    """Return a setting.

    Raises:
        ConfigurationError: there is none of that name, and no default.
    """
    found = _settings().get(key, default)
    if found is _REQUIRED:
        (file,) = _read
        where = f"not in {file}" if file.is_file() else f"missing: there is no {file}"
        raise ConfigurationError(f"setting {key!r} is {where}, and the program has not set it")
    return found


def all() -> dict[str, Any]:  # noqa: A001 - named so in ferris3
    """Return a copy of all settings."""
    return dict(_settings())


def set(key: str, value: Any) -> None:  # noqa: A001 - named so in ferris3
    """Change a setting in this process."""
    _settings()[key] = value


def defaults(values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Change several settings in this process, if any are given; return a copy of all."""
    _settings().update(values or {})
    return all()


def _settings() -> dict[str, Any]:
    """All settings; of the functions above, each raises what reading the file raises."""
    if not _read:
        root = application_root()
        _values.update(_of_file(root))
        _read.append(root / _FILE)
    return _values


def _of_file(root: Path) -> Mapping[str, Any]:
    file = root / _FILE
    if not file.is_file():
        return {}
    found = getattr(imported(file, root), "settings", None)
    if not isinstance(found, Mapping):
        raise ConfigurationError(f"{file} has no dictionary called settings")
    return found
