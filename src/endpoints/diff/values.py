"""Values and schemas of two documents, compared."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from endpoints.diff.json_schema import LOWER_LIMITS, UPPER_LIMITS
from endpoints.diff.model import Api, Content, Format, Operation, Property, Value
from endpoints.diff.rules import ChangeLog, Rule

_MAX_HOPS: Final = 20
_UNKNOWN: Final = Value(type="unknown")


class Use(enum.Enum):
    """What a value is for."""

    REQUEST = "request"
    ANSWER = "answer"


class ValueComparison:
    """Compares values, and the schemas that they refer to once for each use.

    Args:
        old: The older document.
        new: The newer one.
        log: Where differences are noted.
    """

    def __init__(self, old: Api, new: Api, log: ChangeLog) -> None:
        self._old = old.schemas
        self._new = new.schemas
        self._log = log
        # What one of two formats has no words for is not compared.
        self._exact = old.format is new.format
        self._compares_required = self._exact or Format.DISCOVERY not in (old.format, new.format)
        self._partners: dict[tuple[str, Use], str] = {}
        self._waiting: deque[tuple[str, str, Use]] = deque()

    def compare(self, where: str, old: Value, new: Value, use: Use) -> None:
        """Compare two values; the schemas that they refer to wait for `finish`."""
        if old.reference and new.reference:
            self._references(where, old.reference, new.reference, use)
        else:
            self._contents(where, old, new, use)
        self._nulls(where, old, new, use)
        self._default(where, old, new)
        if self._exact and old.text != new.text:
            self._log.add(Rule.SCHEMA_TEXT_CHANGED, where, "description changed")

    def finish(self) -> None:
        """Compare the schemas that the values compared so far refer to."""
        while self._waiting:
            old, new, use = self._waiting.popleft()
            self.compare(old, self._old.get(old, _UNKNOWN), self._new.get(new, _UNKNOWN), use)

    def _references(self, where: str, old: str, new: str, use: Use) -> None:
        partner = self._partners.get((old, use))
        if old != new and (old in self._new or new in self._old or partner not in (None, new)):
            self._log.add(Rule.TYPE_CHANGED, where, f"{old} -> {new}")
            return
        if old != new:
            self._log.add(Rule.SCHEMA_RENAMED, old, f"renamed to {new}")
        if partner is None:
            self._partners[old, use] = new
            self._waiting.append((old, new, use))

    def _contents(self, where: str, old: Value, new: Value, use: Use) -> None:
        types = f"{described(old)} -> {described(new)}"
        old, new = _followed(old, self._old), _followed(new, self._new)
        if (old.type == "array") != (new.type == "array"):
            self._log.add(Rule.LIST_CHANGED, where, types)
            return
        if old.type != new.type or bool(old.additional) != bool(new.additional):
            self._log.add(Rule.TYPE_CHANGED, where, types)
            return
        if old.format != new.format and (self._exact or (old.format and new.format)):
            self._log.add(Rule.FORMAT_CHANGED, where, types)
        elif self._exact:
            self._limits(where, old, new, use)
        self._enum(where, old, new, use)
        self._variants(where, old, new, use)
        self._properties(where, old, new, use)
        if old.items and new.items:
            self.compare(f"{where}[]", old.items, new.items, use)
        if old.additional and new.additional:
            self.compare(f"{where}.*", old.additional, new.additional, use)

    def _nulls(self, where: str, old: Value, new: Value, use: Use) -> None:
        if old.nullable == new.nullable or not self._exact:
            return
        if use is Use.REQUEST:
            rule = Rule.REQUEST_NULL_TAKEN if new.nullable else Rule.REQUEST_NULL_REFUSED
        else:
            rule = Rule.ANSWER_NULL_ADDED if new.nullable else Rule.ANSWER_NULL_REMOVED
        self._log.add(rule, where, "may be null" if new.nullable else "may not be null")

    def _default(self, where: str, old: Value, new: Value) -> None:
        # Formats write the defaults of bytes and dates in different ways, and some leave out empty ones.
        comparable = self._exact or (old.default and new.default and old.type != "string")
        if comparable and old.default != new.default:
            self._log.add(Rule.DEFAULT_CHANGED, where, f"default {_shown(old.default)} -> {_shown(new.default)}")

    def _limits(self, where: str, old: Value, new: Value, use: Use) -> None:
        for name in sorted(old.limits.keys() | new.limits.keys()):
            before, after = old.limits.get(name), new.limits.get(name)
            if before != after:
                tightened = use is Use.REQUEST and _is_tighter(name, before, after)
                rule = Rule.REQUEST_LIMIT_TIGHTENED if tightened else Rule.LIMIT_CHANGED
                self._log.add(rule, where, f"{name} {_shown(before)} -> {_shown(after)}")

    def _enum(self, where: str, old: Value, new: Value, use: Use) -> None:
        if bool(old.enum) != bool(new.enum):
            rule, words = (Rule.VALUES_OPENED, old.enum) if old.enum else (Rule.VALUES_CLOSED, new.enum)
            what = "any value, was one of" if old.enum else "one of"
            self._log.add(rule, where, f"{what} {', '.join(sorted(words))}")
            return
        in_request = use is Use.REQUEST
        for word in sorted(old.enum - new.enum):
            rule = Rule.REQUEST_VALUE_REMOVED if in_request else Rule.ANSWER_VALUE_REMOVED
            self._log.add(rule, where, f"value {word} removed")
        for word in sorted(new.enum - old.enum):
            rule = Rule.REQUEST_VALUE_ADDED if in_request else Rule.ANSWER_VALUE_ADDED
            self._log.add(rule, where, f"value {word} added")

    def _variants(self, where: str, old: Value, new: Value, use: Use) -> None:
        before = {described(each): each for each in old.variants}
        after = {described(each): each for each in new.variants}
        in_request = use is Use.REQUEST
        for name in [name for name in before if name not in after]:
            rule = Rule.REQUEST_VARIANT_REMOVED if in_request else Rule.ANSWER_VARIANT_REMOVED
            self._log.add(rule, where, f"variant {name} removed")
        for name in [name for name in after if name not in before]:
            rule = Rule.REQUEST_VARIANT_ADDED if in_request else Rule.ANSWER_VARIANT_ADDED
            self._log.add(rule, where, f"variant {name} added")
        for name in [name for name in before if name in after]:
            self.compare(where, before[name], after[name], use)

    def _properties(self, where: str, old: Value, new: Value, use: Use) -> None:
        before, after = _seen(old.properties, use), _seen(new.properties, use)
        for name, gone in before.items():
            if name not in after:
                self._log.add(Rule.PROPERTY_REMOVED, f"{where}.{name}", _removal(gone, new.properties.get(name)))
        for name, added in after.items():
            if name not in before:
                needed = name in new.required and use is Use.REQUEST
                rule = Rule.REQUIRED_PROPERTY_ADDED if needed else Rule.PROPERTY_ADDED
                self._log.add(rule, f"{where}.{name}", f"added, {described(added.value)}")
        for name in [name for name in before if name in after]:
            if self._compares_required and (name in old.required) != (name in new.required):
                self._required(f"{where}.{name}", name in new.required, use)
            self.compare(f"{where}.{name}", before[name].value, after[name].value, use)

    def _required(self, where: str, now: bool, use: Use) -> None:
        if use is Use.REQUEST:
            rule = Rule.REQUEST_PROPERTY_NOW_REQUIRED if now else Rule.REQUEST_PROPERTY_NOW_OPTIONAL
        else:
            rule = Rule.ANSWER_PROPERTY_NOW_REQUIRED if now else Rule.ANSWER_PROPERTY_NOW_OPTIONAL
        self._log.add(rule, where, "optional -> required" if now else "required -> optional")


def described(value: Value) -> str:
    """Return the type of a value in a few words: `list of Book`, `string (date-time)`."""
    if value.reference:
        return value.reference
    if value.type == "array":
        return f"list of {described(value.items or Value())}"
    if value.additional:
        return f"map of {described(value.additional)}"
    if value.variants:
        return " or ".join(sorted(map(described, value.variants)))
    name = value.type or "anything"
    return f"{name} ({value.format})" if value.format else name


def unused_schemas(old: Api, new: Api, log: ChangeLog) -> None:
    """Note the differences of schemas that no operation of either document uses."""
    used = _reachable(old) | _reachable(new)
    for name in dict.fromkeys([*old.schemas, *new.schemas]):
        before, after = old.schemas.get(name), new.schemas.get(name)
        if name not in used and before != after:
            what = "added" if before is None else "removed" if after is None else "changed"
            log.add(Rule.UNUSED_SCHEMA_CHANGED, name, what)


def _reachable(api: Api) -> set[str]:
    found: set[str] = set()
    waiting = [value for operation in api.operations for value in _values(operation)]
    while waiting:
        for name in _references_of(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(api.schemas.get(name, _UNKNOWN))
    return found


def _values(operation: Operation) -> Iterator[Value]:
    contents: Iterable[Content] = filter(None, (operation.body, *operation.answers.values()))
    for content in contents:
        yield from content.media.values()
    for parameter in operation.parameters:
        yield parameter.value


def _references_of(value: Value) -> Iterator[str]:
    if value.reference:
        yield value.reference
    inner = (value.items, value.additional, *value.variants, *(each.value for each in value.properties.values()))
    for each in filter(None, inner):
        yield from _references_of(each)


def _followed(value: Value, schemas: Mapping[str, Value]) -> Value:
    for _ in range(_MAX_HOPS):
        if not value.reference:
            return value
        value = schemas.get(value.reference, _UNKNOWN)
    return _UNKNOWN


def _seen(properties: Mapping[str, Property], use: Use) -> Mapping[str, Property]:
    """The properties that there are in requests, or in answers."""
    if use is Use.REQUEST:
        return {name: each for name, each in properties.items() if not each.read_only}
    return {name: each for name, each in properties.items() if not each.write_only}


def _removal(old: Property, new: Property | None) -> str:
    if new is None:
        return f"removed, was {described(old.value)}"
    return "no longer in requests" if new.read_only else "no longer in answers"


def _is_tighter(name: str, old: str | float | None, new: str | float | None) -> bool:
    if new is None:
        return False
    if isinstance(old, float) and isinstance(new, float) and name in LOWER_LIMITS | UPPER_LIMITS:
        return new > old if name in LOWER_LIMITS else new < old
    return True


def _shown(value: str | float | None) -> str:
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else value
