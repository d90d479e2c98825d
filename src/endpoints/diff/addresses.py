"""Addresses of servers, taken apart."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from urllib.parse import SplitResult, urlsplit

from endpoints.diff.nodes import Node


def split(node: Node, url: str) -> SplitResult:
    """Take an address apart.

    Args:
        node: Where the document has it.
        url: The address, which may be a path alone.

    Raises:
        DocumentError: It is no address.
    """
    try:
        return urlsplit(url)
    except ValueError:
        raise node.wrong("a URL") from None


def base_path(url: SplitResult) -> str:
    """Return the path of an address, with a slash at its beginning and none at its end."""
    return f"/{url.path.strip('/')}".rstrip("/")


def origins(urls: Iterable[SplitResult], base: str) -> tuple[str, ...]:
    """Return the addresses without the base path that they share.

    Left out are those that say no host, and loopback ones: where a document was made says nothing about its clients.
    """
    return tuple(dict.fromkeys(_origins(urls, base)))


def _origins(urls: Iterable[SplitResult], base: str) -> Iterator[str]:
    for url in urls:
        if url.hostname and url.hostname != "none" and not _is_loopback(url.hostname):
            path = base_path(url)
            yield f"{url.scheme}://{url.netloc.lower()}{'' if path == base else path}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
