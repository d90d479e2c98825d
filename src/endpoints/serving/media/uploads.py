"""Uploads: media that comes with one request, and the beginning of uploads that can be resumed.

The protocols are those of https://developers.google.com/workspace/drive/api/guides/manage-uploads.
"""

from __future__ import annotations

from collections.abc import Collection, Generator
from typing import Any, Final
from urllib.parse import quote

from endpoints.media import CurrentMedia, MediaUpload, UploadedMedia, current_media
from endpoints.serving.call import Call
from endpoints.serving.entrance import Entrance
from endpoints.serving.failures import Refusal
from endpoints.serving.http import NO_SNIFFING, PLAIN_TEXT, Request, Response
from endpoints.serving.limits import Limits
from endpoints.serving.media.calling import Calling, json_response
from endpoints.serving.media.flow import Enter, Flow, FlowExchange, ReadWhole, Step, Work
from endpoints.serving.media.folder import Folder, Spool, check_size
from endpoints.serving.media.sessions import Record, Sessions
from endpoints.serving.media.taking import Taken, accepted, named, take_media, take_related
from endpoints.serving.parameters import query_pairs
from endpoints.users import get_current_user

UPLOAD_TYPE: Final = "uploadType"
UPLOAD_ID: Final = "upload_id"
_PROTOCOLS: Final = ("media", "multipart", "resumable")
_OWN: Final = frozenset([UPLOAD_TYPE, UPLOAD_ID])
_SECRETS: Final = frozenset(["access_token", "api_key", "bearer_token", "key", "oauth_token"])
_PATH_SAFE: Final = "/:@!$&'()*+,;=~"


class Upload(FlowExchange):
    """Answers requests that bring media to an operation, or begin to.

    Args:
      call: the same operation without media.
      limits: of the server.
      folder: where media is kept until it is complete.
      sessions: resumable uploads.
      trust_forwarded: whether a proxy in front says how callers reach the server.

    Attributes:
      operation: what is called.
      media: what media it takes.
      chunk_entrance: checks who sends a part of an upload that was admitted at its beginning.
    """

    def __init__(
        self, call: Call, limits: Limits, folder: Folder, sessions: Sessions, *, trust_forwarded: bool
    ) -> None:
        self.operation = call.operation
        self.media: MediaUpload = call.operation.method_info.media_upload or MediaUpload()
        self.chunk_entrance = Entrance(call.access, None)
        self._entrance = Entrance(call.access, call.gate)
        self._calling = Calling(call, limits)
        self._limits = limits
        self._folder = folder
        self._sessions = sessions
        self._trust_forwarded = trust_forwarded

    @property
    def name(self) -> str:
        """API, version and method, as sessions know it."""
        info = self.operation.api_info
        return f"{info.base_path}{info.name} {info.path_version} {self.operation.id}"

    def flow(self, request: Request, values: tuple[str, ...], size: int | None) -> Flow:
        """Take what was sent.

        Raises:
          Refusal: 400, there is no such protocol; and what the protocols raise.
        """
        protocol = dict(reversed(query_pairs(request.query))).get(UPLOAD_TYPE)
        if protocol not in _PROTOCOLS:
            found = "is missing" if protocol is None else f"is {protocol[:40]!r}"
            details = {"locationType": "parameter", "location": UPLOAD_TYPE}
            expected = "media, multipart or resumable"
            raise Refusal(400, f"{UPLOAD_TYPE} must be {expected}, but {found}", details=details)
        yield Enter(self._entrance, request)
        if protocol == "resumable":
            return (yield from self._begin(request, values))
        spool: Spool = yield Work(self._folder.spool, self.media.max_bytes, undo=Spool.remove)
        try:
            if protocol == "media":
                taken = yield from take_media(request, self.media, spool, size)
            else:
                taken = yield from take_related(request, self.media, spool, size, self._limits)
            content = yield from self.called(request, values, without(request.query, _OWN), taken, spool)
            return json_response(content, request.query)
        finally:
            yield Work(spool.remove)  # which takes its time if there is much of it

    def called(
        self, request: Request, values: tuple[str, ...], query: str, taken: Taken, spool: Spool
    ) -> Generator[Step, Any, bytes]:
        """Call the method with complete media; returns the body of the answer.

        Raises:
          Exception: whatever the method raises.
        """
        prepared = yield from self._calling.prepared(request, values, query, taken.metadata)
        file = yield Work(spool.reader, undo=lambda opened: opened.close())
        media = UploadedMedia(file, spool.path, taken.content_type, spool.size, taken.filename)
        token = current_media.set(CurrentMedia(media, False))
        try:
            answer = yield self._calling.step(prepared, waits=True)
        finally:
            current_media.reset(token)
            file.close()
        return prepared.content(answer)

    def _begin(self, request: Request, values: tuple[str, ...]) -> Flow:
        """Begin an upload that can be resumed; its address is the Location of the answer."""
        announced, length = request.header("x-upload-content-type"), request.header("x-upload-content-length")
        total = None if length is None else _announced(length.strip())
        content_type = accepted(self.media, announced) if announced else None
        check_size(total or 0, self.media.max_bytes)
        metadata = yield ReadWhole()
        query = without(request.query, _OWN | (_SECRETS - set(self.operation.request_type.__fields__)))
        yield from self._calling.prepared(request, values, query, metadata)  # what is wrong with it is said now
        consumer = request.inquiry and request.inquiry.consumer
        record = Record(
            operation=self.name,
            user=user_of(self.operation),
            values=values,
            query=query,
            metadata=metadata,
            content_type=content_type,
            total=total,
            filename=named(request.header("x-upload-content-disposition")),
            consumer=None if consumer is None else type(consumer)(consumer.counter, consumer.name, consumer.key_id),
        )
        upload_id = yield Work(self._sessions.begin, record, undo=self._sessions.remove)
        location = f"{self._address(request)}?{UPLOAD_TYPE}=resumable&{UPLOAD_ID}={upload_id}"
        exposed = ("Access-Control-Expose-Headers", "Location,Range")
        headers = [("Location", location), ("X-GUploader-UploadID", upload_id), PLAIN_TEXT, NO_SNIFFING, exposed]
        return Response(200, headers, b"")

    def _address(self, request: Request) -> str:
        info, origin = self.operation.api_info, request.origin(self._trust_forwarded)
        raw = request.raw_path if self.operation.use_request_uri else None
        path = (raw or quote(request.path, safe=_PATH_SAFE)).partition("?")[0]
        if path.startswith(f"{info.base_path}{info.name}/"):  # the address without media
            path = f"{info.base_path}upload/{path.removeprefix(info.base_path)}"
        return origin.root + path


def user_of(operation: Any) -> str:
    """Who is calling; empty where nobody is known, or the operation declares nothing about callers."""
    user = get_current_user() if operation.asks_for_auth else None
    return "" if user is None else f"{user.issuer} {user.user_id() or user.email()}"


def _announced(length: str) -> int:
    if not (length.isascii() and length.isdecimal() and len(length) < 19):
        raise Refusal(400, f"X-Upload-Content-Length is no number: {length[:40]!r}")
    return int(length)


def without(query: str, names: Collection[str]) -> str:
    """A query without some of its parameters."""
    return "&".join(part for part in query.split("&") if part.partition("=")[0] not in names)
