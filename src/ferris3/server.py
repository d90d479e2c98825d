"""The composition root of an application by convention: a folder in, an application out."""

from __future__ import annotations

import sys
from os import PathLike
from typing import Any

import endpoints
from ferris3.discovery import discover_api_services
from ferris3.location import PACKAGE


def application(root: str | PathLike[str] | None = None, **options: Any) -> endpoints.ApiServer:
    """Serve the services of an application: `app = ferris3.application()` in `main.py` is all that it takes.

    Where services have a model of `ferris3.ndb`, each request has a context of NDB (see `ferris3.ndb.middleware`).

    Args:
        root: the folder that `app` is in; by default where the application is (see `ferris3.location`).
        options: as for `endpoints.api_server`: `cors`, `limits`, `control` and so on.

    Raises:
        ApiConfigurationError, TypeError, KeyError: as `discover_api_services` and `endpoints.api_server` do.
        Exception: whatever a file of the application raises when it is imported.
    """
    served = endpoints.api_server(discover_api_services(root), **options)
    ndb = sys.modules.get("ferris3.ndb")
    if ndb is None or not _has_model(ndb.Model):
        return served
    with_contexts: endpoints.ApiServer = ndb.middleware(served)
    return with_contexts


def _has_model(base: type) -> bool:
    """Whether a module of the application has a model of that kind, its own or an imported one."""
    names = [name for name in sys.modules if name.partition(".")[0] == PACKAGE]
    values = (value for name in names for value in vars(sys.modules[name]).values())
    return any(isinstance(value, type) and issubclass(value, base) for value in values)
