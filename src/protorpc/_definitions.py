"""What message and enum classes have in common: their names, their scope, and that they cannot be changed."""

from __future__ import annotations

import weakref
from typing import Any

from protorpc import util


class Definition(type):
    """Methods shared by the metaclasses of Message and Enum."""

    _outer: weakref.ref[Any] | None

    def message_definition(cls) -> Any:
        """The Message class whose body this class is written in, or None."""
        outer = cls._outer
        return None if outer is None else outer()

    def definition_name(cls) -> str:
        """Full name with package and enclosing classes: ``package.Outer.Inner``.

        The package is the module's ``package`` attribute when it has one, else the module's name.
        """
        scope = cls.outer_definition_name()
        return cls.__name__ if scope is None else f"{scope}.{cls.__name__}"

    def outer_definition_name(cls) -> str | None:
        """Full name of the enclosing class, or the package of a class that stands alone."""
        outer = cls.message_definition()
        return util.get_package_for_module(cls.__module__) if outer is None else outer.definition_name()

    def definition_package(cls) -> str | None:
        """The package that the outermost class belongs to."""
        outer = cls.message_definition()
        return util.get_package_for_module(cls.__module__) if outer is None else outer.definition_package()

    def __setattr__(cls, name: str, value: Any) -> None:
        raise AttributeError(f"May not change values: {name}")

    def __delattr__(cls, name: str) -> None:
        raise TypeError("May not delete attributes on definition class")


# Names that Python itself puts into a class body (the last five by 3.13 and 3.14); they are no members.
CLASS_BODY_NAMES = frozenset(
    [
        "__module__",
        "__doc__",
        "__qualname__",
        "__annotations__",
        "__static_attributes__",
        "__firstlineno__",
        "__annotate__",
        "__annotate_func__",
        "__classdictcell__",
        "__conditional_annotations__",
    ]
)
