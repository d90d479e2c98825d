"""Versions as https://semver.org/spec/v2.0.0.html has them, and what of them is seen in addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

_IDENTIFIER: Final = r"(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
_SEMVER: Final = re.compile(
    r"(?P<major>0|[1-9]\d*)\.(?P<minor>0|[1-9]\d*)\.(?P<patch>0|[1-9]\d*)"
    rf"(?:-(?P<pre>{_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?",
    re.ASCII,
)
_MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class SemVer:
    """A version by its parts; what follows a plus sign says nothing and is left out."""

    major: int
    minor: int
    patch: int
    pre: tuple[str, ...] = ()
    """The identifiers of a pre-release (`beta`, `1`), none of a release."""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Take a version apart; None for one that is not SemVer, such as `v1`, or longer than any that people write."""
        found = _SEMVER.fullmatch(text) if len(text) <= _MAX_LENGTH else None
        if not found:
            return None
        pre = tuple(found["pre"].split(".")) if found["pre"] else ()
        return cls(int(found["major"]), int(found["minor"]), int(found["patch"]), pre)

    @property
    def release(self) -> tuple[int, int, int]:
        """The three numbers."""
        return self.major, self.minor, self.patch

    @property
    def precedence(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[int, int, str], ...]]:
        """What versions are put in order by (section 11): releases after their pre-releases, numbers before words."""
        words = tuple((0, int(each), "") if each.isdecimal() else (1, 0, each) for each in self.pre)
        return self.release, not self.pre, words


def path_version(version: str) -> str:
    """Return a version as addresses have it: `v2` for `2.1.0`, and as it is when it is not SemVer (`v1`, `1.2`)."""
    parsed = SemVer.parse(version)
    return f"v{parsed.major}" if parsed else version
