"""The code of a package: `index.js`, and the types beside it in `index.d.ts` and `models.d.ts`."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from endpoints.clients.document import Document
from endpoints.clients.typescript.literals import comment, key, literal
from endpoints.clients.typescript.resources import Argument, Call, Tree
from endpoints.clients.typescript.types import Types, member, note

_FIRST_LINE: Final = "// Written by `endpoints client typescript`. Write it again rather than change it.\n\n"
_IMPORTS: Final = """\
import type { CallOptions, ClientOptions } from "./runtime.js";
import type * as models from "./models.js";

export type { CallOptions, ClientOptions, ErrorEntry } from "./runtime.js";
export { ApiError, decodeBytes, encodeBytes } from "./runtime.js";
export type * from "./models.js";

"""
_PROGRAM: Final = """\
import { caller } from "./runtime.js";

export { ApiError, decodeBytes, encodeBytes } from "./runtime.js";

export class Client {
  constructor(options) {
    const method = caller(options, %s);
"""


def models(document: Document) -> str:
    """Write the types of the messages: `models.d.ts`.

    Raises:
        ClientError: a reference leads nowhere.
    """
    schemas = document.components.schemas
    types = Types(schemas)
    declarations = [types.declaration(name, schema) for name, schema in schemas.items()]
    return _FIRST_LINE + "\n".join(declarations or ["export {};\n"])


def types(document: Document, tree: Tree) -> str:
    """Write the types of the client: `index.d.ts`.

    Raises:
        ClientError: a reference leads nowhere.
    """
    written = Types(document.components.schemas, "models.")
    info = document.info
    about = comment(f"{info.title} {info.version}", info.description)
    options = "options?: ClientOptions" if base_url(document) else "options: ClientOptions & { baseUrl: string }"
    return (
        f"{_FIRST_LINE}{_IMPORTS}{about}export class Client {{\n  constructor({options});\n"
        f"{_types(tree, written, '  ', 'readonly ')}}}\n"
    )


def program(document: Document, tree: Tree) -> str:
    """Write what runs: `index.js`."""
    place = {"name": document.api_key.name, "in": document.api_key.location}
    defaults = {"key": place, **({"baseUrl": base} if (base := base_url(document)) else {})}
    branches = "".join(f"    this{_access(name)} = {_value(node, '    ')};\n" for name, node in tree.items())
    return f"{_FIRST_LINE}{_PROGRAM % literal(defaults)}{branches}  }}\n}}\n"


def base_url(document: Document) -> str | None:
    """Return the address that the document says; None when it has none that can be called from anywhere."""
    parts = urlsplit(document.base_url)
    return document.base_url if parts.scheme in ("http", "https") and parts.netloc else None


def _types(tree: Tree, written: Types, indent: str, modifier: str = "") -> str:
    lines = []
    for name, node in tree.items():
        if isinstance(node, Call):
            operation = node.method.operation
            # The summary of a method that nothing is said about is its id.
            said = operation.description or (operation.summary if operation.summary != operation.method_id else None)
            lines.append(comment(said, "@deprecated" if operation.deprecated else None, indent=indent))
            lines.append(
                f"{indent}{key(name)}({_parameters(node, written, indent)}): Promise<{_answer(node, written)}>;\n"
            )
        else:
            lines.append(f"{indent}{modifier}{key(name)}: {{\n{_types(node, written, indent + '  ')}{indent}}};\n")
    return "".join(lines)


def _parameters(call: Call, written: Types, indent: str) -> str:
    if not call.has_parameters:
        return "parameters?: { [key: string]: never }, options?: CallOptions"
    inner = indent + "    "
    members = [_argument_member(each, written, inner) for each in call.arguments]
    if call.body is not None:
        type_ = written.expression(call.body)
        members.append(member(call.body_key, type_, required=call.body_required, note="", indent=inner))
    sign = "" if call.needs_parameters else "?"
    return (
        f"\n{indent}  parameters{sign}: {{\n{''.join(members)}{indent}  }},\n{indent}  options?: CallOptions,\n{indent}"
    )


def _argument_member(argument: Argument, written: Types, indent: str) -> str:
    parameter = argument.parameter
    said = " ".join(filter(None, [parameter.description, note(parameter.schema)]))
    type_ = written.expression(parameter.schema)
    return member(argument.key, type_, required=argument.required, note=said, indent=indent)


def _answer(call: Call, written: Types) -> str:
    answer = call.method.operation.answer
    if answer is None:
        return "void"
    written_answer = written.expression(answer)
    return f"AsyncIterable<{written_answer}>" if call.method.operation.streams else written_answer


def _value(node: Tree | Call, indent: str) -> str:
    if not isinstance(node, Call):
        inner = indent + "  "
        members = "".join(f"{inner}{key(name)}: {_value(each, inner)},\n" for name, each in node.items())
        return f"{{\n{members}{indent}}}"
    sent = [[each.key, each.parameter.location, each.parameter.name] for each in node.arguments]
    streams = node.method.operation.streams
    body = f", {literal(node.body_key)}" if node.body is not None else ", undefined" if streams else ""
    form = ", true" if streams else ""
    return f"method({literal(node.method.verb.upper())}, {literal(node.method.path)}, {literal(sent)}{body}{form})"


def _access(name: str) -> str:
    return f".{name}" if key(name) == name else f"[{literal(name)}]"
