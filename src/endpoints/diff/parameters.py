"""Parameters of two operations, compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from endpoints.diff.model import Operation, Parameter
from endpoints.diff.rules import ChangeLog, Rule
from endpoints.diff.values import Use, ValueComparison, described

_Key = tuple[str, str]


class ParameterComparison:
    """Compares the parameters of operations.

    Args:
        values: Compares their values.
        log: Where differences are noted.
        exact: Whether both documents are in the same format; if not, what only one of them can say is passed over.
    """

    def __init__(self, values: ValueComparison, log: ChangeLog, *, exact: bool) -> None:
        self._values = values
        self._log = log
        self._exact = exact

    def compare(self, where: str, old: Operation, new: Operation) -> None:
        """Compare the parameters of an operation, given its name."""
        self.compare_lists(where, old.parameters, new.parameters, _renamed(old, new))
        if self._exact and old.order is not None and new.order is not None:
            before = tuple(name for name in old.order if name in new.order)
            after = tuple(name for name in new.order if name in old.order)
            if before != after:
                what = f"arguments {', '.join(before)} -> {', '.join(after)}"
                self._log.add(Rule.ARGUMENTS_REORDERED, where, what)

    def compare_lists(
        self, where: str, old: Iterable[Parameter], new: Iterable[Parameter], renamed: Mapping[str, str]
    ) -> None:
        """Compare two lists of parameters.

        Args:
            where: What they are parameters of.
            old: Those of the older document.
            new: Those of the newer one.
            renamed: What variables of the path are called in the newer document.
        """
        before = {(each.location, each.name): each for each in old}
        after = {(each.location, each.name): each for each in new}
        for key in list(before):
            partner = _partner(key, before, after, renamed)
            if partner:
                self._pair(where, before.pop(key), after.pop(partner))
        for parameter in self._worth_noting(before, after):
            self._log.add(Rule.PARAMETER_REMOVED, _place(where, parameter), "removed")
        for parameter in self._worth_noting(after, before):
            rule = Rule.REQUIRED_PARAMETER_ADDED if parameter.required else Rule.OPTIONAL_PARAMETER_ADDED
            needed = "required" if parameter.required else "optional"
            self._log.add(rule, _place(where, parameter), f"added, {needed}, {described(parameter.value)}")

    def _pair(self, where: str, old: Parameter, new: Parameter) -> None:
        where = _place(where, old)
        if old.location != new.location:
            self._log.add(Rule.PARAMETER_MOVED, where, f"moved to the {new.location}")
        elif old.name != new.name and (self._exact or _plain(old.name) != _plain(new.name)):
            self._log.add(Rule.PARAMETER_RENAMED, where, f"renamed to {new.name}")
        if old.required != new.required:
            rule = Rule.PARAMETER_NOW_REQUIRED if new.required else Rule.PARAMETER_NOW_OPTIONAL
            self._log.add(rule, where, "optional -> required" if new.required else "required -> optional")
        if self._exact and old.style and new.style and old.style != new.style:
            self._log.add(Rule.PARAMETER_STYLE_CHANGED, where, f"lists written as {old.style} -> {new.style}")
        self._values.compare(where, old.value, new.value, Use.REQUEST)

    def _worth_noting(self, found: Mapping[_Key, Parameter], others: Mapping[_Key, Parameter]) -> list[Parameter]:
        """Leave out fields of nested messages in the query, which each format spreads out in its own way."""
        if self._exact:
            return list(found.values())
        names = [each.name for each in others.values()]
        return [
            each
            for each in found.values()
            if "." not in each.name and not any(name.startswith(f"{each.name}.") for name in names)
        ]


def _partner(
    key: _Key, before: Mapping[_Key, Parameter], after: Mapping[_Key, Parameter], renamed: Mapping[str, str]
) -> _Key | None:
    location, name = key
    same = (location, renamed.get(name, name) if location == "path" else name)
    if same in after:
        return same
    return next((other for other in after if other[1] == name and other not in before), None)


def _renamed(old: Operation, new: Operation) -> dict[str, str]:
    """What variables are called in the newer path; operations at different addresses have none in common."""
    names = old.variables, new.variables
    same = len(names[0]) == len(names[1]) and set(names[0]) != set(names[1])
    return dict(zip(*names, strict=True)) if same else {}


def _plain(name: str) -> str:
    """The name as it is in all formats: in paths OpenAPI 3.1 has underscores for the dots of the others."""
    return name.replace(".", "_")


def _place(where: str, parameter: Parameter) -> str:
    return f"{where}, {parameter.location} parameter {parameter.name}"
