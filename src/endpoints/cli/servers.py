"""The servers that `endpoints serve` runs an application with: uvicorn for ASGI, granian for WSGI.

Every worker process imports the application itself (they are spawned, not forked), so that no connection or lock is
shared by accident. Both servers end with what is asked for by SIGTERM: calls in progress finish, then they return.
"""

from __future__ import annotations

import copy
import importlib.util
import logging
import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, Final
from urllib.parse import unquote_plus

from endpoints.cli.command import UsageError
from endpoints.cli.listening import Address
from endpoints.cli.target import Target, load

_TARGET: Final = "ENDPOINTS_SERVE_TARGET"  # tells uvicorn's workers, which take only a name, what to import
_SECRETS: Final = ("token", "key")  # in the names of parameters, wherever in them
_MISSING: Final = "{} is not installed; it comes with: pip install 'endpoints-frameworks[serve]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How an application is to be run."""

    name: str
    """What `target` was loaded from, for worker processes to load it again."""
    target: Target
    address: Address
    workers: int
    reload: bool
    grace: int
    """Seconds that calls in progress have to finish in when the server is stopped."""
    access_log: bool


def asgi_server(running: Running) -> Callable[[], None]:
    """What runs the application with uvicorn until a signal ends it; loop and parser are the fastest ones installed.

    Raises:
        UsageError: uvicorn is not installed.
    """
    uvicorn = _installed("uvicorn")
    app: Any = running.target.asgi
    by_name = running.reload or running.workers > 1
    if by_name:
        os.environ[_TARGET] = running.name
        app = f"{__name__}:{asgi_of_worker.__name__}"
    return partial(
        uvicorn.run,
        app,
        factory=by_name,
        interface="asgi3",
        host=running.address.numeric,
        port=running.address.port,
        workers=running.workers,
        reload=running.reload,
        timeout_graceful_shutdown=running.grace,
        access_log=running.access_log,
        log_config=_uvicorn_logs(uvicorn),
        server_header=False,
        # Who the caller is behind a proxy is decided by api_server(trust_forwarded=...), not by where the proxy runs.
        proxy_headers=False,
    )


def asgi_of_worker() -> Any:
    """The application, in a worker process of uvicorn."""
    return load(os.environ[_TARGET]).asgi


def wsgi_server(running: Running) -> Callable[[], None]:
    """What runs the application with granian until a signal ends it, one blocking thread per worker.

    Raises:
        UsageError: granian, or watchfiles for reloading, is not installed.
    """
    granian = _installed("granian")
    if running.reload and importlib.util.find_spec("watchfiles") is None:
        raise UsageError("--reload with --interface wsgi needs watchfiles: pip install watchfiles")
    multiprocessing.set_start_method("spawn", force=True)
    server = granian.Granian(
        running.name,
        address=running.address.numeric,
        port=running.address.port,
        interface=granian.constants.Interfaces.WSGI,
        workers=running.workers,
        blocking_threads=1,
        websockets=False,
        reload=running.reload,
        respawn_failed_workers=True,
        workers_kill_timeout=running.grace,
        log_level=granian.log.LogLevels.warning,
        log_access=running.access_log,
    )
    return partial(server.serve, target_loader=partial(wsgi_of_worker, running.name), wrap_loader=False)


def wsgi_of_worker(name: str) -> Any:
    """The application, in a worker process of granian."""
    return load(name).wsgi


def _installed(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise UsageError(_MISSING.format(error.name)) from None


def _uvicorn_logs(uvicorn: ModuleType) -> dict[str, Any]:
    """Uvicorn's own, less what only repeats the lines that the command prints."""
    config: dict[str, Any] = copy.deepcopy(uvicorn.config.LOGGING_CONFIG)
    config["loggers"]["uvicorn.error"]["level"] = "WARNING"
    config["filters"] = {"secrets": {"()": WithoutSecrets}}
    config["handlers"]["access"]["filters"] = ["secrets"]
    return config


class WithoutSecrets(logging.Filter):
    """Takes the values of tokens and keys out of the addresses in a log; granian logs no queries."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, changed."""
        if isinstance(record.args, tuple):
            record.args = tuple(_without_secrets(each) if isinstance(each, str) else each for each in record.args)
        return True


def _without_secrets(address: str) -> str:
    path, mark, query = address.partition("?")
    return path + mark + "&".join(map(_without_secret, query.split("&")))


def _without_secret(parameter: str) -> str:
    name, _, value = parameter.partition("=")
    plain = unquote_plus(name).lower()
    return f"{name}=..." if value and any(word in plain for word in _SECRETS) else parameter
