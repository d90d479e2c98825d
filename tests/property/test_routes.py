"""The table of paths beside the plainest thing that could do its work: trying all templates."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from endpoints.paths import PathTemplate, parse
from endpoints.serving.router import Route, Router

PREFIX = "/api/"
_NO_VALUE = re.compile(r"[/?#\[\]{}]")

literals = st.sampled_from(["a", "b", "c:x", "x"])
last = st.sampled_from(["a", "b", "{}", "{}:x", "{}:yx", "c:x"])


def _named(segments: list[str]) -> str:
    """A template with a name for each variable: by place, as any names will do."""
    return "/".join(segment.replace("{}", f"{{v{place}}}") for place, segment in enumerate(segments))


templates = st.builds(
    lambda first, end: _named([*first, end]), st.lists(st.one_of(literals, st.just("{}")), max_size=3), last
)
tables = st.lists(
    st.tuples(st.sampled_from(["GET", "POST"]), templates),
    max_size=8,
    unique_by=lambda row: (row[0], parse(row[1]).shape),
)
paths = st.lists(
    st.sampled_from(["a", "b", "x", "c:x", "a:x", ":x", "a:yx", "é", "", "a b", "a\nb", "?", "["]), max_size=5
).map("/".join)


def _values(template: PathTemplate, path: str) -> list[str] | None:
    """What a template's variables are in a path that it fits."""
    segments = path.split("/")
    if len(segments) != len(template.segments):
        return None
    values = []
    for wanted, found in zip(template.segments, segments, strict=True):
        if wanted.variable is None:
            if wanted.literal != found:
                return None
            continue
        ending = ":" + wanted.verb if wanted.verb else ""
        if not found.endswith(ending):
            return None
        values.append(found[: len(found) - len(ending)])
    return values


def _specific(template: PathTemplate) -> Any:
    """Literals go before variables, from the left; then longer verbs before shorter."""
    return [each.variable is not None for each in template.segments], -len(template.segments[-1].verb)


def _expected(table: list[tuple[str, str]], verb: str, path: str) -> tuple[str, tuple[str, ...]] | None:
    ends = [path] if not path.endswith("/") else [path, path[:-1]]
    fitting = []
    for method, text in table:
        for wanted in ends if method == verb else []:
            template = parse(text)
            values = _values(template, wanted)
            if values is not None:
                fitting.append((wanted == path, _specific(template), text, tuple(values)))
    return None if not fitting else _best(fitting)


def _best(fitting: list[Any]) -> tuple[str, tuple[str, ...]] | None:
    # A slash at the end counts only where it is declared, or where nothing else fits.
    _, _, text, values = min(fitting)
    return None if any(_NO_VALUE.search(value) for value in values) else (text, values)


@given(table=tables, verb=st.sampled_from(["GET", "POST"]), path=paths)
def test_the_most_specific_template_answers(table: list[tuple[str, str]], verb: str, path: str) -> None:
    router: Router[str] = Router(Route(method, PREFIX, parse(text), text) for method, text in table)
    assert router.find(verb, PREFIX + path) == _expected(table, verb, path)
