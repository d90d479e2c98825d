"""`endpointscfg.py`, the tool of the original: its sub-commands, options, file names, exit statuses and messages.

What it does is recorded in conformance/docs (`endpointscfg` entries). Mistakes in usage exit with 2, all others with 1.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from endpoints.cli import client_archive
from endpoints.cli.command import UsageError, plain_warnings
from endpoints.cli.declared import joined, mistakes_of
from endpoints.cli.hostname import hostname_of_app_yaml
from endpoints.cli.lookup import find
from endpoints.cli.output import save
from endpoints.cli.services import MISTAKES, kind_of, services_of, text_of
from endpoints.definitions import ApiInfo
from endpoints.describe import openapi3
from endpoints.describe.generators import ApiConfigGenerator, DiscoveryGenerator, OpenApiGenerator
from endpoints.describe.origin import Origin
from endpoints.hosts import hostname_of_environment

_FAILED: Final = 1
_WRONG_USE: Final = 2

Service = Any
Generate = Callable[[Sequence[Service], str | None], str]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sub-command.

    Args:
        argv: name of the program and its arguments; by default those of this process.

    Returns:
        The exit status; mistakes are said on stderr.
    """
    program, *arguments = sys.argv if argv is None else argv
    options = _parser(Path(program).name).parse_args(arguments)
    name = f"{Path(program).name} {options.command}"
    try:
        with plain_warnings(name):
            options.run(options)
    except UsageError as mistake:
        sys.stderr.write(f"{name}: error: {mistake}\n")
        return _FAILED
    return 0


def _get_discovery_doc(options: argparse.Namespace) -> None:
    made = _generated(options, DiscoveryGenerator().pretty_print_config_to_json, host_stays=True)
    files = {f"{name}-{version}.discovery": data for (name, version), data in made.items()}
    _write(options, files, "API discovery document written to")


def _get_openapi_spec(options: argparse.Namespace) -> None:
    def generate(services: Sequence[Service], hostname: str | None) -> str:
        return OpenApiGenerator().pretty_print_config_to_json(services, hostname, options.x_google_api_name)

    made = _generated(options, generate)
    files = {f"{name}{version}".replace("-", "") + "openapi.json": data for (name, version), data in made.items()}
    _write(options, files, "OpenAPI spec written to")


def _get_swagger_spec(_: argparse.Namespace) -> NoReturn:
    raise UsageError("this sub-command has always failed, and is kept so; get_openapi_spec writes what it was meant to")


def _gen_api_config(options: argparse.Namespace) -> None:
    made = _generated(options, ApiConfigGenerator().pretty_print_config_to_json)
    _write(options, {f"{name}-{version}.api": data for (name, version), data in made.items()})


def _get_client_lib(options: argparse.Namespace) -> None:
    found = joined(options.service, options.application)
    made = {}
    for api in found.apis:
        name = f"{api.name}-{api.version}"
        origin = Origin.declared(_hostname(api.info, options.hostname, options))
        with mistakes_of(name):
            document = openapi3.document([api], origin, naive_datetimes=found.naive_datetimes)
        made[f"{name}.zip"] = client_archive.written(options.language, document, name)
    _write(options, made, "API client library written to")


def _gen_client_lib(options: argparse.Namespace) -> None:
    name = _DOCUMENT_ENDING.sub("", Path(options.discovery_doc).name)
    document = client_archive.read(options.language, Path(options.discovery_doc))
    made = client_archive.written(options.language, document, name)
    _write(options, {f"{name}.zip": made}, "API client library written to")


def _generated(
    options: argparse.Namespace, generate: Generate, *, host_stays: bool = False
) -> dict[tuple[str, str], bytes]:
    """Generate a document for each API, by name and version.

    Args:
        options: of the sub-command.
        generate: makes a document from the classes of an API and a host name.
        host_stays: whether an API that says no host name has that of the API before it. The recorded discovery
            documents have, and no deviation excuses another.
    """
    made: dict[tuple[str, str], bytes] = {}
    hostname = options.hostname
    for api, services in _services_by_api(options).items():
        found = _hostname(services[0].api_info, hostname, options)
        try:
            made[api] = generate(services, found).encode()
        except MISTAKES as error:
            raise UsageError(f"{type(error).__name__}: {text_of(error)}") from error
        hostname = found if host_stays else hostname
    return made


def _hostname(info: ApiInfo, otherwise: str | None, options: argparse.Namespace) -> str | None:
    return info.declared_hostname or otherwise or hostname_of_environment() or hostname_of_app_yaml(options.application)


def _services_by_api(options: argparse.Namespace) -> dict[tuple[str, str], list[Service]]:
    by_api: dict[tuple[str, str], list[Service]] = {}
    for name in options.service:
        if "." not in name and ":" not in name:
            raise UsageError(f"{name!r} names no class; expected MODULE.CLASS")
        for service in _services(*find(name, options.application)):
            info = service.api_info
            by_api.setdefault((info.name, info.api_version), []).append(service)
    return by_api


def _services(name: str, found: Any) -> Iterator[Service]:
    services = services_of(found)
    if services is None:
        raise UsageError(f"TypeError: {name} is not a ProtoRPC service: it is {kind_of(found)}")
    for service in services:
        service_class = getattr(service, "service_class", service)
        if not isinstance(getattr(service_class, "api_info", None), ApiInfo):
            text = f"class {service_class.__name__} has no attribute 'api_info': it is not decorated with endpoints.api"
            raise UsageError(f"AttributeError: {text}")
        yield service_class


def _write(options: argparse.Namespace, files: Mapping[str, bytes], line: str | None = None) -> None:
    for name in files:
        if Path(name).name != name:
            raise UsageError(f"IOError: no file can be called {name!r}, after name and version of its API")
    for name, data in files.items():
        save(Path(options.output, name), data)
    for name in sorted(files) if line else ():
        sys.stdout.write(f"{line} {os.path.join(options.output, name)}\n")  # noqa: PTH118 - keeps ./, as recorded


_COMMANDS: Final[Mapping[str, tuple[Callable[[argparse.Namespace], None], str]]] = {
    "get_client_lib": (_get_client_lib, "application hostname output language service build_system"),
    "get_discovery_doc": (_get_discovery_doc, "application format hostname output service"),
    "get_openapi_spec": (_get_openapi_spec, "application hostname output service x_google_api_name"),
    "get_swagger_spec": (_get_swagger_spec, "application hostname output service"),
    "gen_api_config": (_gen_api_config, "application hostname output service"),
    "gen_discovery_doc": (_get_discovery_doc, "application format hostname output service"),
    "gen_client_lib": (_gen_client_lib, "output language discovery_doc build_system"),
}
"""What each sub-command runs, and which of `_ARGUMENTS` it takes, positional ones in their order."""
_SUMMARIES: Final = {
    "get_client_lib": "write client libraries of service classes",
    "get_discovery_doc": "write discovery documents of service classes",
    "get_openapi_spec": "write OpenAPI 2.0 documents of service classes",
}
"""Of the sub-commands that users are told of."""
_ARGUMENTS: Final[Mapping[str, tuple[Sequence[str], Mapping[str, Any]]]] = {
    "application": (("-a", "--application"), {"default": Path(), "type": Path, "help": "folder of the application"}),
    "build_system": (("-bs", "--build_system"), {"default": "default", "help": "kept for old scripts"}),
    "discovery_doc": (("discovery_doc",), {"help": "the OpenAPI 3.1 document of an API"}),
    "format": (("-f", "--format"), {"default": "rest", "choices": ["rest"], "help": "kept for old scripts"}),
    "hostname": (("--hostname",), {"help": "host name of APIs that do not say one"}),
    "language": (("language",), {"help": "python or typescript"}),
    "output": (("-o", "--output"), {"default": ".", "help": "folder for the files (default: the current one)"}),
    "service": (("service",), {"nargs": "+", "help": "service class, collection or server, as module.name"}),
    "x_google_api_name": (("--x-google-api-name",), {"action": "store_true", "help": "add the field of this name"}),
}
_DOCUMENT_ENDING: Final = re.compile(r"(\.openapi)?\.(discovery|json|yaml|yml)$")
_CHOICE: Final = re.compile(r"(argument \{.*\}: invalid choice: .*) \(choose from .*\)")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say it in one line; of the sub-commands name those that users are told of, as recorded."""
        shown = ", ".join(map(repr, _SUMMARIES))
        said = _CHOICE.sub(rf"\1 (choose from {shown})", message)
        self.exit(_WRONG_USE, f"{self.prog}: error: {said}\n")


def _parser(program: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=program, description="Write documents and client libraries of Endpoints APIs.")
    metavar = f"{{{', '.join(_SUMMARIES)}}}"
    commands = parser.add_subparsers(title="sub-commands", dest="command", metavar=metavar, required=True)
    for name, (run, taken) in _COMMANDS.items():
        # Without a help text, not even an empty one, a sub-command is not listed.
        command = commands.add_parser(name, help=_SUMMARIES[name]) if name in _SUMMARIES else commands.add_parser(name)
        command.set_defaults(run=run)
        for argument in taken.split():
            flags, settings = _ARGUMENTS[argument]
            command.add_argument(*flags, **settings)
    return parser
