"""Definitions described as messages, so that they can be sent to whoever does not have their source.

descriptor.describe(Greeting)                      # a MessageDescriptor
descriptor.describe_file_set([guestbook])          # everything in a module
descriptor.DescriptorLibrary().lookup_descriptor("guestbook.Greeting")
"""

from protorpc._describing import (
    Descriptor,
    describe,
    describe_enum,
    describe_enum_value,
    describe_field,
    describe_file,
    describe_file_set,
    describe_message,
    describe_method,
    describe_service,
)
from protorpc._descriptor_library import DescriptorLibrary, import_descriptor_loader
from protorpc._descriptors import (
    EnumDescriptor,
    EnumValueDescriptor,
    FieldDescriptor,
    FileDescriptor,
    FileSet,
    MessageDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)

__all__ = [
    "Descriptor",
    "DescriptorLibrary",
    "EnumDescriptor",
    "EnumValueDescriptor",
    "FieldDescriptor",
    "FileDescriptor",
    "FileSet",
    "MessageDescriptor",
    "MethodDescriptor",
    "ServiceDescriptor",
    "describe",
    "describe_enum",
    "describe_enum_value",
    "describe_field",
    "describe_file",
    "describe_file_set",
    "describe_message",
    "describe_method",
    "describe_service",
    "import_descriptor_loader",
]
