"""The requests and answers that the documentation shows, sent to the `server` that the page itself makes.

A block fenced as `http` holds a request (line, headers, body) and its answer, which begins with the status. Of headers
and of a JSON body a page shows what matters there: what it shows has to be in the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.client import Connect
from tests.docs.test_programs import PAGES, ROOT, run

BLOCK = re.compile(r"^```http\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANSWER = re.compile(r"^(\d{3})(?: .*)?\n", re.MULTILINE)


class Part(NamedTuple):
    """Headers and body."""

    headers: dict[str, str]
    body: str


def exchanges(page: Path) -> Iterator[tuple[str, str, Part, int, Part]]:
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        answer = ANSWER.search(block[1])
        assert answer is not None, block[1]
        line, _, rest = block[1][: answer.start()].strip().partition("\n")
        method, _, target = line.partition(" ")
        yield method, target, part(rest), int(answer[1]), part(block[1][answer.end() :])


def part(text: str) -> Part:
    lines = text.strip().splitlines()
    head = [line for line in lines if re.match(r"[A-Za-z-]+: ", line)]
    body = "\n".join(line for line in lines if line not in head).strip()
    return Part(dict(line.split(": ", 1) for line in head), body)


def shown_in(shown: Any, answer: Any) -> bool:
    if isinstance(shown, dict) and isinstance(answer, dict):
        return all(key in answer and shown_in(value, answer[key]) for key, value in shown.items())
    if isinstance(shown, list) and isinstance(answer, list):
        return len(shown) == len(answer) and all(map(shown_in, shown, answer))
    return bool(shown == answer)


@pytest.mark.parametrize(
    "page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES if BLOCK.search(page.read_text())]
)
def test_server_answers_as_the_page_says(
    page: Path, client: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    served = client(run(page, monkeypatch).server)
    for method, target, sent, status, expected in exchanges(page):
        answer = served.request(method, target, body=sent.body.encode(), headers=sent.headers)
        where = f"{method} {target} {sent.body}: {answer}"
        assert answer.status == status, where
        assert shown_in({name.lower(): value for name, value in expected.headers.items()}, answer.headers), where
        if expected.body:
            assert shown_in(json.loads(expected.body), answer.json()), where
