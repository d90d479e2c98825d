"""RSA keys that look sound and are not: those of CVE-2017-15361, called ROCA.

The chips in question chose primes of the form k·M + (65537^a mod M), M being the product of the first primes. Modulo
each of these, such a modulus is a power of 65537; of other moduli one in 2^27 is, for the primes below (Nemec, Sys,
Svenda, Klinec, Matyas: "The Return of Coppersmith's Attack", CCS 2017).
"""

from __future__ import annotations

from typing import Final

_PRIMES: Final = (11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157)


def _powers(prime: int) -> frozenset[int]:
    found, power = set[int](), 1
    while power not in found:
        found.add(power)
        power = power * 65537 % prime
    return frozenset(found)


_FINGERPRINTS: Final = tuple((prime, _powers(prime)) for prime in _PRIMES)


def has_roca_fingerprint(modulus: int) -> bool:
    """Whether a modulus was made by such a chip, as good as certainly."""
    return all(modulus % prime in powers for prime, powers in _FINGERPRINTS)
