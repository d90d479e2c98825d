"""A signed token, taken apart with care but not yet believed (RFC 7515, 7.1; RFC 7519)."""

from __future__ import annotations

import json
import math
from binascii import a2b_base64
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from endpoints.auth.refusals import Reason, TokenRefused

MAX_LENGTH: Final = 16 * 1024
"""Characters of a token."""
_MAX_NESTING: Final = 64
# The alphabet of RFC 4648, section 5, as a2b_base64 knows it; what that one knows besides becomes a foreign character.
_STANDARD: Final = bytes.maketrans(b"-_+/=", b"+/***")
# What a segment may end with, by its length modulo 4: the bits that stand for nothing are zero.
_LAST: Final = {2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
_TYPES: Final = frozenset(["jwt", "at+jwt"])


class Signed(NamedTuple):
    """The parts of a token whose form is right. Who has signed it, if anybody, is not known."""

    algorithm: str
    key_id: str | None
    payload: bytes
    signing_input: bytes
    signature: bytes


def is_signed(token: str) -> bool:
    """Whether a token looks like a signed one. Google's access tokens may hold two dots as well."""
    return token.count(".") == 2 and not token.startswith("ya29.")


def is_encrypted(token: str) -> bool:
    """Whether a token looks like an encrypted one (RFC 7516, 7.1)."""
    return token.count(".") == 4 and not token.startswith("ya29.")


def split(token: str) -> Signed:
    """Take a signed token apart.

    Of the header only `alg` and `kid` are used, and `kid` as a key of a dict only; keys in it, or addresses of keys,
    are never looked at (RFC 8725, 3.10).

    Raises:
        TokenRefused: MALFORMED, TYPE, CRITICAL.
    """
    try:
        signing_input, _, signature = token.encode("ascii").rpartition(b".")
        header, _, payload = signing_input.partition(b".")
        algorithm, key_id = _header(header)
        return Signed(algorithm, key_id, _bytes(payload), signing_input, _bytes(signature))
    except (ValueError, RecursionError) as error:
        raise TokenRefused(Reason.MALFORMED, error) from None


def claims_of(signed: Signed) -> dict[str, Any]:
    """What a token says: its payload, a JSON object (RFC 7519, 7.2).

    Raises:
        TokenRefused: MALFORMED.
    """
    try:
        return _object(signed.payload)
    except (ValueError, RecursionError) as error:
        raise TokenRefused(Reason.MALFORMED, error) from None


# PERF: a key's tokens all have the same header, and to read one takes as long as to read the claims.
@lru_cache(maxsize=256)
def _header(segment: bytes) -> tuple[str, str | None]:
    header = _object(_bytes(segment))
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or not (isinstance(key_id, str) or "kid" not in header):
        raise TokenRefused(Reason.MALFORMED, "alg or kid is no string")
    if "crit" in header or "b64" in header or "enc" in header or "zip" in header:
        raise TokenRefused(Reason.CRITICAL)
    kind, content = header.get("typ", "JWT"), header.get("cty", "")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in _TYPES:
        raise TokenRefused(Reason.TYPE, kind)
    if not isinstance(content, str) or content.lower().endswith("jwt"):  # another token inside
        raise TokenRefused(Reason.TYPE, content)
    return algorithm, key_id


def _bytes(segment: bytes) -> bytes:
    """What a segment stands for: base64url without padding, foreign characters or spare bits (RFC 7515, 2)."""
    left = len(segment) % 4
    if not segment or left == 1 or (left and segment[-1] not in _LAST[left]):
        raise ValueError("a segment is not base64url")
    return a2b_base64(segment.translate(_STANDARD) + b"=="[: -left % 4], strict_mode=True)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a JSON object has a name twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is larger than any that can be read")
    return number


# msgspec lets names that come twice pass, of which the last would count; RFC 7515 (4) and RFC 7519 (4) ask to refuse.
_decode = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_finite).decode


def _object(text: bytes) -> dict[str, Any]:
    decoded = text.decode("utf-8")
    found = _decode(decoded)
    if not isinstance(found, dict):
        raise ValueError("the JSON is no object")  # noqa: TRY004 - as for all else that is wrong with it
    if "\\u" in decoded:
        msgspec.json.decode(text)  # raises DecodeError, a ValueError, for lone surrogates
    if decoded.count("{") + decoded.count("[") > _MAX_NESTING:
        _check_nesting(found)
    return found


def _check_nesting(found: Any) -> None:
    level = [found]
    for _ in range(_MAX_NESTING):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise ValueError("the JSON is nested too deeply")
