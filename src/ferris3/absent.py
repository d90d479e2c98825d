"""What ferris3 had for App Engine alone, and what does the same now."""

from __future__ import annotations

from typing import Final

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
