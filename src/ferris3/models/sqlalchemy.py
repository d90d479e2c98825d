"""SQLAlchemy's mapped classes as models. The primary key is the key; relationships are there when asked for."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Column, Table
from sqlalchemy.orm import Mapper, RelationshipProperty
from sqlalchemy.types import ARRAY, DateTime, Enum, NullType, Numeric, TypeDecorator, TypeEngine, Uuid

from ferris3.models import conversion, keys
from ferris3.models.properties import Converters, Property
from protorpc.messages import Field, StringField

_NOT_LISTS: Final = ("dynamic", "write_only")
_KEY: Final = StringField(1)


def _read_text(known: Property, _field: Field[Any], value: str) -> str:
    longest = getattr(known.native.type, "length", None)
    if longest is not None and len(value) > longest:
        raise ValueError(f"{len(value)} characters are more than the {longest} that it can hold")
    if "\0" in value:
        raise ValueError("a text cannot hold a NUL")
    return value


def _read_word(known: Property, _field: Field[Any], value: str) -> str:
    words = known.native.type.enums
    if value not in words:
        raise ValueError(f"{value!r} is none of {', '.join(words)}")
    return value


class _SQLAlchemy:
    refusals = (ValueError,)  # of functions decorated with sqlalchemy.orm.validates
    converters: Final[Converters] = {
        "String": conversion.Conversion(StringField, read=_read_text),
        "Word": conversion.Conversion(StringField, read=_read_word),
        "Enum": conversion.ENUM,
        "Boolean": conversion.BOOLEAN,
        "Integer": conversion.INTEGER,
        "Float": conversion.FLOAT,
        "Numeric": conversion.DECIMAL,
        "NaiveDateTime": conversion.NAIVE_DATE_TIME,
        "DateTime": conversion.AWARE_DATE_TIME,
        "Date": conversion.DATE,
        "Time": conversion.TIME,
        "LargeBinary": conversion.BYTES,
        "_Binary": conversion.BYTES,
        "Uuid": conversion.UUID,
        "TextUuid": conversion.TEXT_UUID,
        "Interval": None,
        "PickleType": None,
    }

    def properties(self, model: type, asked: Collection[str]) -> Sequence[Property]:
        mapper = mapper_of(model)
        key = set(key_names(model))
        columns = [
            _column(mapper, name, column)
            for name, column in mapper.columns.items()
            if name not in key and not name.startswith("_") and _is_stored(column)
        ]
        others = [name for name in asked if name not in mapper.columns]
        # Relationships can be looked at only when all classes that they lead to are defined.
        related = [each for each in mapper.relationships if each.key in others] if others else []
        return columns + [_relationship(each) for each in related if each.lazy not in _NOT_LISTS]

    def has_key(self, model: type) -> bool:
        key_types(model)
        return True

    def key_text(self, entity: Any) -> str | None:
        values = [getattr(entity, name) for name in key_names(type(entity))]
        return None if any(value is None for value in values) else keys.to_text(values)

    def read_key(self, model: type, text: str) -> Any:
        mapper = mapper_of(model)
        values = keys.from_text(key_types(model), text)
        return tuple(
            self._fitting(mapper, column, value) for column, value in zip(mapper.primary_key, values, strict=True)
        )

    def _fitting(self, mapper: Mapper[Any], column: Any, value: Any) -> Any:
        """Return a part of a key as its column has it. Raises ValueError if that cannot hold it."""
        if not isinstance(value, (str, datetime.datetime)):
            return value
        known = _column(mapper, column.key, column)
        converter = next((self.converters[kind] for kind in known.kinds if kind in self.converters), None)
        return value if converter is None else converter.to_model(mapper.class_, known, _KEY, value)

    def set_key(self, entity: Any, key: Any) -> None:
        for name, value in zip(key_names(type(entity)), key, strict=True):
            setattr(entity, name, value)

    def new(self, model: type, values: Mapping[str, Any], key: Any) -> Any:
        given = {name: value for name, value in values.items() if value is not None}
        given |= {} if key is None else dict(zip(key_names(model), key, strict=True))
        if not dataclasses.is_dataclass(model):
            return model(**given)
        fields = [each for each in dataclasses.fields(model) if each.init]
        needed = {each.name for each in fields if {each.default, each.default_factory} == {dataclasses.MISSING}}
        arguments = {each.name for each in fields} & (given.keys() | needed)
        made = model(**{name: given.pop(name, None) for name in arguments})
        for name, value in given.items():
            setattr(made, name, value)
        return made


KIND: Final = _SQLAlchemy()


def mapper_of(model: type) -> Mapper[Any]:
    """Return what SQLAlchemy knows about a model."""
    mapper: Mapper[Any] = sqlalchemy.inspect(model)
    return mapper


def key_names(model: type) -> list[str]:
    """Return the names of the attributes that hold the primary key."""
    mapper = mapper_of(model)
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def needs_key(entity: Any) -> bool:
    """Whether an entity lacks a part of its key that neither the column nor the database makes."""
    mapper = mapper_of(type(entity))
    return any(
        getattr(entity, name) is None
        and column.default is None
        and column.server_default is None
        and not (isinstance(column.table, Table) and column is column.table.autoincrement_column)
        for name, column in zip(key_names(type(entity)), mapper.primary_key, strict=True)
    )


def key_types(model: type) -> list[type]:
    """Return the Python types of the primary key.

    Raises:
        TypeError: one of them cannot be written as text.
    """
    found = []
    for column in mapper_of(model).primary_key:
        try:
            python_type = column.type.python_type
        except NotImplementedError:
            python_type = type(None)
        if not keys.is_key_type(python_type):
            raise TypeError(f"{model.__name__}: {column.name}: a key of type {column.type!r} cannot be written as text")
        found.append(python_type)
    return found


def _is_stored(column: Any) -> bool:
    return isinstance(column, Column) and column.computed is None


def _column(mapper: Mapper[Any], name: str, column: Column[Any]) -> Property:
    held: TypeEngine[Any] = column.type
    if isinstance(held, NullType):
        raise TypeError(
            f"{mapper.class_.__name__}: {name}: the type of the column is not known yet; name it in mapped_column"
        )
    repeated = isinstance(held, ARRAY) and held.dimensions in (None, 1)
    native: Any = column
    if isinstance(held, ARRAY) and repeated:
        held = held.item_type
        native = Column(name, held)
    default = getattr(column.default, "arg", None) if getattr(column.default, "is_scalar", False) else None
    writable = column is not mapper.polymorphic_on and column is not mapper.version_id_col
    fills_itself = not column.nullable and not (column.default is None and column.server_default is None)
    return Property(
        name=name,
        kinds=_kinds(held),
        native=native,
        repeated=repeated,
        required=writable and not (repeated or column.nullable or fills_itself),
        default=default,
        enumeration=held.enum_class if isinstance(held, Enum) else None,
        writable=writable,
        fills_itself=fills_itself and default is None,
    )


def _kinds(held: TypeEngine[Any]) -> tuple[str, ...]:
    names = [each.__name__ for each in type(held).__mro__]
    if isinstance(held, TypeDecorator):
        return (*names[: names.index("TypeDecorator")], *_kinds(held.impl_instance))
    if isinstance(held, Enum) and held.enum_class is None:
        return ("Word",)
    if isinstance(held, Uuid) and not held.as_uuid:
        return ("TextUuid", *names)
    if isinstance(held, DateTime) and not held.timezone:
        return ("NaiveDateTime", *names)
    if isinstance(held, Numeric) and not held.asdecimal:
        return (*names[: names.index("Numeric")], "Float")
    return tuple(names)


def _relationship(relationship: RelationshipProperty[Any]) -> Property:
    return Property(
        name=relationship.key,
        kinds=(),
        native=relationship,
        repeated=bool(relationship.uselist),
        nested=relationship.mapper.class_,
        writable=False,
    )
