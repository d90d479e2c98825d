"""What the clients made from OpenAPI documents call: services of the conformance kit, the guestbook, and torture.

Every date has an offset, as clients of OpenAPI 2.0 need it.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path

import endpoints
from endpoints.exceptions import ConfigurationWarning

ROOT = Path(__file__).parent.parent.parent
SERVICES = ROOT / "tests" / "conformance" / "services"
sys.path[:0] = [str(ROOT / "examples" / "guestbook"), str(SERVICES), str(ROOT)]

KIT = ("params", "alltypes", "schemas", "library", "errors")

warnings.simplefilter("ignore", ConfigurationWarning)
classes = [
    importlib.import_module("tests.openapi.torture").torture,
    importlib.import_module("guestbook").GuestbookApi,
    importlib.import_module("echo").EchoApi,
    *(each for name in KIT for each in importlib.import_module(name).API_CLASSES),
]
app = endpoints.api_server(classes, naive_datetimes="utc")
"""Answers dates with an offset."""
naive = endpoints.api_server(classes)
"""Answers them as ever."""
