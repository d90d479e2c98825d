"""What applications of the time import and nobody has any more, and what does the same now."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any, Final

REPLACEMENTS: Final = {
    "caching": "functools.cache in one process, or the library cachetools; redis where processes share",
    "discover_webapp2_routes": "Flask, Starlette or Django for pages, with ferris3.application() mounted in it",
    "google_apis": "the library google-api-python-client: googleapiclient.discovery.build",
    "mail": "smtplib and email.message, or the client library of a mail service",
    "oauth2": "the library google-auth: google.oauth2 and google.auth.default",
    "search": "the full-text search of a database, or the client library of a search service",
    "template": "the library Jinja2",
}
"""By its name in `ferris3`, or in `ferris3.discovery`."""


def reason(name: str) -> str:
    """Return what to say when one of the REPLACEMENTS is asked for."""
    return f"ferris3 has no {name!r}, which was for App Engine's Python 2 alone; use {REPLACEMENTS[name]}"


class _Absent(MetaPathFinder):
    """Looked into when all else has not found a module: `from ferris3.caching import cache`, `import protopigeon`."""

    def find_spec(self, fullname: str, *_place: Any) -> ModuleSpec | None:
        if fullname == "protopigeon":
            folder = Path(__file__).parent / fullname
            return spec_from_file_location(fullname, folder / "__init__.py", submodule_search_locations=[str(folder)])
        package, _dot, name = fullname.rpartition(".")
        if package == "ferris3" and name in REPLACEMENTS:
            raise ModuleNotFoundError(reason(name), name=fullname)
        return None


sys.meta_path.append(_Absent())
