"""Every error that messages raise, as one tree.

util.Error
+-- EnumDefinitionError
+-- FieldDefinitionError
|   +-- InvalidVariantError
|   +-- InvalidDefaultError
|   +-- InvalidNumberError
+-- MessageDefinitionError
+-- DuplicateNumberError
+-- DefinitionNotFoundError
+-- DecodeError
+-- EncodeError
+-- ValidationError
"""

from __future__ import annotations

from protorpc.util import Error


class EnumDefinitionError(Error):
    """An Enum class breaks a rule: not an integer, negative, too large, used twice, or subclassed."""


class FieldDefinitionError(Error):
    """A field is declared with arguments that do not fit together."""


class InvalidVariantError(FieldDefinitionError):
    """A field is declared with a variant that its type does not have."""


class InvalidDefaultError(FieldDefinitionError):
    """A field's default is no value of the field."""


class InvalidNumberError(FieldDefinitionError):
    """A field number is out of range (1 to 536870911) or reserved (19000 to 19999)."""


class MessageDefinitionError(Error):
    """A Message class holds something else than fields, enums and messages, or inherits from another message."""


class DuplicateNumberError(Error):
    """Two fields of one message have the same number."""


class DefinitionNotFoundError(Error):
    """A message or enum that was given by name does not exist."""


class DecodeError(Error):
    """Encoded data cannot be read as the message it should be."""


class EncodeError(Error):
    """A value cannot be written."""


class ValidationError(Error):
    """A value does not fit its field, or a message lacks a required field."""


for _error in list(vars().values()):  # their public home, which tracebacks show and pickle looks them up in
    if isinstance(_error, type) and _error.__module__ == __name__:
        _error.__module__ = "protorpc.messages"
