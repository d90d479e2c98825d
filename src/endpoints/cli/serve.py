"""`endpoints serve`: serve an application until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Final

from endpoints.cli import servers
from endpoints.cli.command import Command, UsageError
from endpoints.cli.listening import Address
from endpoints.cli.lookup import DEFAULT_ATTRIBUTES, DEFAULT_MODULE
from endpoints.cli.target import Interface, Target, load
from endpoints.control import WORKERS

_DESCRIPTION: Final = """
Serve an application until SIGTERM or Ctrl-C; calls in progress then finish and the exit status is 0. On ASGI
(uvicorn) an event loop reads requests, so that slow callers hold nobody up. WSGI (granian, one thread for each
worker) costs less for each request, and belongs behind a proxy that reads requests before it passes them on.
"""


def run(options: argparse.Namespace) -> int:
    """Serve until a signal says to stop.

    Raises:
        UsageError: it cannot be served so.
    """
    os.environ[WORKERS] = str(options.workers)  # the workers inherit it, and count quotas together
    target = load(options.target)
    interface = _interface(target, options)
    address = Address.free(options.host, options.port)
    running = servers.Running(
        name=options.target,
        target=target,
        address=address,
        workers=options.workers,
        reload=options.reload,
        grace=options.grace,
        access_log=options.access_log,
    )
    serve = servers.asgi_server(running) if interface == "asgi" else servers.wsgi_server(running)
    for line in _lines(target, options.target, address.url):
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    # Servers hand the signal that ended them back when they are done: it is what was asked for, not a failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve()
    return 0


def _interface(target: Target, options: argparse.Namespace) -> Interface:
    if options.reload and options.workers > 1:
        raise UsageError("--reload serves with one worker; leave --workers away")
    available: list[Interface] = []
    if target.asgi is not None:
        available.append("asgi")
    if target.wsgi is not None:
        available.append("wsgi")
    wanted: Interface = options.interface or available[0]
    if wanted not in available:
        raise UsageError(
            f"{options.target} is a plain {available[0].upper()} application; --interface {wanted} is not for it"
        )
    return wanted


def _lines(target: Target, name: str, url: str) -> Iterator[str]:
    """What is served, and where."""
    if target.apis is None:
        yield f"{name}  {url}/"
        return
    for api in target.apis:
        count = len(api.operations)
        yield f"{api.name} {api.version}  {url}{api.root_path}  {count} method{'' if count == 1 else 's'}"
    for base in dict.fromkeys(api.base_path for api in target.apis):
        yield f"API explorer  {url}{base}explorer"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target",
        metavar="module:app",
        nargs="?",
        default=DEFAULT_MODULE,
        help="what api_server returned, or service classes for it; modules of the current folder are found as well; "
        f"without :app the first of {', '.join(DEFAULT_ATTRIBUTES)} is taken (default: %(default)s)",
    )
    parser.add_argument(
        "--host", default="localhost", help="where to listen (default: %(default)s; 0.0.0.0: everywhere)"
    )
    parser.add_argument(
        "--port", type=_number(0, 65535), default=8080, help="default: %(default)s; 0: any that is free"
    )
    parser.add_argument("--interface", choices=("asgi", "wsgi"), help="default: asgi, wherever the application has it")
    parser.add_argument(
        "--workers", type=_number(1, 1000), default=1, metavar="N", help="number of processes (default: %(default)s)"
    )
    parser.add_argument("--reload", action="store_true", help="start again when a source file changes; for development")
    parser.add_argument(
        "--grace",
        type=_number(1, 86400),
        default=30,
        metavar="SECONDS",
        help="how long calls in progress may take to finish on SIGTERM (default: %(default)s)",
    )
    parser.add_argument(
        "--access-log",
        action="store_true",
        help="a line for each request, tokens and keys in its query left out",
    )


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"expected a whole number from {low} to {high}, found {text!r}")
        return int(text)

    return parse


COMMAND: Final = Command(
    summary="serve an application",
    description=_DESCRIPTION,
    add_arguments=_arguments,
    run=run,
)
