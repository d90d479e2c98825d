"""Message classes made from models and from each other."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from endpoints.fields import by_number, copied, is_message_class
from ferris3.models.properties import Converter, Converters, Kind, Property
from ferris3.models.selection import kind_of
from protorpc.messages import Field, Message, MessageField, StringField

KEY_FIELD: Final = "id"


class Selection(NamedTuple):
    """What of a model is wanted."""

    only: tuple[str, ...] | None
    """Names of properties; None for all."""
    exclude: tuple[str, ...]
    """Names of properties."""
    key_field: str | None
    """Name of the field for the key; None for no such field."""

    @classmethod
    def of(cls, only: Collection[str] | None, exclude: Collection[str] | None, key_field: str | None) -> Selection:
        """Take names in any collection, or one as text; the key may be among them."""
        wanted, unwanted = (None if only is None else _names(only)), _names(exclude or ())
        return cls(
            None if wanted is None else tuple(name for name in wanted if name != key_field),
            tuple(name for name in unwanted if name != key_field),
            None if key_field in unwanted else key_field,
        )


_EVERYTHING: Final = Selection(None, (), KEY_FIELD)

converters: dict[str, Converter | None] = {}
"""Converters of the application, by the name of what they convert; they go before the built-in ones."""

_usual: weakref.WeakKeyDictionary[type, type[Message]] = weakref.WeakKeyDictionary()
_lists: weakref.WeakKeyDictionary[type[Message], type[Message]] = weakref.WeakKeyDictionary()
_converters: weakref.WeakKeyDictionary[type[Message], Converters] = weakref.WeakKeyDictionary()


def model_message(
    Model: type,  # noqa: N803 - the name that ferris3 gave it
    only: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    converters: Converters | None = None,
    key_field: str | None = KEY_FIELD,
    *,
    name: str | None = None,
) -> type[Message]:
    """Make a message class from a model: `id` with the number 1, then a field for each property, from 2 up.

    Without further arguments, the same model has always the same message class. Properties without a converter, such as
    computed ones and JSON, have no field; relationships have one when `only` names them.

    Args:
        Model: a SQLAlchemy model, a dataclass, or a model of google-cloud-ndb.
        only: names of the properties to take; all by default.
        exclude: names of properties to leave out.
        converters: by the name of what they convert, before those of `ferris3.messages.converters`.
        key_field: name of the field for the key; None for no such field.
        name: name of the class; by default the model's with `Message` behind it. Two message classes of one API need
            different names.

    Raises:
        TypeError: the class is no model, or a property cannot be a field.
        ValueError: `only` or `exclude` names something that is not there.
    """
    kind_of(Model)
    selection = Selection.of(only, exclude, key_field)
    if selection == _EVERYTHING and not converters and name is None:
        return _usual_message(Model)
    return _model_message(Model, selection, converters, name, ())


def _usual_message(model: type, within: tuple[type, ...] = ()) -> type[Message]:
    found = _usual.get(model)
    if found is None:
        found = _usual[model] = _model_message(model, _EVERYTHING, None, None, within)
    return found


def _model_message(
    model: type, selection: Selection, own: Converters | None, name: str | None, within: tuple[type, ...]
) -> type[Message]:
    kind, key_field = kind_of(model), selection.key_field
    fields: dict[str, Field[Any]] = {}
    if key_field is not None and kind.has_key(model):
        fields[key_field] = StringField(1)
    for number, known in enumerate(chosen(kind, model, selection), start=2):
        if known.name in fields:
            raise TypeError(f"{model.__name__}: {known.name} is a property beside the key; choose another key_field")
        field = _field(kind, known, own, number, (*within, model))
        if field is not None:
            fields[known.name] = field
    made = message_class(name or f"{model.__name__}Message", model.__module__, fields)
    if own:
        _converters[made] = own
    return made


def chosen(kind: Kind, model: type, selection: Selection, asked: Collection[str] = ()) -> list[Property]:
    """Return the properties that are not ruled out.

    Args:
        kind: the kind of the model.
        model: the class.
        selection: what is wanted.
        asked: names of further properties that are there only when asked for.

    Raises:
        ValueError: the selection names something that is not there.
    """
    wanted, unwanted = selection.only, selection.exclude
    known = {each.name: each for each in kind.properties(model, (*(wanted or ()), *unwanted, *asked))}
    for argument, names in (("only", wanted or ()), ("exclude", unwanted)):
        for name in names:
            if name not in known:
                raise ValueError(f"{argument}: {model.__name__} has no property {name!r}, but {', '.join(known)}")
    return [each for each in known.values() if (wanted is None or each.name in wanted) and each.name not in unwanted]


def _field(
    kind: Kind, known: Property, own: Converters | None, number: int, within: tuple[type, ...]
) -> Field[Any] | None:
    converter = converter_for(kind, known, own)
    if converter is not None:
        return converter.to_field(within[-1], known, number)
    if known.nested is None:
        return None
    if known.nested in within:
        raise TypeError(f"{within[-1].__name__}: {known.name} leads back to {known.nested.__name__}; leave it out")
    make: Any = MessageField
    options = {"repeated": True} if known.repeated else {"required": known.required}
    field: Field[Any] = make(_usual_message(known.nested, within), number, **options)
    return field


def converter_for(kind: Kind, known: Property, own: Converters | None) -> Converter | None:
    """Return the first converter for a property among those of the call, of the application, and the built-in ones."""
    for some in (own or {}, converters, kind.converters):
        for name in known.kinds:
            if name in some:
                return some[name]
    return None


def converters_of(message_type: type[Message]) -> Converters | None:
    """Return the converters that a message class was made with."""
    return _converters.get(message_type)


def _names(names: Collection[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def list_message(message_type: type[Message]) -> type[Message]:
    """Make the message class for a list of messages, always the same: `items`, and `nextPageToken`.

    Args:
        message_type: the class of the items.

    Raises:
        TypeError: it is no message class.
    """
    if not is_message_class(message_type):
        raise TypeError(f"list_message takes a message class, not {message_type!r}")
    found = _lists.get(message_type)
    if found is None:
        fields: dict[str, Field[Any]] = {
            "items": MessageField(message_type, 1, repeated=True),
            "nextPageToken": StringField(2),
        }
        name = f"{message_type.__name__}Collection"
        found = _lists[message_type] = message_class(name, message_type.__module__, fields)
    return found


def compose(*message_types: type[Message]) -> type[Message]:
    """Make a message class with the fields of several, numbered anew.

    Args:
        *message_types: two or more; where two have a field of the same name, the later one counts.

    Returns:
        A class whose name is `Composed` and the names of all.

    Raises:
        TypeError: one is no message class.
    """
    fields: dict[str, Field[Any]] = {}
    for each in message_types:
        if not is_message_class(each):
            raise TypeError(f"compose takes message classes, not {each!r}")
        fields |= {field.name: field for field in by_number(each)}
    name = "Composed" + "".join(each.__name__ for each in message_types)
    numbered = {key: copied(field, number) for number, (key, field) in enumerate(fields.items(), start=1)}
    return message_class(name, message_types[0].__module__ if message_types else __name__, numbered)


def message_class(name: str, module: str, fields: Mapping[str, Field[Any]]) -> type[Message]:
    """Make a message class that seems to be defined in `module`."""
    metaclass: Any = type(Message)
    made: type[Message] = metaclass(name, (Message,), {"__module__": module, **fields})
    return made


@lru_cache(maxsize=512)
def common(model: type, message_type: type[Message], selection: Selection) -> tuple[tuple[Property, Field[Any]], ...]:
    """Return the properties that a message has a field for, with that field. Raises ValueError as `chosen` does."""
    fields = {field.name: field for field in message_type.all_fields()}
    found = chosen(kind_of(model), model, selection, tuple(fields))
    return tuple((known, fields[known.name]) for known in found if known.name in fields)
