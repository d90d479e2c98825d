from __future__ import annotations

from itertools import pairwise

import pytest

from endpoints.semver import SemVer, path_version


@pytest.mark.parametrize(
    ("version", "in_addresses"),
    [
        ("2.1.0", "v2"),
        ("0.9.3", "v0"),
        ("3.0.0-beta.1+build5", "v3"),
        ("10.0.0-0.x-y", "v10"),
        ("v1", "v1"),
        ("1.2", "1.2"),
        ("2.1.0.0", "2.1.0.0"),
        ("02.1.0", "02.1.0"),
        ("2.1.0-01", "2.1.0-01"),
        ("2.1.0-", "2.1.0-"),
        ("2.1.0\n", "2.1.0\n"),
        ("٢.1.0", "٢.1.0"),  # a digit, but none of ASCII
        ("1" * 5000 + ".0.0", "1" * 5000 + ".0.0"),
        ("", ""),
    ],
    ids=lambda text: text[:20],
)
def test_version_in_addresses(version: str, in_addresses: str) -> None:
    assert path_version(version) == in_addresses


def test_order() -> None:
    """As section 11 of SemVer has it."""
    texts = [
        *("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"),
        *("1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "2.0.0", "10.0.0"),
    ]
    versions = [found for found in map(SemVer.parse, texts) if found]
    assert len(versions) == len(texts)
    assert all(low.precedence < high.precedence for low, high in pairwise(versions))


def test_builds_have_no_order() -> None:
    one, other = SemVer.parse("1.0.0+one"), SemVer.parse("1.0.0+other")
    assert one and other and one.precedence == other.precedence
