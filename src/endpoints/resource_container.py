"""Requests that consist of a body and of parameters in the path and the query."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from endpoints.fields import alike, by_number, copied, is_message_class
from protorpc.message_types import VoidMessage
from protorpc.messages import Field, Message
from protorpc.remote import RemoteMethodInfo


class ResourceContainer:
    """A body message together with the fields that come in the path and the query (seed page 001).

    ```python
    MULTIPLY = endpoints.ResourceContainer(
        Greeting, times=messages.IntegerField(2, variant=messages.Variant.INT32, required=True)
    )
    ```

    The method gets one message with the fields of both.

    Args:
        _body_message_class: the message in the body; without it there is no body.
        **parameters: fields by name. Their numbers are unique among each other and order the parameters in documents.

    Raises:
        TypeError: the body is no message class.
        protorpc.messages.MessageDefinitionError: a parameter is no field.
        protorpc.messages.DuplicateNumberError: two parameters have the same number.
    """

    body_message_class: type[Message]
    parameters_message_class: type[Message]
    """A message class named ParameterContainer of the parameters alone."""
    parameter_descriptions: Mapping[str, str]
    """Texts on parameters, by name; set where a method is declared by annotations."""

    _by_combined_class: ClassVar[dict[type[Message], ResourceContainer]] = {}

    def __init__(self, _body_message_class: type[Message] = VoidMessage, **parameters: Any) -> None:
        if not is_message_class(_body_message_class):
            raise TypeError(f"ResourceContainer: the body must be a message class, not {_body_message_class!r}")
        self.body_message_class = _body_message_class
        self.parameters_message_class = _message_class("ParameterContainer", _unowned(parameters))
        self.parameter_descriptions = {}

    def __repr__(self) -> str:
        names = [field.name for field in by_number(self.parameters_message_class)]
        return f"ResourceContainer({', '.join([self.body_message_class.__name__, *names])})"

    @cached_property
    def combined_message_class(self) -> type[Message]:
        """A message class named CombinedContainer of all fields, numbered anew, those of the body first.

        Raises:
            TypeError: body and parameters have a field of the same name, and the two are not alike.
        """
        chosen: dict[str, Field[Any]] = {}
        for field in (*by_number(self.body_message_class), *by_number(self.parameters_message_class)):
            known = chosen.setdefault(field.name, field)
            if not alike(known, field):
                raise TypeError(f"the field {field.name!r} of the body and the parameter of that name are not alike")
        fields = {name: copied(field, number) for number, (name, field) in enumerate(chosen.items(), start=1)}
        combined = _message_class("CombinedContainer", fields)
        self._by_combined_class[combined] = self
        return combined

    @classmethod
    def get_request_message(cls, remote_info: RemoteMethodInfo) -> type[Message] | ResourceContainer:
        """Return what a method was declared to take: a ResourceContainer or a message class.

        Args:
            remote_info: the `remote` attribute of the decorated function.
        """
        return cls._by_combined_class.get(remote_info.request_type, remote_info.request_type)


def _unowned(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Copy the fields that already belong to a message class, as those of `SomeMessage.all_fields()` do."""
    return {
        name: copied(field, field.number) if isinstance(field, Field) and field.message_definition() else field
        for name, field in parameters.items()
    }


def _message_class(name: str, fields: Mapping[str, Field[Any]]) -> type[Message]:
    metaclass: Any = type(Message)
    made: type[Message] = metaclass(name, (Message,), {"__module__": __name__, **fields})
    return made
