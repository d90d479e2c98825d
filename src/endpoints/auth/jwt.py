"""Public keys and what they have signed: the only module that knows the JOSE library."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from endpoints.auth.weak_keys import has_roca_fingerprint

_RSA: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_CURVES: Final = {"P-256": ("ES256",), "P-384": ("ES384",), "P-521": ("ES512",), "Ed25519": ("Ed25519", "EdDSA")}
_KEY_TYPES: Final[dict[str, Any]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
_PARAMETERS: Final = ("kty", "n", "e", "crv", "x", "y")
_SECRETS: Final = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
_RSA_BITS: Final = range(2048, 8192 + 1)
_EXPONENTS: Final = range(65537, 2**64, 2)  # odd and large enough (FIPS 186-5, 5.1), and not so large as to take long

Verify = Callable[[bytes, bytes], bool]


class UnusableKey(Exception):  # noqa: N818 - a key that is skipped
    """A key that signatures are not checked with; the text says why."""


class VerificationKey:
    """A public key that an issuer publishes for signatures.

    Args:
        jwk: a JSON Web Key (RFC 7517).

    Attributes:
        key_id: its `kid`.
        algorithms: what it verifies; the key says so, never a token.

    Raises:
        UnusableKey: it is private, symmetric, weak, broken, or not for signatures.
    """

    __slots__ = ("_verify", "algorithms", "key_id")

    def __init__(self, jwk: Mapping[str, Any]) -> None:
        self.key_id = _key_id(jwk)
        self.algorithms = _algorithms(jwk)
        try:
            key = _KEY_TYPES[jwk["kty"]].import_key({name: jwk[name] for name in _PARAMETERS if name in jwk})
            key.get_op_key("verify")
            self._verify = {name: _verification(name, key) for name in self.algorithms}
        except (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, OverflowError) as error:
            raise UnusableKey(f"cannot be read: {error}") from None

    def has_signed(self, algorithm: str, signing_input: bytes, signature: bytes) -> bool:
        """Whether a signature over `signing_input` was made with this key by one of its algorithms."""
        try:
            return self._verify[algorithm](signing_input, signature)
        except (JoseError, UnsupportedAlgorithm, ValueError, KeyError):
            return False


def certified(certificate: str) -> dict[str, Any]:
    """The key in an X.509 certificate (PEM) as a JSON Web Key. Raises UnusableKey.

    Nothing else of the certificate counts: it is trusted because of where it was published.
    """
    try:
        key = load_pem_x509_certificate(certificate.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKey(f"cannot be read: {error}") from None
    if isinstance(key, RSAPublicKey):
        return dict(RSAKey.import_key(key).as_dict(private=False))
    if isinstance(key, EllipticCurvePublicKey):
        return dict(ECKey.import_key(key).as_dict(private=False))
    raise UnusableKey(f"the certificate holds a {type(key).__name__}")


def _verification(name: str, key: Any) -> Verify:
    # Not get_alg(): it warns of names that are out of fashion, and the issuer's terms have allowed this one.
    algorithm = JWSRegistry.algorithms[name]
    algorithm.check_key(key)
    return partial(_verified, algorithm.verify, key)


def _verified(verify: Callable[[bytes, bytes, Any], bool], key: Any, signing_input: bytes, signature: bytes) -> bool:
    return verify(signing_input, signature, key)


def _key_id(jwk: Mapping[str, Any]) -> str | None:
    key_id = jwk.get("kid")
    if not (key_id is None or isinstance(key_id, str)):
        raise UnusableKey("its kid is no string")
    return key_id


def _algorithms(jwk: Mapping[str, Any]) -> tuple[str, ...]:
    """What a key is made for, by its type, curve, `alg`, `use` and `key_ops` (RFC 7517, 4)."""
    kind = jwk.get("kty")
    if kind not in ("RSA", "EC", "OKP"):
        raise UnusableKey(f"its kty is {str(kind)[:20]!r}")
    if any(name in jwk for name in _SECRETS):
        raise UnusableKey("it is published with its private half")
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise UnusableKey("it is not for signatures")
    made_for: tuple[str, ...] = _RSA
    if kind == "RSA":
        _check_rsa(jwk)
    else:
        curve = jwk.get("crv")
        made_for = _CURVES.get(curve, ()) if isinstance(curve, str) else ()
        if (kind == "OKP") != (curve == "Ed25519"):
            raise UnusableKey(f"its crv is {str(curve)[:20]!r}")
    if "alg" not in jwk:
        return made_for
    if jwk["alg"] not in made_for:
        raise UnusableKey(f"its alg is {str(jwk['alg'])[:20]!r}")
    return (jwk["alg"],)


def _check_rsa(jwk: Mapping[str, Any]) -> None:
    modulus, exponent = (_number(jwk.get(name)) for name in ("n", "e"))
    if modulus.bit_length() not in _RSA_BITS:
        raise UnusableKey(f"it has {modulus.bit_length()} bits, and not {_RSA_BITS.start} to {_RSA_BITS.stop - 1}")
    if exponent not in _EXPONENTS or not modulus % 2:
        raise UnusableKey("its exponent or modulus makes no sense")
    if has_roca_fingerprint(modulus):
        raise UnusableKey("it was made by a chip whose keys can be factored (CVE-2017-15361)")


def _number(value: object) -> int:
    try:
        return int.from_bytes(urlsafe_b64decode(str(value) + "=="))
    except ValueError as error:
        raise UnusableKey(f"cannot be read: {error}") from None
