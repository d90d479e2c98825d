"""Dataclasses as models. A field named `id` is the key."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from ferris3.models import conversion, keys
from ferris3.models.properties import Converters, Property
from protorpc.messages import Enum, Message

KEY: Final = "id"


class _Dataclasses:
    refusals = (ValueError,)
    converters: Final[Converters] = {
        "str": conversion.TEXT,
        "bool": conversion.BOOLEAN,
        "int": conversion.INTEGER,
        "float": conversion.FLOAT,
        "bytes": conversion.BYTES,
        "datetime": conversion.DATE_TIME,
        "date": conversion.DATE,
        "time": conversion.TIME,
        "Decimal": conversion.DECIMAL,
        "UUID": conversion.UUID,
        "Enum": conversion.ENUM,
        "Message": conversion.MESSAGE,
    }

    def properties(self, model: type, asked: Collection[str]) -> Sequence[Property]:
        hints = _hints(model)
        return [_property(each, hints[each.name]) for each in _fields(model) if each.name != KEY]

    def has_key(self, model: type) -> bool:
        return any(each.name == KEY for each in _fields(model)) and _key_type(model) is not None

    def key_text(self, entity: Any) -> str | None:
        value = getattr(entity, KEY, None)
        return None if value is None else keys.to_text([value])

    def read_key(self, model: type, text: str) -> Any:
        return keys.from_text([typing.cast(type, _key_type(model))], text)[0]

    def set_key(self, entity: Any, key: Any) -> None:
        setattr(entity, KEY, key)

    def new(self, model: type, values: Mapping[str, Any], key: Any) -> Any:
        known = {each.name: each for each in _fields(model)}
        given = {name: value for name, value in values.items() if value is not None or not _has_default(known[name])}
        if key is not None:
            given[KEY] = key
        elif KEY in known and not _has_default(known[KEY]):
            if not _is_optional(_hints(model)[KEY]):
                raise ValueError(f"{KEY} is missing")
            given[KEY] = None
        return model(**given)


KIND: Final = _Dataclasses()


def _fields(model: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(typing.cast(Any, model))


def _hints(model: type) -> dict[str, Any]:
    try:
        return typing.get_type_hints(model)
    except NameError as error:
        raise TypeError(f"{model.__name__}: {error}; the types of its fields must be known by now") from error


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return not (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)


def _key_type(model: type) -> type | None:
    found = _without_none(_hints(model)[KEY])
    return found if keys.is_key_type(found) else None


def _property(field: dataclasses.Field[Any], annotation: Any) -> Property:
    held = _without_none(annotation)
    repeated = typing.get_origin(held) in (list, Sequence)
    if repeated:
        (held,) = typing.get_args(held)
    default = None if field.default is dataclasses.MISSING else field.default
    if isinstance(held, type) and held is float and isinstance(default, int):
        default = float(default)
    is_enum = isinstance(held, type) and issubclass(held, (enum.Enum, Enum))
    return Property(
        name=field.name,
        kinds=_kinds(held),
        native=field,
        repeated=repeated,
        required=not (repeated or _has_default(field) or _is_optional(annotation)),
        default=default,
        enumeration=held if is_enum else None,
        nested=held if isinstance(held, type) and dataclasses.is_dataclass(held) else None,
        message=held if isinstance(held, type) and issubclass(held, Message) else None,
        writable=field.init,
        fills_itself=_has_default(field) and default is None and not _is_optional(annotation),
    )


def _kinds(held: Any) -> tuple[str, ...]:
    if not isinstance(held, type):
        return ()
    if issubclass(held, enum.Enum):  # before what it inherits too: a StrEnum is no text here
        return (held.__name__, "Enum")
    return tuple(each.__name__ for each in held.__mro__)


def _is_optional(annotation: Any) -> bool:
    return _without_none(annotation) is not annotation


def _without_none(annotation: Any) -> Any:
    """Return the type of an optional value, and any other annotation as it is."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        others = [each for each in typing.get_args(annotation) if each is not type(None)]
        if len(others) == 1 and len(others) < len(typing.get_args(annotation)):
            return others[0]
    return annotation
