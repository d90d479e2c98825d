"""Path, query and body as the message that a method gets.

What programs usually send is read by generated code (`quick_decoding`). Whatever that is not made for, mistakes
included, is read here: parameters and body are joined into one JSON object, which is read field by field. Errors come
from here only.
"""

from __future__ import annotations

from typing import Any

import msgspec

from endpoints.definitions import BODILESS
from endpoints.operations import Operation
from endpoints.serving.failures import Refusal, Unreadable
from endpoints.serving.http import Request
from endpoints.serving.parameters import as_tree, declared, form_pairs, join_date_times, joined, query_pairs
from endpoints.serving.quick_decoding import QuickDecoder, quick_decoder
from endpoints.serving.request_json import RequestJson
from protorpc._json import MAX_DEPTH
from protorpc.messages import DecodeError, Message

_json = RequestJson()


class Decoder:
    """How requests of one operation are read.

    Attributes:
      quickly: (path values, query, body) -> message; raises one of `NOT_QUICKLY` for what it is not made for.
    """

    def __init__(self, operation: Operation) -> None:
        self._message = operation.request_type
        self._path = operation.path_parameters
        self._bodiless = operation.http_method in BODILESS
        self._declared = declared(operation)
        self.quickly: QuickDecoder = quick_decoder(operation, self._declared)

    def carefully(self, request: Request, values: tuple[str, ...], query: str, body: bytes) -> Message:
        """The request as a message, or what is wrong with it.

        Args:
          request: asked for the type of a body that is no JSON.
          values: of the variables in the path, in order, percent-decoded.
          query: the query, as it was sent.
          body: the body, unpacked.

        Raises:
          Refusal: 400, saying what is wrong.
          BadRequestException: a parameter has a value that it cannot have.
        """
        tree = as_tree(self._declared, zip(self._path, values, strict=True), query_pairs(query))
        join_date_times(self._message, tree)
        if is_form(request) and not body.lstrip().startswith(b"{"):  # JSON goes first, whatever it says it is
            self._join_form(tree, body)
        elif body and not body.isspace():
            joined(tree, _object(body))
        try:
            return _json.read(self._message, tree)
        except DecodeError as error:
            raise Unreadable(error) from None

    def _join_form(self, tree: dict[str, Any], body: bytes) -> None:
        pairs = form_pairs(body)
        if self._bodiless:  # a long GET, sent as a form by Google's client: the form is the query
            joined(tree, as_tree(self._declared, (), pairs))
            return
        fields: dict[str, Any] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        joined(tree, {name: found if len(found) > 1 else found[0] for name, found in fields.items()})


def is_form(request: Request) -> bool:
    """Whether the body says that it is an HTML form."""
    kind = request.header("content-type")
    return kind is not None and kind.lower().startswith("application/x-www-form-urlencoded")


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec takes half of a surrogate pair for the end of the text.
        reason = (
            "half of a surrogate pair stands alone"
            if "truncated" in str(error) and body.rstrip()[-1:] == b"}"
            else error
        )
        raise Refusal(400, f"The request body is not valid JSON: {reason}") from None
    except RecursionError:
        raise Refusal(400, f"The request body is nested more than {MAX_DEPTH} deep") from None
    if not isinstance(parsed, dict):
        raise Refusal(400, f"The request body must be a JSON object, found {_kind(parsed)}")
    if not _shallow(parsed, MAX_DEPTH):
        raise Refusal(400, f"The request body is nested more than {MAX_DEPTH} deep")
    return parsed


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _shallow(value: Any, depth: int) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(item, depth - 1) for item in items if isinstance(item, (dict, list)))
