"""Two documents, compared: the entrance to this package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from endpoints.diff.matching import Matching, match
from endpoints.diff.model import Api, Format, Operation
from endpoints.diff.operations import OperationComparison
from endpoints.diff.parameters import ParameterComparison
from endpoints.diff.rules import Change, ChangeLog, Rule
from endpoints.diff.values import ValueComparison, unused_schemas
from endpoints.diff.verdict import Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two documents differ in."""

    old: Api
    new: Api
    changes: tuple[Change, ...]
    """Those that break clients first."""
    notes: tuple[str, ...]
    """How it was compared, where that is not as usual."""
    verdict: Verdict


def compare(old: Api, new: Api) -> Comparison:
    """Find out what changed between two documents, and what that means for clients generated from the older one."""
    log = ChangeLog()
    exact = old.format is new.format
    values = ValueComparison(old, new, log)
    matching = match(old, new)
    _addresses(old, new, matching, log)
    if exact:
        _head(old, new, log)
        ParameterComparison(values, log, exact=True).compare_lists(
            "every operation", old.parameters, new.parameters, {}
        )
    _operations(old, new, matching, log, OperationComparison(values, log, exact=exact))
    values.finish()
    if exact:
        unused_schemas(old, new, log)
    notes = tuple(_notes(old, new, matching))
    return Comparison(old=old, new=new, changes=log.changes, notes=notes, verdict=judge(old, new, log.changes))


def _addresses(old: Api, new: Api, matching: Matching, log: ChangeLog) -> None:
    if matching.other_name or (old.format is new.format is Format.DISCOVERY and old.name != new.name):
        log.add(Rule.API_RENAMED, "API", f"name {old.name} -> {new.name}")
    if matching.other_base:
        log.add(Rule.BASE_PATH_CHANGED, "API", f"base path {old.base or '/'} -> {new.base or '/'}")
    exact = old.format is new.format
    if not (old.servers and new.servers) or (not exact and set(old.servers) & set(new.servers)):
        return  # a discovery document has room for one server only
    for url in [url for url in old.servers if url not in new.servers]:
        log.add(Rule.SERVER_REMOVED, "API", f"server {url} removed")
    for url in [url for url in new.servers if url not in old.servers]:
        log.add(Rule.SERVER_ADDED, "API", f"server {url} added")


def _head(old: Api, new: Api, log: ChangeLog) -> None:
    for name in [*old.package, *(name for name in new.package if name not in old.package)]:
        before, after = old.package.get(name, "none"), new.package.get(name, "none")
        if before != after:
            log.add(Rule.PACKAGE_RENAMED, "API", f"{name} {before} -> {after}")
    for metric in [*old.quota, *(name for name in new.quota if name not in old.quota)]:
        before, after = old.quota.get(metric, "none"), new.quota.get(metric, "none")
        if before != after:
            log.add(Rule.QUOTA_CHANGED, "API", f"limit of {metric} {before} -> {after}")
    if old.text != new.text:
        log.add(Rule.API_TEXT_CHANGED, "API", "title, description or documentation changed")


def _operations(old: Api, new: Api, matching: Matching, log: ChangeLog, comparison: OperationComparison) -> None:
    for operation in matching.removed:
        log.add(Rule.OPERATION_REMOVED, _name(old, operation), "removed")
    for before, after in matching.moved:
        log.add(Rule.OPERATION_MOVED, _name(old, before), f"moved to {_name(new, after)}")
    for before, after in [*matching.pairs, *matching.moved]:
        comparison.compare(_name(old, before), before, after)
    for operation in matching.added:
        log.add(Rule.OPERATION_ADDED, _name(new, operation), "added")


def _name(api: Api, operation: Operation) -> str:
    return f"{operation.verb} {api.base}{operation.path}"


def _notes(old: Api, new: Api, matching: Matching) -> Iterator[str]:
    if matching.other_version:
        yield (
            f"Addresses were compared without the version in them, {old.path_version} and {new.path_version}: clients "
            f"of {old.version} go on calling {old.path_version}, and need it as long as they are in use."
        )
    if old.format is not new.format:
        yield (
            f"{old.source} is {_article(old.format)} and {new.source} {_article(new.format)}: what one of the formats "
            "cannot say, or says in its own way, was not compared (ids, descriptions, errors, credentials, limits of "
            "values). Two documents of one format say more."
        )


def _article(format_: Format) -> str:
    return f"a {format_.value}" if format_ is Format.DISCOVERY else format_.value
