"""Which keys count, in which forms issuers publish them, and how an issuer is asked where they are."""

from __future__ import annotations

import datetime
import math
from base64 import b64encode
from ssl import DER_cert_to_PEM_cert, PEM_cert_to_DER_cert
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

import endpoints
from endpoints import AUTH_LEVEL
from tests.auth.issuing import (
    ISSUER,
    KEYS_AT,
    Answers,
    Clock,
    SigningKey,
    b64,
    claims_of,
    ec_key,
    ed_key,
    number,
    rsa_key,
    token,
)
from tests.auth.services import bearer, service, url
from tests.client import Serve

DESCRIBED_AT = f"{ISSUER}/.well-known/openid-configuration"
RSA, EC = rsa_key(), ec_key()
# A modulus like those of CVE-2017-15361: a power of 65537 modulo the product of the first primes.
_PRIMES = math.prod(each for each in range(2, 168) if all(each % smaller for smaller in range(2, each)))
ROCA = next(
    each
    for each in range(pow(65537, 77, _PRIMES) + (2**2047 // _PRIMES + 1) * _PRIMES, 2**2048, _PRIMES)
    if each % 2 and each.bit_length() == 2048
)


def status(serve: Serve, published: Any, jwt: str | None = None, **terms: Any) -> int:
    """What a caller with a token gets, when its issuer publishes these keys."""
    issuer = endpoints.Issuer(ISSUER, KEYS_AT, **terms)
    api = service(AUTH_LEVEL.REQUIRED, issuers={"it": issuer}, audiences={"it": ["my-api"]})
    answers = published if isinstance(published, Answers) else Answers({KEYS_AT: published})
    client = serve(api, fetch=answers, clock=Clock())
    return client.get(url("plain"), headers=bearer(jwt or token())).status


def keys(*jwks: Any) -> dict[str, Any]:
    return {"keys": list(jwks)}


def key_value(key: SigningKey, **changes: Any) -> dict[str, Any]:
    numbers = key.private.public_key().public_numbers()
    parts = {
        name: b64encode(value.to_bytes(256 if name == "modulus" else 3)).decode()
        for name, value in {"modulus": numbers.n, "exponent": numbers.e}.items()
    }
    return {**parts, "keyid": key.kid, "algorithm": "RSA", **changes}


def certificate(key: SigningKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.example")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    builder = builder.not_valid_after(datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC))
    signed = builder.public_key(key.private.public_key()).sign(key.private, hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def of_no_version(pem: str) -> str:
    """A certificate of a version that there is not (RFC 5280, 4.1.2.1: 2 stands for the latest)."""
    whole = PEM_cert_to_DER_cert(pem)
    version = bytes.fromhex("a003020102")
    assert version in whole
    return DER_cert_to_PEM_cert(whole.replace(version, version[:-1] + b"\x05", 1))


BROKEN: list[Any] = [
    None,
    1,
    "x",
    [],
    {},
    {"kty": "RSA"},
    {"kty": "RSA", "n": "!", "e": "AQAB", "kid": "rsa"},
    {"kty": 5},
]
PUBLISHED: dict[str, tuple[Any, str, int]] = {
    "one": (keys(RSA.jwk()), token(), 200),
    "without use": (keys(RSA.jwk(use=None)), token(), 200),
    "with alg": (keys(RSA.jwk(alg="RS256")), token(), 200),
    "with key_ops": (keys(RSA.jwk(use=None, key_ops=["verify"])), token(), 200),
    "with vendor members": (keys(RSA.jwk(x5t="x", x5c=["not looked at"], foo={})), token(), 200),
    "among others": (keys(*BROKEN, ec_key("x").jwk(), RSA.jwk()), token(), 200),
    "twice": (keys(RSA.jwk(), RSA.jwk()), token(), 200),
    "two by one name": (keys(rsa_key("x").jwk(kid="rsa"), RSA.jwk()), token(), 200),
    "one name for two types": (keys(EC.jwk(kid="rsa"), RSA.jwk()), token(), 200),
    "unnamed": (keys(RSA.jwk(kid=None)), token(kid=...), 200),
    "EC": (keys(EC.jwk()), token(key=EC), 200),
    "EC with alg": (keys(EC.jwk(alg="ES256")), token(key=EC), 200),
    "3072 bits": (keys(rsa_key("rsa", 3072).jwk()), token(key=rsa_key("rsa", 3072)), 200),
    "Google's form": ({"keyvalues": [key_value(RSA)]}, token(), 200),
    "Google's form, another's name": (
        {"keyvalues": [key_value(rsa_key("x"), keyid="rsa"), key_value(RSA, keyid="y")]},
        token(),
        200,
    ),
    "Google's form, broken ones": ({"keyvalues": [None, {}, {"modulus": "!!"}, key_value(RSA)]}, token(), 200),
    "certificates": ({"x": certificate(rsa_key("x")), "rsa": certificate(RSA)}, token(), 200),
    "a certificate that libraries stumble over": (
        {"rsa": certificate(RSA), "x": of_no_version(certificate(rsa_key("x")))},
        token(),
        200,
    ),
    "certificate of an EC key": ({"ec": certificate(EC)}, token(key=EC), 200),
    # not these
    "none": (keys(), token(), 401),
    "for encryption": (keys(RSA.jwk(use="enc")), token(), 401),
    "use is a list": (keys(RSA.jwk(use=["sig"])), token(), 401),
    "for other operations": (keys(RSA.jwk(use=None, key_ops=["encrypt"])), token(), 401),
    "to sign only": (keys(RSA.jwk(use=None, key_ops=["sign"])), token(), 401),
    "operations as text": (keys(RSA.jwk(use=None, key_ops="verify")), token(), 401),
    "made for another algorithm": (keys(RSA.jwk(alg="RS512")), token(), 401),
    "made for PSS": (keys(RSA.jwk(alg="PS256")), token(), 401),
    "made for encryption": (keys(RSA.jwk(alg="RSA-OAEP")), token(), 401),
    "alg in lower case": (keys(RSA.jwk(alg="rs256")), token(), 401),
    "alg null": (keys({**RSA.jwk(), "alg": None}), token(), 401),
    "alg a list": (keys(RSA.jwk(alg=["RS256"])), token(), 401),
    "type in lower case": (keys(RSA.jwk(kty="rsa")), token(), 401),
    "another type": (keys(RSA.jwk(kty="EC")), token(), 401),
    "1024 bits": (keys(rsa_key("rsa", 1024).jwk()), token(key=rsa_key("rsa", 1024)), 401),
    "exponent 3": (keys(rsa_key("rsa", 2048, 3).jwk()), token(key=rsa_key("rsa", 2048, 3)), 401),
    "exponent 1": (keys(RSA.jwk(e="AQ")), token(), 401),
    "exponent even": (keys(RSA.jwk(e=number(65538))), token(), 401),
    "exponent huge": (keys(RSA.jwk(e=number(2**2000 + 1))), token(), 401),
    "modulus even": (keys(RSA.jwk(n=number(2**2048 - 2))), token(), 401),
    "modulus huge": (keys(RSA.jwk(n=number(2**20000 + 1))), token(), 401),
    "modulus a number": (keys(RSA.jwk(n=65537)), token(), 401),
    "modulus empty": (keys(RSA.jwk(n="")), token(), 401),
    "made by a faulty chip": (keys(RSA.jwk(n=number(ROCA))), token(), 401),
    "private": (keys(RSA.jwk(d=b64(b"x" * 256))), token(), 401),
    "symmetric": (keys({"kty": "oct", "k": b64(b"x" * 32), "kid": "rsa"}), token(), 401),
    "name a number": (keys(RSA.jwk(kid=5)), token(kid=...), 401),
    "named, but not so": (keys(RSA.jwk(kid="other")), token(), 401),
    "unnamed, but asked for by name": (keys(RSA.jwk(kid=None)), token(), 401),
    "off the curve": (keys(EC.jwk(x=b64(b"\1" * 32))), token(key=EC), 401),
    "another curve": (keys(EC.jwk(crv="P-384")), token(key=EC), 401),
    "a curve that is none": (keys(EC.jwk(crv="secp256k1")), token(key=EC), 401),
    "curve a list": (keys(EC.jwk(crv=["P-256"])), token(key=EC), 401),
    "EC, made for another algorithm": (keys(EC.jwk(alg="ES384")), token(key=EC), 401),
    "EC, P-384 for ES256": (
        keys(ec_key("ec", "P-384").jwk()),
        token(key=ec_key("ec", "P-384"), algorithm="ES256"),
        401,
    ),
    "too many": (keys(*[ec_key("x").jwk(kid=str(each)) for each in range(64)], RSA.jwk()), token(), 401),
    "certificates that are none": ({"rsa": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"}, token(), 401),
    "texts": ({"rsa": "x"}, token(), 401),
}


def test_a_key_that_is_left_out_is_logged(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    reasons = {
        "made by a faulty chip": "CVE-2017-15361",
        "1024 bits": "it has 1024 bits",
        "private": "its private half",
        "for encryption": "it is not for signatures",
        "symmetric": "its kty is 'oct'",
        "off the curve": "cannot be read",
        "made for PSS": "",
    }
    for name, reason in reasons.items():
        caplog.clear()
        published, jwt, _ = PUBLISHED[name]
        status(serve, published, jwt)
        found = [each.getMessage() for each in caplog.records if "is not used" in each.getMessage()]
        assert bool(found) == bool(reason), name
        assert all(text.startswith(f"a key of {KEYS_AT} is not used: ") and reason in text for text in found), found


@pytest.mark.parametrize(("published", "jwt", "wanted"), PUBLISHED.values(), ids=PUBLISHED)
def test_keys(serve: Serve, published: Any, jwt: str, wanted: int) -> None:
    assert status(serve, published, jwt) == wanted


CHOSEN = {
    "RS384": rsa_key(),
    "RS512": rsa_key(),
    "PS256": rsa_key(),
    "PS384": rsa_key(),
    "PS512": rsa_key(),
    "ES384": ec_key("p384", "P-384"),
    "ES512": ec_key("p521", "P-521"),
    "EdDSA": ed_key(),
    "Ed25519": ed_key(),
}


@pytest.mark.parametrize(("algorithm", "key"), CHOSEN.items(), ids=CHOSEN)
def test_other_algorithms_by_choice(serve: Serve, algorithm: str, key: SigningKey) -> None:
    jwt = token(key=key, algorithm=algorithm)
    assert status(serve, keys(key.jwk()), jwt, algorithms=[algorithm]) == 200
    assert status(serve, keys(key.jwk()), jwt) == 401


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ({"issuer": ISSUER, "jwks_uri": KEYS_AT}, 200),
        ({"issuer": ISSUER, "jwks_uri": "https://keys.example/k"}, 200),
        ({"issuer": ISSUER + "/", "jwks_uri": KEYS_AT}, 401),
        ({"issuer": "https://evil.example", "jwks_uri": KEYS_AT}, 401),
        ({"jwks_uri": KEYS_AT}, 401),
        ({"issuer": ISSUER}, 401),
        ({"issuer": ISSUER, "jwks_uri": "http://issuer.example/keys"}, 401),
        ({"issuer": ISSUER, "jwks_uri": "http://localhost/keys"}, 401),
        ({"issuer": ISSUER, "jwks_uri": "https://localhost/keys"}, 401),
        ({"issuer": ISSUER, "jwks_uri": "file:///etc/passwd"}, 401),
        ({"issuer": ISSUER, "jwks_uri": 5}, 401),
        (b"x", 401),
        (404, 401),
    ],
    ids=str,
)
def test_an_issuer_says_itself_where_its_keys_are(serve: Serve, document: Any, wanted: int) -> None:
    found = keys(RSA.jwk())
    places = [KEYS_AT, "https://keys.example/k", "http://issuer.example/keys", "http://localhost/keys"]
    answers = Answers({**dict.fromkeys([*places, "https://localhost/keys"], found), DESCRIBED_AT: document})
    api = service(AUTH_LEVEL.REQUIRED, issuers={"it": endpoints.Issuer(ISSUER, None)}, audiences={"it": ["my-api"]})
    client = serve(api, fetch=answers, clock=Clock())
    assert client.get(url("plain"), headers=bearer(token())).status == wanted
    assert answers.asked[0] == DESCRIBED_AT


def test_an_issuer_with_a_path(serve: Serve) -> None:
    name = "https://securetoken.example/my-project"
    answers = Answers(
        {f"{name}/.well-known/openid-configuration": {"issuer": name, "jwks_uri": KEYS_AT}, KEYS_AT: keys(RSA.jwk())}
    )
    api = service(AUTH_LEVEL.REQUIRED, issuers={"it": endpoints.Issuer(name, None)}, audiences={"it": ["my-api"]})
    client = serve(api, fetch=answers, clock=Clock())
    assert client.get(url("plain"), headers=bearer(token(claims_of(iss=name)))).status == 200


def test_certificates_of_google_are_read_as_keys(serve: Serve) -> None:
    base = "https://www.googleapis.com/{}/securetoken@system.gserviceaccount.com"
    raw = base.format("service_accounts/v1/metadata/raw")
    answers = Answers({raw: {"keyvalues": [key_value(RSA)]}})
    issuer = endpoints.Issuer(ISSUER, base.format("robot/v1/metadata/x509"))
    api = service(AUTH_LEVEL.REQUIRED, issuers={"it": issuer}, audiences={"it": ["my-api"]})
    client = serve(api, fetch=answers, clock=Clock())
    assert client.get(url("plain"), headers=bearer(token())).status == 200
    assert answers.asked == [raw]


def test_issuers_of_several_apis_share_their_keys(serve: Serve) -> None:
    declared: Any = {"issuers": {"it": endpoints.Issuer(ISSUER, KEYS_AT)}, "audiences": {"it": ["my-api"]}}
    answers = Answers({KEYS_AT: keys(RSA.jwk())})

    class Second(service(name="second", **declared)):  # type: ignore[misc]
        """Another API, whose class needs a name of its own."""

    client = serve(service(**declared), Second, fetch=answers, clock=Clock())
    for name in ("who", "second"):
        assert client.get(url("plain", name), headers=bearer(token())).json()["known"]
    assert answers.asked == [KEYS_AT]
