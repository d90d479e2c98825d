"""Old module path of MessageTypeToJsonSchema."""

from endpoints.describe.generators import MessageTypeToJsonSchema

__all__ = ["MessageTypeToJsonSchema"]
