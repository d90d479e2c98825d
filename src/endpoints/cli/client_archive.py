"""Client libraries as `endpointscfg.py` writes them: one archive each."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from endpoints.cli.command import UsageError
from endpoints.clients import LANGUAGES, ClientError, write_client
from endpoints.diff import files
from endpoints.diff.nodes import DocumentError


def written(language: str, document: dict[str, Any], name: str) -> bytes:
    """Return a zip archive of the client library for a document.

    Args:
        language: what the library is for.
        document: an OpenAPI 3.1 document.
        name: the folder that everything in the archive is in.

    Raises:
        UsageError: no library can be written, in this language or from this document.
    """
    with tempfile.TemporaryDirectory() as made:
        try:
            folder = write_client(language, document, Path(made, "package"))
        except ClientError as error:
            raise UsageError(str(error)) from None
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    packed.write(path, Path(name, path.relative_to(folder)))
        return archive.getvalue()


def read(language: str, path: Path) -> dict[str, Any]:
    """Read the document of an API.

    Args:
        language: what a library is to be written for from it.
        path: a file, JSON or YAML.

    Raises:
        UsageError: it cannot be read, or is a discovery document, from which no library in this language is written.
    """
    try:
        document = files.read(path)
    except DocumentError as error:
        raise UsageError(str(error)) from None
    if language in LANGUAGES and "discoveryVersion" in document:
        raise UsageError(
            f"{path} is a discovery document; {language} client libraries are written from the OpenAPI 3.1 document of "
            "the API: endpoints openapi MODULE:CLASS -o FILE.json"
        )
    return document
