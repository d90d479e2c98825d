"""Applications by convention, written into a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ENDPOINT = "name: shop\nversion: v1\n"
SERVICE = """
from protorpc import messages
import ferris3

class Answer(messages.Message):
    text = messages.StringField(1)

@ferris3.auto_service
class {name}Service(ferris3.Service):
    @ferris3.auto_method(returns=Answer, http_method="GET")
    def hello(self, request):
        return Answer(text="{name}")
"""


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files, each by its path."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def service(name: str) -> str:
    """The source of a service with one method."""
    return SERVICE.format(name=name)


@contextmanager
def alone() -> Iterator[None]:
    """Forget afterwards what was imported."""
    path, modules = sys.path[:], set(sys.modules)
    try:
        yield
    finally:
        sys.path[:] = path
        for name in sys.modules.keys() - modules:
            if name.partition(".")[0] in ("app", "main", "endpoints_config"):
                del sys.modules[name]
