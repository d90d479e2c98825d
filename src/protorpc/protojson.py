"""Messages as JSON.

`ProtoJson` is the codec of ProtoRPC, to be extended by overriding `encode_field` and `decode_field`; `encode_message`
and `decode_message` of this module use its default instance. `EndpointsProtoJson` is the flavour that the endpoints
framework speaks: 64-bit integers are strings, bytes may come in the url-safe alphabet, integers must be within their
variant's range. (The framework itself answers with generated code for the same flavour, see _codec.)
"""

import json as json  # part of the module's surface: public code reaches the JSON library through it

from protorpc._json import (
    ALTERNATIVE_CONTENT_TYPES,
    CONTENT_TYPE,
    EndpointsProtoJson,
    MessageJSONEncoder,
    ProtoJson,
    decode_message,
    encode_message,
)

__all__ = [
    "ALTERNATIVE_CONTENT_TYPES",
    "CONTENT_TYPE",
    "EndpointsProtoJson",
    "MessageJSONEncoder",
    "ProtoJson",
    "decode_message",
    "encode_message",
]
