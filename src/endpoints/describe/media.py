"""What documents say of media: what a method takes, and what it gives."""

from __future__ import annotations

from typing import Any, Final

from endpoints.media import MediaUpload
from endpoints.operations import Operation
from protorpc.message_types import VoidMessage

Json = dict[str, Any]

JSON_TYPE: Final = "application/json"
RELATED_TYPE: Final = "multipart/related"
ANY_TYPE: Final = "*/*"

_UPLOAD_WORDS: Final = ("media", "multipart", "resumable")
_UPLOAD_TEXT: Final = (
    "How media is sent: alone, after the JSON metadata in one multipart/related body, or in further requests to the "
    "address in the Location of the answer. Without it a call has no media."
)
_ALT_TEXT: Final = "What to answer: JSON, or the media itself."


def discovery_media(operation: Operation, mount: str) -> Json:
    """Members of a method in a discovery document.

    Args:
        operation: the method.
        mount: the path that the application is mounted at.
    """
    made: Json = {"supportsMediaDownload": True} if operation.method_info.media_download else {}
    upload = operation.method_info.media_upload
    if upload is None:
        return made
    base = operation.api_info.base_path
    # Google's Python client makes the address from that of the API; apitools takes the path for one of the host.
    places = {"simple": "upload/", "resumable": "resumable/upload/"}
    protocols = {
        name: {"multipart": True, "path": f"{mount}{base}{place}{operation.full_path.removeprefix(base)}"}
        for name, place in places.items()
    }
    accepted = {"accept": list(upload.accept), "maxSize": str(upload.max_size), "protocols": protocols}
    return {**made, "supportsMediaUpload": True, "mediaUpload": accepted}


def openapi_parameters(operation: Operation) -> list[Json]:
    """Query parameters of OpenAPI 3.1 by which media is sent and asked for."""
    made = []
    if operation.method_info.media_upload is not None:
        made.append(_parameter("uploadType", _UPLOAD_TEXT, _UPLOAD_WORDS))
    if gives_both(operation):
        made.append(_parameter("alt", _ALT_TEXT, ("json", "media")))
    return made


def openapi_body(upload: MediaUpload, usual: Json | None) -> Json:
    """The request body in OpenAPI 3.1 of a method that takes media.

    Args:
        upload: what media it takes.
        usual: the body of a call without media; None for none.
    """
    content = {} if usual is None else usual["content"]
    metadata = content[JSON_TYPE]["schema"] if content else {"type": "object"}
    related = {
        "schema": {"type": "object", "properties": {"metadata": metadata, "media": {}}},
        "encoding": {
            "metadata": {"contentType": JSON_TYPE},
            "media": {"contentType": ", ".join(upload.accept)},
        },
    }
    return {"required": False, "content": {**{each: {} for each in upload.accept}, RELATED_TYPE: related, **content}}


def gives_both(operation: Operation) -> bool:
    """Whether a method answers with a message or with media, as it is asked."""
    return operation.method_info.media_download and operation.response_type is not VoidMessage


def openapi2_types(operation: Operation) -> Json:
    """`consumes` and `produces` of an operation in OpenAPI 2.0, where they are other than usual."""
    info, made = operation.method_info, {}
    if info.media_upload is not None:
        made["consumes"] = list(dict.fromkeys([JSON_TYPE, RELATED_TYPE, *info.media_upload.accept]))
    if info.media_download:
        made["produces"] = [JSON_TYPE, ANY_TYPE]
    return made


def _parameter(name: str, text: str, words: tuple[str, ...]) -> Json:
    return {"name": name, "in": "query", "description": text, "schema": {"type": "string", "enum": list(words)}}
