"""Two versions of one operation, compared."""

from __future__ import annotations

from collections.abc import Mapping

from endpoints.diff import access
from endpoints.diff.model import Content, Operation
from endpoints.diff.parameters import ParameterComparison
from endpoints.diff.rules import ChangeLog, Rule
from endpoints.diff.values import Use, ValueComparison, described

_NOTHING = Content(media={})


class OperationComparison:
    """Compares operations.

    Args:
        values: Compares what is sent and answered.
        log: Where differences are noted.
        exact: Whether both documents are in the same format; if not, what only one of them can say is passed over.
    """

    def __init__(self, values: ValueComparison, log: ChangeLog, *, exact: bool) -> None:
        self._values = values
        self._parameters = ParameterComparison(values, log, exact=exact)
        self._log = log
        self._exact = exact

    def compare(self, where: str, old: Operation, new: Operation) -> None:
        """Compare two versions of an operation, given its name."""
        if self._exact:
            self._names(where, old, new)
        self._parameters.compare(where, old, new)
        self._bodies(f"{where}, body", old.body, new.body)
        if self._exact:
            self._answers(where, old.answers, new.answers)
            access.compare(where, old.access, new.access, self._log)
            self._rest(where, old, new)
        else:
            self._content(f"{where}, answer", _success(old.answers), _success(new.answers), Use.ANSWER)

    def _names(self, where: str, old: Operation, new: Operation) -> None:
        if old.id and old.id != new.id:
            self._log.add(Rule.OPERATION_RENAMED, where, f"id {old.id} -> {new.id or 'none'}")
        if not old.groups or not new.groups:
            return  # generators sort methods without tags as they like
        if gone := [each for each in old.groups if each not in new.groups]:
            self._log.add(Rule.OPERATION_REGROUPED, where, f"tag {', '.join(gone)} -> {', '.join(new.groups)}")
        elif added := [each for each in new.groups if each not in old.groups]:
            self._log.add(Rule.OPERATION_GROUP_ADDED, where, f"tag {', '.join(added)} added")

    def _rest(self, where: str, old: Operation, new: Operation) -> None:
        if old.deprecated != new.deprecated:
            rule = Rule.OPERATION_DEPRECATED if new.deprecated else Rule.OPERATION_UNDEPRECATED
            self._log.add(rule, where, "deprecated" if new.deprecated else "no longer deprecated")
        if old.quota != new.quota:
            self._log.add(Rule.QUOTA_CHANGED, where, f"cost {_pairs(old.quota)} -> {_pairs(new.quota)}")
        if old.text != new.text:
            self._log.add(Rule.OPERATION_TEXT_CHANGED, where, "description changed")

    def _bodies(self, where: str, old: Content | None, new: Content | None) -> None:
        if old is None and new is not None:
            rule = Rule.REQUIRED_BODY_ADDED if new.required else Rule.OPTIONAL_BODY_ADDED
            self._log.add(rule, where, f"added, {_kind(new)}")
        elif old is not None and new is None:
            self._log.add(Rule.BODY_REMOVED, where, f"removed, was {_kind(old)}")
        elif old is not None and new is not None:
            if self._exact and old.required != new.required:
                rule = Rule.BODY_NOW_REQUIRED if new.required else Rule.BODY_NOW_OPTIONAL
                self._log.add(rule, where, "optional -> required" if new.required else "required -> optional")
            self._content(where, old, new, Use.REQUEST)

    def _answers(self, where: str, old: Mapping[str, Content], new: Mapping[str, Content]) -> None:
        before = {status: each for status, each in old.items() if status not in new}
        after = {status: each for status, each in new.items() if status not in old}
        done, now = list(filter(_is_success, before)), list(filter(_is_success, after))
        if len(done) == len(now) == 1:
            self._status(where, done[0], now[0], before.pop(done[0]), after.pop(now[0]))
        for status in [status for status in old if status in new]:
            self._content(f"{where}, answer {status}", old[status], new[status], Use.ANSWER)
        for status in before:
            rule = Rule.ANSWER_REMOVED if _is_success(status) else Rule.ERROR_REMOVED
            self._log.add(rule, f"{where}, answer {status}", "removed")
        for status in after:
            rule = Rule.ANSWER_ADDED if _is_success(status) else Rule.ERROR_ADDED
            self._log.add(rule, f"{where}, answer {status}", "added")

    def _status(self, where: str, old: str, new: str, before: Content, after: Content) -> None:
        """The only success is answered with another status."""
        place = f"{where}, answer {old}"
        if not before.media and not after.media:
            self._log.add(Rule.EMPTY_STATUS_CHANGED, place, f"is {new} now")
        elif before.media and after.media:
            self._log.add(Rule.ANSWER_ADDED, place, f"is {new} now")
            self._content(place, before, after, Use.ANSWER)
        else:
            rule = Rule.ANSWER_BODY_REMOVED if before.media else Rule.ANSWER_BODY_ADDED
            self._log.add(rule, place, f"{_kind(before)} -> {new}, {_kind(after)}")

    def _content(self, where: str, old: Content, new: Content, use: Use) -> None:
        if bool(old.media) != bool(new.media):  # of an answer: a body always has a type
            rule = Rule.ANSWER_BODY_REMOVED if old.media else Rule.ANSWER_BODY_ADDED
            self._log.add(rule, where, f"{_kind(old)} -> {_kind(new)}")
            return
        if self._exact:
            for name in [name for name in old.media if name not in new.media]:
                self._log.add(Rule.MEDIA_TYPE_REMOVED, where, f"{name} removed")
            for name in [name for name in new.media if name not in old.media]:
                self._log.add(Rule.MEDIA_TYPE_ADDED, where, f"{name} added")
            if old.text != new.text:
                self._log.add(Rule.OPERATION_TEXT_CHANGED, where, "description changed")
        common = [(old.media[name], new.media[name]) for name in old.media if name in new.media]
        for before, after in common or list(zip(old.media.values(), new.media.values(), strict=False))[:1]:
            self._values.compare(where, before, after, use)


def _success(answers: Mapping[str, Content]) -> Content:
    return next((each for status, each in answers.items() if _is_success(status) and each.media), _NOTHING)


def _is_success(status: str) -> bool:
    return status.startswith("2")


def _kind(content: Content) -> str:
    return ", ".join(dict.fromkeys(map(described, content.media.values()))) or "empty"


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in values.items()) or "nothing"
