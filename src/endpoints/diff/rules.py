"""What each kind of difference means for a client generated from the older document: the whole table.

A request is what the client promises and an answer what it counts on, so the same difference may break one and not the
other: a value that is no longer taken breaks requests, a value that is newly given breaks answers.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class Part(enum.IntEnum):
    """A part of a SemVer version, higher ones first to be looked at."""

    PATCH = 1
    """Texts only."""
    MINOR = 2
    """Something new, or something that behaves otherwise within what clients were told."""
    MAJOR = 3
    """Clients break."""

    @property
    def word(self) -> str:
        """Its name in SemVer."""
        return self.name.lower()


_MAJOR: Final = Part.MAJOR
_MINOR: Final = Part.MINOR
_PATCH: Final = Part.PATCH


@enum.unique
class Rule(enum.Enum):
    """A kind of difference: the part of the version that it asks for, and why."""

    # the API
    API_RENAMED = (_MAJOR, "addresses and generated packages carry the name")
    PACKAGE_RENAMED = (_MAJOR, "generated packages and classes are named after it")
    BASE_PATH_CHANGED = (_MAJOR, "clients keep calling the old base path")
    SERVER_REMOVED = (_MAJOR, "clients keep calling the old server")
    SERVER_ADDED = (_MINOR, "clients may choose it")
    QUOTA_CHANGED = (_MINOR, "the same calls are charged otherwise")
    API_TEXT_CHANGED = (_PATCH, "it is what people read about the API")
    # operations
    OPERATION_REMOVED = (_MAJOR, "clients that call it fail")
    OPERATION_ADDED = (_MINOR, "clients do not know it")
    OPERATION_MOVED = (_MAJOR, "clients keep calling the old address")
    OPERATION_RENAMED = (_MAJOR, "the generated method has another name")
    OPERATION_REGROUPED = (_MAJOR, "the generated method is in another class or module")
    OPERATION_GROUP_ADDED = (_MINOR, "the generated method is in one more class or module")
    OPERATION_DEPRECATED = (_MINOR, "clients are told to look for another")
    OPERATION_UNDEPRECATED = (_MINOR, "clients may go on using it")
    ARGUMENTS_REORDERED = (_MAJOR, "generated methods take these arguments by position")
    OPERATION_TEXT_CHANGED = (_PATCH, "it is what people read about the operation")
    # parameters
    PARAMETER_REMOVED = (_MAJOR, "the argument is gone from generated methods, and nobody heeds it")
    REQUIRED_PARAMETER_ADDED = (_MAJOR, "clients do not send the parameter")
    OPTIONAL_PARAMETER_ADDED = (_MINOR, "clients need not send the parameter")
    PARAMETER_RENAMED = (_MAJOR, "the argument of generated methods has another name")
    PARAMETER_MOVED = (_MAJOR, "clients send it in the old place")
    PARAMETER_NOW_REQUIRED = (_MAJOR, "clients may leave the parameter out")
    PARAMETER_NOW_OPTIONAL = (_MINOR, "clients go on sending the parameter")
    PARAMETER_STYLE_CHANGED = (_MAJOR, "clients write lists the old way")
    # bodies of requests
    BODY_REMOVED = (_MAJOR, "the body is gone from generated methods, and nobody heeds it")
    REQUIRED_BODY_ADDED = (_MAJOR, "clients do not send a body")
    OPTIONAL_BODY_ADDED = (_MINOR, "clients need not send a body")
    BODY_NOW_REQUIRED = (_MAJOR, "clients may leave the body out")
    BODY_NOW_OPTIONAL = (_MINOR, "clients go on sending the body")
    MEDIA_TYPE_REMOVED = (_MAJOR, "clients send or read this media type")
    MEDIA_TYPE_ADDED = (_MINOR, "clients may go on with another media type")
    # answers
    ANSWER_BODY_REMOVED = (_MAJOR, "clients read the answer")
    ANSWER_BODY_ADDED = (_MINOR, "clients do not read the answer")
    ANSWER_REMOVED = (_MAJOR, "clients wait for this answer")
    ANSWER_ADDED = (_MAJOR, "clients do not know this status as a success")
    EMPTY_STATUS_CHANGED = (_MINOR, "there is nothing to read with either status")
    ERROR_REMOVED = (_MINOR, "clients no longer see the error")
    ERROR_ADDED = (_MINOR, "clients expect errors that they do not know")
    # values
    TYPE_CHANGED = (_MAJOR, "generated code has the old type")
    FORMAT_CHANGED = (_MAJOR, "generated code has the type of the old format")
    LIST_CHANGED = (_MAJOR, "one value and several are different types in generated code")
    VALUES_CLOSED = (_MAJOR, "generated code gets an enum where any value was allowed")
    VALUES_OPENED = (_MAJOR, "generated code knows the old values only")
    REQUEST_VALUE_REMOVED = (_MAJOR, "clients may send a value that is refused")
    REQUEST_VALUE_ADDED = (_MINOR, "clients may go on sending the old values")
    ANSWER_VALUE_ADDED = (_MAJOR, "generated enums refuse a value that they do not know")
    ANSWER_VALUE_REMOVED = (_MINOR, "clients see fewer values than they know")
    REQUEST_VARIANT_REMOVED = (_MAJOR, "clients may send a kind of value that is refused")
    REQUEST_VARIANT_ADDED = (_MINOR, "clients may go on sending the old kinds of values")
    ANSWER_VARIANT_ADDED = (_MAJOR, "clients do not know this kind of value")
    ANSWER_VARIANT_REMOVED = (_MINOR, "clients see fewer kinds of values than they know")
    REQUEST_NULL_REFUSED = (_MAJOR, "clients may send null")
    REQUEST_NULL_TAKEN = (_MINOR, "clients need not send null")
    ANSWER_NULL_ADDED = (_MAJOR, "clients do not expect null")
    ANSWER_NULL_REMOVED = (_MINOR, "clients go on expecting null")
    DEFAULT_CHANGED = (_MINOR, "leaving it out means something else")
    REQUEST_LIMIT_TIGHTENED = (_MAJOR, "clients may send what is refused now")
    LIMIT_CHANGED = (_MINOR, "what clients were told stays right for what they send")
    # schemas
    SCHEMA_RENAMED = (_MAJOR, "the generated class has another name")
    PROPERTY_REMOVED = (_MAJOR, "the attribute is gone from generated classes")
    REQUIRED_PROPERTY_ADDED = (_MAJOR, "clients do not send the property")
    PROPERTY_ADDED = (_MINOR, "clients pass over it, and need not send it")
    REQUEST_PROPERTY_NOW_REQUIRED = (_MAJOR, "clients may leave the property out")
    REQUEST_PROPERTY_NOW_OPTIONAL = (_MINOR, "clients go on sending the property")
    ANSWER_PROPERTY_NOW_REQUIRED = (_MINOR, "clients get what they may get")
    ANSWER_PROPERTY_NOW_OPTIONAL = (_MAJOR, "generated classes count on the property")
    SCHEMA_TEXT_CHANGED = (_PATCH, "it is what people read about the data")
    UNUSED_SCHEMA_CHANGED = (_PATCH, "no operation uses the schema")
    # who may call
    ACCESS_TIGHTENED = (_MAJOR, "what clients show is not enough any more")
    ACCESS_LOOSENED = (_MINOR, "what clients show is still enough")

    @property
    def part(self) -> Part:
        """The part of the version that has to go up."""
        return self.value[0]

    @property
    def why(self) -> str:
        """The reason, in one clause."""
        return self.value[1]

    @property
    def key(self) -> str:
        """Its name for programs: `operation-removed`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    rule: Rule
    where: str
    """An operation and a part of it, or a path into a schema."""
    what: str
    """What is different there."""

    @property
    def part(self) -> Part:
        """The part of the version that has to go up for it."""
        return self.rule.part

    @property
    def breaking(self) -> bool:
        """Whether clients generated from the older document break."""
        return self.part is Part.MAJOR


class ChangeLog:
    """Collects differences; the same one met twice, as in a schema of requests and answers, is the worse of the two."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Change] = {}

    def add(self, rule: Rule, where: str, what: str) -> None:
        """Note a difference."""
        known = self._found.get((where, what))
        if known is None or known.part < rule.part:
            self._found[where, what] = Change(rule, where, what)

    @property
    def changes(self) -> tuple[Change, ...]:
        """All differences: those that break clients first, and else as they were met."""
        return tuple(sorted(self._found.values(), key=_gravity))


def _gravity(change: Change) -> int:
    return -change.part
