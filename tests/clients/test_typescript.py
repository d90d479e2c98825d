"""The text of packages for TypeScript; that it type-checks and runs is tested in `tests/e2e`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from endpoints.clients import write_client
from tests.clients import documents
from tests.clients.documents import parameter

EVIL = 'x */ evil() /* "\\" ${evil()} \u2028 </script> `'


def write(tmp_path: Path, document: dict[str, Any]) -> dict[str, str]:
    folder = write_client("typescript", document, tmp_path / "made")
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("operation", "signature"),
    [
        pytest.param(
            {}, "list(parameters?: { [key: string]: never }, options?: CallOptions): Promise<void>;", id="void"
        ),
        pytest.param(
            {"parameters": [parameter("limit", type="integer")], **documents.answering({"type": "string"})},
            "list( parameters?: { limit?: number | undefined; }, options?: CallOptions, ): Promise<string>;",
            id="optional",
        ),
        pytest.param(
            {"parameters": [parameter("where.city", required=True)], **documents.taking({"type": "object"})},
            'list( parameters: { "where.city": string; requestBody?: { [key: string]: unknown } | undefined; }, '
            "options?: CallOptions, ): Promise<void>;",
            id="required",
        ),
        pytest.param(
            {"responses": {"200": {"content": {"text/csv": {}}}, "default": {}}}, "Promise<void>;", id="no JSON"
        ),
    ],
)
def test_signatures(tmp_path: Path, operation: dict[str, Any], signature: str) -> None:
    files = write(tmp_path, documents.made(operation))
    assert signature in " ".join(files["index.d.ts"].split())


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        pytest.param({"summary": "shop.cups.list"}, None, id="a summary that is only the id"),
        pytest.param({"summary": "All cups."}, "/** All cups. */", id="summary"),
        pytest.param(
            {"summary": "All.", "description": "All.\n\nReally."}, "* All.\n     *\n     * Really.", id="long"
        ),
        pytest.param({"deprecated": True}, "/** @deprecated */", id="deprecated"),
    ],
)
def test_comments_of_methods(tmp_path: Path, operation: dict[str, Any], said: str | None) -> None:
    above = write(tmp_path, documents.made(operation))["index.d.ts"].partition("cups: {")[2].partition("list(")[0]
    assert (said in above) if said else not above.strip()


@pytest.mark.parametrize(
    ("servers", "constructor", "base_url"),
    [
        pytest.param([{"url": "https://a.example/_ah/api/"}], "options?", "https://a.example/_ah/api", id="absolute"),
        pytest.param([{"url": "/_ah/api"}], "options: ClientOptions & { baseUrl: string }", None, id="relative"),
        pytest.param([], "options: ClientOptions & { baseUrl: string }", None, id="none"),
        pytest.param([{"url": "ftp://a.example"}], "options: ClientOptions & { baseUrl: string }", None, id="no HTTP"),
    ],
)
def test_addresses(tmp_path: Path, servers: list[Any], constructor: str, base_url: str | None) -> None:
    files = write(tmp_path, documents.made(servers=servers))
    assert f"constructor({constructor}" in files["index.d.ts"]
    assert (f'"baseUrl": "{base_url}"' if base_url else "baseUrl") in files["index.js"] or base_url is None
    assert ("baseUrl" in files["index.js"]) == (base_url is not None)


@pytest.mark.parametrize(
    ("schemes", "place"),
    [
        pytest.param({}, {"name": "x-api-key", "in": "header"}, id="default"),
        pytest.param(
            {"k": {"type": "apiKey", "name": "key", "in": "query"}}, {"name": "key", "in": "query"}, id="query"
        ),
        pytest.param({"t": {"type": "http", "scheme": "bearer"}}, {"name": "x-api-key", "in": "header"}, id="no key"),
    ],
)
def test_places_of_api_keys(tmp_path: Path, schemes: Any, place: dict[str, str]) -> None:
    files = write(tmp_path, documents.made(components={"securitySchemes": schemes}))
    assert json.dumps(place) in files["index.js"]


def test_texts_stay_texts(tmp_path: Path) -> None:
    properties = {EVIL: {"type": "string", "enum": [EVIL], "default": EVIL, "description": EVIL}}
    operation = {
        "x-method-id": f"shop.{EVIL}.{EVIL}",
        "summary": EVIL,
        "description": EVIL,
        "parameters": [{**parameter(EVIL, enum=[EVIL], default=EVIL), "description": EVIL}],
        **documents.answering({"type": "object", "properties": properties}),
    }
    schema = {"type": "object", "properties": properties, "description": EVIL}
    document = documents.made(
        operation,
        path=f"/{EVIL}",
        info={"title": EVIL, "version": EVIL, "description": EVIL},
        components={"schemas": {EVIL: schema}},
        servers=[{"url": f"https://a.example/{EVIL}"}],
    )
    files = write(tmp_path, document)
    for name in ("index.js", "index.d.ts", "models.d.ts"):
        code = re.sub(r'"(?:[^"\\]|\\.)*"|/\*.*?\*/|//[^\n]*', "", files[name], flags=re.DOTALL)
        assert "evil" not in code.replace("XEvilEvilScript", "").replace("xevilevilscript", ""), name
        assert "\u2028" not in files[name]
    assert json.loads(files["package.json"])["description"] == f"Client library of {EVIL} {EVIL}"
