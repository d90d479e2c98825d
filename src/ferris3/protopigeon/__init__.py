"""`ferris3.messages` under the names of protopigeon, which services of the time import.

Found as `protopigeon` after `import ferris3`, where the library itself is not installed: see `ferris3.absent`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ferris3.messages import collection_message, compose, deserialize, list_message, model_message, serialize
from ferris3.models.properties import Converters
from ferris3.protopigeon import converters, types
from protorpc.messages import Message

__all__ = [
    "collection_message",
    "compose",
    "converters",
    "list_message",
    "model_message",
    "to_entity",
    "to_message",
    "types",
]


def to_message(  # noqa: PLR0917 - positional in the original
    entity: object,
    message: type[Message] | Message,
    converters: Converters | None = None,
    only: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    key_field: str | None = "id",
) -> Any:
    """Put an entity into a message: `ferris3.messages.serialize`, whose first two arguments change places."""
    return serialize(message, entity, converters, only, exclude, key_field)


def to_entity(  # noqa: PLR0917 - positional in the original
    message: Message,
    model: Any,
    converters: Converters | None = None,
    only: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    key_field: str | None = "id",
) -> Any:
    """Make or change an entity: `ferris3.messages.deserialize`, whose first two arguments change places."""
    return deserialize(model, message, converters, only, exclude, key_field)
