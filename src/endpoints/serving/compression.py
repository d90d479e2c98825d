"""Answers in fewer bytes, in a coding that the caller understands (RFC 9110, 8.4 and 12.5.3)."""

from __future__ import annotations

import importlib.util
import re
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

Pack = Callable[[bytes], bytes]

CODINGS: Final = ("zstd", "br", "gzip")
"""What can be sent, the dearest to us first; all but gzip need a package of the extra `compression`."""

# Measured with lists of 17 to 25 KB: a step more costs half as much time again, and saves a twentieth at most.
_GZIP_LEVEL, _BROTLI_QUALITY, _ZSTD_LEVEL = 4, 4, 3
_LONGEST_WISH = 1000  # characters of an Accept-Encoding header that is read
_KEPT = 100  # documents that stay packed; the files of the explorer alone are thirty

# PERF: compiled when somebody asks for packing, and then kept by `re`.
_PACKABLE = (
    r"(?i:text/.*|application/(.*\+)?(json|xml)|application/(javascript|x-ndjson)|image/svg\+xml|multipart/mixed)"
)
_WISH = r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """When and how the answers of a server are packed.

    Args:
      threshold: bytes of the shortest body that is worth it.
      codings: some of `zstd`, `br` and `gzip`, the best first; by default all for which a library is installed. What
        the caller likes better goes before.

    Raises:
      ValueError: a negative threshold, a coding that is unknown, comes twice or has no library.
      TypeError: a threshold that is no whole number, or a single string for `codings`.
    """

    threshold: int = 1024
    codings: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.threshold, bool) or not isinstance(self.threshold, int):
            raise TypeError(f"Compression: threshold must be a number of bytes, found {self.threshold!r}")
        if self.threshold < 0:
            raise ValueError(f"Compression: threshold must not be negative, found {self.threshold!r}")
        if isinstance(self.codings, str):
            raise TypeError(f"Compression: codings must be a list of codings, found {self.codings!r}")
        for coding in self.codings or ():
            if coding not in CODINGS:
                raise ValueError(f"Compression: codings may hold {', '.join(CODINGS)}; found {coding!r}")
            if not is_installed(coding):
                raise ValueError(f"Compression: {coding!r} needs endpoints-frameworks[compression]")
        if len(set(self.codings or ())) != len(self.codings or ()):
            raise ValueError(f"Compression: codings names one twice: {self.codings!r}")

    @property
    def usable(self) -> tuple[str, ...]:
        """The codings, the best first."""
        return tuple(filter(is_installed, CODINGS)) if self.codings is None else tuple(self.codings)


class Understood(NamedTuple):
    """What a caller said of codings."""

    best: str | None
    """How the answer is to be packed; None for not at all."""
    all: tuple[str, ...]
    """What the caller understands of what can be sent."""


def understood(wishes: str, usable: tuple[str, ...]) -> Understood:
    """Read an Accept-Encoding header; one that breaks the rules says nothing, and the answer is not packed.

    Args:
      wishes: the header.
      usable: what can be sent, the best first.
    """
    return _understood(wishes[: _LONGEST_WISH + 1], usable)  # what is longer must not fill the memory


@lru_cache(maxsize=256)
def _understood(wishes: str, usable: tuple[str, ...]) -> Understood:
    weights = _weights(wishes)
    others = weights.get("*", 0.0)
    accepted = [coding for coding in usable if weights.get(coding, others) > 0]
    best = max(accepted, key=lambda coding: weights.get(coding, others), default=None)
    if best is not None and weights.get(best, others) < weights.get("identity", others):
        best = None
    return Understood(best, tuple(accepted))


def _weights(wishes: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    if len(wishes) > _LONGEST_WISH:
        return {}
    for part in filter(None, (each.strip(" \t") for each in wishes.split(","))):
        found = re.fullmatch(_WISH, part)
        if found is None:
            return {}
        name = found[1].lower()
        weights.setdefault("gzip" if name == "x-gzip" else name, float(found[2] or 1))
    return weights


def is_packable(content_type: str) -> bool:
    """Whether such content gets shorter: text does, pictures and archives do not."""
    return re.fullmatch(_PACKABLE, content_type.partition(";")[0].rstrip()) is not None


def packed(coding: str, body: bytes) -> bytes:
    """The body in a coding that is installed. The same body gives the same bytes."""
    return _packer(coding)(body)


packed_once = lru_cache(maxsize=_KEPT)(packed)
"""The same for what is sent again and again. To find it costs nothing when it is the same object."""


@cache
def is_installed(coding: str) -> bool:
    """Whether something can be packed so."""
    if coding == "zstd":
        return sys.version_info >= (3, 14) or _is_found("backports.zstd")
    return coding == "gzip" or _is_found("brotli")


def _is_found(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it is not there
        return False


@cache
def _packer(coding: str) -> Pack:
    """What packs. PERF: the libraries are loaded when somebody asks for their coding."""
    if coding == "zstd":
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        return lambda body: zstd.compress(body, _ZSTD_LEVEL)
    if coding == "br":
        import brotli

        return lambda body: bytes(brotli.compress(body, quality=_BROTLI_QUALITY))
    return _gzip


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()
