"""The address of one resumable upload: takes parts of the media, tells how much there is, calls the method at the end.

What is answered: 308 with `Range: bytes=0-N` as long as something is missing, the method's answer at the end and
whenever it is asked for again, 404 for an upload that there is not (or not for this caller), 410 for one that expired.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, Final

from endpoints.control.admission import Inquiry
from endpoints.exceptions import ServiceException
from endpoints.serving import failures
from endpoints.serving.failures import Refusal
from endpoints.serving.http import NO_SNIFFING, PLAIN_TEXT, Request, Response
from endpoints.serving.media.flow import Enter, Flow, Read, Step, Work
from endpoints.serving.media.folder import Spool, check_size
from endpoints.serving.media.ranges import ContentRange, content_range
from endpoints.serving.media.sessions import Answer, Record, Sessions, unknown
from endpoints.serving.media.taking import OCTETS, Taken, accepted, check_not_packed
from endpoints.serving.media.uploads import Upload, user_of
from endpoints.serving.pipeline import OK_HEADERS
from protorpc.remote import ApplicationError

_ANSWERS: Final = (Refusal, ServiceException, ApplicationError)


class Resuming:
    """Goes on with the uploads of some operations.

    Args:
      uploads: the operations that one path leads to.
      sessions: where uploads are found.
    """

    def __init__(self, uploads: Mapping[str, Upload], sessions: Sessions) -> None:
        self._by_name = {upload.name: upload for upload in uploads.values()}
        self._sessions = sessions

    def flow(self, request: Request, upload_id: str, size: int | None) -> Flow:
        """Answer a request for an upload that was begun.

        Raises:
          Refusal: see above; 400, what is sent does not fit; 413 and 415 as for other uploads.
        """
        record = yield Work(self._sessions.find, upload_id)
        upload = self._by_name.get(record.operation)
        if upload is None:
            raise unknown()
        yield Enter(upload.chunk_entrance, request)
        if user_of(upload.operation) != record.user:
            raise unknown()
        if record.consumer is not None:
            request.inquiry = Inquiry(None, record.consumer)
        if request.method == "DELETE":
            yield Work(self._given_up, upload_id, record)
            return Response(204, [NO_SNIFFING], b"")
        check_not_packed(request)
        sent = content_range(request.header("content-range"))
        if record.answer is not None:
            return _answered(record.answer)
        check_size(max(sent.end or 0, sent.total or 0), upload.media.max_bytes)
        _check(sent, record, size)
        return (yield from self._resumed(request, upload, upload_id, sent))

    def _resumed(self, request: Request, upload: Upload, upload_id: str, sent: ContentRange) -> Flow:
        if sent.begin is None:
            there = yield Work(self._sessions.size, upload_id)
            record = yield Work(self._sessions.find, upload_id)
            total = record.total if sent.total is None else sent.total
            if there != total:
                return _incomplete(there)
        spool: Spool = yield Work(self._sessions.opened, upload_id, upload.media.max_bytes, undo=Spool.close)
        try:
            record = yield Work(self._sessions.find, upload_id)  # who had the lock may have learned more
            if record.answer is not None:
                return _answered(record.answer)
            if sent.begin is not None:
                if record.content_type is None:
                    record.content_type = accepted(upload.media, request.header("content-type") or OCTETS)
                    yield Work(self._sessions.keep, upload_id, record)
                yield from _added(spool, sent)
            total = record.total if sent.total is None else sent.total
            if sent.end is None and sent.begin is not None:
                total = spool.size if total is None else total
            if total != record.total:
                record.total = total
                yield Work(self._sessions.keep, upload_id, record)
            if spool.size != total:
                return _incomplete(spool.size)
            return (yield from self._finished(request, upload, upload_id, record, spool))
        finally:
            spool.close()

    def _given_up(self, upload_id: str, record: Record) -> None:
        lock = self._sessions.opened(upload_id, 0) if record.answer is None else None
        try:
            self._sessions.remove(upload_id)
        finally:
            if lock is not None:
                lock.close()

    def _finished(self, request: Request, upload: Upload, upload_id: str, record: Record, spool: Spool) -> Flow:
        content_type = record.content_type or accepted(upload.media, request.header("content-type") or OCTETS)
        taken = Taken(record.metadata, content_type, record.filename)
        try:
            content = yield from upload.called(request, record.values, record.query, taken, spool)
        except Exception as error:
            # The caller may try again what failed by our fault; what failed by his needs another upload.
            if isinstance(error, _ANSWERS) and failures.response(error, request).status < 500:
                yield Work(self._sessions.remove, upload_id)
            raise
        # Google's clients take 200 and 201 for the end, and nothing else.
        record.answer = Answer(200, OK_HEADERS, content or b"{}")
        record.metadata, record.query = b"", ""
        yield Work(self._sessions.keep, upload_id, record)
        yield Work(spool.remove)
        return _answered(record.answer)


def _added(spool: Spool, sent: ContentRange) -> Generator[Step, Any, None]:
    """Add a body to what is there; what is there already is passed over."""
    if sent.end is None:
        yield Work(spool.clear)
    begin = sent.begin or 0
    if begin > spool.size:
        raise Refusal(400, f"Content-Range begins at byte {begin}, but there are only {spool.size} bytes so far")
    position = begin
    while piece := (yield Read()):
        if sent.end is not None and position + len(piece) > sent.end:
            raise Refusal(400, f"The request body is longer than the {sent.end - begin} bytes of its Content-Range")
        new = piece[max(0, spool.size - position) :]
        position += len(piece)
        if new:
            yield Work(spool.write, new)
    if sent.end is not None and position != sent.end:
        raise Refusal(
            400, f"The request body has {position - begin} bytes, not the {sent.end - begin} of its Content-Range"
        )


def _check(sent: ContentRange, record: Record, size: int | None) -> None:
    """Compare what a request says of itself with what was said before. Raises Refusal (400)."""
    total = sent.total
    if sent.begin is not None and sent.end is None:
        total = size
    if total is not None and record.total is not None and total != record.total:
        raise Refusal(400, f"The upload was announced to have {record.total} bytes, not {total}")
    if sent.begin is None and size:
        raise Refusal(400, "A request that asks how much there is has no body")
    if sent.end is not None:
        if size is not None and size != sent.end - (sent.begin or 0):
            raise Refusal(400, f"Content-Length is {size}, but Content-Range has {sent.end - (sent.begin or 0)} bytes")
        if record.total is not None and sent.end > record.total:
            raise Refusal(400, f"The upload was announced to have {record.total} bytes, not {sent.end}")


def _incomplete(there: int) -> Response:
    """That more has to come (308, which Google calls Resume Incomplete)."""
    headers = [("Range", f"bytes=0-{there - 1}")] if there else []
    return Response(308, [*headers, PLAIN_TEXT, NO_SNIFFING, ("Access-Control-Expose-Headers", "Range")], b"")


def _answered(answer: Answer) -> Response:
    return Response(answer.status, [(name, value) for name, value in answer.headers], answer.body)
