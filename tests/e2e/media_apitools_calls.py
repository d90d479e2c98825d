"""Uploads and downloads by the package that gen_client makes of `media_app`; a failed assertion is the exit status."""

from __future__ import annotations

import importlib
import io
from hashlib import sha256
from typing import Any

from apitools.base.py import transfer

CONTENT = bytes(range(256)) * 4096
DIGEST = sha256(CONTENT).hexdigest()

made, messages = (importlib.import_module(f"files_v1.files_v1_{name}") for name in ("client", "messages"))
client = made.FilesV1(get_credentials=False)


def upload(strategy: str | None, file: Any, size: int | None = len(CONTENT)) -> None:
    sent = transfer.Upload(io.BytesIO(CONTENT), "image/png", total_size=size, chunksize=300_000)
    sent.strategy = strategy
    answer = client.files.Insert(file, upload=sent)
    assert (answer.digest, answer.type, answer.note) == (DIGEST, "image/png", file.note), answer


upload("simple", messages.MediaAppFile())
upload("simple", messages.MediaAppFile(name="simple", note="multipart"))
upload("resumable", messages.MediaAppFile(name="resumable", note="n"))
upload("resumable", messages.MediaAppFile(name="streamed"), None)

into = io.BytesIO()
client.files.Get(messages.FilesFilesGetRequest(name="resumable"), download=transfer.Download(into, chunksize=300_000))
assert into.getvalue() == CONTENT

later = transfer.Download(io.BytesIO(), auto_transfer=False)
client.files.Get(messages.FilesFilesGetRequest(name="streamed"), download=later)
later.GetRange(5, 9)
later.GetRange(-3)
assert later.stream.getvalue() == CONTENT[5:10] + CONTENT[-3:]
