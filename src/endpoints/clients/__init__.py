"""Client libraries: typed packages for Python and TypeScript from an OpenAPI 3.1 document, without a network.

In reading order: `document` gives the document types, `methods` names the methods and `names` the package; `python` has
openapi-python-client write one, `typescript` writes one itself; `others` says what to do for other languages.
"""

from __future__ import annotations

from endpoints.clients.errors import ClientError
from endpoints.clients.others import advice
from endpoints.clients.writing import LANGUAGES, write_client

__all__ = ["LANGUAGES", "ClientError", "advice", "write_client"]
