"""What makes a folder an npm package: `package.json`, and a `README.md` that says how to call."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from endpoints.clients.document import Document, Schema
from endpoints.clients.names import package_version
from endpoints.clients.typescript.literals import key, literal
from endpoints.clients.typescript.program import base_url
from endpoints.clients.typescript.resources import Call, Tree


def manifest(document: Document, name: str, files: list[str]) -> str:
    """Write `package.json`.

    Args:
        document: what the package is for.
        name: of the package.
        files: all others that it consists of.
    """
    content = {
        "name": name,
        "version": package_version(document.info.version),
        "description": f"Client library of {document.info.title} {document.info.version}",
        "type": "module",
        "main": "./index.js",
        "types": "./index.d.ts",
        "exports": {".": {"types": "./index.d.ts", "default": "./index.js"}, "./package.json": "./package.json"},
        "files": sorted(files),
        "sideEffects": False,
        "engines": {"node": ">=18"},
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def readme(document: Document, name: str, tree: Tree) -> str:
    """Write `README.md`."""
    options = "" if base_url(document) else '{ baseUrl: "https://api.example.com" }'
    path, call = min(_calls(tree), key=lambda found: (found[1].needs_parameters, found[1].body is not None))
    title = " ".join(f"{document.info.title} {document.info.version}".split())
    return f"""\
# {name}

Client library of {title}. It needs a global `fetch`: Node.js 18, Deno, Bun or a browser.

```ts
import {{ ApiError, Client }} from {literal(name)};

const client = new Client({options});
try {{
  const answer = await client{path}({_example(call)});
  console.log(answer);
}} catch (error) {{
  if (!(error instanceof ApiError)) throw error;
  console.error(error.status, error.reason, error.message);
}}
```

A method takes its parameters and its body in one object, and as a second argument settings such as an `AbortSignal`:
`{{ signal: AbortSignal.timeout(5000) }}`. 64-bit integers, dates and bytes are strings, as on the wire; `encodeBytes`
and `decodeBytes` make them of a `Uint8Array` and back.

`new Client({{ ... }})` takes `baseUrl`, a bearer `token` (or a function that returns one, and may be async), an API
`key`, further `headers`, and a `fetch` of your own.
"""


def _calls(tree: Tree, path: str = "") -> list[tuple[str, Call]]:
    found: list[tuple[str, Call]] = []
    for name, node in tree.items():
        inner = f"{path}.{name}" if key(name) == name else f"{path}[{literal(name)}]"
        found += [(inner, node)] if isinstance(node, Call) else _calls(node, inner)
    return found


def _example(call: Call) -> str:
    values = {each.key: _sample(each.parameter.schema) for each in call.arguments if each.required}
    if call.body is not None:
        values[call.body_key] = {}
    given = ", ".join(f"{key(name)}: {literal(value)}" for name, value in values.items())
    return f"{{ {given} }}" if given else ""


def _sample(schema: Schema) -> Any:
    if schema.default is not msgspec.UNSET:
        return schema.default
    samples = {"integer": 1, "number": 1.5, "boolean": True, "array": []}
    return schema.enum[0] if schema.enum else samples.get(str(schema.type), "1")
