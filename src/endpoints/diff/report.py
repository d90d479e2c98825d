"""What a comparison found, as text for people, as JSON for programs, and as Markdown for pull requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from endpoints.diff.comparison import Comparison
from endpoints.diff.model import Api
from endpoints.diff.rules import Change, Part

_KINDS: Final = {Part.MAJOR: "breaking", Part.MINOR: "compatible", Part.PATCH: "text"}
_HEADINGS: Final = {
    Part.MAJOR: "Breaks clients (major)",
    Part.MINOR: "Compatible (minor)",
    Part.PATCH: "Texts only (patch)",
}
_WIDTH: Final = 10
_MANY: Final = 4


def text(comparison: Comparison) -> str:
    """Write one line for each change, then notes, then the verdict.

    What is the same for many operations and breaks no client is one line.
    """
    lines = [_line(change) for change in _grouped(comparison.changes)]
    return "\n".join(map(_printable, (*lines, *comparison.notes, *_verdict(comparison))))


def markdown(comparison: Comparison) -> str:
    """Write a comment for a pull request: the verdict, then a table for each kind of change."""
    lines = [f"### {_escaped(_versions(comparison))}", "", *(_escaped(line) for line in _verdict(comparison))]
    for part, heading in _HEADINGS.items():
        changes = [change for change in _grouped(comparison.changes) if change.part is part]
        if changes:
            lines += ["", f"**{heading}**", "", "| where | what | why |", "|---|---|---|"]
            lines += [f"| {_code(each.where)} | {_escaped(each.what)} | {each.rule.why} |" for each in changes]
    if comparison.notes:
        lines += ["", *(_escaped(note) for note in comparison.notes)]
    return "\n".join(map(_printable, lines))


def as_json(comparison: Comparison) -> str:
    """Write an object with `old`, `new`, `changes`, `notes` and `verdict`."""
    verdict = comparison.verdict
    made = {
        "old": _api(comparison.old),
        "new": _api(comparison.new),
        "changes": [_change(each) for each in comparison.changes],
        "notes": list(comparison.notes),
        "verdict": {
            "breaking": any(each.breaking for each in comparison.changes),
            "required": verdict.required.word if verdict.required else None,
            "declared": verdict.declared.word if verdict.declared else None,
            "sufficient": verdict.sufficient,
            "expected": verdict.expected or None,
            "text": " ".join(_verdict(comparison)),
        },
    }
    return json.dumps(made, indent=2)


FORMATS: Final[Mapping[str, Callable[[Comparison], str]]] = {"text": text, "json": as_json, "markdown": markdown}
"""The ways to write a comparison down, by name."""


def _grouped(changes: Iterable[Change]) -> Iterator[Change]:
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        operation, _, rest = change.where.partition(", ")
        alone = change.breaking or "/" not in operation
        groups.setdefault((change.rule, change.what, rest, change.where if alone else ""), []).append(change)
    for group in groups.values():
        if len(group) < _MANY:
            yield from group
        else:
            first, comma, rest = group[0].where.partition(", ")
            yield replace(group[0], where=f"{len(group)} operations ({first} ...){comma}{rest}")


def _line(change: Change) -> str:
    return f"{_KINDS[change.part]:<{_WIDTH}}  {change.where}: {change.what} ({change.part.word}: {change.rule.why})"


def _change(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule.key,
        "where": change.where,
        "what": change.what,
        "breaking": change.breaking,
        "why": change.rule.why,
        "part": change.part.word,
    }


def _api(api: Api) -> dict[str, str]:
    return {"source": api.source, "format": api.format.value, "name": api.name, "version": api.version}


def _versions(comparison: Comparison) -> str:
    old, new = comparison.old, comparison.new
    return f"{old.label} -> {new.version or 'none' if old.name == new.name else new.label}"


def _verdict(comparison: Comparison) -> Iterator[str]:
    verdict = comparison.verdict
    if verdict.required is None:
        yield "Nothing changed."
    else:
        yield f"{_counts(comparison)}: asks for a higher {verdict.required.word} version."
    enough = "That is enough." if verdict.sufficient else f"That is not enough; expected {verdict.expected}."
    yield f"Declared: {_versions(comparison)}. {verdict.reason} {enough}"


def _counts(comparison: Comparison) -> str:
    parts = [change.part for change in comparison.changes]
    return ", ".join(f"{parts.count(part)} {kind}" for part, kind in _KINDS.items() if part in parts)


def _printable(line: str) -> str:
    """Keep what documents hold from steering the terminal that shows it, and from looking like lines of ours."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)


def _escaped(text: str) -> str:
    return "".join(f"\\{each}" if each in r"\`*_[]<|#" else each for each in text)


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", r"\|") + "`"
