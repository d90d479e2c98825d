"""What the tests of media serve: an API that keeps files, in the folder FILES."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import endpoints
from protorpc import message_types, messages, remote

FOLDER = Path(os.environ.get("FILES", "."))


class File(messages.Message):
    name = messages.StringField(1)
    note = messages.StringField(2)
    size = messages.IntegerField(3)
    type = messages.StringField(4)
    digest = messages.StringField(5)


class Note(messages.Message):
    note = messages.StringField(1)


NAMED = endpoints.ResourceContainer(Note, name=messages.StringField(1, required=True))
ANYTHING = endpoints.MediaUpload(max_size="2GB")


@endpoints.api(name="files", version="v1")
class FilesApi(remote.Service):
    """Files."""

    @endpoints.method(File, File, path="files", name="files.insert", media_upload=ANYTHING)
    def insert(self, request: File) -> File:
        """Keep a file under the name that its metadata says."""
        return kept(request.name or "unnamed", request.note)

    @endpoints.method(NAMED, File, path="files/{name}", http_method="PUT", name="files.update", media_upload=ANYTHING)
    def update(self, request: Any) -> File:
        """Keep a file under the name in its address."""
        return kept(request.name, request.note)

    @endpoints.method(
        endpoints.ResourceContainer(message_types.VoidMessage, name=messages.StringField(1, required=True)),
        File,
        path="files/{name}",
        http_method="GET",
        name="files.get",
        media_download=True,
    )
    def get(self, request: Any) -> File | endpoints.MediaContent:
        """A file, or what is known of it."""
        path = FOLDER / request.name
        if not path.exists():
            raise endpoints.NotFoundException(f"There is no file {request.name}")
        if endpoints.wants_media():
            return endpoints.MediaContent(path, content_type="application/octet-stream")
        return File(name=request.name, size=path.stat().st_size)


def kept(name: str, note: str | None) -> File:
    """Keep the media of the current request."""
    media = endpoints.uploaded_media()
    if media is None:
        return File(name=name, note=note)
    digest = sha256()
    for piece in media:
        digest.update(piece)
    media.save(FOLDER / name)
    return File(name=name, note=note, size=media.size, type=media.content_type, digest=digest.hexdigest())


app = endpoints.api_server([FilesApi])
