"""The key sets that issuers publish, in the forms that are about.

| form | |
|---|---|
| `{"keys": [{"kty": "RSA", ...}]}` | a JSON Web Key Set (RFC 7517, 5) |
| `{"keyvalues": [{"keyid": ..., "modulus": ..., "exponent": ...}]}` | Google's own, which the original read |
| `{"the key id": "-----BEGIN CERTIFICATE-----..."}` | X.509 certificates, as Google and Firebase publish them |
"""

from __future__ import annotations

import logging
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from endpoints.auth.asking import Senseless
from endpoints.auth.jwt import UnusableKey, VerificationKey, certified

_MAX_KEYS: Final = 64
_log = logging.getLogger("endpoints.auth")


class KeySet(NamedTuple):
    """The usable keys of a set, each once."""

    keys: tuple[VerificationKey, ...]
    ids_count: bool
    """Whether a token counts only with the key that it names. In Google's own form any key will do (recorded:
    keys/second-key)."""


def read(document: Mapping[str, Any], where: str) -> KeySet:
    """Read a set of keys. Those that are not usable are logged and left out: one bad key does not spoil a set.

    Args:
        document: what the address has answered.
        where: the address, for the log.

    Raises:
        Senseless: it is no set of keys in any form, or holds more than 64.
    """
    found: dict[str, VerificationKey] = {}
    for number, (name, make) in enumerate(_entries(document)):
        if number == _MAX_KEYS:
            raise Senseless(f"the key set holds more than {_MAX_KEYS} keys")
        try:
            jwk = make()
            found[repr(sorted(jwk.items()))] = VerificationKey(jwk)
        except Exception as error:  # noqa: BLE001 - no list is complete of what libraries raise for a broken key
            why = error if isinstance(error, UnusableKey) else repr(error)
            _log.warning("a key of %s is not used: %r: %s", where, str(name)[:80], why)
    return KeySet(tuple(found.values()), "keyvalues" not in document)


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[object, Callable[[], Mapping[str, Any]]]]:
    """Yield the names of keys, and what makes JSON Web Keys of them or raises UnusableKey."""
    if isinstance(document.get("keys"), list):
        for key in document["keys"]:
            yield key.get("kid") if isinstance(key, dict) else None, partial(_web_key, key)
    elif isinstance(document.get("keyvalues"), list):
        for key in document["keyvalues"]:
            yield key.get("keyid") if isinstance(key, dict) else None, partial(_key_value, key)
    elif document and all(isinstance(text, str) and "BEGIN CERTIFICATE" in text for text in document.values()):
        for name, text in document.items():
            yield name, partial(_certificate, name, text)
    else:
        raise Senseless("the answer is no set of keys")


def _web_key(key: Any) -> Mapping[str, Any]:
    if not isinstance(key, dict):
        raise UnusableKey("it is no JSON object")
    return key


def _key_value(key: Any) -> Mapping[str, Any]:
    if not isinstance(key, dict):
        raise UnusableKey("it is no JSON object")
    name = {"kid": key["keyid"]} if key.get("keyid") is not None else {}
    return {"kty": "RSA", "n": _url_safe(key.get("modulus")), "e": _url_safe(key.get("exponent")), **name}


def _certificate(name: str, text: str) -> Mapping[str, Any]:
    return {**certified(text), "kid": name}


def _url_safe(number: object) -> str:
    try:
        return urlsafe_b64encode(b64decode(str(number) + "==", validate=False)).rstrip(b"=").decode()
    except ValueError as error:
        raise UnusableKey(f"cannot be read: {error}") from None
