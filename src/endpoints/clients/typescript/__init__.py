"""npm packages with a client for `fetch` and its types: no dependencies, and no Node.js to write them.

In reading order: `literals` quotes the texts of others, `types` are those of the messages, `resources` arranges the
methods, `program` writes the code and `package` what is around it. `runtime.js` goes into every package as it is.
"""

from __future__ import annotations

from importlib import resources as files
from pathlib import Path
from typing import Final

from endpoints.clients import names
from endpoints.clients.document import Document
from endpoints.clients.methods import methods
from endpoints.clients.typescript import package, program
from endpoints.clients.typescript.resources import tree

_RUNTIME: Final = ("runtime.js", "runtime.d.ts")


def write(document: Document, name: str, folder: Path) -> None:
    """Write a package.

    Args:
        document: what is to be called.
        name: of the package.
        folder: an empty one.

    Raises:
        ClientError: npm does not take the name, or the document has what cannot be called.
        OSError: the disk is full, or such.
    """
    name = names.checked_npm_name(name)
    calls = tree(methods(document))
    made = {
        "index.js": program.program(document, calls),
        "index.d.ts": program.types(document, calls),
        "models.d.ts": program.models(document),
        "README.md": package.readme(document, name, calls),
        **{each: files.files(__name__).joinpath(each).read_text(encoding="utf-8") for each in _RUNTIME},
    }
    made["package.json"] = package.manifest(document, name, sorted(made))
    for file_name, text in made.items():
        (folder / file_name).write_text(text, encoding="utf-8", newline="\n")
