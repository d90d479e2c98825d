"""Entities to messages and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar, overload

from endpoints import BadRequestException
from ferris3.models.messages import KEY_FIELD, Selection, common, converter_for, converters_of
from ferris3.models.properties import Converters, Property
from ferris3.models.selection import kind_of
from ferris3.paging import PaginationResults
from protorpc.messages import Field, Message

_M = TypeVar("_M", bound=Message)
_E = TypeVar("_E")


def serialize(  # noqa: PLR0917 - positional in the original
    message: type[_M] | _M,
    entity: object,
    converters: Converters | None = None,
    only: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    key_field: str | None = KEY_FIELD,
) -> _M:
    """Put an entity into a message. What is None stays unset, and so does what the message has no field for.

    Args:
        message: a message class, made by `model_message` or not; or a message, which is filled.
        entity: an instance of a model.
        converters: as for `model_message`; by default those that the message class was made with.
        only: names of the properties to take; all by default.
        exclude: names of properties to leave out.
        key_field: name of the field for the key; None leaves the key out.

    Raises:
        TypeError: the entity is of no model.
        ValueError: `only` or `exclude` names something that is not there.
        protorpc.messages.ValidationError: a field of the message cannot hold what the entity has.
    """
    filled = message() if isinstance(message, type) else message
    model: Any = type(entity)
    message_type = type(filled)
    kind, selection = kind_of(model), Selection.of(only, exclude, key_field)
    own = converters_of(message_type) if converters is None else converters
    for known, field in common(model, message_type, selection):
        value = getattr(entity, known.name)
        if value is not None:
            setattr(filled, field.name, _written(model, known, field, own, value))
    if _has_field(message_type, selection.key_field) and kind.has_key(model):
        setattr(filled, str(key_field), kind.key_text(entity))
    return filled


@overload
def deserialize(
    target: type[_E],
    message: Message,
    converters: Converters | None = None,
    only: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    key_field: str | None = KEY_FIELD,
) -> _E: ...
@overload
def deserialize(
    target: _E,
    message: Message,
    converters: Converters | None = None,
    only: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    key_field: str | None = KEY_FIELD,
) -> _E: ...
def deserialize(  # noqa: PLR0917 - positional in the original
    target: Any,
    message: Message,
    converters: Converters | None = None,
    only: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    key_field: str | None = KEY_FIELD,
) -> Any:
    """Make an entity of a message, or replace what an entity holds with what a message holds.

    Every property that the message has a field for is assigned, an unset one None and a list []: this replaces, it does
    not patch. A value that is made elsewhere when none is given (a default that is called, a server's, the time of the
    change) is left to be made, or left as it is. A set `id` becomes the key. Relationships are never assigned.

    Args:
        target: a model, of which a new entity is made and returned; or an entity, which is changed and returned.
        message: a message of any class.
        converters: as for `model_message`; by default those that the message class was made with.
        only: names of the properties to assign; all by default.
        exclude: names of properties to leave as they are.
        key_field: name of the field with the key; None never sets the key.

    Raises:
        endpoints.BadRequestException: a value of the message cannot be one of the model; names the field.
        TypeError: the target is of no model.
        ValueError: `only` or `exclude` names something that is not there.
    """
    model = target if isinstance(target, type) else type(target)
    kind = kind_of(model)
    own = converters_of(type(message)) if converters is None else converters
    selection = Selection.of(only, exclude, key_field)
    values, left = {}, set()
    for known, field in common(model, type(message), selection):
        if known.writable:
            values[known.name] = value = _read(model, known, field, own, message)
            if known.fills_itself and value is None:
                left.add(known.name)
    key = _key(model, message, selection.key_field)
    try:
        if isinstance(target, type):
            return kind.new(model, values, key)
        for name, value in values.items():
            if name not in left:
                setattr(target, name, value)
    except kind.refusals as error:
        raise BadRequestException(f"{model.__name__}: {error}") from error
    if key is not None:
        kind.set_key(target, key)
    return target


def serialize_list(list_message: type[_M], entities: Iterable[object] | PaginationResults, **options: Any) -> _M:
    """Put entities into a message of a class made by `list_message`.

    Args:
        list_message: a message class with a repeated message field `items`.
        entities: instances of models; `PaginationResults` set `nextPageToken` too.
        **options: as for `serialize`.
    """
    item_type = list_message.field_by_name("items").type
    items, token = entities if isinstance(entities, PaginationResults) else (entities, None)
    filled: Any = list_message(items=[serialize(item_type, each, **options) for each in items])
    if token is not None:
        filled.nextPageToken = token
    return filled  # type: ignore[no-any-return]


def _written(model: type, known: Property, field: Field[Any], own: Converters | None, value: Any) -> Any:
    converter = converter_for(kind_of(model), known, own)

    def write(each: Any) -> Any:
        if converter is not None:
            return converter.to_message(model, known, field, each)
        return serialize(field.type, each, own)

    return [write(each) for each in value] if known.repeated else write(value)


def _read(model: type, known: Property, field: Field[Any], own: Converters | None, message: Message) -> Any:
    value = getattr(message, field.name)
    if value is None:
        return None
    converter = converter_for(kind_of(model), known, own)

    def read(each: Any) -> Any:
        if converter is not None:
            return converter.to_model(message, known, field, each)
        return each if known.nested is None else deserialize(known.nested, each, own)

    try:
        return [read(each) for each in value] if known.repeated else read(value)
    except (ValueError, OverflowError) as error:
        raise BadRequestException(f"{field.name}: {error}") from error


def _key(model: type, message: Message, key_field: str | None) -> Any:
    """Return the key in a message, as the model has it."""
    kind = kind_of(model)
    text = getattr(message, str(key_field)) if _has_field(type(message), key_field) else None
    if text is None or not kind.has_key(model):
        return None
    try:
        return kind.read_key(model, text)
    except ValueError:
        raise BadRequestException(f"{key_field}: {text!r} cannot be a key of {model.__name__}") from None


def _has_field(message_type: type[Message], name: str | None) -> bool:
    return any(field.name == name for field in message_type.all_fields())
