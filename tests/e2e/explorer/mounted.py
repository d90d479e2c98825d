"""The same application below other paths: mounted, and behind a proxy that takes a prefix away and tells nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import explored

PLACES = {"/mounted": "/mounted", "/proxied": ""}
"""What addresses begin with, and what the application is told of it."""


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    for prefix, told in PLACES.items():
        if environ["PATH_INFO"].startswith(f"{prefix}/"):
            environ = {**environ, "SCRIPT_NAME": told, "PATH_INFO": environ["PATH_INFO"].removeprefix(prefix)}
            break
    return explored.app(environ, start_response)
