"""The README of a Python package: how to install it, and one call."""

from __future__ import annotations

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint

from endpoints.clients.document import Document
from endpoints.clients.names import module_name


def text(name: str, document: Document, data: GeneratorData) -> str:
    """Write it.

    Args:
        name: of the distribution.
        document: what is called.
        data: the same, as the generator has it.
    """
    module = module_name(name)
    tag, endpoint = min(
        ((tag, each) for tag, found in data.endpoint_collections_by_tag.items() for each in found.endpoints),
        key=lambda found: _needed(found[1]),
    )
    key = document.api_key
    sent = (
        f'httpx_args={{"params": {{"{key.name}": ...}}}}'
        if key.location == "query"
        else f'headers={{"{key.name}": ...}}'
    )
    title = " ".join(f"{document.info.title} {document.info.version}".split())
    return f"""\
# {name}

Client library of {title}, sync and async.

```python
from {module} import {_client(endpoint)}
from {module}.api.{tag} import {endpoint.name}

client = {_client(endpoint)}(base_url="{document.base_url or "https://api.example.com"}"{_token(endpoint)})
answer = {endpoint.name}.sync({", ".join([*_arguments(endpoint), "client=client"])})
```

Every method is a module with `sync`, `sync_detailed`, `asyncio` and `asyncio_detailed`. The answer is a message of
`{module}.models`, or the error object if the server answers an error; the detailed ones answer status and headers, too.
`AuthenticatedClient(base_url=..., token=...)` sends a bearer token, and an API key with
`Client(base_url=..., {sent})`. 64-bit integers and bytes are strings, as on the wire.
"""


def _needed(endpoint: Endpoint) -> int:
    required = sum(each.required for each in endpoint.list_all_parameters())
    return required + endpoint.requires_security


def _client(endpoint: Endpoint) -> str:
    return "AuthenticatedClient" if endpoint.requires_security else "Client"


def _token(endpoint: Endpoint) -> str:
    return ', token="..."' if endpoint.requires_security else ""


def _arguments(endpoint: Endpoint) -> list[str]:
    return [f"{each.python_name}=..." for each in endpoint.list_all_parameters() if each.required]
