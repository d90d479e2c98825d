from __future__ import annotations

import pytest

from endpoints import ApiConfigurationError
from endpoints.paths import Segment, join, parse


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        pytest.param("echo", (Segment("echo"),), id="literal"),
        pytest.param("a.b/x-y_z~1", (Segment("a.b"), Segment("x-y_z~1")), id="text is text"),
        pytest.param("greetings/{id}", (Segment("greetings"), Segment(variable="id")), id="variable"),
        pytest.param("{where.city}/{a_1}", (Segment(variable="where.city"), Segment(variable="a_1")), id="dotted"),
        pytest.param("{a}:activate", (Segment(variable="a", verb="activate"),), id="verb"),
        pytest.param("verbs/a:b", (Segment("verbs"), Segment("a:b")), id="literal with a colon"),
        pytest.param("trailing/", (Segment("trailing"), Segment("")), id="slash at the end"),
        pytest.param("", (Segment(""),), id="empty"),
    ],
)
def test_segments(path: str, segments: tuple[Segment, ...]) -> None:
    assert parse(path).segments == segments
    assert parse(path).text == path


@pytest.mark.parametrize(
    "path",
    [
        "a{x}b",
        "a{x}/b",
        "{x}{y}",
        "{x}-{y}",
        "a/{}",
        "a/{x",
        "a/x}",
        "{x}:go/b",
        "a/{x}:",
        "{x}:{y}",
        "{x*}",
        "{*x}",
        "{1x}",
        "{a..b}",
        "{a.}",
        "{x y}",
        "{x}/{x}",
        "echo?n={n}",
        "echo#top",
    ],
)
def test_what_is_no_template(path: str) -> None:
    with pytest.raises(ApiConfigurationError) as raised:
        parse(path)
    assert repr(path) in str(raised.value)


def test_variables_come_in_order() -> None:
    assert parse("b/{b}/a/{a.c}:go").variables == ("b", "a.c")


def test_shape_forgets_the_names_of_variables() -> None:
    assert parse("p/{a}:go").shape == parse("p/{b}:go").shape
    assert parse("p/{a}").shape not in (parse("p/{a}:go").shape, parse("p/a").shape, parse("p/{a}/").shape)


@pytest.mark.parametrize(
    ("path", "prefix", "joined"),
    [
        ("list", None, "list"),
        ("list", "books", "books/list"),
        ("/list", "books", "list"),
        ("", "books", "books"),
        ("", None, ""),
        ("/", "books", ""),
    ],
)
def test_join(path: str, prefix: str | None, joined: str) -> None:
    assert join(path, prefix) == joined
