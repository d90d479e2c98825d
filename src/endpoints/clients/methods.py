"""What the methods of a client library are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from endpoints.clients.document import Document, Operation, Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method of a client library."""

    names: tuple[str, ...]
    """Its resources, from the outermost, and its own name: `("greetings", "list")`. No two methods have the same."""
    verb: str
    """HTTP method in lower case."""
    path: str
    operation: Operation
    parameters: Sequence[Parameter]
    """Of the operation and of its path."""


def methods(document: Document) -> list[Method]:
    """List the methods of a document, named as their ids in the discovery document say.

    The name of the API, which begins them all, is left out unless a document has several. An operation without such an
    id is called by its `operationId`, below its first tag.
    """
    found = list(_methods(document))
    if api_name(document):
        found = [replace(method, names=method.names[1:]) for method in found]
    taken: set[tuple[str, ...]] = set()
    return [replace(method, names=_free(method.names, taken)) for method in found]


def api_name(document: Document) -> str | None:
    """Return the name of the API that all methods of a document belong to; None when there is no such one."""
    ids = [method.operation.method_id or "" for method in _methods(document)]
    firsts = {text.partition(".")[0] for text in ids}
    return firsts.pop() if len(firsts) == 1 and all("." in text.strip(".") for text in ids) else None


def _methods(document: Document) -> Iterator[Method]:
    for path, item in document.paths.items():
        for verb, operation in item.operations():
            own = {(each.name, each.location) for each in operation.parameters}
            shared = [each for each in item.parameters if (each.name, each.location) not in own]
            yield Method(
                names=_names(operation, verb, path),
                verb=verb,
                path=path,
                operation=operation,
                parameters=[*operation.parameters, *shared],
            )


def _names(operation: Operation, verb: str, path: str) -> tuple[str, ...]:
    if operation.method_id:
        return tuple(filter(None, operation.method_id.split(".")))
    tag = operation.tags[0] if operation.tags else "default"
    words = operation.operation_id or f"{verb} {path}"
    return _camel_case(tag), _camel_case(words.removeprefix(f"{tag}_"))


def _camel_case(text: str) -> str:
    found: list[str] = re.findall("[A-Za-z0-9]+", text)
    first, *others = found or ["unnamed"]
    return first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in others)


def _free(names: tuple[str, ...], taken: set[tuple[str, ...]]) -> tuple[str, ...]:
    """The names, with a number if another method has them: two versions of an API in one document do."""
    *resources, own = names
    number = 1
    while names in taken:
        number += 1
        names = (*resources, f"{own}{number}")
    taken.add(names)
    return names
