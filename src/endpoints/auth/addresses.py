"""Which addresses a server may ask about keys and tokens: https, or this very machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit


def check(address: object) -> None:
    """Raises ValueError, saying what is expected, for an address that must not be asked."""
    if not isinstance(address, str):
        raise ValueError(f"must be an https address, not {address!r}")  # noqa: TRY004 - one kind of error for callers
    parts = split(address)
    if parts is None or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        raise ValueError(f"must be an https address, or http on this machine, not {address!r}")


def split(address: str) -> SplitResult | None:
    """The parts of an http or https address; None for anything else."""
    if not address.isascii() or any(mark <= " " or mark == "\x7f" for mark in address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None


def is_local(address: str) -> bool:
    """Whether an address leads to this machine."""
    parts = split(address)
    return parts is not None and is_loopback(parts.hostname)


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is always this machine (RFC 6761, 6.3)."""
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
