"""Issuers of tokens, good and bad: keys of cryptography, tokens put together by hand, and a clock that can be set."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

NOW = 1_800_000_000
ISSUER = "https://issuer.example"
KEYS_AT = f"{ISSUER}/keys"
GOOGLE = "https://accounts.google.com"
GOOGLE_KEYS_AT = (
    "https://www.googleapis.com/service_accounts/v1/metadata/raw/federated-signon@system.gserviceaccount.com"
)
TOKENINFO = "https://www.googleapis.com/oauth2/v3/tokeninfo"

_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}


class Clock:
    """Tells the time that a test has set."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, size: int | None = None) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8))


class SigningKey:
    """A private key of an issuer.

    Args:
        private: of cryptography.
        kid: how it is called.
    """

    def __init__(self, private: Any, kid: str | None) -> None:
        self.private = private
        self.kid = kid

    def jwk(self, **members: Any) -> dict[str, Any]:
        """The public half; a member that is None is left out."""
        found = {**_public(self.private.public_key()), "kid": self.kid, "use": "sig", **members}
        return {name: value for name, value in found.items() if value is not None}

    def sign(self, algorithm: str, data: bytes) -> bytes:
        digest = _HASHES.get(algorithm[2:], _HASHES["256"])
        if isinstance(self.private, rsa.RSAPrivateKey):
            if algorithm.startswith("PS"):
                pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
                return self.private.sign(data, pss, digest)
            return self.private.sign(data, padding.PKCS1v15(), digest)
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        size = (self.private.curve.key_size + 7) // 8
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(digest)))
        return bytes(r.to_bytes(size) + s.to_bytes(size))


def _public(key: Any) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    if isinstance(key, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_bytes_raw())}
    size = (key.curve.key_size + 7) // 8
    point = key.public_numbers()
    (curve,) = (name for name, known in _CURVES.items() if known.name == key.curve.name)
    return {"kty": "EC", "crv": curve, "x": number(point.x, size), "y": number(point.y, size)}


@cache
def rsa_key(kid: str | None = "rsa", bits: int = 2048, exponent: int = 65537) -> SigningKey:
    return SigningKey(rsa.generate_private_key(exponent, bits), kid)


@cache
def ec_key(kid: str | None = "ec", curve: str = "P-256") -> SigningKey:
    return SigningKey(ec.generate_private_key(_CURVES[curve]), kid)


@cache
def ed_key(kid: str | None = "ed") -> SigningKey:
    return SigningKey(ed25519.Ed25519PrivateKey.generate(), kid)


def claims_of(**changes: Any) -> dict[str, Any]:
    """What a third-party issuer says of a user; a claim that is `...` is left out."""
    usual = {
        "iss": ISSUER,
        "aud": "my-api",
        "sub": "user-1",
        "email": "ada@example.com",
        "iat": NOW - 60,
        "exp": NOW + 3600,
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not ...}


def google_claims(**changes: Any) -> dict[str, Any]:
    """What Google says of a user of the client `web`."""
    return claims_of(**{"iss": GOOGLE, "azp": "web", "email_verified": True, **changes})


def sealed(
    header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any], sign: Callable[[bytes], bytes]
) -> str:
    """A token of any header and payload, as they are or as JSON."""
    parts = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in (header, payload)]
    data = ".".join(map(b64, parts))
    return f"{data}.{b64(sign(data.encode()))}"


def token(
    claims: Mapping[str, Any] | None = None,
    key: SigningKey | None = None,
    algorithm: str | None = None,
    **header: Any,
) -> str:
    """A token signed by a key, RS256 by default; a member of the header that is `...` is left out."""
    key = rsa_key() if key is None else key
    algorithm = algorithm or ("ES256" if isinstance(key.private, ec.EllipticCurvePrivateKey) else "RS256")
    members = {"alg": algorithm, "typ": "JWT", "kid": key.kid if key.kid is not None else ..., **header}
    shown = {name: value for name, value in members.items() if value is not ...}
    return sealed(shown, claims_of() if claims is None else claims, lambda data: key.sign(algorithm, data))


class Answers:
    """A `fetch` that knows what some addresses answer, and keeps count of who was asked.

    Args:
        answers: by address, without its query: a JSON document, bytes, a status, an error to raise, or a function that
            takes the query, the body and the headers and returns one of these.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = dict(answers)
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def __call__(
        self, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        address, _, query = url.partition("?")
        with self._lock:
            self.asked.append(address)
        found = self.answers.get(address, 404)
        if callable(found):
            found = found(query, data, headers)
        if isinstance(found, BaseException):
            raise found
        if isinstance(found, int):
            return found, {}, b""
        return 200, self.headers, found if isinstance(found, bytes) else json.dumps(found).encode()


def key_set(*keys: SigningKey) -> dict[str, Any]:
    return {"keys": [key.jwk() for key in keys]}


def issuers() -> Answers:
    """A third-party issuer and Google, with a key of each kind."""
    return Answers({KEYS_AT: key_set(rsa_key(), ec_key()), GOOGLE_KEYS_AT: key_set(rsa_key("google")), TOKENINFO: 400})
