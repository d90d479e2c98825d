"""What services are called when nobody says it."""

from __future__ import annotations

import re
from typing import Final

# Before a capital that begins a word, and between the end of a word and a capital: HTTP_Service, Foo2_Bar.
_BORDERS: Final = re.compile(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])")


def resource_name(class_name: str) -> str:
    """Return the class name in snake case, without every `_api` and then every `_service` in it.

    `FuzzyBearsService` is `fuzzy_bears`, `MyAPIService` is `my`; `APIService` is `api`, which does not begin with an
    underscore. Nothing may be left.
    """
    return _BORDERS.sub("_", class_name).lower().replace("_api", "").replace("_service", "")
