"""Wycheproof's vectors for JSON Web Signatures and Keys (C2SP/wycheproof), where they lie beside the project.

The vectors are about signatures, not about claims, so that they are given to what checks signatures. Symmetric ones
must all be refused: no secret is ever shared with an issuer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from endpoints.auth.jws import is_signed, split
from endpoints.auth.key_sets import read
from endpoints.auth.keys import Keys
from endpoints.auth.refusals import TokenRefused
from endpoints.issuers import ALGORITHMS

VECTORS = Path(__file__).parents[3] / "shared" / "security" / "wycheproof"
# Valid by the letter and refused, as the keys or the contents are not what they have to be: an empty payload holds no
# claims, ES521 is no algorithm (RFC 7518, 3.1), and a key whose alg is PS256 is not for PS384 (RFC 7517, 4.4).
STRICTER = {"json_web_signature_test": {259, 264, 268, 272, 320, 325, 346, 347, 350, 351}}


def vectors(name: str) -> Iterator[Any]:
    path = VECTORS / f"{name}.json"
    if not path.exists():
        yield pytest.param(name, {}, {}, marks=pytest.mark.skip(reason=f"no vectors at {VECTORS}"), id=name)
        return
    for group in json.loads(path.read_text())["testGroups"]:
        for test in group["tests"]:
            yield pytest.param(name, group, test, id=f"{name}-{test['tcId']}-{test['comment']}")


def is_accepted(published: Any, token: Any) -> bool:
    """Whether a signature counts with a key set, or a key, that an issuer has published."""
    if not isinstance(token, str) or not is_signed(token):
        return False
    keys = Keys(read(published if "keys" in published else {"keys": [published]}, "vectors"), 0, 0.0, 300.0)
    try:
        signed = split(token)
    except TokenRefused:
        return False
    candidates = keys.find(signed.key_id, signed.algorithm) if signed.algorithm in ALGORITHMS else ()
    return any(key.has_signed(signed.algorithm, signed.signing_input, signed.signature) for key in candidates)


@pytest.mark.parametrize(
    ("name", "group", "test"), [*vectors("json_web_signature_test"), *vectors("json_web_key_test")]
)
def test_wycheproof(name: str, group: dict[str, Any], test: dict[str, Any]) -> None:
    published = group.get("public") or group["private"]
    is_symmetric = all(key["kty"] == "oct" for key in published.get("keys", [published]))
    is_refused = is_symmetric or test["tcId"] in STRICTER.get(name, ())
    assert is_accepted(published, test["jws"]) == (test["result"] == "valid" and not is_refused)
