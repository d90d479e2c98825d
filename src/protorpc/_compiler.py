"""The checks that a message class runs on its constructor's arguments and on assignment, generated as source.

One expression tests all fields of a message that is filled in rightly, so that making a message costs little more than
making a bare Struct; whatever fails it is looked at field by field, and errors are `Field.assigned`'s. Generation
waits for the first message, when the classes that fields name can be found and when it is known to be worth it.
"""

from __future__ import annotations

import re
from typing import Any

from protorpc._enums import Variant
from protorpc._errors import DefinitionNotFoundError, FieldDefinitionError
from protorpc._fields import FieldList, field_list


def slot(name: str) -> str:
    """The attribute under which a message keeps what field `name` was set to; always an identifier."""
    return "_v_" + re.sub(r"\W", lambda found: f"_{ord(found[0]):x}_", name)


class _Unknown:
    """Stands for a class that cannot be found (yet): no value is of it, so that the slow check decides."""


class Generated:
    """The generated functions of one message class."""

    def __init__(self) -> None:
        self.message: Any = None
        self.codec: Any = None  # _codec keeps what it generates here
        self.scope: dict[str, Any] = {"link": self.link, "puts": {}, "unlinked": self._unlinked}
        exec(_STUBS, self.scope)
        self.post_init = self.scope["__post_init__"]
        self.setattr = self.scope["__setattr__"]

    def link(self) -> None:
        """Generate the checks; from then on the constructor runs them without a detour."""
        scope = self.scope
        scope.update({"new_list": field_list, "join": "".join, "FieldList": FieldList})
        for index, (name, field) in enumerate(self.message.__fields__.items()):
            scope[f"T{index}"] = _class_of(field)
            scope[f"F{index}"] = field
            scope[f"set{index}"] = getattr(self.message, slot(name)).__set__
        fields = self.message.__fields__
        exec(_constructor(fields) + _setters(fields) + _getters(fields, scope), scope)
        self.post_init.__code__ = scope["checked"].__code__
        for index, field in enumerate(fields.values()):
            if f"get{index}" in scope:
                property.__init__(field, scope[f"get{index}"])

    def _unlinked(self, name: str) -> Any:
        if not self.scope["puts"] and self.message.__fields__:
            self.link()
        put = self.scope["puts"].get(name)
        if put is None:
            raise AttributeError(f"May not assign arbitrary value {name} to message {self.message.__name__}")
        return put


_STUBS = """
def __post_init__(self):
    link()
    checked(self)

def __setattr__(self, name, value):
    try:
        put = puts[name]
    except KeyError:
        put = unlinked(name)
    put(self, value)
"""


def _class_of(field: Any) -> Any:
    try:
        return field.python_type
    except (DefinitionNotFoundError, FieldDefinitionError):
        return _Unknown


def _constructor(fields: dict[str, Any]) -> str:
    tests, single, lists = [], [], []
    for index, (name, field) in enumerate(fields.items()):
        value = f"self.{slot(name)}"
        if field.repeated:
            lists += _list_check(index, value, field)
        else:
            tests.append(f"type({value}) is T{index}")
            single += [
                f"        v = {value}",
                f"        if v is not None and type(v) is not T{index}: set{index}(self, F{index}.assigned(v))",
            ]
    body = [f"    if not ({' and '.join(tests)}):", *single] if tests else []
    return "\n".join(["def checked(self):", *body, *lists, "    return", ""])


def _list_check(index: int, value: str, field: Any) -> list[str]:
    if field.python_type is str:
        check = ["            try: join(v)", f"            except TypeError: v = F{index}.assigned(v)"]
    else:
        check = [
            "            for e in v:",
            f"                if type(e) is not T{index}: v = F{index}.assigned(v); break",
        ]
    # A list is copied, so that the caller's list stays the caller's; the copy becomes a FieldList when it is read.
    return [
        f"    v = {value}",
        "    if type(v) is list:",
        "        if v:",
        *check,
        f"            set{index}(self, v[:])",
        f"    elif type(v) is FieldList and v.field.python_type is T{index}:",
        f"        set{index}(self, v[:])",
        "    else:",
        f"        set{index}(self, F{index}.assigned(v))",
    ]


def _setters(fields: dict[str, Any]) -> str:
    lines = []
    for index, (name, field) in enumerate(fields.items()):
        if field.repeated:
            body = f"    set{index}(m, new_list(F{index}, F{index}.assigned(v)))"
        else:
            body = f"    if v is not None and type(v) is not T{index}: v = F{index}.assigned(v)\n    set{index}(m, v)"
        lines.append(f"def put{index}(m, v):\n{body}\nputs[{name!r}] = put{index}\n")
    return "".join(lines)


def _getters(fields: dict[str, Any], scope: dict[str, Any]) -> str:
    """Getters that take half the time of those that a field gets before its message class is used."""
    lines = []
    for index, (name, field) in enumerate(fields.items()):
        value = f"m.{slot(name)}"
        if field.repeated:
            lines += [
                f"def get{index}(m):",
                f"    v = {value}",
                f"    if type(v) is list: v = new_list(F{index}, v); set{index}(m, v)",
                "    return v",
            ]
        elif field.__dict__["_default"] is not None and field.variant is not Variant.ENUM:
            scope[f"D{index}"] = field.default
            lines += [f"def get{index}(m):", f"    v = {value}", f"    return D{index} if v is None else v"]
    return "".join(line + "\n" for line in lines)
