"""The files of the page: a fixed table, read once, when somebody opens the explorer first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "static"
_SCRIPT: Final = "text/javascript; charset=UTF-8"
_STYLE: Final = "text/css; charset=UTF-8"

SCRIPTS: Final = (
    "about.js",
    "account.js",
    "answer.js",
    "body.js",
    "callback.js",
    "catalog.js",
    "code_view.js",
    "controls.js",
    "credentials.js",
    "dom.js",
    "explain.js",
    "forms.js",
    "history.js",
    "home.js",
    "json_text.js",
    "kinds.js",
    "links.js",
    "main.js",
    "method.js",
    "navigation.js",
    "oidc.js",
    "parameters.js",
    "request.js",
    "samples.js",
    "search.js",
    "send.js",
    "tabs.js",
)
STYLES: Final = ("page.css", "parts.css")
_TYPES: Final = {**dict.fromkeys(SCRIPTS, _SCRIPT), **dict.fromkeys(STYLES, _STYLE)}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Edition:
    """All files of the page, which belong together.

    The name of an edition hangs on every byte of it and is part of the addresses, so that browsers may keep files for
    as long as they like.
    """

    name: str
    assets: dict[str, Asset]
    page: bytes
    callback: bytes


@cache
def edition() -> Edition:
    """Return the edition of this release."""
    assets = {name: Asset(kind, (_FOLDER / name).read_bytes()) for name, kind in _TYPES.items()}
    pages = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in ("explorer.html", "callback.html")}
    digest = hashlib.sha256()
    for name, content in [*((name, each.content) for name, each in assets.items()), *_encoded(pages)]:
        digest.update(f"{name} {len(content)}\n".encode() + content)
    name = digest.hexdigest()[:20]
    preloads = "".join(
        f'\n<link rel="modulepreload" href="explorer/{name}/{each}">' for each in SCRIPTS if each != "callback.js"
    )
    page = pages["explorer.html"].replace("{{preloads}}", preloads).replace("{{edition}}", name)
    return Edition(name, assets, page.encode(), pages["callback.html"].replace("{{edition}}", name).encode())


def _encoded(pages: dict[str, str]) -> list[tuple[str, bytes]]:
    return [(name, content.encode()) for name, content in pages.items()]
