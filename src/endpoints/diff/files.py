"""Files with a document in JSON or YAML, as plain values."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from endpoints.diff.nodes import DocumentError

_MAX_BYTES: Final = 16 * 2**20
_JSON: Final = (".json", ".discovery")
_YAML: Final = (".yaml", ".yml")
SUFFIXES: Final = (*_JSON, *_YAML)
"""By which a name is that of a file, though there be none."""


def read(path: Path) -> dict[str, Any]:
    """Read a document.

    Args:
        path: A file of 16 MiB at most; one that ends neither with `.json` or `.discovery` nor with `.yaml` or `.yml` is
            JSON if it begins with a brace.

    Raises:
        DocumentError: There is no such file, it cannot be read, or it holds no object.
    """
    source = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise DocumentError(f"{source}: cannot be read: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise DocumentError(f"{source}: larger than {_MAX_BYTES >> 20} MiB")
    data = data.removeprefix(b"\xef\xbb\xbf")
    suffix = path.suffix.lower()
    is_json = suffix in _JSON or (suffix not in _YAML and data.lstrip().startswith(b"{"))
    found = _json(source, data) if is_json else _yaml(source, data)
    if not isinstance(found, dict):
        raise DocumentError(f"{source}: expected an OpenAPI or discovery document, found no object in it")
    return found


def _json(source: str, data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DocumentError(f"{source}: no valid JSON: {_line(error)}") from None


def _yaml(source: str, data: bytes) -> Any:
    from endpoints.diff import yaml_text

    try:
        return yaml_text.decode(data)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{source}: no valid YAML: {_line(error)}") from None


def _line(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
