"""The directory of a server: the list of its APIs with the addresses of their discovery documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from endpoints.describe.discovery import ICONS, description
from endpoints.describe.origin import Origin
from endpoints.operations import Api


def document(apis: Iterable[Api], origin: Origin, target: str) -> dict[str, Any]:
    """List APIs.

    Args:
        apis: The APIs of a server, in the order of the list.
        origin: Where the caller reaches the server.
        target: Path and query of the request for this list, below the mount point (`/_ah/api/discovery/v1/apis`). The
            recorded addresses are this very text with the rest put behind it, a slash at its end or a query included.
    """
    return listing(
        item(api.name, api.version, description(api), origin.on_port_of(api.info.hostname).root + target)
        for api in apis
    )


def listing(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the directory that holds these items."""
    held = list(items)
    return {"kind": "discovery#directoryList", "discoveryVersion": "v1", **({"items": held} if held else {})}


def item(name: str, version: str, text: str | None, address: str) -> dict[str, Any]:
    """Describe one API in the directory that is served at `address`; `text` says what the API is for."""
    return {
        "kind": "discovery#directoryItem",
        "id": f"{name}:{version}",
        "name": name,
        "version": version,
        **({"description": text} if text else {}),
        "discoveryRestUrl": f"{address}/{name}/{version}/rest",
        "discoveryLink": f"./apis/{name}/{version}/rest",
        "icons": ICONS,
        "preferred": True,
    }
