"""Python packages, written by openapi-python-client from the package index.

What it writes is httpx calls and attrs classes, sync and async, with types. It is given the document in the form that
it makes most of: operations under the names that the discovery document gives them, and none of what it stumbles over
(each place says what). It downloads nothing: the document is handed over as a value.
"""

from __future__ import annotations

import contextlib
import copy
import io
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import Property
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonIdentifier

from endpoints.clients import names, python_readme
from endpoints.clients.document import Document
from endpoints.clients.errors import ClientError
from endpoints.clients.methods import Method, api_name, methods

# What its functions call their own variables; an argument of such a name would take the place of one.
_OWN_NAMES_OF_MODELS: Final = frozenset(
    ["additional_keys", "additional_properties", "cls", "d", "field_dict", "from_dict", "src_dict", "to_dict"]
)
_OWN_NAMES_OF_CALLS: Final = frozenset(
    ["body", "cast", "client", "errors", "headers", "httpx", "kwargs", "params", "quote", "response"]
)
_PATH_VARIABLE: Final = re.compile(r"{([^{}]*)}")


def write(document: dict[str, Any], described: Document, name: str, folder: Path) -> None:
    """Write a package.

    Args:
        document: what is to be called.
        described: the same, with types.
        name: of the distribution.
        folder: an empty one.

    Raises:
        ClientError: the name makes no import name, or the generator cannot express all of the document.
        OSError: the disk is full, or such.
    """
    config = _config(name, described, folder)
    calls = methods(described)
    data = GeneratorData.from_dict(_prepared(document, described, calls), config=config)
    if isinstance(data, GeneratorError):
        raise ClientError(_text([data]))
    errors = [*data.errors, *(each for tag in data.endpoint_collections_by_tag.values() for each in tag.parse_errors)]
    if errors:  # else it would leave out what it cannot express
        raise ClientError(_text(errors))
    _rename(data, config)
    with contextlib.redirect_stdout(io.StringIO()):
        failures = Project(openapi=data, config=config).build()
    if failures:
        raise ClientError(_text(failures))
    (folder / "README.md").write_text(python_readme.text(name, described, data), encoding="utf-8")
    _format(folder)


def _config(name: str, described: Document, folder: Path) -> Config:
    file = ConfigFile(
        project_name_override=name,
        package_name_override=names.module_name(name),
        package_version_override=names.package_version(described.info.version),
        literal_enums=True,  # an enum is the same type wherever it appears
        post_hooks=[],  # it would look for ruff on the PATH
    )
    return Config.from_sources(
        file, MetaType.PDM, document_source=folder, file_encoding="utf-8", overwrite=True, output_path=folder
    )


def _prepared(document: dict[str, Any], described: Document, calls: Iterable[Method]) -> dict[str, Any]:
    """The document as the generator makes most of it."""
    made = copy.deepcopy(document)
    made["paths"] = {}
    taken: set[str] = set()
    api = api_name(described)
    for method in calls:
        operation = {**copy.deepcopy(document["paths"][method.path][method.verb]), "tags": [_tag(method, api)]}
        operation["operationId"] = _free("_".join(method.names), taken)
        shared = document["paths"][method.path].get("parameters", [])
        operation["parameters"] = [*operation.get("parameters", []), *copy.deepcopy(shared)]
        if {} in operation.get("security", ()):
            del operation["security"]  # else even a call that needs no token would need one
        path = _path(method.path, operation["parameters"])
        made["paths"].setdefault(path, {})[method.verb] = operation
    return made


def _tag(method: Method, api: str | None) -> str:
    return "_".join(method.names[:-1]) or api or "default"


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number if it would be that of another module."""
    number, free = 1, name
    while PythonIdentifier(free, "") in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(PythonIdentifier(free, ""))
    return free


def _path(path: str, parameters: list[dict[str, Any]]) -> str:
    """The template with variables that are identifiers: it knows no others, and what they are called is not sent."""
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    for each in parameters:
        if each["in"] != "path":
            continue
        identifier = re.sub(r"[^A-Za-z0-9]+", "_", each["name"]).strip("_") or "value"
        while identifier in taken or PythonIdentifier(identifier, "") in _OWN_NAMES_OF_CALLS:
            identifier = f"path_{identifier}"
        taken.add(identifier)
        renamed[each["name"]] = each["name"] = identifier
    return _PATH_VARIABLE.sub(lambda found: f"{{{renamed.get(found[1], found[1])}}}", path)


def _rename(data: GeneratorData, config: Config) -> None:
    for model in data.models:
        properties = [*(model.required_properties or ()), *(model.optional_properties or ())]
        _rename_all(properties, _OWN_NAMES_OF_MODELS | {model.class_info.module_name}, config)
    for tag in data.endpoint_collections_by_tag.values():
        for endpoint in tag.endpoints:
            _rename_all(_sent(endpoint), _OWN_NAMES_OF_CALLS, config)


def _sent(endpoint: Endpoint) -> list[Property]:
    return [*endpoint.query_parameters, *endpoint.header_parameters, *endpoint.cookie_parameters]


def _rename_all(properties: list[Property], own: frozenset[str], config: Config) -> None:
    taken = {str(each.python_name) for each in properties}
    for each in properties:
        name = str(each.python_name)
        if name not in own:
            continue
        while name in own or name in taken:
            name += "_"
        taken.add(name)
        each.set_python_name(UntrustedString(name), config, skip_snake_case=True)


def _format(folder: Path) -> None:
    """Sort imports and lay the code out, as the generator does where ruff is on the PATH."""
    ruff = (sys.executable, "-m", "ruff")
    common = ("--quiet", "--no-cache", "--no-respect-gitignore", ".")
    for command in (("check", "--fix-only"), ("format",)):
        done = subprocess.run((*ruff, *command, *common), cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            raise ClientError(f"ruff cannot format what was written: {' '.join(done.stderr.split())}")


def _text(errors: Iterable[GeneratorError | ParseError]) -> str:
    found = [" ".join(f"{each.header}: {each.detail or ''}".split()) for each in errors]
    return f"openapi-python-client cannot express the document: {'; '.join(found)}"
