"""Messages for models: made, filled, and read again. The names of ProtoRPC's messages are here too.

```python
PostMessage = messages.model_message(Post, exclude=("secret",))
message = messages.serialize(PostMessage, post)
post = messages.deserialize(Post, message)
```
"""

from ferris3.models.conversion import DateMessage, TimeMessage
from ferris3.models.messages import compose, converters, list_message, model_message
from ferris3.models.properties import Converter, Property
from ferris3.models.serialization import deserialize, serialize, serialize_list
from ferris3.paging import PaginationResults
from protorpc.message_types import DateTimeField, VoidMessage
from protorpc.messages import (
    BooleanField,
    BytesField,
    Enum,
    EnumField,
    Field,
    FloatField,
    IntegerField,
    Message,
    MessageField,
    StringField,
    ValidationError,
    Variant,
)

collection_message = list_message

__all__ = [
    "BooleanField",
    "BytesField",
    "Converter",
    "DateMessage",
    "DateTimeField",
    "Enum",
    "EnumField",
    "Field",
    "FloatField",
    "IntegerField",
    "Message",
    "MessageField",
    "PaginationResults",
    "Property",
    "StringField",
    "TimeMessage",
    "ValidationError",
    "Variant",
    "VoidMessage",
    "collection_message",
    "compose",
    "converters",
    "deserialize",
    "list_message",
    "model_message",
    "serialize",
    "serialize_list",
]
