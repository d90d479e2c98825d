"""What an operation takes from the path and the query, in terms of no document format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from endpoints.describe.schema import Default, Shape, body_type, default_of, shape_of
from endpoints.fields import by_number
from endpoints.operations import Operation
from protorpc.message_types import DateTimeField
from protorpc.messages import Field, MessageField


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One argument of an operation in the path or in the query."""

    name: str
    """Name of the field; that of a field of a nested message with dots (`where.city`)."""
    location: Literal["path", "query"]
    shape: Shape
    repeated: bool
    required: bool
    """As declared; a field of a nested message always in the path, never in the query: all of it may be absent."""
    default: Default | None
    description: str | None
    """What an annotation says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All arguments of an operation in the path and in the query."""

    listed: tuple[Parameter, ...]
    """By field number, nested fields in the place of the message that holds them."""
    order: tuple[str, ...]
    """Names in the order of a call with positional arguments: those in the path by field number, then, of a
    `ResourceContainer`, the required ones of the query by name (recorded as `parameterOrder`)."""


def parameters(operation: Operation, *, whole_dates: bool = False) -> Parameters:
    """Describe what an operation takes from the path and the query.

    That is all of a `ResourceContainer`'s own fields; without a container the fields named in the path and, where there
    is no body, the other fields of the request message too.

    Args:
        operation: The operation.
        whole_dates: Whether a date is one parameter, the text of RFC 3339, instead of the parts of a `DateTimeMessage`
            (both are understood; the parts are what discovery documents list, as recorded).
    """
    leaves = [leaf for field in _sources(operation) for leaf in _leaves(field, field, field.name, whole_dates)]
    in_path = frozenset(operation.path_parameters)
    path = [leaf.name for leaf in leaves if leaf.name in in_path]
    query = [leaf.name for leaf in leaves if leaf.root.required and leaf.name not in in_path]
    texts = operation.parameter_descriptions
    return Parameters(
        listed=tuple(_parameter(leaf, leaf.name in in_path, texts.get(leaf.name)) for leaf in leaves),
        order=(*path, *sorted(query if operation.parameters_type else ())),
    )


class _Leaf(NamedTuple):
    """A field that holds no fields, so that it can be written in a URL."""

    name: str
    field: Field[Any]
    root: Field[Any]
    """The field of the request message by which it is reached; itself, if it is one."""


def _sources(operation: Operation) -> list[Field[Any]]:
    if operation.parameters_type:
        return by_number(operation.parameters_type)
    fields = by_number(operation.request_type)
    if body_type(operation) is None:
        return fields
    in_path = {name.partition(".")[0] for name in operation.path_parameters}
    return [field for field in fields if field.name in in_path]


def _leaves(root: Field[Any], field: Field[Any], name: str, whole_dates: bool) -> Iterator[_Leaf]:
    if not isinstance(field, MessageField) or (whole_dates and isinstance(field, DateTimeField)):
        yield _Leaf(name, field, root)
        return
    # This has an end: collect() refuses messages that contain themselves.
    for inner in by_number(field.message_type):
        yield from _leaves(root, inner, f"{name}.{inner.name}", whole_dates)


def _parameter(leaf: _Leaf, in_path: bool, description: str | None) -> Parameter:
    field = leaf.field
    return Parameter(
        name=leaf.name,
        location="path" if in_path else "query",
        shape=shape_of(field),
        repeated=field.repeated,
        required=field.required if field is leaf.root else in_path,
        default=default_of(field),
        description=description,
    )
