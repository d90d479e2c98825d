"""Whether the declared versions say what the differences ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from endpoints.diff.model import Api
from endpoints.diff.rules import Change, Part
from endpoints.semver import SemVer, path_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What has to become of the version, and what has become of it."""

    required: Part | None
    """The part that has to go up; None when nothing changed."""
    declared: Part | None
    """The most that the declared versions allow; None when the version stayed or went down."""
    sufficient: bool
    """Whether that is enough."""
    expected: str
    """The lowest version that is enough, or a description of it; empty when the new one is."""
    reason: str
    """Why the declared versions allow what they allow, in one sentence."""


def judge(old: Api, new: Api, changes: Iterable[Change]) -> Verdict:
    """Weigh differences against the versions that the two documents declare."""
    required = max((change.part for change in changes), default=None)
    declared, reason = _allowance(old.version, new.version)
    lowered = _is_lower(new.version, old.version)
    sufficient = not lowered and (required is None or (declared is not None and declared >= required))
    return Verdict(
        required=required,
        declared=declared,
        sufficient=sufficient,
        expected="" if sufficient else _expected(old.version, required),
        reason=reason,
    )


def _allowance(old: str, new: str) -> tuple[Part | None, str]:
    before, after = SemVer.parse(old), SemVer.parse(new)
    if before and after:
        return _semver_allowance(before, after)
    if path_version(old) != path_version(new):
        return Part.MAJOR, "The version in addresses is another: clients of the old one go on calling it."
    stays = f"{old} is no SemVer version and stays in addresses" if old else "There is no version"
    return Part.MINOR, f"{stays}: it allows what does not break clients."


def _semver_allowance(old: SemVer, new: SemVer) -> tuple[Part | None, str]:
    if new.precedence <= old.precedence:
        return None, "The version stayed." if new.precedence == old.precedence else "The version went down."
    if old.pre:
        return Part.MAJOR, "A pre-release promises nothing (SemVer 2.0.0, section 9)."
    if new.major > old.major:
        return Part.MAJOR, "The major version went up."
    if new.minor > old.minor:
        early = old.major == 0
        enough = ", which is enough before 1.0.0 (SemVer 2.0.0, section 4)" if early else ""
        return Part.MAJOR if early else Part.MINOR, f"The minor version went up{enough}."
    return Part.PATCH, "The patch version went up."


def _is_lower(new: str, old: str) -> bool:
    before, after = SemVer.parse(old), SemVer.parse(new)
    return bool(before and after and after.precedence < before.precedence)


def _expected(version: str, required: Part | None) -> str:
    found = SemVer.parse(version)
    if not found:
        return f"a version other than {version or 'none'}, with addresses of its own"
    if required is None:
        return f"{version} or higher"
    if found.pre:
        return f"higher than {version}"
    if required is Part.MAJOR and found.major:
        return f"{found.major + 1}.0.0 or higher"
    if required is Part.PATCH:
        return f"{found.major}.{found.minor}.{found.patch + 1} or higher"
    return f"{found.major}.{found.minor + 1}.0 or higher"
