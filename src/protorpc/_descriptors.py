"""Messages that describe definitions, with the numbers of Protocol Buffers' `descriptor.proto`."""

from __future__ import annotations

from protorpc import messages

# The definitions in here are known by the name of the public module.
package = "protorpc.descriptor"


class EnumValueDescriptor(messages.Message):
    """One value of an enum."""

    name = messages.StringField(1, required=True)
    number = messages.IntegerField(2, required=True, variant=messages.Variant.INT32)


class EnumDescriptor(messages.Message):
    """An enum; its name is without package and enclosing classes."""

    name = messages.StringField(1)
    values = messages.MessageField(EnumValueDescriptor, 2, repeated=True)


class FieldDescriptor(messages.Message):
    """A field of a message.

    `type_name` is the full name of the class of a message or enum field. `default_value` is a text: decimal for
    numbers, `true` or `false`, the text itself, bytes with C escapes, the number of an enum value.
    """

    Variant = messages.Variant

    class Label(messages.Enum):
        """How often the field may stand in a message."""

        OPTIONAL = 1
        REQUIRED = 2
        REPEATED = 3

    name = messages.StringField(1, required=True)
    number = messages.IntegerField(3, required=True, variant=messages.Variant.INT32)
    label = messages.EnumField(Label, 4, default=Label.OPTIONAL)
    variant = messages.EnumField(messages.Variant, 5)
    type_name = messages.StringField(6)
    default_value = messages.StringField(7)


class MessageDescriptor(messages.Message):
    """A message with its fields, by number, and the messages and enums defined inside it."""

    name = messages.StringField(1)
    fields = messages.MessageField(FieldDescriptor, 2, repeated=True)
    message_types = messages.MessageField("protorpc.descriptor.MessageDescriptor", 3, repeated=True)
    enum_types = messages.MessageField(EnumDescriptor, 4, repeated=True)


class MethodDescriptor(messages.Message):
    """A remote method with the full names of the messages that it takes and returns."""

    name = messages.StringField(1)
    request_type = messages.StringField(2)
    response_type = messages.StringField(3)


class ServiceDescriptor(messages.Message):
    """A service with its remote methods, by name."""

    name = messages.StringField(1)
    methods = messages.MessageField(MethodDescriptor, 2, repeated=True)


class FileDescriptor(messages.Message):
    """A module: its package and the definitions in it, by name."""

    package = messages.StringField(2)
    message_types = messages.MessageField(MessageDescriptor, 4, repeated=True)
    enum_types = messages.MessageField(EnumDescriptor, 5, repeated=True)
    service_types = messages.MessageField(ServiceDescriptor, 6, repeated=True)


class FileSet(messages.Message):
    """Several modules."""

    files = messages.MessageField(FileDescriptor, 1, repeated=True)
