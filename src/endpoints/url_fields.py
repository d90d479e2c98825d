"""Which fields of a request can be part of an address."""

from __future__ import annotations

from typing import Any

from endpoints.exceptions import ApiConfigurationError
from endpoints.paths import PathTemplate
from protorpc.message_types import DateTimeField
from protorpc.messages import Message, MessageField


def check_variables(where: str, template: PathTemplate, message_type: type[Message], *, complete: bool) -> list[str]:
    """Check that every variable of a path is a field of a single value.

    Args:
        where: names the method in messages.
        template: the path.
        message_type: where the fields are.
        complete: whether a variable that is no field of `message_type` is a mistake. It is in a ResourceContainer; a
            plain message keeps the value as an unrecognized field (recorded: method-path-unknown-field).

    Returns:
        The variables that are no field.

    Raises:
        ApiConfigurationError: a variable is no parameter.
        TypeError: a variable leads to a message, or to nothing in a message.
    """
    strangers = []
    for variable in template.variables:
        root, *inner = variable.split(".")
        try:
            field = message_type.field_by_name(root)
        except KeyError:
            strangers.append(variable)
            continue
        _check_single_value(where, template, variable, field, inner)
    if strangers and complete:
        raise ApiConfigurationError(
            f"{where}: path {template.text!r} names {', '.join(map(repr, strangers))}, "
            "which the ResourceContainer does not declare as a parameter"
        )
    return strangers


def check_finite(where: str, field: Any, within: tuple[type[Message], ...] = ()) -> None:
    """Check that a field can be written as query parameters: a message is spread over the fields inside it.

    Raises:
        ApiConfigurationError: a message contains itself (recorded: method-get-recursive).
    """
    if not _is_message(field):
        return
    message_type = field.message_type
    if message_type in within:
        raise ApiConfigurationError(
            f"{where}: the parameter {field.name!r} is a {message_type.__name__}, which contains itself and so has "
            "no end as query parameters; it can only be sent in a body"
        )
    for inner in message_type.all_fields():
        check_finite(where, inner, (*within, message_type))


def _check_single_value(where: str, template: PathTemplate, variable: str, field: Any, inner: list[str]) -> None:
    for name in inner:
        known = {each.name: each for each in field.message_type.all_fields()} if _is_message(field) else {}
        if name not in known:
            raise TypeError(f"{where}: path {template.text!r}: there is no field {variable!r}")
        field = known[name]
    if isinstance(field, MessageField):
        raise TypeError(f"{where}: path {template.text!r}: {variable!r} is a {type(field).__name__}, no single value")


def _is_message(field: Any) -> bool:
    return isinstance(field, MessageField) and not isinstance(field, DateTimeField)
