"""Which signed tokens count: one thing changed per row."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import endpoints
from endpoints import AUTH_LEVEL
from tests.auth import issuing
from tests.auth.issuing import (
    GOOGLE,
    ISSUER,
    NOW,
    Answers,
    Clock,
    b64,
    claims_of,
    ec_key,
    ed_key,
    google_claims,
    key_set,
    rsa_key,
    sealed,
    token,
)
from tests.auth.services import THIRD, bearer, service, third_party, url
from tests.client import Response, Serve
from tests.http.error_object import error_of

STRANGER = rsa_key("stranger")
HEADER = {"alg": "RS256", "typ": "JWT", "kid": "rsa"}


def asked(serve: Serve, jwt: str, declared: dict[str, Any] = THIRD, answers: Answers | None = None) -> Response:
    """What a method answers that requires a token."""
    api = service(AUTH_LEVEL.REQUIRED, **declared)
    client = serve(api, fetch=answers or issuing.issuers(), clock=Clock())
    return client.get(url("plain"), headers=bearer(jwt))


def signed(header: Any, payload: Any = None) -> str:
    """A token with any header, signed by the issuer's RSA key as RS256."""
    payload = claims_of() if payload is None else payload
    return sealed(header, payload, lambda data: rsa_key().sign("RS256", data))


def hmac_with(secret: bytes, **header: Any) -> str:
    return sealed(
        {"alg": "HS256", "typ": "JWT", **header},
        claims_of(),
        lambda data: hmac.new(secret, data, hashlib.sha256).digest(),
    )


def pem(form: PublicFormat = PublicFormat.SubjectPublicKeyInfo, encoding: Encoding = Encoding.PEM) -> bytes:
    found: bytes = rsa_key().private.public_key().public_bytes(encoding, form)
    return found


def changed(jwt: str, part: int, change: Callable[[str], str]) -> str:
    parts = jwt.split(".")
    parts[part] = change(parts[part])
    return ".".join(parts)


def spare_bits(segment: str) -> str:
    """The same bytes, written with a bit set that stands for nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(segment) % 4 in (2, 3)
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) + 1]


def der_signature() -> str:
    key = ec_key()
    header = {"alg": "ES256", "kid": "ec"}
    return sealed(header, claims_of(), lambda data: key.private.sign(data, ec.ECDSA(hashes.SHA256())))


GOOD = {
    "RS256": token(),
    "ES256": token(key=ec_key()),
    "the other audience": token(claims_of(aud="my-other-api")),
    "a list of audiences": token(claims_of(aud=["x", "my-api"])),
    "no typ": token(typ=...),
    "typ at+jwt": token(typ="at+jwt"),
    "typ application/at+jwt": token(typ="application/AT+JWT"),
    "vendor members in the header": token(x5t="abc", vendor={"a": [1]}),
    "a key in the header, not looked at": token(jwk=STRANGER.jwk(), jku="https://evil.example", x5c=["AAAA"]),
    "no key id": token(kid=...),
    "expired within the skew": token(claims_of(exp=NOW - 299)),
    "issued within the skew": token(claims_of(iat=NOW + 299)),
    "not before, within the skew": token(claims_of(nbf=NOW + 299)),
    "times with fractions": token(claims_of(exp=NOW + 60.5, iat=NOW - 0.5)),
    "a day, less a second": token(claims_of(exp=NOW + 86399)),
    "a verified address": token(claims_of(email_verified=True)),
    "no address": token(claims_of(email=...)),
    "no address, and it is not verified": token(claims_of(email=..., email_verified=False)),
    "no subject": token(claims_of(sub=...)),
    "any client": token(claims_of(azp="whoever")),
    "spaces in the JSON": signed(json.dumps(HEADER, indent=2).encode(), json.dumps(claims_of(), indent=1).encode()),
    "other claims": token(claims_of(roles=["a", {"b": [None, True]}], text="ünï\u2028\\code")),
    "Google": token(google_claims(), rsa_key("google")),
    "Google, short": token(google_claims(iss="accounts.google.com"), rsa_key("google")),
    "Google, a client's own": token(google_claims(azp="ios", aud="ios"), rsa_key("google")),
}


@pytest.mark.parametrize("jwt", GOOD.values(), ids=GOOD)
def test_good(serve: Serve, jwt: str) -> None:
    response = asked(serve, jwt)
    assert response.status == 200, response
    assert response.json()["known"] is True


BIG = claims_of(padding="x" * 20_000)
DEEP = b'{"iss":"https://issuer.example","aud":"my-api","sub":"u","iat":1800000000,"exp":1800003600,"a":%s1%s}'
BAD = {
    "a number that nobody can read": signed(HEADER, json.dumps(claims_of())[:-1].encode() + b', "x": 1e400}'),
    # form
    "empty segments": "..",
    "no signature": token().rpartition(".")[0] + ".",
    "two segments": token().rpartition(".")[0],
    "four segments": token() + ".AAAA",
    "five segments, as an encrypted token": token() + ".AAAA.AAAA",
    "no payload": changed(token(), 1, lambda _: ""),
    "no header": changed(token(), 0, lambda _: ""),
    "padding": token() + "=" * (-len(token().rpartition(".")[2]) % 4),
    "padding of the payload": changed(token(), 1, lambda each: each + "=="),
    "spare bits in the signature": changed(token(), 2, spare_bits),
    "standard base64": changed(signed(HEADER, claims_of(x="???>>>~~~")), 1, lambda each: each.replace("_", "/")),
    "a foreign character": changed(token(), 1, lambda each: each[:9] + "*" + each[9:]),
    "a line break": changed(token(), 1, lambda each: each[:8] + "\t" + each[8:]),
    "too long": token(BIG),
    "JSON serialization": b64(json.dumps({"payload": "e30", "signatures": []}).encode()),
    "garbage": "garbage",
    "null": "null",
    "dots": "...",
    # header
    "header is a list": signed(b"[]"),
    "header is no JSON": signed(b"{alg:RS256}"),
    "header is UTF-16": signed(json.dumps(HEADER).encode("utf-16")),
    "header has a BOM": signed(b"\xef\xbb\xbf" + json.dumps(HEADER).encode()),
    "header is no UTF-8": signed(b'{"alg":"RS256","kid":"rsa","x":"\xff"}'),
    "two algorithms": signed(b'{"alg":"none","alg":"RS256","kid":"rsa"}'),
    "crit": token(crit=["exp"], exp=1),
    "crit, empty": token(crit=[]),
    "crit, null": token(crit=None),
    "crit of b64": token(crit=["b64"], b64=False),
    "b64": token(b64=False),
    "nested": token(cty="JWT"),
    "a logout token": token(typ="logout+jwt"),
    "a DPoP proof": token(typ="dpop+jwt"),
    "typ is a number": token(typ=1),
    # algorithm
    "none": sealed({"alg": "none"}, claims_of(), lambda _: b""),
    "none, with a signature": signed({**HEADER, "alg": "none"}),
    "None": sealed({"alg": "None", "kid": "rsa"}, claims_of(), lambda _: b""),
    "no algorithm": signed({"typ": "JWT", "kid": "rsa"}),
    "alg null": signed({**HEADER, "alg": None}),
    "alg a list": signed({**HEADER, "alg": ["RS256"]}),
    "alg in lower case": signed({**HEADER, "alg": "rs256"}),
    "alg with a space": signed({**HEADER, "alg": "RS256 "}),
    "alg empty": signed({**HEADER, "alg": ""}),
    "RS512": token(algorithm="RS512"),
    "PS256": token(algorithm="PS256"),
    "ES384": token(key=ec_key("ec", "P-384"), algorithm="ES384"),
    "EdDSA": token(key=ed_key(), algorithm="EdDSA"),
    "RS256 said, PS256 done": sealed(HEADER, claims_of(), lambda data: rsa_key().sign("PS256", data)),
    "ES256 said, RS256 done": signed({"alg": "ES256", "kid": "rsa"}),
    "RS256 said, of an EC key": sealed({"alg": "RS256", "kid": "ec"}, claims_of(), lambda d: ec_key().sign("ES256", d)),
    "HS256 with the public key": hmac_with(pem(), kid="rsa"),
    "HS256 with the public key, PKCS 1": hmac_with(pem(PublicFormat.PKCS1), kid="rsa"),
    "HS256 with the public key, DER": hmac_with(pem(encoding=Encoding.DER), kid="rsa"),
    "HS256 with the modulus": hmac_with(rsa_key().jwk()["n"].encode(), kid="rsa"),
    "HS256 with the key set": hmac_with(json.dumps(key_set(rsa_key())).encode()),
    "HS256 with nothing": hmac_with(b""),
    # key
    "somebody else's key": token(key=STRANGER, kid="rsa"),
    "somebody else's key, under its name": token(key=STRANGER),
    "somebody else's key, unnamed": token(key=STRANGER, kid=...),
    "somebody else's EC key": token(key=ec_key("x"), kid="ec"),
    "embedded key": token(key=STRANGER, kid="stranger", jwk=STRANGER.jwk()),
    "embedded key, unnamed": token(key=STRANGER, kid=..., jwk=STRANGER.jwk(kid=None)),
    "address of a key": token(key=STRANGER, jku="https://evil.example/keys"),
    "address of a certificate": token(key=STRANGER, x5u="https://evil.example/cert"),
    "certificate": token(key=STRANGER, kid="rsa", x5c=["MIIB"]),
    "Google's key for the third party": token(key=rsa_key("google")),
    "the other key's name": token(key=rsa_key(), kid="ec"),
    "kid null": token(kid=None),
    "kid a number": token(kid=0),
    "kid a list": token(kid=["rsa"]),
    "kid an object": token(kid={"rsa": 1}),
    "kid empty": token(kid=""),
    "kid in upper case": token(kid="RSA"),
    "kid a path": token(kid="../../../../dev/null"),
    "kid an injection": token(kid="rsa' OR '1'='1"),
    # signature
    "signature of another payload": token().rpartition(".")[0] + "." + token(claims_of(sub="x")).rpartition(".")[2],
    "payload changed": changed(token(), 1, lambda _: b64(json.dumps(claims_of(sub="admin")).encode())),
    "header changed": changed(token(), 0, lambda _: b64(json.dumps({**HEADER, "x": 1}).encode())),
    "zeros": sealed(HEADER, claims_of(), lambda _: bytes(256)),
    "one byte": sealed(HEADER, claims_of(), lambda _: b"\1"),
    "the hash": sealed(HEADER, claims_of(), lambda data: hashlib.sha256(data).digest()),
    "cut": sealed(HEADER, claims_of(), lambda data: rsa_key().sign("RS256", data)[:-1]),
    "a zero more in front": sealed(HEADER, claims_of(), lambda data: b"\0" + rsa_key().sign("RS256", data)),
    "a zero more at the end": sealed(HEADER, claims_of(), lambda data: rsa_key().sign("RS256", data) + b"\0"),
    "ES256 in DER": der_signature(),
    "ES256 of zeros": sealed({"alg": "ES256", "kid": "ec"}, claims_of(), lambda _: bytes(64)),
    "ES256, half": sealed({"alg": "ES256", "kid": "ec"}, claims_of(), lambda d: ec_key().sign("ES256", d)[:32]),
    "ES256, padded": sealed(
        {"alg": "ES256", "kid": "ec"}, claims_of(), lambda d: b"\0" + ec_key().sign("ES256", d) + b"\0"
    ),
    "ES256 of another curve": sealed(
        {"alg": "ES256", "kid": "ec"}, claims_of(), lambda d: ec_key("x", "P-384").sign("ES384", d)
    ),
    # claims as a document
    "claims are a list": signed(HEADER, b"[]"),
    "claims are a string": signed(HEADER, b'"x"'),
    "claims are no JSON": signed(HEADER, b"{"),
    "claims have a tail": signed(HEADER, json.dumps(claims_of()).encode() + b"{}"),
    "claims are UTF-16": signed(HEADER, json.dumps(claims_of()).encode("utf-16")),
    "claims have a BOM": signed(HEADER, b"\xef\xbb\xbf" + json.dumps(claims_of()).encode()),
    "claims hold NaN": signed(HEADER, json.dumps(claims_of(x=float("nan"))).encode()),
    "claims hold a lone surrogate": signed(HEADER, json.dumps(claims_of(x="\ud800")).encode()),
    "two audiences by two names": signed(HEADER, b'{"aud":"other",' + json.dumps(claims_of()).encode()[1:]),
    "two issuers by two names": signed(
        HEADER, b'{"iss":"https://evil.example",' + json.dumps(claims_of()).encode()[1:]
    ),
    "two names deep inside": signed(HEADER, b'{"x":{"a":1,"a":2},' + json.dumps(claims_of()).encode()[1:]),
    "deep lists": signed(HEADER, DEEP % (b"[" * 3000, b"]" * 3000)),
    "rather deep lists": signed(HEADER, DEEP % (b"[" * 80, b"]" * 80)),
    "deep objects": signed(HEADER, DEEP % (b'{"a":' * 2000, b"}" * 2000)),
    "a number of 5000 digits": signed(HEADER, DEEP % (b"1" * 5000, b"")),
    # issuer
    "no issuer": token(claims_of(iss=...)),
    "issuer null": token(claims_of(iss=None)),
    "issuer a list": token(claims_of(iss=[ISSUER])),
    "issuer unknown": token(claims_of(iss="https://evil.example")),
    "issuer with a slash": token(claims_of(iss=ISSUER + "/")),
    "issuer in upper case": token(claims_of(iss=ISSUER.upper())),
    "issuer with a path": token(claims_of(iss=ISSUER + "/x")),
    "issuer begun": token(claims_of(iss=ISSUER[:-1])),
    "issuer without a scheme": token(claims_of(iss="issuer.example")),
    "issuer over http": token(claims_of(iss="http://issuer.example")),
    "issuer with a space": token(claims_of(iss=" " + ISSUER)),
    "issuer by its name here": token(claims_of(iss="third")),
    # audience
    "no audience": token(claims_of(aud=...)),
    "audience null": token(claims_of(aud=None)),
    "audience empty": token(claims_of(aud="")),
    "audience a number": token(claims_of(aud=1)),
    "audience an object": token(claims_of(aud={"my-api": 1})),
    "audience wrong": token(claims_of(aud="other")),
    "audience begun": token(claims_of(aud="my-ap")),
    "audience longer": token(claims_of(aud="my-api2")),
    "audience in upper case": token(claims_of(aud="MY-API")),
    "audiences in one string": token(claims_of(aud="my-api other")),
    "audiences, none": token(claims_of(aud=[])),
    "audiences, wrong": token(claims_of(aud=["x", "y"])),
    "audiences, one a number": token(claims_of(aud=["my-api", 1])),
    "audiences, nested": token(claims_of(aud=[["my-api"]])),
    "audience is the client, not of Google": token(claims_of(aud="web", azp="web")),
    # times
    "no expiry": token(claims_of(exp=...)),
    "expiry null": token(claims_of(exp=None)),
    "expiry a string": token(claims_of(exp=str(NOW + 60))),
    "expiry true": token(claims_of(exp=True)),
    "expiry a list": token(claims_of(exp=[NOW + 60])),
    "expiry NaN": signed(HEADER, json.dumps(claims_of(exp=float("nan"))).encode()),
    "expiry infinite": signed(HEADER, json.dumps(claims_of(exp=float("inf"))).encode()),
    "expiry beyond floats": signed(HEADER, json.dumps(claims_of()).encode().replace(b"1800003600", b"1e400")),
    "expiry a huge integer": token(claims_of(exp=10**400)),
    "expiry negative": token(claims_of(exp=-1)),
    "expiry zero": token(claims_of(exp=0)),
    "expiry in milliseconds": token(claims_of(exp=(NOW + 60) * 1000)),
    "expired": token(claims_of(exp=NOW - 301)),
    "expired long ago": token(claims_of(exp=NOW - 86400, iat=NOW - 90000)),
    "expires in a day": token(claims_of(exp=NOW + 86400)),
    "expires in a year": token(claims_of(exp=NOW + 365 * 86400)),
    "no time of issue": token(claims_of(iat=...)),
    "issued in the future": token(claims_of(iat=NOW + 301)),
    "time of issue a string": token(claims_of(iat=str(NOW))),
    "time of issue false": token(claims_of(iat=False)),
    "not before, in the future": token(claims_of(nbf=NOW + 301)),
    "not before a string": token(claims_of(nbf=str(NOW))),
    "not before null": token(claims_of(nbf=None)),
    # who
    "address not verified": token(claims_of(email_verified=False)),
    "address verified by a string": token(claims_of(email_verified="true")),
    "address verified by a number": token(claims_of(email_verified=1)),
    "address empty": token(claims_of(email="")),
    "address null": token(claims_of(email=None)),
    "address a list": token(claims_of(email=["ada@example.com"])),
    "address an object": token(claims_of(email={"x": 1})),
    "subject a number": token(claims_of(sub=1)),
    "subject empty": token(claims_of(sub="")),
    "subject null": token(claims_of(sub=None)),
    "nobody": token(claims_of(sub=..., email=...)),
    "client a list": token(claims_of(azp=["web"])),
    # Google
    "Google, the third party's key": token(google_claims(), rsa_key()),
    "Google, a stranger's key": token(google_claims(), STRANGER, kid="google"),
    "Google, wrong audience": token(google_claims(aud="other"), rsa_key("google")),
    "Google with a slash": token(google_claims(iss=GOOGLE + "/"), rsa_key("google")),
    "Google, no address": token(google_claims(email=...), rsa_key("google")),
    "Google, address not verified": token(google_claims(email_verified=False), rsa_key("google")),
    "Google, nothing said of the address": token(google_claims(email_verified=...), rsa_key("google")),
    "Google, verified by a string": token(google_claims(email_verified="true"), rsa_key("google")),
    "Google, expired": token(google_claims(exp=NOW - 301), rsa_key("google")),
    "Google, a stranger's own": token(google_claims(azp="evil", aud="evil2"), rsa_key("google")),
}


@pytest.mark.parametrize("jwt", BAD.values(), ids=BAD)
def test_bad(serve: Serve, jwt: str) -> None:
    response = asked(serve, jwt)
    error = error_of(response, 401, "required")
    assert error["message"] == "The credentials are not valid"
    assert response.headers["www-authenticate"].startswith("Bearer")


LACKING = {
    "Google, another client": (token(google_claims(azp="evil"), rsa_key("google")), THIRD),
    "Google, no client": (token(google_claims(azp=...), rsa_key("google")), THIRD),
    "Google, another client's own": (token(google_claims(azp="evil", aud="evil"), rsa_key("google")), THIRD),
    "Google, any client": (
        token(google_claims(), rsa_key("google")),
        {**THIRD, "allowed_client_ids": endpoints.SKIP_CLIENT_ID_CHECK},
    ),
    "Google, no client may call": (token(google_claims(), rsa_key("google")), {**THIRD, "allowed_client_ids": []}),
    "no client may call": (token(), {**THIRD, "allowed_client_ids": []}),
    "no client of the issuer may call": (token(claims_of(azp="web")), third_party(allowed_client_ids=[])),
    "not a client of the issuer": (token(claims_of(azp="evil")), third_party(allowed_client_ids=["web"])),
    "client in upper case": (token(claims_of(azp="WEB")), third_party(allowed_client_ids=["web"])),
    "no client said": (token(), third_party(allowed_client_ids=["web"])),
    "azp before client_id": (token(claims_of(azp="evil", client_id="web")), third_party(allowed_client_ids=["web"])),
    "no scope": (token(), {**THIRD, "scopes": ["read"]}),
    "scope a part of the word": (token(claims_of(scope="readers")), {**THIRD, "scopes": ["read"]}),
    "scope of another": (token(claims_of(scope="write admin")), {**THIRD, "scopes": ["read"]}),
    "one of two scopes": (token(claims_of(scope="read")), {**THIRD, "scopes": ["read write"]}),
    "no scope will do": (token(claims_of(scope="read")), {**THIRD, "scopes": []}),
    "an empty scope": (token(), {**THIRD, "scopes": [""]}),
    "Google's ID token has no scopes": (
        token(google_claims(), rsa_key("google")),
        {**THIRD, "scopes": [endpoints.EMAIL_SCOPE, "read"]},
    ),
}


@pytest.mark.parametrize(("jwt", "declared"), LACKING.values(), ids=LACKING)
def test_valid_but_not_enough(serve: Serve, jwt: str, declared: dict[str, Any]) -> None:
    response = asked(serve, jwt, declared)
    error_of(response, 403, "forbidden")
    assert response.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'


ENOUGH = {
    "a client of the issuer": (token(claims_of(azp="web")), third_party(allowed_client_ids=["web"])),
    "client_id": (token(claims_of(client_id="web")), third_party(allowed_client_ids=["web"])),
    "any client of the issuer": (token(), third_party(allowed_client_ids=["*"])),
    "any client of the API": (token(), {**THIRD, "allowed_client_ids": endpoints.SKIP_CLIENT_ID_CHECK}),
    "one scope of two": (token(claims_of(scope="write")), {**THIRD, "scopes": ["read", "write"]}),
    "both scopes": (token(claims_of(scope="b x a")), {**THIRD, "scopes": ["read", "a b"]}),
    "scopes as a list": (token(claims_of(scp=["read"])), {**THIRD, "scopes": ["read"]}),
    "the e-mail scope is every verified token's": (token(), {**THIRD, "scopes": ["read", endpoints.EMAIL_SCOPE]}),
    "the e-mail scope and another": (
        token(claims_of(scope="x")),
        {**THIRD, "scopes": [f"{endpoints.EMAIL_SCOPE} x"]},
    ),
    "PS256 chosen": (token(algorithm="PS256"), third_party(algorithms=["PS256"])),
    "a longer life": (token(claims_of(exp=NOW + 10**7)), third_party(max_lifetime=None)),
    "more skew": (token(claims_of(exp=NOW - 500)), third_party(clock_skew=600)),
    "an address that is passed over": (
        token(claims_of(email_verified=False)),
        third_party(allow_unverified_email=True),
    ),
}


@pytest.mark.parametrize(("jwt", "declared"), ENOUGH.values(), ids=ENOUGH)
def test_enough(serve: Serve, jwt: str, declared: dict[str, Any]) -> None:
    assert asked(serve, jwt, declared).status == 200


STRICTER = {
    "RS256 not chosen": (token(), third_party(algorithms=["ES256"])),
    "a shorter life": (token(), third_party(max_lifetime=600)),
    "no skew": (token(claims_of(exp=NOW - 1)), third_party(clock_skew=0)),
    "no audience for the issuer": (token(), {**THIRD, "audiences": {"google_id_token": ["my-api"]}}),
    "an empty list of audiences": (token(), {**THIRD, "audiences": {"third": []}}),
    "a list of audiences is Google's": (token(), {**THIRD, "audiences": ["my-api"]}),
    "no audiences at all": (token(), {**THIRD, "audiences": None}),
    "the method's audiences": (token(), {**THIRD, "method": {"audiences": {"third": ["own"]}}}),
    "the method's audiences, none": (token(), {**THIRD, "method": {"audiences": {}}}),
    "another issuer's audience": (
        token(claims_of(aud="for-google")),
        {**THIRD, "audiences": {"third": ["my-api"], "google_id_token": ["for-google"]}},
    ),
    "Google, the other issuer's audience": (
        token(google_claims(aud="for-third"), rsa_key("google")),
        {**THIRD, "audiences": {"third": ["for-third"], "google_id_token": ["my-api"]}},
    ),
    "Google, not in the dict": (
        token(google_claims(aud="web"), rsa_key("google")),
        {**THIRD, "audiences": {"third": ["my-api"]}},
    ),
}


@pytest.mark.parametrize(("jwt", "declared"), STRICTER.values(), ids=STRICTER)
def test_declared_more_strictly(serve: Serve, jwt: str, declared: dict[str, Any]) -> None:
    assert asked(serve, jwt, declared).status == 401


SPELLINGS = {
    "as by default": {},
    "a tuple": {"google_id_token": endpoints.Issuer(("accounts.google.com", GOOGLE), "https://mirror.example")},  # type: ignore[arg-type]
    "a list": {"google_id_token": endpoints.Issuer(["accounts.google.com", GOOGLE], "https://mirror.example")},  # type: ignore[arg-type]
    "a string": {"google_id_token": endpoints.Issuer(GOOGLE, "https://mirror.example")},
    "another name": {"google": endpoints.Issuer(GOOGLE, "https://mirror.example")},
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize(
    ("azp", "aud", "status"),
    [("web", "my-api", 200), ("web", "web", 200), ("evil", "my-api", 403), ("evil", "evil", 403), ("web", "x", 401)],
)
def test_google_is_bound_by_clients_however_it_is_written(
    serve: Serve, spelling: dict[str, endpoints.Issuer], azp: str, aud: str, status: int
) -> None:
    answers = issuing.issuers()
    answers.answers["https://mirror.example"] = key_set(rsa_key("google"))
    declared = {"issuers": spelling, "audiences": ["my-api"], "allowed_client_ids": ["web"]}
    jwt = token(google_claims(azp=azp, aud=aud), rsa_key("google"))
    assert asked(serve, jwt, declared, answers).status == status
    assert set(answers.asked) <= {"https://mirror.example" if spelling else issuing.GOOGLE_KEYS_AT}


def test_an_issuer_by_several_names(serve: Serve) -> None:
    issuer = endpoints.Issuer([ISSUER, "https://two.example"], issuing.KEYS_AT)  # type: ignore[arg-type]
    declared = {"issuers": {"third": issuer}, "audiences": {"third": ["my-api"]}}
    for name, status in ((ISSUER, 200), ("https://two.example", 200), ("https://three.example", 401)):
        response = asked(serve, token(claims_of(iss=name)), declared)
        assert response.status == status
        if status == 200:
            assert response.json()["issuer"] == name


def test_equal_key_ids_of_two_issuers_do_not_matter(serve: Serve) -> None:
    one, two = rsa_key("one"), rsa_key("two")
    one, two = issuing.SigningKey(one.private, "same"), issuing.SigningKey(two.private, "same")
    answers = Answers({"https://one.example/keys": key_set(one), "https://two.example/keys": key_set(two)})
    names = ("https://one.example", "https://two.example")
    declared = {
        "issuers": {name: endpoints.Issuer(name, f"{name}/keys") for name in names},
        "audiences": {name: ["my-api"] for name in names},
    }
    for name, key in zip(names, (one, two), strict=True):
        assert asked(serve, token(claims_of(iss=name), key), declared, answers).status == 200
    for name, key in zip(names, (two, one), strict=True):
        assert asked(serve, token(claims_of(iss=name), key), declared, answers).status == 401


def test_bad_tokens_make_nobody_fetch_keys(serve: Serve) -> None:
    answers = issuing.issuers()
    for name in ("expired", "audience wrong", "issuer unknown", "none", "crit", "too long", "claims are a list"):
        assert asked(serve, BAD[name], answers=answers).status == 401
    assert answers.asked == []
